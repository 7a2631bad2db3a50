"""What a database driver reports, told as one sentence a person can act on."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from hotfit.errors import HotfitError, Refusal, Unavailable


class DatabaseUnavailable(Unavailable):
    """The database cannot be opened or reached."""

    def __init__(self, *, where: str, reason: str) -> None:
        super().__init__(
            f"the database {where} cannot be opened ({reason}); check that it exists, that this "
            "user may write to it, and that its server, if it has one, is running."
        )


class DiskFull(Unavailable):
    """No space is left; nothing was changed and reading still works."""

    status: ClassVar[int] = 507

    def __init__(self, *, where: str) -> None:
        super().__init__(
            f"no space is left on the disk of {where}; nothing was changed. "
            "Free some space and try again; reading still works."
        )


class ReadOnly(Unavailable):
    """The place may not be written to; reading still works."""

    status: ClassVar[int] = 507

    def __init__(self, *, where: str) -> None:
        super().__init__(
            f"{where} may not be written to; nothing was changed. Give this user the right to "
            "write there, or set HOTFIT_HOME to another folder; reading still works."
        )


class NotAFolder(Refusal):
    """A file stands where a folder is needed."""

    def __init__(self, *, where: str) -> None:
        super().__init__(
            f"{where} cannot be a folder: a file stands there or on the way to it; name another "
            "home with --home or HOTFIT_HOME."
        )


class DatabaseCorrupt(HotfitError):
    """The database file is damaged or is not a database."""

    def __init__(self, *, where: str, reason: str) -> None:
        super().__init__(
            f"{where} is damaged or is no database ({reason}); move it away and restore a backup, "
            "or start with a new home."
        )


class DatabaseBusy(Unavailable):
    """Another program held the database for longer than we wait."""

    def __init__(self, *, where: str) -> None:
        super().__init__(
            f"another program holds {where} locked; close it (a database browser, a backup) "
            "and try again."
        )


class StorageFailed(Unavailable):
    """The operating system refused to read or write."""

    def __init__(self, *, where: str, reason: str) -> None:
        super().__init__(
            f"the disk of {where} failed ({reason}); what was not acknowledged was not kept. "
            "Check the disk before going on."
        )


_SQLITE = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_READONLY: ReadOnly,
    sqlite3.SQLITE_BUSY: DatabaseBusy,
    sqlite3.SQLITE_LOCKED: DatabaseBusy,
}
_SQLITE_REASONED = {
    sqlite3.SQLITE_CORRUPT: DatabaseCorrupt,
    sqlite3.SQLITE_NOTADB: DatabaseCorrupt,
    sqlite3.SQLITE_CANTOPEN: DatabaseUnavailable,
    sqlite3.SQLITE_IOERR: StorageFailed,
}


def explain(error: BaseException, *, where: str) -> HotfitError | None:
    """Return the sentence for what a driver raised; None where it is no fault of the storage."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        primary = code & 0xFF  # the upper bytes refine the primary result code
        if primary in _SQLITE:
            return _SQLITE[primary](where=where)
        if primary in _SQLITE_REASONED:
            return _SQLITE_REASONED[primary](where=where, reason=str(error))
        return None
    state = getattr(error, "sqlstate", None)
    if state == "53100":
        return DiskFull(where=where)
    if state == "25006":
        return ReadOnly(where=where)
    return None


def explain_os(error: OSError, *, where: str) -> HotfitError:
    """Return the sentence for what the operating system raised."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(where=where)
    if error.errno in {errno.EEXIST, errno.ENOTDIR}:
        return NotAFolder(where=where)
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return ReadOnly(where=where)
    return StorageFailed(where=where, reason=error.strerror or type(error).__name__)


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Raise faults of the storage as sentences; let broken constraints pass as they are."""
    try:
        yield
    except IntegrityError:
        raise
    except StatementError as error:
        if isinstance(error.orig, HotfitError):  # a column refused a value
            raise error.orig from None
        if not isinstance(error, DBAPIError):
            raise
        cause = error.orig
        told = explain(cause, where=where) if cause is not None else None
        if told is None and error.connection_invalidated:
            told = DatabaseUnavailable(where=where, reason=str(cause).strip())
        if told is None:
            raise
        raise told from error


@contextmanager
def explained_os(where: str) -> Iterator[None]:
    """Raise faults of the file system as sentences."""
    try:
        yield
    except OSError as error:
        raise explain_os(error, where=where) from error
