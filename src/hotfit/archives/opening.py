"""Opens an archive: only members that one has, whole, unlinked, in proportion, as they were summed.

Nothing is unpacked onto the disk by its own name: members are read as streams, images go into the
blobs under their SHA-256.
"""

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NoReturn

from hotfit.archives.layout import ARTIFACT, IMAGES, MANIFEST, NAME, SAMPLES, WEIGHTS
from hotfit.errors import Refusal

BOMB_RATIO = 250
BOMB_FREE_BYTES = 64 << 20
LARGEST = {
    MANIFEST: 64 << 20,
    SAMPLES: 64 << 30,
    ARTIFACT: 4 << 30,
    IMAGES: 64 << 20,
    WEIGHTS: 16 << 30,
}
"""Unpacked bytes of a member."""

BLOCK = 1 << 20
LONGEST_LINE = 64 << 20
MOST_MEMBERS = 2_000_000


class ArchiveRefused(Refusal):
    """A file is no archive of a function, is damaged, or is made to do harm."""

    def __init__(self, *, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"the file cannot be imported as a function: {reason}; export the function again with "
            "`hotfit export`."
        )


def refuse(reason: str) -> NoReturn:
    """Raise ArchiveRefused."""
    raise ArchiveRefused(reason=reason)


class Archive:
    """An archive whose list of members was looked at; each member is checked as it is read."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._members = _members(packed)
        self.manifest = self._read(MANIFEST)
        self._sums: Mapping[str, str] = {}

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """The samples, each with its line from 1; raise where they are not as they were summed."""
        digest = hashlib.sha256()
        with self._open(SAMPLES) as stream:
            number = 0
            while line := stream.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE:
                    refuse(f"line {number} of its samples is too long")
                digest.update(line)
                yield number, line
        self._refuse_other(SAMPLES, digest.hexdigest())

    def artifact(self) -> bytes:
        """The trained version, as it was summed."""
        content = self._read(ARTIFACT)
        self._refuse_other(ARTIFACT, hashlib.sha256(content).hexdigest())
        return content

    def image(self, key: str) -> bytes:
        """The image of this SHA-256."""
        content = self._read(IMAGES + key)
        if hashlib.sha256(content).hexdigest() != key:
            refuse("an image in it is not the one it is named for")
        return content

    def images(self) -> list[str]:
        """The SHA-256 of every image."""
        return [name.removeprefix(IMAGES) for name in self._members if name.startswith(IMAGES)]

    def weights(self, key: str, target: IO[bytes]) -> None:
        """Write the file of an encoder with this SHA-256 to `target`."""
        digest = hashlib.sha256()
        with self._open(WEIGHTS + key) as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
                target.write(block)
        if digest.hexdigest() != key:
            refuse("a file of an encoder in it is damaged: its bytes have another SHA-256")

    def encoder_files(self) -> frozenset[str]:
        """The SHA-256 of every file of an encoder."""
        return frozenset(
            name.removeprefix(WEIGHTS) for name in self._members if name.startswith(WEIGHTS)
        )

    def trust(self, sums: Mapping[str, str]) -> None:
        """Take the SHA-256 of files from the manifest."""
        self._sums = sums

    def _refuse_other(self, name: str, digest: str) -> None:
        if self._sums.get(name) != digest:
            refuse(f"{name} in it is damaged: its bytes have another SHA-256")

    def _read(self, name: str) -> bytes:
        with self._open(name) as stream:
            return stream.read()

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        if name not in self._members:
            refuse(f"{name if name in LARGEST else 'an image or a weight'} is missing in it")
        try:
            with self._packed.open(self._members[name]) as stream:
                yield stream
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise ArchiveRefused(reason="it is damaged") from error


@contextmanager
def open_archive(file: Path) -> Iterator[Archive]:
    """Open an archive; raise ArchiveRefused."""
    try:
        packed = zipfile.ZipFile(file)
    except FileNotFoundError:
        raise ArchiveRefused(reason="there is no such file") from None
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ArchiveRefused(reason="it is no archive, or not whole") from error
    with packed:
        yield Archive(packed)


def _members(packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = packed.infolist()
    if len(infos) > MOST_MEMBERS:
        refuse(f"it holds {len(infos):,} files")
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        if not NAME.fullmatch(info.filename):
            refuse("it holds a file that no such archive has")
        if info.filename in members:
            refuse("it holds a file twice")
        if stat.S_ISLNK(info.external_attr >> 16) or info.flag_bits & 1:
            refuse("it holds a link or an encrypted file")
        folder = next((one for one in (IMAGES, WEIGHTS) if info.filename.startswith(one)), None)
        largest = LARGEST[folder or info.filename]
        allowed = max(BOMB_FREE_BYTES, BOMB_RATIO * info.compress_size)
        if info.file_size > min(largest, allowed):
            refuse("a file in it grows out of proportion when unpacked")
        members[info.filename] = info
    return members
