"""`hotfit invoke`: ask a function, once or for every line of standard input."""

import sys
from collections.abc import Iterator
from io import BufferedReader
from typing import Annotated, BinaryIO

import typer

from hotfit.cli.options import FunctionName, HomeFolder, Json
from hotfit.cli.printing import print_json, print_prediction
from hotfit.errors import Refusal
from hotfit.local import Function, Home

BATCH = 256
"""Lines answered together: enough for throughput, few enough to keep memory small."""

BLOCK = 1 << 16
"""Bytes read from standard input at once."""


class NothingAsked(Refusal):
    """There is neither data among the arguments nor an open standard input."""

    def __init__(self, *, name: str) -> None:
        super().__init__(
            f"nothing to ask: give the data after the name, as in hotfit invoke {name} DATA, "
            "or lines on standard input"
        )


def command(
    name: FunctionName,
    data: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DATA]...",
            help="What to ask; a row is a JSON object. Without it, lines or JSONL on stdin.",
        ),
    ] = None,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Ask a function; prints one answer per input."""
    function = Home.open(home).load(name)
    if data:
        arrivals = iter([data])
    elif sys.stdin is not None:
        arrivals = _arrivals(sys.stdin.buffer)
    else:
        raise NothingAsked(name=name)
    for lines in arrivals:
        for start in range(0, len(lines), BATCH):
            _answer(function, lines[start : start + BATCH], as_json=json)


def _answer(function: Function, batch: list[str], *, as_json: bool) -> None:
    for prediction in function.predict(function.parse(batch)):
        if as_json:
            print_json(prediction.to_json())
        else:
            print_prediction(prediction)
    sys.stdout.flush()


def _arrivals(stream: BinaryIO) -> Iterator[list[str]]:
    """Yield the lines that have arrived, as they arrive, blank ones left out.

    What a pipe holds is answered at once instead of waiting for its end.
    """
    rest = b""
    while block := _arrived(stream):
        *whole, rest = (rest + block).split(b"\n")
        yield _texts(whole)
    yield _texts([rest])


def _arrived(stream: BinaryIO) -> bytes:
    """What has arrived, waiting for the first of it; empty at the end."""
    return stream.read1(BLOCK) if isinstance(stream, BufferedReader) else stream.read(BLOCK)


def _texts(lines: list[bytes]) -> list[str]:
    texts = (line.decode("utf-8", "replace").strip("\r\ufeff") for line in lines)
    return [text for text in texts if text]
