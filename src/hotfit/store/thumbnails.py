"""Thumbnails of kept images: each made once, when it is first asked for, and kept beside a cache.

They can be made again from the originals at any time, so nothing is synced and nothing is lost
where their folder is deleted.
"""

import io
import secrets
from contextlib import suppress
from pathlib import Path

from PIL import Image

from hotfit.inputs.picture import decode
from hotfit.store.blobs import Blobs

SIDE = 256
QUALITY = 80


class Thumbnails:
    """Small JPEGs of the images in `blobs`, by the key of the original."""

    def __init__(self, folder: Path, blobs: Blobs) -> None:
        self.folder = folder
        self.blobs = blobs

    def get(self, key: str, *, side: int = SIDE) -> bytes:
        """A JPEG of the image, upright, no side above `side`.

        Raises BlobMissing or BlobCorrupt for the original, BadPicture where it is no image.
        """
        path = self.folder / key[:2] / f"{key[2:]}-{side}.jpg"
        try:
            return path.read_bytes()
        except OSError:
            made = shrink(self.blobs.get(key), side)
        self._keep(path, made)
        return made

    def _keep(self, path: Path, content: bytes) -> None:
        """Let the file appear whole; where it cannot be kept it is made again the next time."""
        temporary = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(content)
            temporary.replace(path)
        except OSError:
            with suppress(OSError):
                temporary.unlink()


def shrink(content: bytes, side: int) -> bytes:
    """A JPEG of an image file, upright, no side above `side`; raise BadPicture."""
    image = decode(content, short_side=side)
    image.thumbnail((side, side), Image.Resampling.BILINEAR)
    stream = io.BytesIO()
    image.save(stream, format="JPEG", quality=QUALITY)
    return stream.getvalue()
