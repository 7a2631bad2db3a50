"""Decode an image file into pixels, whatever the real world put into it.

Sizes are judged from the header, before anything is decoded. What comes out is always 8-bit RGB,
upright as its EXIF says, transparency on white, the first frame of an animation.
"""

import importlib
import io
import re
import struct
import warnings
import zlib
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from hotfit.errors import Refusal

Pixels = NDArray[np.uint8]
"""Red, green and blue of an image, shape (height, width, 3)."""

MOST_PIXELS = 40_000_000
TOO_LARGE = f"more than the {MOST_PIXELS // 10**6} million that are read; shrink it"
FEWEST_SIDE = 4
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "MPO", "JPEG2000", "PPM", "ICO")
"""Formats that are decoded; none of them runs another program or holds vectors."""

EXIF_ORIENTATION = 0x0112
TRANSPARENT = frozenset(("RGBA", "LA", "PA", "RGBa", "La"))

_HEADER = Lock()  # warnings.catch_warnings is not safe in threads
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RuntimeError,
    MemoryError,
    Warning,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
"""What Pillow's decoders raise on broken files."""


class BadPicture(Refusal):
    """An image file that cannot be used; `why` is a clause that says what is wrong with it."""

    def __init__(self, *, why: str, name: str = "the image") -> None:
        super().__init__(f"{name} {why}")
        self.why = why


def decode(content: bytes, *, short_side: int | None = None) -> Image.Image:
    """Return an image file as an upright RGB image; raise BadPicture.

    With `short_side`, a JPEG may come out smaller, yet with no side below `short_side`: decoding
    at a half, a quarter or an eighth of the size is several times faster.
    """
    image, turn = _open(content)
    try:
        if short_side is not None:
            image.draft(image.mode, (short_side, short_side))
        image.load()
        return _upright(_to_rgb(image), turn)
    except _BROKEN as error:
        raise BadPicture(why=_why_broken(error)) from error


def pixels(image: Image.Image) -> Pixels:
    """The pixels of an RGB image, shape (height, width, 3)."""
    return np.asarray(image, dtype=np.uint8)


def size(content: bytes) -> tuple[int, int]:
    """Width and height of an image file, upright, from its header alone; raise BadPicture."""
    image, turn = _open(content)
    width, height = image.size
    return (height, width) if turn in _LYING else (width, height)


def check(content: bytes) -> None:
    """Raise BadPicture unless the whole file decodes; JPEGs at an eighth of their size."""
    decode(content, short_side=FEWEST_SIDE)


def _open(content: bytes) -> tuple[Image.Image, int]:
    """Read the header: the image, not decoded yet, and its EXIF orientation."""
    if not content:
        raise BadPicture(why="is empty")
    _refuse_text(content)
    _know_heic(content)
    try:
        with _HEADER, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on metadata; sizes are judged below
            image = Image.open(io.BytesIO(content), formats=_formats())
            _refuse_size(*image.size)
            turn = _orientation(image)
    except Image.DecompressionBombError as error:
        found = re.search(
            r"(?<!\d)\d+ pixels", str(error)
        )  # Pillow tells the size in its words alone
        raise BadPicture(why=_too_large(found)) from error
    except UnidentifiedImageError as error:
        raise BadPicture(why="is no image in a format that can be read") from error
    except _BROKEN as error:
        raise BadPicture(why=_why_broken(error)) from error
    return image, turn


def _too_large(found: re.Match[str] | None) -> str:
    size = f"{int(found[0].split()[0]):,}" if found else "too many"
    return f"has {size} pixels, {TOO_LARGE}"


def _refuse_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise BadPicture(why=f"is {width:,} x {height:,} pixels, {TOO_LARGE}")
    if min(width, height) < FEWEST_SIDE:
        raise BadPicture(
            why=f"is {width:,} x {height:,} pixels; {FEWEST_SIDE} x {FEWEST_SIDE} are the fewest"
        )


def _refuse_text(content: bytes) -> None:
    """Raise BadPicture for files that are readable text, named for what they seem to be."""
    head = content[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    lower = head.lower()
    if lower.startswith((b"<svg", b"<?xml")) and b"<svg" in lower:
        raise BadPicture(why="is an SVG drawing, not an image of pixels; export it as PNG")
    if lower.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        raise BadPicture(why="is an HTML page, not an image")
    if content[:2] in {b"P1", b"P2", b"P3", b"P4", b"P5", b"P6"}:
        return
    try:
        text = head[:256].decode("ascii")
    except UnicodeDecodeError:
        return
    if text.isprintable() or all(c.isprintable() or c.isspace() for c in text):
        raise BadPicture(why="is text, not an image")


def _formats() -> tuple[str, ...]:
    Image.init()
    return tuple(name for name in (*FORMATS, "HEIF") if name in Image.OPEN)


def _know_heic(content: bytes) -> None:
    """Register the plug-in for HEIC where it is installed and wanted."""
    if content[4:8] != b"ftyp" or content[8:12] in {b"avif", b"avis"} or "HEIF" in Image.OPEN:
        return
    try:
        plugin = importlib.import_module("pillow_heif")
    except ImportError:
        raise BadPicture(
            why="is a HEIC image; `pip install pillow-heif` lets hotfit read it"
        ) from None
    plugin.register_heif_opener()


def _orientation(image: Image.Image) -> int:
    """How the camera was held, 1 to 8; broken EXIF says nothing."""
    try:
        found = image.getexif().get(EXIF_ORIENTATION, 1)
    except _BROKEN:
        return 1
    return found if isinstance(found, int) else 1


_TURNS: dict[int, tuple[Image.Transpose, ...]] = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}
"""What sets an image upright, by its EXIF orientation."""


_LYING = frozenset((5, 6, 7, 8))
"""EXIF orientations of images that are stored on their side."""


def _upright(image: Image.Image, turn: int) -> Image.Image:
    for step in _TURNS.get(turn, ()):
        image = image.transpose(step)
    return image


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "RGB" and "transparency" not in image.info:
        return image
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep(image)
    if image.mode in TRANSPARENT or "transparency" in image.info:
        clear = image.convert("RGBA")
        white = Image.new("RGB", clear.size, (255, 255, 255))
        white.paste(clear, mask=clear.getchannel("A"))
        return white
    return image.convert("RGB")


def _from_deep(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits or of fractions, scaled to 8 bits."""
    values: NDArray[Any] = np.nan_to_num(np.asarray(image, dtype=np.float32))
    top = float(values.max(initial=0))
    if top > 65_535:
        values = values * (255 / top)
    elif image.mode == "F" and top <= 1:
        values = values * 255
    elif top > 255 or image.mode.startswith("I;16"):
        values = values / 257
    grey = np.clip(values + 0.5, 0, 255).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")


def _why_broken(error: BaseException) -> str:
    words = " ".join(str(error).split()) or type(error).__name__
    if "truncated" in words.casefold():
        return "is truncated: its last part is missing"
    return f"is broken ({words[:100]})"
