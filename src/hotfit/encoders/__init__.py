"""Frozen networks and feature pipelines: samples in, vectors out.

`open(name, cache=...)` is the one door. May import `inputs`, `types`, `errors`, `registry`; never a
database, HTTP routes or a clock. Importing this package loads no network library.
"""

from pathlib import Path

from hotfit.encoders import hub_images as _hub_images  # noqa: F401 - registers its entries
from hotfit.encoders import text_entries as _text_entries  # noqa: F401 - registers its entries
from hotfit.encoders.base import Encoder, Progress
from hotfit.encoders.catalogue import ENCODERS, Entry, File, Package
from hotfit.encoders.image_entries import IMAGE_ENCODERS, PIXELS
from hotfit.encoders.joined import SIGN, JoinedEncoder
from hotfit.encoders.loading import load
from hotfit.encoders.places import is_at_hand
from hotfit.encoders.shelf import Shelf
from hotfit.encoders.trust import pin
from hotfit.encoders.unopened import Unopened
from hotfit.encoders.weights import Unpinned, WeightsUnavailable, fetch

__all__ = [
    "ENCODERS",
    "IMAGE_ENCODERS",
    "PIXELS",
    "SIGN",
    "Encoder",
    "Entry",
    "File",
    "JoinedEncoder",
    "Package",
    "Progress",
    "Shelf",
    "Unopened",
    "Unpinned",
    "WeightsUnavailable",
    "fetch",
    "is_at_hand",
    "load",
    "open",
    "pin",
]


def open(  # noqa: A001 - encoders.open(...) is how the door reads
    name: str | Entry,
    *,
    cache: Path,
    folder: Path | None = None,
    offline: bool = False,
    threads: int | None = None,
) -> Encoder:
    """Return the encoder called `name`, or that of an entry, its weights found and verified.

    `cache` keeps verified weights, `folder` is a local copy to look in first, `offline` forbids
    the network, `threads` is how many cores encoding may use (None: all of this process's).
    Raises UnknownPart for a name that is not in the catalogue, WeightsUnavailable where the
    weights cannot be had, Unpinned where nothing is known to verify them by.
    """
    entry = ENCODERS.get(name) if isinstance(name, str) else name
    files = fetch(entry, cache=cache, folder=folder, offline=offline)
    return load(entry, files, threads=threads)
