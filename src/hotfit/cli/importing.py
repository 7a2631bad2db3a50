"""`hotfit import`: make the function that an exported file holds."""

from pathlib import Path
from typing import Annotated

import typer

from hotfit.cli.options import HomeFolder, Json
from hotfit.cli.printing import print_json, print_report
from hotfit.local import Home


def command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `hotfit export` wrote.")],
    name: Annotated[
        str | None, typer.Option("--name", help="The function's name (default: the one it had).")
    ] = None,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Make the function that an exported file holds; it answers as it did where it was."""
    report = Home.open(home).import_function(file, name=name).report()
    if json:
        print_json(report)
    else:
        print_report(report)
