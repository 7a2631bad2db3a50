"""Text networks published as ONNX, of any architecture: token ids in, one vector a token out.

The graph's inputs must be among `input_ids`, `attention_mask` and `token_type_ids`, as exporters
name them; its weights may lie in a file beside it (`.onnx_data`). The output that is read is either
a vector a token, shape (b, t, dimensions), pooled here as the catalogue says, or a vector a text,
shape (b, dimensions).
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hotfit.encoders import onnx_session
from hotfit.encoders.catalogue import Entry
from hotfit.encoders.text import TextEncoder, text_encoder
from hotfit.types import Vectors


def load(entry: Entry, files: Mapping[str, Path], *, threads: int | None = None) -> TextEncoder:
    """Return the encoder of the one `.onnx` file among `files`, with its `tokenizer.json`."""
    (model,) = (path for name, path in files.items() if name.endswith(".onnx"))
    session = onnx_session.start(
        model.read_bytes(), {}, fuse=True, beside=onnx_session.beside(files)
    )
    wanted = {value.name for value in session.get_inputs()}
    output = entry.output or session.get_outputs()[0].name

    def network(ids: NDArray[np.int64]) -> Vectors:
        offered = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        feeds = {name: array for name, array in offered.items() if name in wanted}
        vectors = np.asarray(session.run([output], feeds)[0], np.float32)
        if vectors.ndim == 3:
            vectors = vectors.mean(axis=1) if entry.pooling == "mean" else vectors[:, 0]
        if entry.normalised:
            vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    return text_encoder(entry, network, files, session, threads=threads)
