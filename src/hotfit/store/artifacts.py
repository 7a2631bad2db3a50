"""Artifacts: a trained function as one safetensors blob; arrays and JSON, never code."""

import json

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from hotfit.errors import HotfitError
from hotfit.store.columns import to_json
from hotfit.types import State

FORMAT = "hotfit.artifact.v1"


class ArtifactCorrupt(HotfitError):
    """The bytes are no artifact of hotfit."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(
            f"a trained function cannot be read ({reason}); fit it again, or restore a backup."
        )


def pack(artifact: State) -> bytes:
    """Write an artifact; equal artifacts give equal bytes."""
    arrays = {
        name: np.ascontiguousarray(artifact.arrays[name]).reshape(np.shape(artifact.arrays[name]))
        for name in sorted(artifact.arrays)
    }
    # One entry alone: safetensors writes several in an order that changes from call to call.
    header = {"format": FORMAT, "parameters": artifact.parameters}
    return save(arrays, metadata={"hotfit": to_json(header)})


def unpack(content: bytes) -> State:
    """Read an artifact; raise ArtifactCorrupt where the bytes are none."""
    try:
        arrays = load(content)
        size = int.from_bytes(content[:8], "little")
        header = json.loads(content[8 : 8 + size])["__metadata__"]
        kept = json.loads(header["hotfit"])
        found, parameters = kept["format"], kept["parameters"]
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise ArtifactCorrupt(reason=str(error)) from error
    if found != FORMAT:
        raise ArtifactCorrupt(reason=f"its format is {found!r}, expected {FORMAT!r}")
    return State(arrays=arrays, parameters=parameters)
