"""Changes of an image that leave what it shows: its edges cut, its light, its JPEG quality."""

import io
from collections.abc import Sequence

from PIL import Image

from hotfit.inputs.picture import decode

CUT = 0.05
"""Share of the sides that a crop takes away, at each edge."""

LIGHT = (0.8, 1.25)
"""How much darker and brighter."""

QUALITY = 50
"""JPEG's scale goes to 95; files from phones have 80 and more."""


def crop(content: bytes) -> Sequence[bytes]:
    """The image without its edges."""
    image = decode(content)
    across, down = round(image.width * CUT), round(image.height * CUT)
    box = (across, down, image.width - across, image.height - down)
    return (_png(image.crop(box)),) if across or down else ()


def brightness(content: bytes) -> Sequence[bytes]:
    """The image darker, and brighter."""
    image = decode(content)
    return tuple(
        _png(image.point([min(255, round(level * by)) for level in range(256)] * 3)) for by in LIGHT
    )


def jpeg(content: bytes) -> Sequence[bytes]:
    """The image as a JPEG of low quality."""
    stream = io.BytesIO()
    decode(content).save(stream, "JPEG", quality=QUALITY)
    return (stream.getvalue(),)


def _png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=1)
    return stream.getvalue()
