"""Arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from hotfit.local import Function

Json = Annotated[
    bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")
]
HomeFolder = Annotated[
    Path | None,
    typer.Option(
        "--home", help="Where everything lives (default: $HOTFIT_HOME, else your data folder)."
    ),
]
ROW = 10
"""Digits from which a number is the row of no source."""

FunctionName = Annotated[str, typer.Argument(metavar="NAME", help="The function's name or id.")]


def named(function: Function, sample: str) -> str:
    """The identifier of a sample that a person named by it, or by its row."""
    return function.at_row(int(sample)) if sample.isdecimal() and len(sample) < ROW else sample
