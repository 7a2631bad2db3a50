"""What a caller hands over as an image: a path, a `data:` URI, bytes, or an image of Pillow.

Paths are opened on this machine with the caller's rights, so this is for the library and the
command line alone.
"""

import io
import os
from pathlib import Path

from PIL import Image

from hotfit.inputs.images_loading import from_data_uri, is_address, is_data_uri, shown
from hotfit.inputs.images_place import MOST_BYTES
from hotfit.inputs.picture import BadPicture, check
from hotfit.types import Picture


def picture_of(value: object) -> Picture | None:
    """The image that `value` is or names, checked; None where it is neither. Raise BadPicture."""
    if isinstance(value, Picture):
        return value
    name = "the image"
    if isinstance(value, bytes | bytearray):
        content = bytes(value)
    elif isinstance(value, Image.Image):
        content = _as_png(value)
    elif isinstance(value, str) and is_data_uri(value.strip()):
        name = shown(value)
        content = from_data_uri(value.strip())
    elif isinstance(value, str) and is_address(value.strip()):
        why = "is an address on the network; download it and name the file"
        raise BadPicture(why=why, name=shown(value))
    elif isinstance(value, str | os.PathLike):
        name = shown(os.fspath(value))
        content = _file(Path(value), name)
    else:
        return None
    try:
        check(content)
    except BadPicture as fault:
        raise BadPicture(why=fault.why, name=name) from fault
    return Picture.of(content)


def _file(path: Path, name: str) -> bytes:
    try:
        if not path.is_file():
            raise BadPicture(why="is not there, or is no file", name=name)
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise BadPicture(why=f"cannot be read ({why})", name=name) from error
    if len(content) > MOST_BYTES:
        raise BadPicture(why=f"has more than {MOST_BYTES // 2**20} MB", name=name)
    return content


def _as_png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    fit = image if image.mode in {"RGB", "RGBA", "L", "LA", "P", "1", "I;16"} else None
    (fit or image.convert("RGB")).save(stream, format="PNG", compress_level=1)
    return stream.getvalue()
