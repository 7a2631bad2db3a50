"""`hotfit findings`: what in a function's data is worth a look, and what a person says of it."""

from collections.abc import Sequence
from itertools import groupby, islice
from typing import Annotated, Any

import typer

from hotfit.cli.finding_lines import (
    print_finding_summary,
    print_findings,
    print_none,
    print_settled,
    shown_samples,
)
from hotfit.cli.options import FunctionName, HomeFolder, Json
from hotfit.cli.printing import print_json
from hotfit.errors import Refusal
from hotfit.local import Home

MOST = 50
"""Findings of each kind that are printed, where nothing else is asked for."""

Most = Annotated[
    int | None,
    typer.Option(
        "-n",
        "--most",
        min=1,
        help=f"At most this many of each kind, the surest (default: {MOST}, with --json all).",
    ),
]


class NothingToLabel(Refusal):
    """A right label was said of no finding."""

    def __init__(self, *, label: str) -> None:
        super().__init__(
            f"--label {label!r} says which label is right of a finding that is accepted; "
            "give --accept ID beside it."
        )


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
    most: Most = None,
    settled: Annotated[
        bool, typer.Option("--all", help="Also those that were accepted or dismissed.")
    ] = False,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """List what is worth a look in the data, the surest first, or settle some of it.

    Rows count from 1 in the source. What was dismissed stays so through every training.
    """
    if label is not None and not accept:
        raise NothingToLabel(label=label)
    function = Home.open(home).load(name)
    if accept or dismiss or undo:
        told = function.settle(
            accept=accept or (), dismiss=dismiss or (), undo=undo or (), label=label
        )
    else:
        found = function.finding_reports(kind=kind, status=None if settled else "open")
        told = _surest(found, most if json else most or MOST)
    if json:
        for each in told:
            print_json(each)
        return
    print_findings(told, contents=function.contents(shown_samples(told)))
    if accept or dismiss or undo:
        print_settled(function.name, told)
    elif told:
        first = most or MOST
        print_finding_summary(function.finding_summary(first=first), kind=kind, first=first)
    else:
        print_none(function.name, kind=kind)


def _surest(found: Sequence[dict[str, Any]], most: int | None) -> list[dict[str, Any]]:
    """The first findings of each kind; they come ordered."""
    if most is None:
        return list(found)
    kinds = groupby(found, key=lambda each: each["kind"])
    return [each for _, same in kinds for each in islice(same, most)]
