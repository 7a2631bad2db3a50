"""What an image looks like: its size, light, contrast and sharpness, and a thumbnail, as numbers.

Brightness runs from 0 to 1. Sharpness is how much of the contrast lies between neighbouring pixels,
of the image with its short side at 128 pixels at most:

    mean |4 g(x, y) - g(x-1, y) - g(x+1, y) - g(x, y-1) - g(x, y+1)| / (deviation of g + 0.02)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hotfit.inputs.picture import decode, size
from hotfit.types import Vectors

SIDE = 32
"""Pixels of a side of the thumbnail, whatever the shape of the image."""

_NUMBERS = 6
DIMENSIONS = _NUMBERS + SIDE * SIDE
"""How many numbers `measure` gives."""

_MEASURED_SIDE = 128
_STEADY = 0.02


@dataclass(frozen=True, kw_only=True)
class Looks:
    """How n images look; each (n,), thumbnails (n, SIDE, SIDE) in grey."""

    width: Vectors
    height: Vectors
    brightness: Vectors
    brightest: Vectors
    contrast: Vectors
    sharpness: Vectors
    thumbnails: Vectors

    @classmethod
    def of(cls, vectors: Vectors) -> "Looks":
        """Read what `measure` wrote, (n, DIMENSIONS)."""
        numbers, pixels = vectors[:, :_NUMBERS].T, vectors[:, _NUMBERS:]
        width, height, brightness, brightest, contrast, sharpness = numbers
        return cls(
            width=width,
            height=height,
            brightness=brightness,
            brightest=brightest,
            contrast=contrast,
            sharpness=sharpness,
            thumbnails=pixels.reshape(-1, SIDE, SIDE),
        )


def measure(content: bytes) -> Vectors:
    """Measure one image file, (DIMENSIONS,); raise BadPicture."""
    width, height = size(content)
    image = decode(content, short_side=_MEASURED_SIDE).convert("L")
    short = min(image.size)
    if short > _MEASURED_SIDE:
        scale = _MEASURED_SIDE / short
        shrunk = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(shrunk, Image.Resampling.BOX)
    grey = np.asarray(image, np.float32) / np.float32(255)
    small = image.resize((SIDE, SIDE), Image.Resampling.BOX)
    numbers = [
        width,
        height,
        grey.mean(),
        np.quantile(grey, 0.95),
        grey.std(),
        sharpness(grey),
    ]
    thumbnail = np.asarray(small, np.float32).ravel() / np.float32(255)
    return np.concatenate([np.array(numbers, np.float32), thumbnail])


def sharpness(grey: NDArray[np.float32]) -> float:
    """How much of the contrast of pixels (height, width) lies between neighbours."""
    middle = grey[1:-1, 1:-1]
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return float(np.abs(4 * middle - around).mean() / (grey.std() + _STEADY))
