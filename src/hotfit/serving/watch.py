"""Tells cheaply whether anybody has committed since the last look.

SQLite counts commits of other connections (`PRAGMA data_version`, microseconds). On PostgreSQL
every look after `every` seconds counts as news, and so does each hint of this process.
"""

import sqlite3
from collections.abc import Callable

from hotfit.store.faults import explain
from hotfit.store.sessions import Store

EVERY = 0.025


class Watch:
    """One reader's memory of what it has seen."""

    def __init__(self, store: Store, *, clock: Callable[[], float], every: float = EVERY) -> None:
        self._store = store
        self._clock = clock
        self._every = every
        self._due = 0.0
        self._seen: int | None = None
        self._hinted = True
        sqlite = store.engine.dialect.name == "sqlite"
        # Kept open: a connection counts the commits of others, and only while it lives.
        self._connection = store.engine.raw_connection() if sqlite else None

    def hint(self) -> None:
        """Something was written; the next look is news."""
        self._hinted = True

    def moved(self) -> bool:
        """Whether there may be something new; raise where the database cannot be read."""
        hinted, self._hinted = self._hinted, False
        return self._looked() or hinted

    def _looked(self) -> bool:
        if self._connection is None:
            now = self._clock()
            due = now >= self._due
            if due:
                self._due = now + self._every
            return due
        driver = self._connection.driver_connection
        assert driver is not None
        try:
            version = int(driver.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.OperationalError as error:
            raise explain(error, where=self._store.where) or error from error
        moved = version != self._seen
        self._seen = version
        return moved

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
