"""`hotfit export`: a function, or its samples, to a file."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hotfit.archives.tables import TableFormat
from hotfit.cli.options import FunctionName, HomeFolder, Json
from hotfit.cli.printing import print_json, say
from hotfit.local import Home


class FormatOption(StrEnum):
    """What is written."""

    FUNCTION = "function"
    CSV = "csv"
    JSONL = "jsonl"


def command(
    name: FunctionName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    wanted: Annotated[
        FormatOption | None,
        typer.Option(
            "--format",
            help="function: everything, to import it elsewhere; csv, jsonl: the samples "
            "(default: by the file's suffix).",
        ),
    ] = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="CSV cells as they are, formulas too.")
    ] = False,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Write a function with its samples and its trained version, or its samples as a table."""
    function = Home.open(home).load(name)
    form = wanted or _by_suffix(file)
    if form is FormatOption.FUNCTION:
        function.export(file)
        count = function.report()["samples"]
    else:
        count = function.export_samples(file, form=TableFormat(form.value), raw=raw)
    if json:
        told = {"function": function.name, "file": str(file), "format": form, "samples": count}
        print_json(told)
    else:
        say(f"{function.name}: {count:,} samples written to {file}")


def _by_suffix(file: Path) -> FormatOption:
    kinds = {".csv": FormatOption.CSV, ".jsonl": FormatOption.JSONL}
    return kinds.get(file.suffix.lower(), FormatOption.FUNCTION)
