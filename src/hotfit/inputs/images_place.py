"""Where the image files of a source lie: a folder or a zip, neither of which can reach out of it.

A name is a path with `/`, relative to the place. `read` raises BadPicture for a single file that
is missing, too large or leads elsewhere; the rest of the source is not affected.
"""

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

from hotfit.inputs.picture import BadPicture

IMAGES = "jpg jpeg jpe jfif png webp gif bmp tif tiff avif heic heif jp2 ppm pgm ico svg"
SUFFIXES = frozenset(f".{suffix}" for suffix in IMAGES.split())
"""Names that promise an image; what does not decode is refused by itself."""

CLUTTER = frozenset(("thumbs.db", "desktop.ini", "__macosx"))
MOST_BYTES = 64 * 2**20
BOMB_RATIO = 200
BOMB_FREE_BYTES = 2**20
LINK_OUT = "is a link that leads out of the folder"


class Place(Protocol):
    """Image files by name."""

    def names(self) -> Iterator[str]:
        """All files, sorted, without hidden ones and what systems leave behind."""
        ...

    def read(self, name: str) -> bytes:
        """The bytes of a file; raise BadPicture."""
        ...


def is_image_name(name: str) -> bool:
    """Whether a file's name promises an image."""
    return PurePosixPath(name).suffix.casefold() in SUFFIXES


def clean_path(name: str) -> str:
    """Normalise a relative path; raise BadPicture for one that would leave its place."""
    path = PurePosixPath(name.replace("\\", "/"))
    drive = len(name) > 1 and name[1] == ":"
    if path.is_absolute() or drive or ".." in path.parts or "\0" in name:
        raise BadPicture(why="leads out of the folder or archive")
    return str(path)


def is_clutter(name: str) -> bool:
    """Whether a path holds a hidden part or one that systems leave behind."""
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") or part.casefold() in CLUTTER for part in parts)


@dataclass(frozen=True, kw_only=True)
class FolderPlace:
    """The files below a folder; links are followed only to files inside it."""

    root: Path

    def names(self) -> Iterator[str]:
        """All files, sorted by path; folders that are links are not entered."""
        for folder, inner, files in os.walk(self.root):
            inner.sort()
            above = Path(folder).relative_to(self.root)
            linked = [name for name in inner if (Path(folder) / name).is_symlink()]
            for name in sorted([*files, *linked]):
                path = (above / name).as_posix()
                if not is_clutter(path):
                    yield path

    def read(self, name: str) -> bytes:
        """The bytes of a file; raise BadPicture."""
        path = self.root / clean_path(name)
        try:
            real = path.resolve(strict=True)
            if not real.is_relative_to(self.root.resolve()):
                raise BadPicture(why=LINK_OUT)
            facts = real.stat()
            if not stat.S_ISREG(facts.st_mode):
                raise BadPicture(why="is not a file")
            _refuse_large(facts.st_size)
            with real.open("rb") as stream:
                content = stream.read(MOST_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            raise BadPicture(why="is not there") from None
        except (OSError, RuntimeError) as error:
            raise BadPicture(why=f"cannot be read ({_reason(error)})") from error
        _refuse_large(len(content))
        return content


@dataclass(frozen=True, kw_only=True)
class ZipPlace:
    """The files of a zip, below `inside` where everything lies in one folder.

    `refused` holds the members that cannot be used, with the reason.
    """

    archive: zipfile.ZipFile
    inside: str = ""
    members: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def names(self) -> Iterator[str]:
        """All files by their path in the archive, sorted."""
        yield from sorted(name for name in self.members if not is_clutter(name))

    def read(self, name: str) -> bytes:
        """The bytes of a file; raise BadPicture."""
        path = clean_path(name)
        if path in self.refused:
            raise BadPicture(why=self.refused[path])
        if path not in self.members:
            raise BadPicture(why="is not there")
        member = self.members[path]
        try:
            with self.archive.open(member) as stream:
                content = stream.read(MOST_BYTES + 1)
        except (OSError, RuntimeError, NotImplementedError, EOFError) as error:
            raise BadPicture(why=f"cannot be unpacked ({_reason(error)})") from error
        except (zipfile.BadZipFile, zlib.error) as error:
            raise BadPicture(why=f"is damaged in the archive ({_reason(error)})") from error
        _refuse_large(len(content))
        return content


def read_members(archive: zipfile.ZipFile) -> ZipPlace:
    """List the files of an archive; what could do harm is refused, member by member."""
    place = ZipPlace(archive=archive)
    for member in archive.infolist():
        if member.is_dir():
            continue
        try:
            name = clean_path(member.filename)
            _refuse_member(member, taken=name in place.members)
        except BadPicture as fault:
            place.refused[member.filename] = fault.why
            continue
        place.members[name] = member
    return place


def _refuse_member(member: zipfile.ZipInfo, *, taken: bool) -> None:
    if taken:
        raise BadPicture(why="stands in the archive twice; the first one is used")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise BadPicture(why="is a link, which archives of images need not hold")
    if member.flag_bits & 1:
        raise BadPicture(why="is encrypted; unpack the archive and give the folder")
    _refuse_large(member.file_size)
    bomb = member.file_size > BOMB_FREE_BYTES and (
        member.file_size > BOMB_RATIO * max(1, member.compress_size)
    )
    if bomb:
        raise BadPicture(
            why=f"grows from {member.compress_size:,} to {member.file_size:,} bytes when unpacked"
        )


def _refuse_large(size: int) -> None:
    if size > MOST_BYTES:
        raise BadPicture(why=f"has more than {MOST_BYTES // 2**20} MB; make it smaller")


def _reason(error: BaseException) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__)[:100]
