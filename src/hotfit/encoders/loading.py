"""Turn the files of an entry, once they are at hand, into an encoder."""

import importlib
from collections.abc import Mapping
from pathlib import Path

from hotfit.encoders.base import Encoder
from hotfit.encoders.catalogue import Entry


def load(entry: Entry, files: Mapping[str, Path], *, threads: int | None = None) -> Encoder:
    """Call the entry's loader; only then is the network's library imported."""
    module, _, function = entry.loader.partition(":")
    found = getattr(importlib.import_module(module), function)
    encoder: Encoder = found(entry, files, threads=threads)
    return encoder
