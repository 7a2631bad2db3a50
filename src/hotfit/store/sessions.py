"""Sessions: a reader sees one moment, a writer is one transaction. Nothing else commits."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, Executable, Row
from sqlalchemy.exc import OperationalError

from hotfit.store.engine import BEGIN, may_write, open_postgresql, open_sqlite, parse_url
from hotfit.store.faults import DatabaseUnavailable, ReadOnly, explained, explained_os
from hotfit.store.locks import Gate
from hotfit.store.schema import SchemaOlder, bring_up, revision_of
from hotfit.store.tables import SCHEMA

BUSY_SECONDS = 30.0
CHECKPOINT_BYTES = 4 << 20
"""Size of the WAL from which a writer moves it into the database after its commit."""

Parameters = Mapping[str, Any]


class Reading:
    """A session that reads; what it sees does not change while it lasts."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.connection.dialect.name

    def rows(self, statement: Executable) -> Sequence[Row[Any]]:
        """All rows of a query."""
        return self.connection.execute(statement).all()

    def first(self, statement: Executable) -> Row[Any] | None:
        """The first row of a query, None where it has none."""
        return self.connection.execute(statement).first()

    def scalar(self, statement: Executable) -> Any:
        """The first column of the first row, None where there is none."""
        return self.connection.execute(statement).scalar()

    def stream(self, statement: Executable, *, size: int = 2000) -> Iterator[Sequence[Row[Any]]]:
        """The rows of a query in parts, so that memory does not grow with them."""
        options = {"yield_per": size}  # of this statement: those of a connection stay with it
        with self.connection.execute(statement, execution_options=options) as result:
            yield from result.partitions(size)


class Writing(Reading):
    """A session that writes: all of it or, where an error leaves it, nothing."""

    def run(self, statement: Executable) -> int:
        """Run an insert, update or delete; return how many rows it touched."""
        return self.connection.execute(statement).rowcount

    def run_many(self, statement: Executable, parameters: Iterable[Parameters]) -> None:
        """Run a statement once for each set of parameters; none is fine."""
        sets = list(parameters)
        if sets:
            self.connection.execute(statement, sets)

    def returned(
        self, statement: Executable, parameters: Iterable[Parameters]
    ) -> Sequence[Row[Any]]:
        """Run a statement that returns rows once for each set of parameters."""
        return self.connection.execute(statement, list(parameters)).all()


class Store:
    """The database of one home."""

    def __init__(self, engine: Engine, *, where: str, file: Path | None, writable: bool) -> None:
        self.engine = engine
        self.where = where
        self.writable = writable
        self._file = file
        self._gate = Gate(file.with_name(file.name + ".gate"), wait=BUSY_SECONDS) if file else None
        self._local = threading.local()

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the database at `url`, create it where there is none, bring its tables up to date.

        A SQLite file that may not be written to is opened for reading alone.
        """
        parsed = parse_url(url)
        where = parsed.render_as_string(hide_password=True)
        if parsed.get_backend_name() == "sqlite":
            file = Path(str(parsed.database))
            with explained_os(str(file.parent)):
                file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            where, writable = str(file), may_write(file)
            if not writable and not file.exists():
                raise ReadOnly(where=str(file.parent))
            engine = open_sqlite(file, busy_seconds=BUSY_SECONDS, writable=writable)
            store = cls(engine, where=where, file=file, writable=writable)
        else:
            store = cls(open_postgresql(parsed), where=where, file=None, writable=True)
        try:
            store._prepare()
        except BaseException:
            store.close()
            raise
        return store

    def _prepare(self) -> None:
        """Bring the tables up to date; a current database is only read."""
        with self.read() as session:
            revision = revision_of(session.connection)
        if revision == SCHEMA:
            return
        if not self.writable:
            raise SchemaOlder(where=self.where, revision=revision)
        with self.write() as session:
            bring_up(session.connection, where=self.where)

    @contextmanager
    def read(self) -> Iterator[Reading]:
        """A session that sees one moment of the database."""
        options: dict[str, Any] = {}
        if self._file is None:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with explained(self.where), self._connect() as plain:
            connection = plain.execution_options(**options)
            with connection.begin() as transaction:
                yield Reading(connection)
                transaction.rollback()

    @contextmanager
    def write(self) -> Iterator[Writing]:
        """A session that is one transaction; it is kept when the block ends without an error."""
        if not self.writable:
            raise ReadOnly(where=self.where)
        if getattr(self._local, "writing", False):
            raise RuntimeError("a write session is open in this thread already; pass it on instead")
        self._local.writing = True
        try:
            with explained(self.where):
                yield from self._write()
        finally:
            self._local.writing = False

    def _write(self) -> Iterator[Writing]:
        if self._gate is None:
            with self._connect() as connection, connection.begin():
                yield Writing(connection)
            return
        with explained_os(self.where):
            self._gate.__enter__()
        try:
            with self._connect() as plain:
                connection = plain.execution_options(**{BEGIN: "IMMEDIATE"})
                with connection.begin():
                    yield Writing(connection)
                self._checkpoint(connection)
        finally:
            self._gate.__exit__(None, None, None)

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        try:
            connection = self.engine.connect()
        except OperationalError as error:
            with explained(self.where):
                if getattr(error.orig, "sqlite_errorcode", None) is not None:
                    raise
            reason = str(error.orig).strip().splitlines()[0]
            raise DatabaseUnavailable(where=self.where, reason=reason) from error
        with connection:
            yield connection

    def _checkpoint(self, connection: Connection) -> None:
        """Move a grown WAL into the database; readers are never waited for."""
        assert self._file is not None
        wal = self._file.with_name(self._file.name + "-wal")
        if not wal.exists() or wal.stat().st_size < CHECKPOINT_BYTES:
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA wal_checkpoint(PASSIVE)").close()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()
        if self._gate is not None:
            self._gate.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
