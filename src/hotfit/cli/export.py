"""`hotfit export`: a function, what answers of it, or its samples, to a file."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from hotfit.archives.tables import TableFormat
from hotfit.cli.options import FunctionName, HomeFolder, Json
from hotfit.cli.printing import print_json, say
from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.local import Function, Home
from hotfit.local.folders import function_of, is_function_folder, open_home


class FormatOption(StrEnum):
    """What is written."""

    FUNCTION = "function"
    MODEL = "model"
    ONNX = "onnx"
    CSV = "csv"
    JSONL = "jsonl"


class NoFile(Refusal):
    """No file, or two, were named to write to."""

    def __init__(self, *, name: str) -> None:
        super().__init__(
            f"one file was expected: `hotfit export {name} -o {name}.hotfit` writes what answers, "
            f"to be run with hotfit.load; `hotfit export {name} {name}.zip` everything, to be "
            "imported elsewhere"
        )


class NoEncoder(Refusal):
    """An encoder was to go along with what none reads."""

    def __init__(self) -> None:
        super().__init__(
            "--include-encoder is of --format model and onnx; samples and whole functions name "
            "their encoder"
        )


def command(
    name: FunctionName,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="The file to write everything to.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="The file to write what answers to: one small model."),
    ] = None,
    wanted: Annotated[
        FormatOption | None,
        typer.Option(
            "--format",
            help="function: everything, to import it elsewhere; model: what answers, to run it "
            "with hotfit.load; onnx: a folder of plain ONNX and JSON; csv, jsonl: the samples "
            "(default: by the file's suffix; with -o model).",
        ),
    ] = None,
    include_encoder: Annotated[
        bool,
        typer.Option("--include-encoder", help="With model and onnx: the network that reads too."),
    ] = False,
    raw: Annotated[
        bool, typer.Option("--raw", help="CSV cells as they are, formulas too.")
    ] = False,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Write a function with its samples and its trained version, what answers of it alone, or its
    samples as a table.
    """
    target = out or file
    if target is None or (out is not None and file is not None):
        raise NoFile(name=name)
    form = wanted or _by_suffix(target, model=out is not None)
    if include_encoder and form not in {FormatOption.MODEL, FormatOption.ONNX}:
        raise NoEncoder
    function = _function(name, home)
    told: dict[str, Any] = {"function": function.name, "file": str(target), "format": form}
    told |= _write(function, target, form, include_encoder=include_encoder, raw=raw)
    if json:
        print_json(told)
    elif "samples" in told:
        say(f"{function.name}: {told['samples']:,} samples written to {target}")
    else:
        say(f"{function.name}: {told['bytes'] / 1e6:.2f} MB written to {target}")


def _function(name: str, home: Path | None) -> Function:
    """A function by name, or that of a folder as it was fitted last."""
    if not is_function_folder(name):
        return Home.open(home).load(name)
    folder = Folder.open(name)
    return function_of(open_home(folder) if home is None else Home.open(home), folder)


def _write(
    function: Function, target: Path, form: FormatOption, *, include_encoder: bool, raw: bool
) -> dict[str, int]:
    if form is FormatOption.FUNCTION:
        function.export(target)
        return {"samples": int(function.report()["samples"])}
    if form is FormatOption.MODEL:
        function.export_model(target, include_encoder=include_encoder)
        return {"bytes": target.stat().st_size}
    if form is FormatOption.ONNX:
        function.export_onnx(target, include_encoder=include_encoder)
        return {"bytes": sum(each.stat().st_size for each in target.iterdir())}
    return {"samples": function.export_samples(target, form=TableFormat(form.value), raw=raw)}


def _by_suffix(file: Path, *, model: bool) -> FormatOption:
    kinds = {".csv": FormatOption.CSV, ".jsonl": FormatOption.JSONL}
    other = FormatOption.MODEL if model else FormatOption.FUNCTION
    return kinds.get(file.suffix.lower(), other)
