import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from hotfit.store.engine import open_sqlite


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home.db"


@pytest.fixture
def holder(file: Path) -> sqlite3.Connection:
    """Another process that is about to make the first tables, before the database is in WAL."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return connection


def test_opening_waits_for_another_that_makes_the_database(
    file: Path, holder: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotfit.store.engine.time.sleep", lambda _: holder.commit())
    with open_sqlite(file, busy_seconds=5, writable=True).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    holder.close()


def test_opening_gives_up_when_its_patience_is_over(file: Path, holder: sqlite3.Connection) -> None:
    with pytest.raises(OperationalError, match="locked"):
        open_sqlite(file, busy_seconds=0, writable=True).connect()
    holder.close()
