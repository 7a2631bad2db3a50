import io
from pathlib import Path

import pytest
from PIL import Image

from hotfit.inputs.picture import BadPicture
from hotfit.store.blobs import BlobMissing, MemoryBlobs
from hotfit.store.thumbnails import Thumbnails
from tests.inputs.pictures import noise, saved


def test_a_thumbnail_is_small_and_made_once(tmp_path: Path) -> None:
    blobs = MemoryBlobs()
    key = blobs.put(saved(noise(400, 200)))
    made = Thumbnails(tmp_path, blobs).get(key, side=100)
    assert Image.open(io.BytesIO(made)).size == (100, 50)
    assert Thumbnails(tmp_path, MemoryBlobs()).get(key, side=100) == made
    assert not list(tmp_path.rglob("*.part"))


def test_sizes_do_not_mix(tmp_path: Path) -> None:
    blobs = MemoryBlobs()
    thumbnails, key = Thumbnails(tmp_path, blobs), blobs.put(saved(noise(400, 200)))
    sizes = {Image.open(io.BytesIO(thumbnails.get(key, side=side))).width for side in (40, 80)}
    assert sizes == {40, 80}


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    blobs = MemoryBlobs()
    assert Thumbnails(tmp_path / "file", blobs).get(blobs.put(saved(noise())))


def test_refuses_what_is_missing_or_no_image(tmp_path: Path) -> None:
    blobs = MemoryBlobs()
    with pytest.raises(BlobMissing):
        Thumbnails(tmp_path, blobs).get("0" * 64)
    with pytest.raises(BadPicture, match="is text"):
        Thumbnails(tmp_path, blobs).get(blobs.put(b"a note"))
