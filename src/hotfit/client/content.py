"""What a caller hands over, as the server takes it: texts, rows, images, files."""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from hotfit.errors import Refusal

Data = str | Mapping[str, Any] | bytes | PathLike[str]
"""A text, a row by field name, or an image as its bytes or its path."""

PIECE = 1 << 20


class SourceUnknown(Refusal):
    """Something that cannot be sent as samples was given."""

    def __init__(self, *, found: object) -> None:
        super().__init__(
            f"samples were given as {type(found).__name__}; expected the path of a CSV, JSONL, "
            "Parquet or zip file, or a list of (data, label) pairs or of rows."
        )


def sendable(data: Data) -> Any:
    """One input as JSON; images as data URIs."""
    if isinstance(data, PathLike):
        data = Path(data).read_bytes()
    if isinstance(data, bytes):
        return f"data:application/octet-stream;base64,{base64.b64encode(data).decode()}"
    return data if isinstance(data, str) else dict(data)


def bytes_of(uri: str) -> bytes:
    """The bytes of a data URI, as a server sends images."""
    return base64.b64decode(uri.partition(",")[2])


def body_of(source: object) -> Callable[[], Any]:
    """What makes the body of an import: a file in pieces, or values as JSON lines."""
    if isinstance(source, str | PathLike):
        path = Path(source)
        if not path.is_file():
            raise FileAbsent(path=str(path))
        return lambda: _pieces(path)
    if isinstance(source, Iterable):
        lines = "".join(json.dumps(row, allow_nan=False) + "\n" for row in _rows(source)).encode()
        return lambda: lines
    raise SourceUnknown(found=source)


class FileAbsent(Refusal):
    """No file is at a path."""

    def __init__(self, *, path: str) -> None:
        super().__init__(f"{path}: no such file; give the path of a CSV, JSONL, Parquet or zip.")


def _rows(source: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for each in source:
        if isinstance(each, Mapping):
            yield dict(each)
        elif isinstance(each, tuple) and len(each) == 2:
            data, label = each
            row = dict(data) if isinstance(data, Mapping) else {"text": data}
            yield row if label is None else row | {"label": label}
        elif isinstance(each, str):
            yield {"text": each}
        else:
            raise SourceUnknown(found=each)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
