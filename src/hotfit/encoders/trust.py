"""Trust on first use: record the hashes of files that the catalogue has none for.

Nobody vouches for such a file: what is found first is taken for the real one. From then on its
SHA-256 is as binding as a published one, so that it cannot change unnoticed.
"""

import hashlib
from dataclasses import replace
from pathlib import Path

from hotfit.encoders.catalogue import Entry, File
from hotfit.encoders.places import places
from hotfit.encoders.weights import WeightsUnavailable, download


def pin(entry: Entry, *, cache: Path, folder: Path | None = None, offline: bool = False) -> Entry:
    """Return the entry with the hash and size that its unpinned files have where they are found.

    Looked at in order: `folder`, the hub's cache, an installed package and, unless `offline`, the
    hub. Raises WeightsUnavailable where a file is nowhere.
    """
    files = tuple(
        file
        if file.sha256
        else stated(file.name, _find(entry, file, cache=cache, folder=folder, offline=offline))
        for file in entry.files
    )
    return replace(entry, files=files)


def stated(name: str, path: Path) -> File:
    """The file at `path` as an entry states it, by its content."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return File(name=name, sha256=digest, size=path.stat().st_size)


def _find(entry: Entry, file: File, *, cache: Path, folder: Path | None, offline: bool) -> Path:
    for path in places(entry, file, cache=cache, folder=folder):
        return path
    tried: list[str] = []
    if entry.repository and not offline:
        try:
            return download(entry, file)
        except OSError as error:
            tried.append(f"the hub: {(str(error) or type(error).__name__).splitlines()[0]}")
    raise WeightsUnavailable(entry=entry, missing=file.name, tried=tried, cache=cache)
