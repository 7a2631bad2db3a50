"""`hotfit fit`: labelled examples in, a trained function out."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from hotfit.cli.options import HomeFolder, Json
from hotfit.cli.printing import print_json, print_report
from hotfit.cli.progress import Display
from hotfit.local import Home
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


def command(
    source: SourceToFit,
    name: NewName = None,
    target: Target = None,
    inputs: Inputs = None,
    output: Answers = None,
    min_precision: LeastPrecision = None,
    min_recall: LeastRecall = None,
    encoder: EncoderName = None,
    max_latency_ms: MostLatency = None,
    build: Build = BuildOption.TUNED,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Make a trained function from labelled examples and say honestly how good it is.

    With --encoder or --max-latency-ms, SOURCE may be the name of a function: it is trained again.
    """
    wanted = None if output is None else Output(output.value.capitalize())
    with Display() as display:
        here = Home.open(home)
        if _names_function(source, here) and (encoder is not None or max_latency_ms is not None):
            function = here.retrain(
                source,
                encoder=encoder,
                max_latency_ms=max_latency_ms,
                tuned=build is BuildOption.TUNED,
                progress=display.update,
            )
            _print(function.report(), json=json)
            return
        function = here.fit(
            source,
            name=name,
            target=target,
            inputs=tuple(inputs) if inputs else None,
            output=wanted,
            tuned=build is BuildOption.TUNED,
            min_precision=min_precision,
            min_recall=min_recall,
            encoder=encoder,
            max_latency_ms=max_latency_ms,
            progress=display.update,
        )
    _print(function.report(), json=json)


def _names_function(source: str, home: Home) -> bool:
    """Whether SOURCE is no file but a function of this home."""
    return source != "-" and not Path(source).exists() and home.has(source)


def _print(report: dict[str, Any], *, json: bool) -> None:
    if json:
        print_json(report)
    else:
        print_report(report)
