"""Near copies planted in real texts and photographs: how many are found, and how many are false.

Texts: slips of the finger, other case, other punctuation, a cut end (`benchmarks.findings` plants
the same and more). Images: encoded again as JPEG of quality 30 to 80, shrunk to half, lightened or
darkened by a fifth, and cropped to 70 to 95 % of each side. Sets are freed of the repeats they hold
before, as far as these are found; what is found beyond those counts as false.
"""

import io
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageEnhance

from benchmarks import images
from benchmarks.findings import repeats
from benchmarks.pools import TEXTS
from hotfit.encoders.base import Encoder
from hotfit.encoders.looks import LooksEncoder
from hotfit.inputs.looks import Looks
from hotfit.inputs.picture import decode
from hotfit.similarity.pictures import Found, near_pictures
from hotfit.types import Data, Picture

PHOTOS = ("flowers17", "trashnet", "ants_bees")
MOST = 150
COPIED = 30

Change = Callable[[Image.Image, np.random.Generator], bytes]


def run(*, sets: Sequence[str] = TEXTS, photos: Sequence[str] = PHOTOS) -> dict[str, Any]:
    """Recall by kind of copy and precision, set by set and in all."""
    texts = [repeats(name) for name in sets]
    with tempfile.TemporaryDirectory() as cache:
        encoder = images.open_encoder("mobilenet-v2.v1", Path(cache))
        pictures = [planted(name, encoder) for name in photos]
    return {
        "benchmark": "near_duplicates",
        "texts": texts,
        "images": pictures,
        "texts_recall": float(np.mean([each["recall_in_all"] for each in texts])),
        "texts_precision": float(np.mean([each["precision_of_pairs"] for each in texts])),
        "images_recall": float(np.mean([each["recall_in_all"] for each in pictures])),
        "images_precision": float(np.mean([each["precision_of_pairs"] for each in pictures])),
    }


def planted(name: str, encoder: Encoder) -> dict[str, Any]:
    """Plant copies among the images of `name` and look for them."""
    data = list(images.load(name, MOST).data)
    known = {row for first, second, _ in alike(data, encoder) for row in (first, second)}
    data = [one for row, one in enumerate(data) if row not in known]
    rng = np.random.default_rng(1)
    source, kinds = list(range(len(data))), {}
    for row in range(min(COPIED, len(data))):
        original = data[row]
        assert isinstance(original, Picture)
        for kind, change in CHANGES.items():
            kinds[len(data)] = kind
            source.append(row)
            data.append(Picture.of(change(decode(original.read()), rng)))
    started = time.perf_counter()
    pairs = alike(data, encoder)
    seconds = time.perf_counter() - started
    right = [(i, j) for i, j, _ in pairs if source[i] == source[j]]
    hit = {j for i, j in right if i == source[j]}
    counted = Counter(kinds[row] for row in hit)
    every = Counter(kinds.values())
    return {
        "set": name,
        "images": len(data),
        "freed_of": len(known),
        "recall": {kind: counted[kind] / every[kind] for kind in CHANGES},
        "recall_in_all": len(hit) / len(kinds),
        "precision_of_pairs": len(right) / max(len(pairs), 1),
        "seconds_per_1000": 1000 * seconds / len(data),
    }


def alike(data: Sequence[Data], encoder: Encoder) -> list[Found]:
    """Near copies among images, as they are looked for in a function's."""
    looks = Looks.of(LooksEncoder().encode(data))
    return near_pictures(looks.thumbnails, encoder.encode(data))


def _jpeg(image: Image.Image, quality: int) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format="JPEG", quality=quality)
    return stream.getvalue()


def _encoded(image: Image.Image, rng: np.random.Generator) -> bytes:
    return _jpeg(image, int(rng.integers(30, 80)))


def _halved(image: Image.Image, rng: np.random.Generator) -> bytes:  # noqa: ARG001 - a Change
    return _jpeg(image.resize((image.width // 2, image.height // 2)), 80)


def _lit(image: Image.Image, rng: np.random.Generator) -> bytes:
    return _jpeg(ImageEnhance.Brightness(image).enhance(rng.choice([0.8, 1.2])), 85)


def _cropped(image: Image.Image, rng: np.random.Generator) -> bytes:
    share = rng.uniform(0.7, 0.95)
    width, height = int(image.width * share), int(image.height * share)
    left = int(rng.integers(image.width - width + 1))
    top = int(rng.integers(image.height - height + 1))
    return _jpeg(image.crop((left, top, left + width, top + height)), 85)


CHANGES: dict[str, Change] = {
    "encoded_again": _encoded,
    "half_the_size": _halved,
    "other_light": _lit,
    "cropped": _cropped,
}


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=2)
    print()
