"""Opens the database: SQLite in WAL by default, PostgreSQL by URL.

SQLite runs with synchronous=FULL: with NORMAL a power cut may drop the last commits, and what
was acknowledged must stay. One fsync per transaction is what it costs, so writers batch.

Python's sqlite3 opens transactions by itself, late and only before some statements; the driver is
therefore put in autocommit (`isolation_level = None`, the same from Python 3.11 on) and BEGIN is
sent when SQLAlchemy begins, IMMEDIATE for writers: a reader that turns writer cannot wait for its
turn and fails at once. mmap_size stays 0: a mapped file turns an I/O error into a signal.

SQLite before 3.51.3 may corrupt a WAL when one connection writes while another checkpoints
(https://sqlite.org/wal.html#walresetbug). Automatic checkpoints are therefore off, and
`hotfit.store.sessions` checkpoints itself behind the gate that every writer passes.
"""

import os
import random
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from hotfit.errors import Refusal

WAL_BYTES = 1 << 20
"""What the WAL is cut down to once it was moved into the database and begins anew.

Below the size from which it is moved, else every commit after a large one would move it again.
"""

WAL_PAUSE = 0.01
"""Seconds, on average, until a new database is put in WAL mode again after another held it."""

BEGIN = "hotfit_begin"
"""Execution option: the word after BEGIN on SQLite."""


class DatabaseUrlUnknown(Refusal):
    """The database URL is of no kind that hotfit can open."""

    def __init__(self, *, url: str) -> None:
        super().__init__(
            f"{url!r} is no database URL that hotfit can open; give sqlite:///PATH or "
            "postgresql://USER@HOST/NAME."
        )


def parse_url(url: str) -> URL:
    """Read a database URL; PostgreSQL is always spoken to by psycopg 3."""
    path = url.removeprefix("sqlite:///")
    if path not in {url, "", ":memory:"}:  # a folder's name may hold any sign, so nothing is parsed
        return URL.create("sqlite", database=path)
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUrlUnknown(url=url) from error
    shown = parsed.render_as_string(hide_password=True)
    backend = parsed.get_backend_name()
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    raise DatabaseUrlUnknown(url=shown)


def sqlite_version() -> str:
    """The version of the SQLite library this Python carries."""
    return sqlite3.sqlite_version


def may_write(file: Path) -> bool:
    """Tell whether this user may write the file and its folder."""
    return os.access(file.parent, os.W_OK) and (not file.exists() or os.access(file, os.W_OK))


def open_sqlite(file: Path, *, busy_seconds: float, writable: bool) -> Engine:
    """Open a SQLite file; one that may not be written is opened for reading alone."""
    query: dict[str, str] = {}
    name = str(file)
    if not writable:
        wal = file.with_name(file.name + "-wal")
        # Without write access SQLite cannot make the WAL's index; with an empty WAL it needs none.
        settled = not wal.exists() or wal.stat().st_size == 0
        name = file.absolute().as_uri()
        query = {"uri": "true", "mode": "ro"} | ({"immutable": "1"} if settled else {})
    engine = create_engine(
        URL.create("sqlite", database=name, query=query),
        connect_args={"timeout": busy_seconds},
        pool_size=8,
        max_overflow=-1,
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        pragmas = ["foreign_keys = ON", "synchronous = FULL", "wal_autocheckpoint = 0"]
        # After a large import the WAL gives its space back.
        pragmas.append(f"journal_size_limit = {WAL_BYTES}")
        if writable:
            enter_wal(connection, patience=busy_seconds)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        word = connection.get_execution_options().get(BEGIN, "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {word}")

    return engine


def enter_wal(connection: sqlite3.Connection, *, patience: float) -> None:
    """Put the database in WAL mode, where it stays; raise OperationalError after `patience` s.

    SQLite does not wait while another connection is about to write, however long its busy timeout
    is, so processes that open a new home at the same moment would fail by chance.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(0.5, 1.5) * WAL_PAUSE)
        else:
            return


def open_postgresql(url: URL) -> Engine:
    """Open a PostgreSQL database; a connection that died while idle is replaced unseen."""
    try:
        return create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=8)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise DriverMissing from error


class DriverMissing(Refusal):
    """PostgreSQL was asked for and psycopg is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "a PostgreSQL database was given, but its driver psycopg is not installed; "
            "install hotfit[pg]."
        )
