"""Image files made by code: good ones of every kind, and bad ones of every kind."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def noise(width: int = 40, height: int = 30, *, seed: int = 0) -> Image.Image:
    """An image that no two seeds share."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def saved(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """The bytes of an image file."""
    stream = io.BytesIO()
    image.save(stream, format=kind, **options)
    return stream.getvalue()


def png(seed: int = 0) -> bytes:
    """A small PNG."""
    return saved(noise(seed=seed))


def halves(left: tuple[int, int, int], right: tuple[int, int, int]) -> Image.Image:
    """An image of two colours side by side, 40 x 20."""
    image = Image.new("RGB", (40, 20), right)
    image.paste(left, (0, 0, 20, 20))
    return image


def huge_png(side: int = 20_000) -> bytes:
    """A black PNG of side x side pixels in a few kilobytes."""

    def part(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = part(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    packed = zlib.compressobj(9)
    line = bytes(1 + -(-side // 8))
    data = b"".join(packed.compress(line) for _ in range(side)) + packed.flush()
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", data) + part(b"IEND", b"")


def truncated_jpeg() -> bytes:
    """A JPEG whose second half is missing."""
    whole = saved(noise(200, 200), "JPEG")
    return whole[: len(whole) // 2]


BAD: dict[str, tuple[bytes, str]] = {
    "text": (b"this is no image, only a note\n", "is text"),
    "html": (b"<!DOCTYPE html><html><body>404</body></html>", "is an HTML page"),
    "svg": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "is an SVG drawing"),
    "empty": (b"", "is empty"),
    "zeros": (bytes(500), "is no image in a format that can be read"),
    "one pixel": (saved(Image.new("RGB", (1, 1))), "is 1 x 1 pixels"),
    "huge": (huge_png(), "has 400,000,000 pixels, more than the 40 million"),
    "large": (huge_png(7_000), "is 7,000 x 7,000 pixels"),
    "truncated JPEG": (truncated_jpeg(), "is truncated"),
    "truncated PNG": (png()[:200], "is truncated"),
    "PNG header alone": (b"\x89PNG\r\n\x1a\n" + bytes(40), "is no image in a format"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is text"),
    "HEIC": (b"\0\0\0\x18ftypheic" + bytes(100), "is a HEIC image"),
}
"""Files that are no usable images, each with what is said about it."""
