import io

import numpy as np
import pytest
from PIL import Image, ImageFilter

from hotfit.encoders.looks import LooksEncoder
from hotfit.inputs.looks import DIMENSIONS, SIDE, Looks, measure
from hotfit.inputs.picture import BadPicture, size
from hotfit.types import Picture


def photo(seed: int = 0, shape: tuple[int, int] = (120, 90)) -> Image.Image:
    """Soft random blotches with some grain, (width, height)."""
    rng = np.random.default_rng(seed)
    soft = Image.fromarray(rng.integers(0, 255, (9, 12, 3), dtype=np.uint8)).resize(shape)
    grain = rng.normal(0, 12, (shape[1], shape[0], 3))
    return Image.fromarray(np.clip(np.asarray(soft) + grain, 0, 255).astype(np.uint8))


def encoded(image: Image.Image, kind: str = "PNG", **options: int) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format=kind, **options)
    return stream.getvalue()


def looks(*contents: bytes) -> Looks:
    return Looks.of(np.stack([measure(content) for content in contents]))


def test_sizes_are_those_of_the_upright_image() -> None:
    image = photo()
    lying = Image.Exif()
    lying[0x0112] = 6
    stream = io.BytesIO()
    image.save(stream, format="JPEG", exif=lying)
    assert size(encoded(image)) == (120, 90)
    assert size(stream.getvalue()) == (90, 120)
    found = looks(stream.getvalue())
    assert (found.width[0], found.height[0]) == (90, 120)


def test_a_blurred_image_is_less_sharp_and_a_dark_one_less_bright() -> None:
    image = photo()
    blurred = image.filter(ImageFilter.GaussianBlur(3))
    dark = image.point(lambda value: value // 8)
    found = looks(encoded(image), encoded(blurred), encoded(dark))
    assert found.sharpness[1] < 0.3 * found.sharpness[0]
    assert found.brightest[2] < 0.2 < found.brightest[0]


def test_a_thumbnail_survives_another_encoding() -> None:
    image = photo()
    found = looks(encoded(image), encoded(image, "JPEG", quality=40))
    assert found.thumbnails.shape == (2, SIDE, SIDE)
    assert np.abs(found.thumbnails[0] - found.thumbnails[1]).mean() < 0.03


def test_measures_many_images_like_one() -> None:
    contents = [encoded(photo(seed)) for seed in range(3)]
    vectors = LooksEncoder().encode([Picture.of(content) for content in contents])
    assert vectors.shape == (3, DIMENSIONS)
    assert np.array_equal(vectors[1], measure(contents[1]))


def test_what_is_no_image_is_refused() -> None:
    with pytest.raises(BadPicture):
        measure(b"no image")
