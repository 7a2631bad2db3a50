"""Map a safetensors file into memory: the arrays are read as they are touched, never copied.

The format (https://github.com/huggingface/safetensors): eight bytes, the little-endian length of a
JSON header; the header, {name: {dtype, shape, data_offsets}}; then the tensors, one after another.
Processes that map the same file share its pages.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DTYPES = {"F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "U8": "|u1", "I8": "|i1"}


def read(path: Path) -> dict[str, NDArray[np.generic]]:
    """Return every array of the file at `path` by name, read-only views of one mapping."""
    whole = np.memmap(path, dtype=np.uint8, mode="r")
    length = int.from_bytes(whole[:8].tobytes(), "little")
    header = json.loads(whole[8 : 8 + length].tobytes())
    body = whole[8 + length :]
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, fact in header.items():
        if name == "__metadata__":
            continue
        start, end = fact["data_offsets"]
        view = body[start:end].view(DTYPES[fact["dtype"]])
        arrays[name] = np.asarray(view).reshape(fact["shape"])
    return arrays
