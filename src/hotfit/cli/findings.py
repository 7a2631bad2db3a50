"""`hotfit findings`: what in a function's data is worth a look, and what a person says of it."""

from typing import Annotated

import typer

from hotfit.cli.options import FunctionName, HomeFolder, Json
from hotfit.cli.printing import print_finding_summary, print_findings, print_json
from hotfit.local import Home


def command(
    name: FunctionName,
    kind: Annotated[
        str | None, typer.Option("--kind", help="Only findings of this kind, as suspect_label.")
    ] = None,
    accept: Annotated[
        list[str] | None, typer.Option("--accept", help="Make the fix of a finding, by its id.")
    ] = None,
    dismiss: Annotated[
        list[str] | None, typer.Option("--dismiss", help="Say that a finding is none, for good.")
    ] = None,
    undo: Annotated[
        list[str] | None, typer.Option("--undo", help="Open a finding again, its fix taken back.")
    ] = None,
    label: Annotated[
        str | None, typer.Option("--label", help="With --accept: the label that is right.")
    ] = None,
    settled: Annotated[
        bool, typer.Option("--all", help="Also those that were accepted or dismissed.")
    ] = False,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """List what is worth a look in the data, the surest first, or settle some of it.

    Rows count from 1 in the source. What was dismissed stays so through every training.
    """
    function = Home.open(home).load(name)
    listed = not (accept or dismiss or undo)
    if not listed:
        told = function.settle(
            accept=accept or (), dismiss=dismiss or (), undo=undo or (), label=label
        )
    else:
        told = function.finding_reports(kind=kind, status=None if settled else "open")
    if json:
        for each in told:
            print_json(each)
        return
    print_findings(function.name, told)
    if listed:
        print_finding_summary(function.finding_summary(), kind=kind)
