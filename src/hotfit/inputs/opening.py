"""Open a path or standard input as a stream of plain bytes, whatever it is packed in.

Packing and format are recognised by content first, by suffix second. Nothing here holds more
than one block in memory; a gzip stream that expands out of proportion is refused (DEFLATE can
expand 1,032 times, tables of text 5 to 50 times).
"""

import gzip
import io
import os
import shutil
import stat
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from hotfit.errors import Refusal

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BOMB_RATIO = 250
BOMB_FREE_BYTES = 64 * 2**20
HEAD_BYTES = 256 * 1024

FOREIGN = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x89HDF", "an HDF5 file"),
    (b"ARROW1", "an Arrow file"),
    (b"FEA1", "a Feather file"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x7fELF", "a program"),
    (b"\x80\x04\x95", "a Python pickle"),
    (b"\x80\x05\x95", "a Python pickle"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x1f\x8b", "a gzip file inside a gzip file"),
)


class MissingFile(Refusal):
    """No file is at the path."""

    def __init__(self, *, path: str) -> None:
        super().__init__(
            f"{path}: no such file; give the path of a CSV, TSV, JSONL or Parquet file"
        )


class NotReadable(Refusal):
    """The file is there, but may not be read."""

    def __init__(self, *, path: str, why: str) -> None:
        super().__init__(f"{path}: cannot be read ({why}); check its permissions")


class NotAFile(Refusal):
    """The path names a folder, a device or a socket."""

    def __init__(self, *, path: str, found: str) -> None:
        super().__init__(
            f"{path} is {found}; a CSV, TSV, JSONL or Parquet file was expected"
            " (or a folder of images with one sub-folder per label)"
        )


class EmptyFile(Refusal):
    """The file holds nothing."""

    def __init__(self, *, path: str) -> None:
        super().__init__(f"{path} is empty; a header line and at least two examples were expected")


class UnknownFormat(Refusal):
    """The bytes are no text and no known table format."""

    def __init__(self, *, path: str, found: str) -> None:
        super().__init__(
            f"{path} is {found}, which is not read here; save it as CSV, TSV, JSONL or Parquet"
        )


class BrokenGzip(Refusal):
    """The gzip stream ends early or its check sum is wrong."""

    def __init__(self, *, path: str, why: str) -> None:
        super().__init__(f"{path}: the gzip data are broken ({why}); pack or copy the file again")


class ExpandsTooMuch(Refusal):
    """A packed file grows out of proportion: a decompression bomb."""

    def __init__(self, *, path: str, packed: int, expanded: int) -> None:
        super().__init__(
            f"{path} grows from {packed:,} to more than {expanded:,} bytes when unpacked"
            f" (over {BOMB_RATIO} times); if it is genuine, unpack it and give the unpacked file"
        )


class _Guarded(io.RawIOBase):
    """A gzip stream read as plain bytes that refuses to grow out of proportion."""

    def __init__(self, packed: BinaryIO, name: str) -> None:
        self._packed = packed
        self._plain = gzip.GzipFile(fileobj=packed, mode="rb")
        self._name = name
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        try:
            block = self._plain.read(len(view))
        except (OSError, EOFError, zlib.error) as error:
            raise BrokenGzip(path=self._name, why=str(error)) from error
        view[: len(block)] = block
        self._read += len(block)
        packed = self._packed.tell()
        if self._read > BOMB_FREE_BYTES and self._read > BOMB_RATIO * packed:
            raise ExpandsTooMuch(path=self._name, packed=packed, expanded=self._read)
        return len(block)

    def close(self) -> None:
        if not self.closed:
            self._plain.close()
            self._packed.close()
        super().close()


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A file that can be opened again and again; `head` is its first unpacked bytes."""

    name: str
    path: Path
    packed: bool
    head: bytes
    spool: "tempfile._TemporaryFileWrapper[bytes] | None" = None

    def open(self) -> BinaryIO:
        """Return the unpacked bytes as a buffered stream from the start."""
        return _open_plain(self.path, self.name, packed=self.packed)

    def plain_path(self) -> "tuple[Path, tempfile._TemporaryFileWrapper[bytes] | None]":
        """Return a path of the unpacked bytes, and the temporary file it lies in, if any."""
        if not self.packed:
            return self.path, None
        with self.open() as stream:
            spool = _spool(stream)
        return Path(spool.name), spool

    @property
    def stem_suffix(self) -> str:
        """The suffix of the name without `.gz`, in lower case, such as `.csv`."""
        name = self.name.lower()
        return Path(name.removesuffix(".gz")).suffix


def _spool(stream: BinaryIO) -> "tempfile._TemporaryFileWrapper[bytes]":
    spool = tempfile.NamedTemporaryFile(prefix="hotfit-")  # noqa: SIM115 - closed by its owner
    shutil.copyfileobj(stream, spool, 2**20)
    spool.flush()
    return spool


def _open_plain(path: Path, name: str, *, packed: bool) -> BinaryIO:
    try:
        raw = path.open("rb")
    except OSError as error:
        raise NotReadable(path=name, why=error.strerror or str(error)) from error
    if not packed:
        return raw
    return io.BufferedReader(_Guarded(raw, name), HEAD_BYTES)


def open_bytes(path: str | os.PathLike[str], *, stdin: BinaryIO | None = None) -> Opened:
    """Open `path` (`-`: `stdin`, kept in a temporary file) and look at its head.

    Raises MissingFile, NotAFile, NotReadable, EmptyFile, BrokenGzip, UnknownFormat.
    """
    name = os.fspath(path)
    spool = None
    if name == "-":
        if stdin is None:
            raise MissingFile(path="standard input")
        name, spool = "standard input", _spool(stdin)
        file = Path(spool.name)
    else:
        file = Path(name)
        mode = _mode(file, name)
        if stat.S_ISFIFO(mode):
            with _open_plain(file, name, packed=False) as stream:
                spool = _spool(stream)
            file = Path(spool.name)
        elif not stat.S_ISREG(mode):
            raise NotAFile(path=name, found="a folder" if stat.S_ISDIR(mode) else "not a file")
    with _open_plain(file, name, packed=False) as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    with _open_plain(file, name, packed=packed) as stream:
        head = stream.read(HEAD_BYTES)
    if not head:
        raise EmptyFile(path=name)
    _refuse_foreign(name, head)
    return Opened(name=name, path=file, packed=packed, head=head, spool=spool)


def _mode(file: Path, name: str) -> int:
    try:
        return file.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingFile(path=name) from error
    except (OSError, ValueError) as error:
        raise NotReadable(path=ascii(name)[1:201], why=type(error).__name__) from error


def _refuse_foreign(name: str, head: bytes) -> None:
    for magic, found in FOREIGN:
        if head.startswith(magic):
            raise UnknownFormat(path=name, found=found)
