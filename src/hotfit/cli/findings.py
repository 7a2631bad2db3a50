"""`hotfit findings`: what in a function's data is worth a look, with the rows."""

from typing import Annotated

import typer

from hotfit.cli.options import FunctionName, HomeFolder, Json
from hotfit.cli.printing import print_findings, print_json
from hotfit.local import Home


def command(
    name: FunctionName,
    kind: Annotated[
        str | None, typer.Option("--kind", help="Only findings of this kind, as suspect_label.")
    ] = None,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """List what is worth a look in the data, the surest first; rows count from 1 in the source."""
    function = Home.open(home).load(name)
    found = function.finding_reports(kind=kind)
    if json:
        for each in found:
            print_json(each)
    else:
        print_findings(function.name, found)
