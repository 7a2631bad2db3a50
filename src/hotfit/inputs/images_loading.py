"""Turn cells that name images into pictures: read and checked beside each other, kept in order.

A cell is a path relative to its source, or a data URI. A picture carries no pixels and no bytes,
only its hash and how to read it again, so that memory holds a window of files whatever their
number.
"""

import base64
import binascii
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from urllib.parse import unquote_to_bytes

from hotfit.errors import Refusal
from hotfit.inputs.images_place import Place
from hotfit.inputs.picture import BadPicture, check
from hotfit.inputs.report import Report
from hotfit.types import Cell, Picture

WINDOW = 64
"""Files read ahead: enough to keep every core busy past a large one."""

SHOWN = 80
NOT_FETCHED = "download it and name the file, or set HOTFIT_IMAGE_ADDRESSES=1 to have it fetched"
ADDRESSES = ("http://", "https://", "ftp://", "s3://", "gs://")

Fetch = Callable[[str], bytes]
"""The bytes of the file at an address; raises BadPicture."""

Known = Callable[[str], bool]
"""Whether the image with this SHA-256 was found to be good before."""


class NoUsableImage(Refusal):
    """Every image of a source is bad."""

    def __init__(self, *, name: str, count: int, example: str) -> None:
        super().__init__(
            f"{name}: none of the {count:,} images can be used; the first one, {example}"
        )


def never(_sha256: str) -> bool:
    """No image is known to be good."""
    return False


def is_data_uri(text: str) -> bool:
    """Whether a cell holds the image itself, as a `data:` URI."""
    return text[:5].casefold() == "data:"


def is_address(text: str) -> bool:
    """Whether a cell is an address on the network."""
    return text.casefold().startswith(ADDRESSES)


def from_data_uri(text: str) -> bytes:
    """The bytes of a `data:image/...;base64,` URI; raise BadPicture."""
    head, comma, body = text.partition(",")
    if not comma:
        raise BadPicture(why="is a data URI without data")
    if not head.casefold().rstrip().endswith(";base64"):
        return unquote_to_bytes(body)
    try:
        packed = "".join(body.split()).translate(str.maketrans("-_", "+/"))
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadPicture(why="is a data URI whose base64 is broken") from error


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """The images that the cells of a source name; `base` is put before paths.

    Without `fetch`, nothing is read from the network.
    """

    place: Place | None
    base: str = ""
    fetch: Fetch | None = None

    def read(self, cell: str) -> bytes:
        """The bytes of an image; raise BadPicture."""
        text = cell.strip()
        if is_data_uri(text):
            return from_data_uri(text)
        if is_address(text):
            if self.fetch is None:
                raise BadPicture(why=f"is an address on the network; {NOT_FETCHED}")
            return self.fetch(text)
        if self.place is None:
            raise BadPicture(why="is a path, but this source lies in no folder; use data URIs")
        return self.place.read(str(PurePosixPath(self.base) / text) if self.base else text)

    def load(self, cell: str, *, known: Known = never) -> Picture:
        """Read an image and see that it decodes; raise BadPicture."""
        content = self.read(cell)
        picture = Picture.of(content)
        if not known(picture.sha256):
            check(content)
        file = None if is_data_uri(cell.strip()) else cell.strip()
        return Picture(sha256=picture.sha256, reader=partial(self.read, cell), file=file)

    def load_all(
        self,
        rows: Iterator[tuple[int, list[Cell]]],
        at: int,
        report: Report,
        *,
        known: Known = never,
    ) -> Iterator[tuple[int, list[Cell], Picture]]:
        """Yield each row with its picture; rows whose image is bad go to `report`."""
        pending: deque[tuple[int, list[Cell], Future[Picture]]] = deque()
        load = partial(self.load, known=known)
        with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
            for number, cells in rows:
                cell = cells[at]
                if not isinstance(cell, str) or not cell.strip():
                    report.add("no image is named, left out", row=number)
                    continue
                pending.append((number, cells, pool.submit(load, cell)))
                if len(pending) >= WINDOW:
                    yield from _settle(pending.popleft(), at, report)
            while pending:
                yield from _settle(pending.popleft(), at, report)


def _settle(
    item: tuple[int, list[Cell], Future[Picture]], at: int, report: Report
) -> Iterator[tuple[int, list[Cell], Picture]]:
    number, cells, future = item
    try:
        picture = future.result()
    except BadPicture as fault:
        report.leave_out(shown(str(cells[at])), fault.why, row=number)
        return
    finally:
        del item, future  # the error holds this frame, and would hold itself and the archive by it
    yield number, cells, picture


def shown(cell: str) -> str:
    """A cell as sentences show it: printable, and cut where it is long."""
    text = cell if cell.isprintable() else ascii(cell)[1:-1]
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."
