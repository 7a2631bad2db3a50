import warnings
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image

from hotfit.inputs.picture import BadPicture, check, decode, pixels
from tests.inputs.pictures import BAD, BLUE, GREEN, RED, WHITE, halves, noise, saved


def _colour(image: Image.Image, x: float, y: float) -> tuple[int, ...]:
    """The colour at a place given as shares of width and height, to 30 of 255."""
    found = pixels(image)[int(y * (image.height - 1)), int(x * (image.width - 1))]
    return tuple(int(np.round(value / 255) * 255) for value in found)


@pytest.mark.parametrize("name", BAD)
def test_refuses_bad_files_with_a_reason(name: str) -> None:
    content, reason = BAD[name]
    with pytest.raises(BadPicture) as refused:
        check(content)
    assert reason in refused.value.why


def test_sizes_are_judged_before_anything_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(BadPicture, match="40 million"):
        check(BAD["huge"][0])


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"quality": 95}), ("PNG", {}), ("WEBP", {"lossless": True}), ("BMP", {}),
        ("TIFF", {}), ("AVIF", {"quality": 95}), ("GIF", {}), ("JPEG2000", {}), ("PPM", {}),
    ],
)  # fmt: skip
def test_reads_every_format(kind: str, options: dict[str, object]) -> None:
    image = decode(saved(halves(RED, BLUE), kind, **options))
    assert image.mode == "RGB"
    assert (_colour(image, 0.1, 0.5), _colour(image, 0.9, 0.5)) == (RED, BLUE)


@pytest.mark.parametrize("turn", range(1, 9))
def test_stands_upright_as_its_exif_says(turn: int) -> None:
    upright = Image.new("RGB", (40, 20), WHITE)
    upright.paste(RED, (0, 0, 20, 10))
    upright.paste(GREEN, (20, 10, 40, 20))
    upright.paste(BLUE, (20, 0, 40, 10))
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = upright.transpose(back[turn]) if turn > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = turn
    found = decode(saved(stored, "PNG", exif=exif))
    assert np.array_equal(pixels(found), pixels(upright))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_lies_on_white(mode: str) -> None:
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (0, 0, 10, 20))
    image = decode(saved(clear.convert(mode), "PNG"))
    assert (_colour(image, 0.1, 0.5), _colour(image, 0.9, 0.5)) == ((0, 0, 0), WHITE)


def test_a_palette_with_one_clear_colour_lies_on_white() -> None:
    image = Image.new("P", (20, 20), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.paste(0, (0, 0, 10, 20))
    found = decode(saved(image, "PNG", transparency=0))
    assert (_colour(found, 0.1, 0.5), _colour(found, 0.9, 0.5)) == (WHITE, RED)


def test_reads_cmyk() -> None:
    found = decode(saved(halves(RED, BLUE).convert("CMYK"), "JPEG", quality=95))
    assert (_colour(found, 0.1, 0.5), _colour(found, 0.9, 0.5)) == (RED, BLUE)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_reads_grey_of_16_bits(kind: str) -> None:
    values = np.linspace(0, 65_535, 400).astype(np.uint16).reshape(20, 20)
    found = pixels(decode(saved(Image.fromarray(values), kind)))[..., 0]
    assert np.abs(found.astype(float) - values / 257).max() <= 1


def test_reads_fractions() -> None:
    values = np.linspace(0, 1, 400, dtype=np.float32).reshape(20, 20)
    found = pixels(decode(saved(Image.fromarray(values), "TIFF")))[..., 1]
    assert np.abs(found - values * 255).max() <= 1


def test_black_and_white_becomes_colour() -> None:
    found = decode(saved(halves(WHITE, (0, 0, 0)).convert("1"), "PNG"))
    assert (_colour(found, 0.1, 0.5), _colour(found, 0.9, 0.5)) == (WHITE, (0, 0, 0))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_takes_the_first_frame_of_an_animation(kind: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in (RED, BLUE)]
    content = saved(frames[0], kind, save_all=True, append_images=frames[1:])
    assert _colour(decode(content), 0.5, 0.5) == RED


def test_a_large_jpeg_is_decoded_small_but_never_below_what_is_asked() -> None:
    found = decode(saved(noise(1600, 1200), "JPEG"), short_side=224)
    assert 224 <= min(found.size) < 1200


def test_broken_exif_does_not_matter() -> None:
    content = saved(noise(), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert decode(content).size == (40, 30)


def test_a_damaged_file_never_raises_anything_else() -> None:
    rng = np.random.default_rng(0)
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP"):
        whole = saved(noise(), kind)
        for _ in range(40):
            content = bytearray(whole)
            for place in rng.integers(0, len(content), 8):
                content[place] = rng.integers(0, 256)
            with suppress(BadPicture):
                check(bytes(content))
