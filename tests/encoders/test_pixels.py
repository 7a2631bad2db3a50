from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hotfit import encoders
from hotfit.encoders.pixels import UNIFORM, describe
from hotfit.types import Picture
from tests.inputs.pictures import BLUE, RED, halves, noise, saved


def _picture(image: Image.Image) -> Picture:
    return Picture.of(saved(image))


def test_needs_no_weights_and_fits_its_entry(tmp_path: Path) -> None:
    encoder = encoders.open("pixels.v1", cache=tmp_path, offline=True)
    vectors = encoder.encode([_picture(noise(seed=seed)) for seed in range(5)])
    assert vectors.shape == (5, encoder.dimensions)
    assert vectors.dtype == np.float32
    assert not list(tmp_path.iterdir())


def test_equal_pixels_have_equal_vectors_whatever_stands_beside_them(tmp_path: Path) -> None:
    encoder = encoders.open("pixels.v1", cache=tmp_path, offline=True)
    one = _picture(noise(seed=1))
    alone = encoder.encode([one])[0]
    among = encoder.encode([_picture(noise(seed=seed)) for seed in range(3)])[1]
    assert np.array_equal(alone, among)


@pytest.mark.parametrize(
    "image",
    [Image.new("RGB", (64, 64)), Image.new("RGB", (9, 5), (255, 255, 255)), halves(RED, BLUE)],
)
def test_plain_images_have_finite_vectors(image: Image.Image) -> None:
    pixels = np.asarray(image.resize((64, 64)))[None]
    assert np.isfinite(describe(pixels)).all()


def test_colour_texture_and_outline_each_tell_images_apart() -> None:
    rng = np.random.default_rng(0)
    grid = np.indices((64, 64))
    stripes = (grid[0] // 4 % 2 * 255).astype(np.uint8)
    images = [
        np.full((64, 64, 3), RED), np.full((64, 64, 3), BLUE),
        np.stack([stripes] * 3, -1), np.stack([stripes.T] * 3, -1),
        rng.integers(0, 256, (64, 64, 3)), np.stack([rng.integers(0, 256, (64, 64))] * 3, -1),
    ]  # fmt: skip
    vectors = describe(np.stack(images).astype(np.uint8))
    distances = np.linalg.norm(vectors[:, None] - vectors, axis=-1)
    assert distances[~np.eye(6, dtype=bool)].min() > 0.5


def test_a_slight_change_of_light_matters_less_than_another_image() -> None:
    first, other = (np.asarray(noise(64, 64, seed=seed)) for seed in (1, 2))
    darker = (first * 0.9).astype(np.uint8)
    vectors = describe(np.stack([first, darker, other]))
    assert np.linalg.norm(vectors[0] - vectors[1]) < np.linalg.norm(vectors[0] - vectors[2])


def test_uniform_patterns_are_those_with_at_most_two_changes() -> None:
    for pattern in range(256):
        bits = f"{pattern:08b}"
        changes = sum(a != b for a, b in zip(bits, bits[1:] + bits[0], strict=True))
        assert (UNIFORM[pattern] == 58) == (changes > 2)
    assert len(set(UNIFORM)) == 59
