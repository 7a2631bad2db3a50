from dataclasses import replace

import numpy as np
import pytest

from hotfit.inputs.looks import SIDE, Looks
from hotfit.quality import Evidence, NotApplicable, findings
from hotfit.types import Output

N = 40


def usual() -> Looks:
    """Forty ordinary photographs."""
    rng = np.random.default_rng(0)

    def around(value: float) -> np.ndarray:
        return (value * rng.uniform(0.8, 1.2, N)).astype(np.float32)

    return Looks(
        width=around(640).round(),
        height=around(480).round(),
        brightness=around(0.45),
        brightest=around(0.8),
        contrast=around(0.2),
        sharpness=around(0.4),
        thumbnails=rng.random((N, SIDE, SIDE)).astype(np.float32),
    )


def rows(kind: str, looks: Looks) -> list[int]:
    result = findings.get(kind).find(Evidence(output=Output.CLASSIFICATION, looks=looks))
    assert not isinstance(result, NotApplicable)
    return [one.samples[0] for one in result]


def with_one(**values: float) -> Looks:
    looks = usual()
    changed = {}
    for name, value in values.items():
        column = getattr(looks, name).copy()
        column[7] = value
        changed[name] = column
    return replace(looks, **changed)


ODD: dict[str, dict[str, float]] = {
    "blurred_image": {"sharpness": 0.03},
    "dark_image": {"brightness": 0.04, "brightest": 0.1},
    "blank_image": {"contrast": 0.001, "brightness": 0.01},
    "tiny_image": {"width": 32, "height": 24},
    "odd_aspect": {"width": 3000, "height": 200},
}


@pytest.mark.parametrize("kind", ODD)
def test_the_odd_image_alone_is_found(kind: str) -> None:
    assert rows(kind, usual()) == []
    assert rows(kind, with_one(**ODD[kind])) == [7]


def test_an_image_that_shows_nothing_is_neither_blurred_nor_dark() -> None:
    blank = with_one(contrast=0.001, brightness=0.01, brightest=0.01, sharpness=0.001)
    assert rows("blurred_image", blank) == rows("dark_image", blank) == []


def test_where_all_images_are_dark_or_small_none_is_odd() -> None:
    looks = usual()
    night = replace(looks, brightest=looks.brightest / np.float32(8))
    icons = replace(looks, width=looks.width / np.float32(20), height=looks.height / np.float32(20))
    assert rows("dark_image", night) == rows("tiny_image", icons) == []


@pytest.mark.parametrize("kind", ODD)
def test_texts_have_no_looks(kind: str) -> None:
    found = findings.get(kind).find(Evidence(output=Output.CLASSIFICATION, texts=["a"]))
    assert isinstance(found, NotApplicable)
