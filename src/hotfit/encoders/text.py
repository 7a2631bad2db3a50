"""Encode texts with a BERT-like network: tokens, batches of equal length, one batch per core.

Texts are sorted by their number of tokens and only texts of equal length share a batch, so that no
padding is computed and a vector does not depend on its neighbours (to float32 rounding, about
1e-7). A text longer than the network takes is read through overlapping windows of full length,
spread evenly from its first token to its last; its vector is their mean, scaled to length 1. As the
windows hold equally many tokens, that mean is weighted by tokens.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from hotfit.encoders import bert, onnx_session, safetensors_map
from hotfit.encoders.base import Progress
from hotfit.encoders.catalogue import Entry
from hotfit.encoders.onnx_graph import Graph
from hotfit.errors import Refusal
from hotfit.types import Data, Input, Vectors

BATCH_TOKENS = 512
"""Tokens in a batch: the widest layer's values then stay in a core's cache."""

ACCELERATED_TOKENS = 32_768
"""Tokens in a batch on a graphics processor, which wants to be filled."""

ACCELERATED_THREADS = 2
"""Batches under way on a graphics processor: one computes while the next is prepared."""

SMALL_BATCH_TOKENS = 64
"""Fewer tokens than this are not worth a batch of their own."""

CHUNK = 8192
"""Texts tokenised at a time, which bounds memory."""

OVERLAP = 64
"""Tokens that neighbouring windows of a long text share, at least."""


Network = Callable[[NDArray[np.int64]], Vectors]
"""Token ids of texts of equal length, shape (b, t), to their vectors, shape (b, dimensions)."""


class NotText(Refusal):
    """A sample that is not a text was given to a text encoder."""

    def __init__(self, *, number: int, found: str) -> None:
        super().__init__(f"sample {number} is {found}; a text encoder takes texts")


@dataclass(frozen=True)
class _Batch:
    """Sequences of equal length: their ids, shape (b, t), and the row each belongs to."""

    ids: NDArray[np.int64]
    rows: NDArray[np.int64]


class TextEncoder:
    """A pretrained network for texts on ONNX Runtime; safe to call from several threads."""

    input = Input.TEXT

    def __init__(
        self,
        entry: Entry,
        network: Network,
        tokenizer: Tokenizer,
        threads: int,
        *,
        tokens: int = BATCH_TOKENS,
    ) -> None:
        self.name = entry.name
        self.dimensions = entry.dimensions
        self.max_tokens = entry.max_tokens
        self._prefix = entry.prefix
        self._normalised = entry.normalised
        self._network = network
        self._tokenizer = tokenizer
        self._threads = threads
        self._tokens = tokens
        self._first, self._last = _special_ids(tokenizer)

    def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:
        """Encode n texts in order, shape (n, dimensions), rows of length 1."""
        vectors = np.zeros((len(samples), self.dimensions), np.float32)
        with ThreadPoolExecutor(self._threads) as pool:
            for start in range(0, len(samples), CHUNK):
                texts = self._texts(samples[start : start + CHUNK], start)
                part = vectors[start : start + len(texts)]
                for done in self._encode_chunk(pool, texts, part):
                    if progress is not None:
                        progress(start + done, len(samples))
        return vectors

    def width(self) -> int:
        """How many numbers the network gives for a text, whatever its entry says."""
        ids = self._first + self._tokenizer.encode("a", add_special_tokens=False).ids + self._last
        return int(self._network(np.array([ids], np.int64)).shape[-1])

    def stream(self, samples: Iterable[Data], *, chunk: int = 512) -> Iterator[Vectors]:
        """Encode in the caller's order, `chunk` texts at a time, as the vectors are asked for."""
        source = iter(samples)
        while batch := list(islice(source, chunk)):
            yield self.encode(batch)

    def _texts(self, samples: Sequence[Data], offset: int) -> list[str]:
        texts = []
        for number, sample in enumerate(samples, offset + 1):
            if not isinstance(sample, str):
                raise NotText(number=number, found=type(sample).__name__)
            texts.append(self._prefix + sample)
        return texts

    def _encode_chunk(
        self, pool: ThreadPoolExecutor, texts: list[str], vectors: Vectors
    ) -> Iterator[int]:
        """Fill `vectors`, shape (n, dimensions); yield how many texts are done, as they are."""
        sequences, rows = self._sequences(texts)
        batches = list(_batches(sequences, rows, self._threads, self._tokens))
        left = np.bincount(rows, minlength=len(texts))
        windows = left[:, None].astype(np.float32)
        run = pool.map if len(batches) > 1 else map
        for batch, found in zip(batches, run(self._network, (b.ids for b in batches)), strict=True):
            np.add.at(vectors, batch.rows, found)
            np.subtract.at(left, batch.rows, 1)
            yield int((left == 0).sum())
        long = windows[:, 0] > 1
        vectors[long] /= windows[long]
        if self._normalised:
            vectors[long] /= np.linalg.norm(vectors[long], axis=1, keepdims=True)

    def _sequences(self, texts: list[str]) -> tuple[list[list[int]], NDArray[np.int64]]:
        """Token ids, special ones included, of every window, and the text each belongs to."""
        room = self.max_tokens - len(self._first) - len(self._last)
        sequences: list[list[int]] = []
        rows: list[int] = []
        for row, ids in enumerate(self._tokenise(texts)):
            if not ids and not self._first and not self._last:
                continue  # nothing for the network to read: the vector stays zero
            for start in _window_starts(len(ids), room):
                sequences.append(self._first + ids[start : start + room] + self._last)
                rows.append(row)
        return sequences, np.array(rows, np.int64)

    def _tokenise(self, texts: list[str]) -> list[list[int]]:
        """Token ids of each text; half a surrogate pair, which is no character, becomes U+FFFD."""
        try:
            found = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        except (TypeError, UnicodeEncodeError):
            whole = [
                text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in texts
            ]
            found = self._tokenizer.encode_batch_fast(whole, add_special_tokens=False)
        return [encoding.ids for encoding in found]


def load(entry: Entry, files: Mapping[str, Path], *, threads: int | None = None) -> TextEncoder:
    """Return the encoder of a BERT network in safetensors with its `tokenizer.json`."""
    graph = graph_of(entry, files)
    session = onnx_session.start(graph.to_bytes(), graph.weights)

    def network(ids: NDArray[np.int64]) -> Vectors:
        vectors: Vectors = session.run(None, {"ids": ids})[0]
        return vectors

    return text_encoder(entry, network, files, session, threads=threads)


def graph_of(entry: Entry, files: Mapping[str, Path]) -> Graph:
    """The graph of a BERT network in safetensors: token ids in, vectors out."""
    config = json.loads(files["config.json"].read_bytes())
    shape = bert.Shape(
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        width=config["hidden_size"],
        epsilon=config["layer_norm_eps"],
    )
    arrays = {
        name.removeprefix("bert."): np.asarray(array, np.float32)
        for name, array in safetensors_map.read(files["model.safetensors"]).items()
        if array.dtype.kind == "f"
    }
    return bert.build(arrays, shape, pooling=entry.pooling, normalised=entry.normalised)


def text_encoder(
    entry: Entry, network: Network, files: Mapping[str, Path], session: Any, *, threads: int | None
) -> TextEncoder:
    """Set a network beside its tokenizer, with batches as what `session` runs on wants them."""
    tokenizer = read_tokenizer(files)
    if onnx_session.accelerated(session):
        threads = threads or ACCELERATED_THREADS
        return TextEncoder(entry, network, tokenizer, threads, tokens=ACCELERATED_TOKENS)
    return TextEncoder(entry, network, tokenizer, threads or onnx_session.cores())


def read_tokenizer(files: Mapping[str, Path]) -> Tokenizer:
    """Return the tokenizer without the padding and truncation its file may ask for."""
    (path,) = (path for name, path in files.items() if name.endswith("tokenizer.json"))
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _special_ids(tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """The ids the tokenizer puts before and after a text."""
    bare = tokenizer.encode("a", add_special_tokens=False).ids
    whole = tokenizer.encode("a").ids
    start = whole.index(bare[0])
    return whole[:start], whole[start + len(bare) :]


def _window_starts(length: int, room: int) -> list[int]:
    """Where the windows of a text of `length` tokens start, `room` tokens each, evenly spread."""
    if length <= room:
        return [0]
    overlap = min(OVERLAP, room // 2)
    count = -(-(length - overlap) // (room - overlap))
    return [round(number * (length - room) / (count - 1)) for number in range(count)]


def _batches(
    sequences: list[list[int]], rows: NDArray[np.int64], threads: int, most: int
) -> Iterator[_Batch]:
    """Cut the sequences into batches of equal length, longest first so that cores end together."""
    lengths = np.array([len(sequence) for sequence in sequences], np.int64)
    share = -(-int(lengths.sum()) // threads)
    budget = max(SMALL_BATCH_TOKENS, min(most, share))
    for length in np.unique(lengths)[::-1]:
        members = np.flatnonzero(lengths == length)
        size = max(1, budget // int(length))
        for start in range(0, len(members), size):
            chosen = members[start : start + size]
            ids = np.array([sequences[index] for index in chosen], np.int64)
            yield _Batch(ids=ids, rows=rows[chosen])
