"""Samples to try and to time an encoder with: the same ones everywhere."""

import io

import numpy as np

from hotfit.types import Data, Input, Picture

TEXTS = (
    "A short text.",
    "My card was charged twice for the same order and I would like one of them refunded.",
    "Something else entirely: 3 boats, 2 cats.",
    "How long does delivery take to an island off the coast, and what does it cost?",
)
SIDE = 320


def probes(kind: Input, count: int) -> list[Data]:
    """As many different samples of a kind as are asked for."""
    if kind is Input.IMAGE:
        return [picture(seed) for seed in range(count)]
    return [f"{TEXTS[place % len(TEXTS)]} {place}" for place in range(count)]


def picture(seed: int) -> Picture:
    """A JPEG of coloured noise, smooth as photographs are."""
    from PIL import Image

    coarse = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    target = io.BytesIO()
    Image.fromarray(coarse).resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(target, "JPEG")
    return Picture.of(target.getvalue())
