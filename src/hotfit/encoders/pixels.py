"""An image encoder without weights: what can be measured in the pixels themselves.

Of each image, scaled to 64 x 64 pixels, these parts are laid side by side:

- its shrunken self: brightness and two colour differences on an 8 x 8 grid;
- colour moments (mean, deviation, skewness) on grids of 1, 2 and 4 cells a side, and the joint
  histogram of hue, saturation and brightness of the whole and of its middle;
- histograms of oriented gradients (Dalal and Triggs 2005) in the compact form of Felzenszwalb et
  al. 2010: with s in 1..4 running over the four blocks of 2 x 2 cells that hold a cell,

      f(orientation o) = 1/2 sum_s min(h_o / |block_s|, 0.2)
      f(texture s)     = 0.24 sum_o min(h_o / |block_s|, 0.2)

  of 9 unsigned orientations on 8 x 8 cells, and of 9 unsigned and 18 signed ones on 4 x 4 cells;
- uniform local binary patterns (Ojala et al. 2002), 59 bins, of the brightness at three scales,
  the finer two by quarters too, and of the colour differences.

Histograms go in as square roots and each part has length 1 before its weight, so that plain linear
heads compare them fairly (Arandjelovic and Zisserman 2012). It sees colour, outline and texture,
not things: enough for products on white, materials and drawings, 10 to 20 points below a pretrained
network on photographs.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hotfit.encoders import onnx_session
from hotfit.encoders.base import Progress
from hotfit.encoders.catalogue import Entry
from hotfit.encoders.image import encode_in_batches
from hotfit.inputs.picture import decode
from hotfit.types import Data, Input, Picture, Vectors

SIDE = 64
BATCH = 32
TINY = 1e-6

Planes = NDArray[np.float32]
"""One value a pixel, shape (n, side, side)."""


class PixelEncoder:
    """Colours, gradients and textures under the interface of a network."""

    input = Input.IMAGE

    def __init__(self, *, name: str, dimensions: int, threads: int) -> None:
        self.name = name
        self.dimensions = dimensions
        self._threads = threads

    def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:
        """Encode n images in order, shape (n, dimensions)."""
        return encode_in_batches(
            samples,
            _describe,
            dimensions=self.dimensions,
            batch=BATCH,
            threads=self._threads,
            progress=progress,
        )


def _describe(pictures: Sequence[Picture]) -> Vectors:
    return describe(np.stack([scaled(picture) for picture in pictures]))


def scaled(picture: Picture) -> NDArray[np.uint8]:
    """The whole image at 64 x 64 pixels, shape (64, 64, 3)."""
    image = decode(picture.read(), short_side=SIDE)
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def describe(pixels: NDArray[np.uint8]) -> Vectors:
    """Measure n images of 64 x 64 pixels, shape (n, 64, 64, 3); vectors (n, dimensions)."""
    colours = pixels.astype(np.float32) / np.float32(255)
    grey = np.asarray(colours @ np.array([0.299, 0.587, 0.114], np.float32), np.float32)
    opponents = _opponents(colours, grey)
    quarter = SIDE // 4
    middle = colours[:, quarter:-quarter, quarter:-quarter]
    smaller = _shrunk(grey[..., None])
    parts = (
        (0.5, _cells(opponents, 8).reshape(len(pixels), -1)),
        (0.7, _moments(opponents)),
        (1.0, _palette(colours)),
        (0.7, _palette(middle)),
        (1.5, _gradients(colours, cells=8, signed=False)),
        (1.0, _gradients(_shrunk(colours), cells=4, signed=True)),
        (0.7, _patterns(grey, quarters=True)),
        (0.7, _patterns(smaller[..., 0], quarters=True)),
        (0.5, _patterns(_shrunk(smaller)[..., 0], quarters=False)),
        (0.5, _patterns(opponents[..., 1], quarters=False)),
        (0.5, _patterns(opponents[..., 2], quarters=False)),
    )
    return np.concatenate([np.float32(weight) * _unit(part) for weight, part in parts], axis=1)


def _unit(part: Vectors) -> Vectors:
    length = np.maximum(np.linalg.norm(part, axis=1, keepdims=True), np.float32(TINY))
    scaled: Vectors = part / length
    return scaled


def _shrunk(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    """Half the size, each pixel the mean of four."""
    n, side, _, channels = colours.shape
    halves: NDArray[np.float32] = colours.reshape(n, side // 2, 2, side // 2, 2, channels).mean(
        axis=(2, 4)
    )
    return halves


def _opponents(colours: NDArray[np.float32], grey: Planes) -> NDArray[np.float32]:
    """Brightness and two colour differences, around 0, shape (n, side, side, 3)."""
    blue, red = colours[..., 2] - grey, colours[..., 0] - grey
    return np.stack([grey - np.float32(0.5), blue, red], axis=-1)


def _cells(values: NDArray[np.float32], grid: int) -> NDArray[np.float32]:
    """Means over a grid of cells, shape (n, grid, grid, channels)."""
    n, side, _, channels = values.shape
    step = side // grid
    means: NDArray[np.float32] = values.reshape(n, grid, step, grid, step, channels).mean(
        axis=(2, 4)
    )
    return means


def _moments(values: NDArray[np.float32]) -> Vectors:
    """Mean, deviation and cube root of skewness of each colour on three grids."""
    found = []
    for grid in (1, 2, 4):
        mean = _cells(values, grid)
        square = _cells(values * values, grid)
        cube = _cells(values * values * values, grid)
        spread = np.maximum(square - mean**2, 0)
        skew = cube - 3 * mean * square + 2 * mean * mean * mean
        found += [mean, np.sqrt(spread), np.cbrt(skew)]
    return np.concatenate([each.reshape(len(values), -1) for each in found], axis=1)


def _palette(colours: NDArray[np.float32]) -> Vectors:
    """Joint histogram of hue (12), saturation (4) and brightness (4)."""
    n = len(colours)
    bright = colours.max(axis=-1)
    chroma = bright - colours.min(axis=-1)
    saturation = chroma / np.maximum(bright, np.float32(TINY))
    red, green, blue = colours[..., 0], colours[..., 1], colours[..., 2]
    hue = np.arctan2(np.sqrt(3) * (green - blue), 2 * red - green - blue) / (2 * np.pi) % 1
    place = np.minimum((hue * 12).astype(np.int64), 11)
    place = place * 4 + np.minimum((saturation * 4).astype(np.int64), 3)
    place = place * 4 + np.minimum((bright * 4).astype(np.int64), 3)
    shares: Vectors = np.sqrt(_counted(place.reshape(n, -1), 192))
    return shares


def _counted(codes: NDArray[np.int64], kinds: int) -> Vectors:
    """How often each code occurs in each row, as shares, shape (n, kinds)."""
    n, length = codes.shape
    flat = (codes + kinds * np.arange(n)[:, None]).ravel()
    counts = np.bincount(flat, minlength=n * kinds).reshape(n, kinds)
    return np.asarray(counts / length, np.float32)


def _gradients(colours: NDArray[np.float32], *, cells: int, signed: bool) -> Vectors:
    """Oriented gradients of the strongest colour on cells x cells cells, as rows."""
    n, side = colours.shape[:2]
    padded = np.pad(colours, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    across = padded[:, 1:-1, 2:] - padded[:, 1:-1, :-2]
    down = padded[:, 2:, 1:-1] - padded[:, :-2, 1:-1]
    strength = across**2 + down**2
    best = strength.argmax(axis=-1)[..., None]
    across, down = (np.take_along_axis(one, best, axis=-1)[..., 0] for one in (across, down))
    size = np.sqrt(np.take_along_axis(strength, best, axis=-1)[..., 0])
    turn = np.arctan2(down, across) / (2 * np.pi) % 1 * 18
    low = np.floor(turn)
    share = turn - low
    step = side // cells
    row = np.arange(side) // step
    cell = (np.arange(n)[:, None, None] * cells + row[:, None]) * cells + row
    total = n * cells * cells * 18
    low = low.astype(np.int64) % 18
    histogram = np.bincount(
        (cell * 18 + low).ravel(), weights=(size * (1 - share)).ravel(), minlength=total
    ) + np.bincount(
        (cell * 18 + (low + 1) % 18).ravel(), weights=(size * share).ravel(), minlength=total
    )
    both = histogram.reshape(n, cells, cells, 18).astype(np.float32)
    return _normalised(both, signed=signed).reshape(n, -1)


def _normalised(both: NDArray[np.float32], *, signed: bool) -> NDArray[np.float32]:
    """Each cell's histogram by the energy of the four blocks around it."""
    plain = both[..., :9] + both[..., 9:]
    energy = np.pad((plain**2).sum(axis=-1), ((0, 0), (1, 1), (1, 1)), mode="edge")
    blocks = energy[:, :-1, :-1] + energy[:, 1:, :-1] + energy[:, :-1, 1:] + energy[:, 1:, 1:]
    norms = np.sqrt(
        np.stack(
            [blocks[:, :-1, :-1], blocks[:, 1:, :-1], blocks[:, :-1, 1:], blocks[:, 1:, 1:]], -1
        )
    )
    scale = 1 / (norms + np.float32(0.05))
    values = np.concatenate([plain, both], axis=-1) if signed else plain
    clipped = np.minimum(values[..., None] * scale[..., None, :], np.float32(0.2))
    textures = np.float32(0.24) * clipped.sum(axis=-2)
    outlines: NDArray[np.float32] = clipped.sum(axis=-1) / 2
    return np.concatenate([outlines, textures], axis=-1)


def _uniform_codes() -> NDArray[np.int64]:
    """The bin of each pattern of 8 bits: those with at most two changes have one each."""
    bits = np.arange(256)[:, None] >> np.arange(8) & 1
    changes = (bits != np.roll(bits, 1, axis=1)).sum(axis=1)
    codes = np.full(256, 58, np.int64)
    codes[changes <= 2] = np.arange(58)
    return codes


UNIFORM = _uniform_codes()
RING = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))


def _patterns(grey: Planes, *, quarters: bool) -> Vectors:
    """Uniform local binary patterns of the whole, and of its quarters too, as square roots."""
    n, inner = len(grey), grey.shape[1] - 2
    # A neighbour counts as brighter only beyond what compression and scaling add.
    middle = grey[:, 1:-1, 1:-1] + np.float32(0.01)
    pattern = np.zeros((n, inner, inner), np.uint8)
    for bit, (top, left) in enumerate(RING):
        brighter = grey[:, top : top + inner, left : left + inner] > middle
        pattern |= brighter.astype(np.uint8) << np.uint8(bit)
    codes, half = UNIFORM[pattern], inner // 2
    counted = [_counted(codes.reshape(n, -1), 59)]
    if quarters:
        sides = (slice(half), slice(half, None))
        counted += [_counted(codes[:, a, b].reshape(n, -1), 59) for a in sides for b in sides]
    shares: Vectors = np.sqrt(np.concatenate(counted, axis=1))
    return shares


def load(
    entry: Entry,
    files: Mapping[str, Path],  # noqa: ARG001 - the loader's signature
    *,
    threads: int | None = None,
) -> PixelEncoder:
    """Return the encoder; it needs no files."""
    return PixelEncoder(
        name=entry.name, dimensions=entry.dimensions, threads=threads or onnx_session.cores()
    )
