"""Blobs: bytes kept under their own SHA-256, so that what is read is what was written."""

import hashlib
import os
import re
import secrets
import time
from pathlib import Path
from typing import Protocol

from hotfit.errors import HotfitError
from hotfit.store.faults import explained_os

_KEY = re.compile(r"[0-9a-f]{64}")


class BlobMissing(HotfitError):
    """A blob that something refers to is not there."""

    def __init__(self, *, key: str, where: str) -> None:
        super().__init__(
            f"blob {key} is not in {where}; restore it from a backup, "
            "or import and fit its source again."
        )


class BlobCorrupt(HotfitError):
    """A blob's bytes are not those that were written."""

    def __init__(self, *, key: str, where: str) -> None:
        super().__init__(
            f"blob {key} in {where} is damaged: its bytes have another SHA-256; restore it from a "
            "backup, or import and fit its source again."
        )


class Blobs(Protocol):
    """Bytes by their SHA-256."""

    def put(self, content: bytes) -> str:
        """Keep `content`, durably once this returns; return its SHA-256 in hexadecimal."""
        ...

    def get(self, key: str) -> bytes:
        """Return the content; raise BlobMissing or BlobCorrupt."""
        ...

    def has(self, key: str) -> bool:
        """Tell whether the content is kept."""
        ...

    def discard(self, key: str, *, age: float) -> bool:
        """Delete what was last put `age` seconds ago or earlier; True where it is gone now."""
        ...


class MemoryBlobs:
    """Blobs that live as long as the process, for tests and trials."""

    def __init__(self) -> None:
        self._content: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        """Keep `content`; return its SHA-256."""
        key = hashlib.sha256(content).hexdigest()
        self._content[key] = bytes(content)
        return key

    def get(self, key: str) -> bytes:
        """Return the content; raise BlobMissing."""
        if key not in self._content:
            raise BlobMissing(key=key, where="memory")
        return self._content[key]

    def has(self, key: str) -> bool:
        """Tell whether the content is kept."""
        return key in self._content

    def discard(self, key: str, *, age: float) -> bool:
        """Delete the content where any age will do."""
        if age <= 0:
            self._content.pop(key, None)
        return key not in self._content


class FileBlobs:
    """Blobs as files, two levels deep, each appearing whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep `content`, on the disk once this returns; return its SHA-256."""
        key = hashlib.sha256(content).hexdigest()
        path = self._path(key)
        with explained_os(str(self.folder)):
            if self._intact(path, content):
                os.utime(path)  # put anew, so that nobody takes it for an old one
            else:
                self._write(path, content)
        return key

    def get(self, key: str) -> bytes:
        """Return the content; raise BlobMissing, or BlobCorrupt where its SHA-256 differs."""
        path = self._path(key)
        with explained_os(str(path)):
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                raise BlobMissing(key=key, where=str(self.folder)) from None
        if hashlib.sha256(content).hexdigest() != key:
            raise BlobCorrupt(key=key, where=str(self.folder))
        return content

    def has(self, key: str) -> bool:
        """Tell whether the content is kept; its bytes are not looked at."""
        return self._path(key).is_file()

    def discard(self, key: str, *, age: float) -> bool:
        """Delete what was last put `age` seconds ago or earlier, by the clock of the disk."""
        path = self._path(key)
        with explained_os(str(path)):
            try:
                if time.time() - path.stat().st_mtime < age:
                    return False
                path.unlink()
            except FileNotFoundError:
                return True
        return True

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise BlobMissing(key=key, where=str(self.folder))
        return self.folder / key[:2] / key[2:]

    @staticmethod
    def _intact(path: Path, content: bytes) -> bool:
        return path.is_file() and path.read_bytes() == content

    def _write(self, path: Path, content: bytes) -> None:
        new = not path.parent.is_dir()
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        if new:
            _sync_folder(self.folder)


def _sync_folder(folder: Path) -> None:
    """Make a rename inside `folder` outlast a power cut; Windows does so by itself."""
    if os.name == "nt":
        return
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
