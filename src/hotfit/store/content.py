"""What a sample holds, as it is kept and as it is recognised again.

The content hash is SHA-256 of the exact UTF-8 bytes of a text, of the bytes of an image file, or
of a row as JSON with sorted keys; it does not depend on the database or the program's version.
"""

import hashlib
import json
from collections.abc import Mapping

from hotfit.store.columns import storable, to_json
from hotfit.types import Data


def content_hash(data: Data) -> bytes:
    """The 32 bytes by which equal content is recognised; raise UnstorableText for bad text."""
    if isinstance(data, str):
        return hashlib.sha256(storable(data).encode()).digest()
    if isinstance(data, Mapping):
        return hashlib.sha256(to_json(dict(sorted(data.items()))).encode()).digest()
    return bytes.fromhex(data.sha256)


def data_to_json(data: str | Mapping[str, object]) -> str:
    """A text or a row as the database keeps it; the order of a row's fields stays."""
    return to_json(data if isinstance(data, str) else dict(data))


def data_from_json(kept: list[str]) -> list[Data]:
    """Read many kept texts or rows at once."""
    found: list[Data] = json.loads("[" + ",".join(kept) + "]")
    return found
