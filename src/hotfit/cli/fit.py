"""`hotfit fit`: labelled examples in, a trained function out."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from hotfit.cli.options import HomeFolder, Json
from hotfit.cli.printing import print_json, print_report, say
from hotfit.cli.progress import Display
from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.folders.lock import NAME as LOCK
from hotfit.folders.spec import NAME
from hotfit.local import Home
from hotfit.local.folders import fit_folder, is_function_folder
from hotfit.local.folders import report as folder_report
from hotfit.types import Output


class OutputOption(StrEnum):
    """What the function answers, as typed on the command line."""

    CLASSIFICATION = "classification"
    TAGS = "tags"
    NUMBER = "number"


class BuildOption(StrEnum):
    """How much effort to make."""

    INSTANT = "instant"
    TUNED = "tuned"


SourceToFit = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="A CSV, TSV, JSONL or Parquet file (also gzipped), a folder or zip of images, "
        "or - for standard input.",
    ),
]
NewName = Annotated[
    str | None, typer.Option("--name", help="The function's name (default: the file's name).")
]
Target = Annotated[str | None, typer.Option("--target", help="The column with the true answer.")]
Inputs = Annotated[
    list[str] | None,
    typer.Option("--input", help="A column to learn from; repeat for several."),
]
Answers = Annotated[
    OutputOption | None, typer.Option("--output", help="What the function answers.")
]
Together = Annotated[
    list[str] | None,
    typer.Option(
        "--together",
        help="A column, such as the customer, whose rows of one value are held out together, so "
        "that the score is of new ones; repeat for several; '' lets go.",
    ),
]
LeastPrecision = Annotated[
    float | None,
    typer.Option("--min-precision", help="Tags: the least share of said tags to be right."),
]
LeastRecall = Annotated[
    float | None,
    typer.Option("--min-recall", help="Tags: the least share of true tags to be found."),
]
EncoderName = Annotated[
    str | None,
    typer.Option(
        "--encoder",
        help="Read by this encoder, or several joined by +; auto: let hotfit choose.",
    ),
]
MostLatency = Annotated[
    float | None,
    typer.Option("--max-latency-ms", help="What the encoder may take for one call.", min=0),
]
Build = Annotated[
    BuildOption,
    typer.Option("--build", help="instant: milliseconds; tuned: searched for seconds."),
]
Locked = Annotated[
    bool,
    typer.Option("--locked", help="A function's folder: refuse what its hotfit.lock does not."),
]


def command(
    source: SourceToFit,
    name: NewName = None,
    target: Target = None,
    inputs: Inputs = None,
    output: Answers = None,
    together: Together = None,
    min_precision: LeastPrecision = None,
    min_recall: LeastRecall = None,
    encoder: EncoderName = None,
    max_latency_ms: MostLatency = None,
    build: Build = BuildOption.TUNED,
    locked: Locked = False,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Make a trained function from labelled examples and say honestly how good it is.

    With --encoder or --max-latency-ms, SOURCE may be the name of a function: it is trained again.
    A folder with a hotfit.toml is fitted as that says, and its hotfit.lock is written.
    """
    tuned = build is BuildOption.TUNED
    given = (name, target, inputs, output, together, min_precision, min_recall)
    if is_function_folder(source):
        _refuse_options(source, (*given, encoder, max_latency_ms))
        _fit_folder(source, home, locked=locked, tuned=tuned, json=json)
        return
    wanted = None if output is None else Output(output.value.capitalize())
    with Display() as display:
        here = Home.open(home)
        if _names_function(source, here) and (encoder is not None or max_latency_ms is not None):
            _refuse_what_files_say(source, given)
            function = here.retrain(
                source, encoder=encoder, max_latency_ms=max_latency_ms, tuned=tuned,
                progress=display.update,
            )  # fmt: skip
            _print(function.report(), json=json)
            return
        function = here.fit(
            source,
            name=name,
            target=target,
            inputs=tuple(inputs) if inputs else None,
            output=wanted,
            together=None if together is None else tuple(filter(None, together)),
            tuned=tuned, min_precision=min_precision, min_recall=min_recall,
            encoder=encoder, max_latency_ms=max_latency_ms, progress=display.update,
        )  # fmt: skip
    _print(function.report(), json=json)


class SaidTwice(Refusal):
    """Options that a folder's hotfit.toml has the say in."""

    def __init__(self, *, folder: str) -> None:
        super().__init__(
            f"{folder} is a function's folder: what it is stands in its {NAME}; change it there "
            "and leave --name, --target, --input, --output, --together, --min-..., --encoder "
            "and --max-latency-ms away"
        )


class ReadsNoFile(Refusal):
    """Options that say how a file is read, beside the name of a function."""

    def __init__(self, *, function: str) -> None:
        super().__init__(
            f"{function} is a function, which --encoder and --max-latency-ms train again on the "
            "samples it has; --name, --target, --input, --output, --together and --min-... belong "
            "to a file: leave them away, or name the file"
        )


def _refuse_what_files_say(function: str, given: tuple[object, ...]) -> None:
    if _says_anything(given):
        raise ReadsNoFile(function=function)


def _refuse_options(source: str, given: tuple[object, ...]) -> None:
    if _says_anything(given):
        raise SaidTwice(folder=source)


def _says_anything(given: tuple[object, ...]) -> bool:
    return any(each is not None and each != [] for each in given)


def _fit_folder(source: str, home: Path | None, *, locked: bool, tuned: bool, json: bool) -> None:
    with Display() as display:
        fitted = fit_folder(
            Folder.open(source),
            home=None if home is None else Home.open(home),
            locked=locked,
            tuned=tuned,
            progress=display.update,
        )
    told = folder_report(fitted)
    if json:
        print_json(told)
        return
    print_report(told)
    kept = "holds" if fitted.reproduced else "written"
    say(f"Lock              {Path(source) / LOCK} {kept}: version {fitted.lock.version[:12]}")


def _names_function(source: str, home: Home) -> bool:
    """Whether SOURCE is no file but a function of this home."""
    return source != "-" and not Path(source).exists() and home.has(source)


def _print(report: dict[str, Any], *, json: bool) -> None:
    if json:
        print_json(report)
    else:
        print_report(report)
