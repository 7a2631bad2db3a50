import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import pytest

from hotfit.store.blobs import BlobCorrupt, BlobMissing, Blobs, FileBlobs, MemoryBlobs
from hotfit.store.faults import DiskFull, ReadOnly, StorageFailed


@pytest.fixture(params=["file", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return FileBlobs(tmp_path / "blobs") if request.param == "file" else MemoryBlobs()


@pytest.mark.parametrize("content", [b"", b"a", b"\0\r\n" * 1000])
def test_what_is_read_is_what_was_written(blobs: Blobs, content: bytes) -> None:
    key = blobs.put(content)
    assert key == hashlib.sha256(content).hexdigest()
    assert blobs.put(content) == key
    assert blobs.has(key)
    assert blobs.get(key) == content


@pytest.mark.parametrize("key", ["0" * 64, "../../etc/passwd", "", "A" * 64, "a" * 63 + "/"])
def test_a_key_without_content_is_told(blobs: Blobs, key: str) -> None:
    with pytest.raises(BlobMissing):
        blobs.get(key)


def _only_file(blobs: FileBlobs) -> Path:
    files = [path for path in blobs.folder.rglob("*") if path.is_file()]
    assert len(files) == 1
    return files[0]


@pytest.mark.parametrize("position", [0, 7, 99])
def test_one_flipped_bit_is_noticed_and_writing_again_repairs(
    tmp_path: Path, position: int
) -> None:
    blobs = FileBlobs(tmp_path)
    key = blobs.put(b"x" * 100)
    damaged = bytearray(b"x" * 100)
    damaged[position] ^= 1
    _only_file(blobs).write_bytes(damaged)
    with pytest.raises(BlobCorrupt, match=key):
        blobs.get(key)
    blobs.put(b"x" * 100)
    assert blobs.get(key) == b"x" * 100


@pytest.mark.parametrize("step", ["fsync", "replace", "write"])
@pytest.mark.parametrize(
    ("number", "told"),
    [(errno.ENOSPC, DiskFull), (errno.EROFS, ReadOnly), (errno.EIO, StorageFailed)],
)
def test_a_failing_step_leaves_no_part_of_a_blob(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, told: type[Exception]
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    blobs = FileBlobs(tmp_path)
    with monkeypatch.context() as patch:
        if step == "fsync":
            patch.setattr(os, "fsync", fail)
        elif step == "replace":
            patch.setattr(Path, "replace", fail)
        else:
            patch.setattr(Path, "open", _full_after_opening(fail))
        with pytest.raises(told):
            blobs.put(b"content")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert blobs.get(blobs.put(b"content")) == b"content"


def _full_after_opening(fail: Callable[..., None]) -> Callable[..., Any]:
    """An `open` whose files cannot be written to."""
    plain = Path.open

    def opened(path: Path, mode: str) -> Any:
        class Full:
            def __enter__(self) -> Self:
                self.file = plain(path, mode)
                return self

            def __exit__(self, *_: object) -> None:
                self.file.close()

            write = staticmethod(fail)

        return Full()

    return opened


def test_a_blob_is_discarded_only_when_it_was_last_put_long_ago(tmp_path: Path) -> None:
    blobs = FileBlobs(tmp_path)
    key = blobs.put(b"content")
    assert not blobs.discard(key, age=60)
    assert blobs.has(key)
    os.utime(tmp_path / key[:2] / key[2:], (0, 0))
    blobs.put(b"content")
    assert not blobs.discard(key, age=60)
    os.utime(tmp_path / key[:2] / key[2:], (0, 0))
    assert blobs.discard(key, age=60)
    assert not blobs.has(key)
    assert blobs.discard(key, age=60)
