"""Encode images with a pretrained network on ONNX Runtime, as its catalogue entry prepares them.

Each core takes a batch through all its steps: read, decode, shrink, and run the network. So no core
waits for another, the network is idle only while its own core decodes, and memory holds one batch a
core, whatever the number of images.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hotfit.encoders import onnx_session
from hotfit.encoders.base import Progress
from hotfit.encoders.catalogue import Entry, Preparation
from hotfit.encoders.onnx_cut import cut
from hotfit.errors import Refusal
from hotfit.inputs.picture import decode
from hotfit.types import Data, Input, Picture, Vectors

ACCELERATED_BATCH = 64
"""Images run together on a graphics processor, which wants to be filled."""


class NotPicture(Refusal):
    """A sample that is not an image was given to an image encoder."""

    def __init__(self, *, number: int, found: str) -> None:
        super().__init__(f"sample {number} is {found}; an image encoder takes images")


class ImageEncoder:
    """A pretrained network for images; safe to call from several threads."""

    input = Input.IMAGE

    def __init__(self, entry: Entry, session: Any, threads: int) -> None:
        assert entry.preparation is not None
        self.name = entry.name
        self.dimensions = entry.dimensions
        self._preparation = entry.preparation
        self._normalised = entry.normalised
        self._pooling = entry.pooling
        self._session = session
        self._threads = threads
        self._batch = entry.preparation.batch
        if self._batch > 1 and onnx_session.accelerated(session):
            self._batch = ACCELERATED_BATCH
        self._feed = session.get_inputs()[0]
        self._outputs = [entry.output or session.get_outputs()[0].name]
        self._type = np.float16 if "float16" in self._feed.type else np.float32

    def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:
        """Encode n images in order, shape (n, dimensions)."""
        return encode_in_batches(
            samples,
            self._encode,
            dimensions=self.dimensions,
            batch=self._batch,
            threads=self._threads,
            progress=progress,
        )

    def prepare(self, pictures: Sequence[Picture]) -> NDArray[Any]:
        """The pixels of b images as the network takes them, shape (b, 3, side, side)."""
        side = self._preparation.side
        pixels = np.stack([np.asarray(fitted(picture, side)) for picture in pictures])
        return arrange(pixels, self._preparation).astype(self._type, copy=False)

    def run(self, pixels: NDArray[Any]) -> Vectors:
        """Run the network on prepared images, shape (b, 3, side, side); vectors (b, dimensions)."""
        found = self._session.run(self._outputs, {self._feed.name: pixels})[0]
        vectors = np.asarray(found, np.float32)
        if vectors.ndim == 4:
            vectors = vectors.mean(axis=(2, 3))
        elif vectors.ndim == 3:  # a vector a patch, after one for the whole
            vectors = vectors[:, 0] if self._pooling == "first" else vectors.mean(axis=1)
        if self._normalised:
            vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors

    def width(self) -> int:
        """How many numbers the network gives for an image, whatever its entry says."""
        side = self._preparation.side
        return int(self.run(np.zeros((1, 3, side, side), self._type)).shape[-1])

    def _encode(self, pictures: Sequence[Picture]) -> Vectors:
        return self.run(self.prepare(pictures))


def encode_in_batches(
    samples: Sequence[Data],
    encode: Any,
    *,
    dimensions: int,
    batch: int,
    threads: int,
    progress: Progress | None,
) -> Vectors:
    """Encode n images with `encode`, a batch at a time on every core; shape (n, dimensions)."""
    vectors = np.empty((len(samples), dimensions), np.float32)
    # Few images are spread over all cores rather than put into one batch.
    size = max(1, min(batch, -(-len(samples) // threads)))
    done = 0

    def work(start: int) -> int:
        part = [
            _picture(samples[row], row + 1) for row in range(start, min(start + size, len(samples)))
        ]
        vectors[start : start + len(part)] = encode(part)
        return len(part)

    with ThreadPoolExecutor(threads) as pool:
        for future in as_completed(
            [pool.submit(work, start) for start in range(0, len(samples), size)]
        ):
            done += future.result()
            if progress is not None:
                progress(done, len(samples))
    return vectors


def _picture(sample: Data, number: int) -> Picture:
    if not isinstance(sample, Picture):
        raise NotPicture(number=number, found=type(sample).__name__)
    return sample


def fitted(picture: Picture, side: int) -> Image.Image:
    """An image shrunk or grown to side x side pixels from its middle square."""
    image = decode(picture.read(), short_side=side)
    edge = min(image.size)
    left, top = (image.width - edge) / 2, (image.height - edge) / 2
    box = (left, top, left + edge, top + edge)
    return image.resize((side, side), Image.Resampling.BICUBIC, box=box)


def arrange(pixels: NDArray[np.uint8], preparation: Preparation) -> NDArray[np.float32]:
    """Pixels (b, side, side, 3) normalised, in the network's order, shape (b, 3, side, side)."""
    if preparation.order == "BGR":
        pixels = pixels[..., ::-1]
    scale = 1 / np.array(preparation.deviation, np.float32).reshape(3, 1, 1)
    shift = -np.array(preparation.mean, np.float32).reshape(3, 1, 1) * scale
    planes = np.ascontiguousarray(pixels.transpose(0, 3, 1, 2)).astype(np.float32)
    planes *= scale
    planes += shift
    return planes


def load(entry: Entry, files: Mapping[str, Path], *, threads: int | None = None) -> ImageEncoder:
    """Return the encoder of the one `.onnx` file among `files`."""
    (model,) = (path for name, path in files.items() if name.endswith(".onnx"))
    assert entry.preparation is not None
    network = model.read_bytes()
    if entry.preparation.cut:
        network = cut(network, entry.preparation.cut)
    session = onnx_session.start(
        network, {}, fuse=entry.preparation.fuse, beside=onnx_session.beside(files)
    )
    return ImageEncoder(entry, session, threads or onnx_session.cores())
