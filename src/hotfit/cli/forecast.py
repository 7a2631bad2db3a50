"""`hotfit forecast`: how many labels a target asks for, and what more labels would bring."""

from typing import Annotated

import typer

from hotfit.cli.options import FunctionName, HomeFolder, Json
from hotfit.cli.printing import print_forecast, print_json
from hotfit.local import Home


def command(
    name: FunctionName,
    target: Annotated[
        float, typer.Option("--target", help="The score to reach, as a share: 0.95.")
    ] = 0.95,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Tell how many more labels a target asks for, and of which labels."""
    found = Home.open(home).load(name).forecast(target)
    if json:
        print_json(found)
    else:
        print_forecast(found)
