"""Images among the fields of a row: a cell holds the file itself as a `data:` URI.

A row is kept and read whole, so an image in it has to be small: a large file is kept shrunk, with
more pixels than any encoder looks at.
"""

import base64
import io

from PIL import Image

from hotfit.inputs.images_loading import Pictures, from_data_uri, is_data_uri
from hotfit.inputs.picture import check, decode
from hotfit.types import Cell, Picture

MOST_BYTES = 128 * 1024
"""Files up to this size are kept as they are."""

SIDE = 512
QUALITY = 90

_SIGNS = {b"\xff\xd8\xff": "jpeg", b"\x89PNG": "png", b"GIF8": "gif", b"RIFF": "webp", b"BM": "bmp"}


def to_data_uri(content: bytes) -> str:
    """An image file as a data URI."""
    kind = next((kind for sign, kind in _SIGNS.items() if content.startswith(sign)), "octet-stream")
    family = "application" if kind == "octet-stream" else "image"
    return f"data:{family}/{kind};base64,{base64.b64encode(content).decode()}"


def image_cell(pictures: Pictures, cell: Cell) -> str | None:
    """The image that a cell names, as a data URI; None where it names none. Raise BadPicture."""
    if not isinstance(cell, str) or not cell.strip():
        return None
    return to_data_uri(small(pictures.read(cell)))


def small(content: bytes) -> bytes:
    """An image file, checked, and shrunk where it is large; raise BadPicture."""
    if len(content) <= MOST_BYTES:
        check(content)
        return content
    image = decode(content, short_side=SIDE)
    scale = SIDE / min(image.size)
    if scale < 1:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.BICUBIC)
    stream = io.BytesIO()
    image.save(stream, format="JPEG", quality=QUALITY)
    return stream.getvalue()


def picture_in(cell: str) -> Picture | None:
    """The picture that a cell of a row holds; None where it holds none."""
    return Picture.of(from_data_uri(cell)) if is_data_uri(cell) else None
