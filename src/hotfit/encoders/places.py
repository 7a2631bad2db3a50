"""Where an encoder's files lie on this machine, looked up by name and size alone."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

from hotfit.encoders.catalogue import Entry, File
from hotfit.encoders.weights import has_size


def is_at_hand(entry: Entry, *, cache: Path, folder: Path | None = None) -> bool:
    """Whether every file of an entry is pinned and lies here; nothing is read or hashed."""
    return entry.pinned and all(
        any(has_size(file, path) for path in places(entry, file, cache=cache, folder=folder))
        for file in entry.files
    )


def places(entry: Entry, file: File, *, cache: Path, folder: Path | None = None) -> Iterator[Path]:
    """Yield the files that may be `file`, in the order in which they are used."""
    found = [cache / file.sha256] if file.sha256 else []
    if folder is not None:
        found += [folder / file.name, *([folder / file.sha256] if file.sha256 else [])]
    if entry.repository:
        found += _in_hub_cache(entry, file)
    if entry.package is not None:
        top, _, rest = entry.package.inside.partition("/")
        spec = importlib.util.find_spec(top)
        roots = spec.submodule_search_locations if spec is not None else None
        found += [Path(root) / rest / file.name for root in roots or []]
    return (path for path in found if path.is_file())


def _in_hub_cache(entry: Entry, file: File) -> list[Path]:
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(entry.repository, file.name, revision=entry.revision)
    return [Path(found)] if isinstance(found, str) else []
