import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from hotfit.store import sessions
from hotfit.store.engine import DatabaseUrlUnknown, DriverMissing, open_postgresql, parse_url
from hotfit.store.faults import (
    DatabaseBusy,
    DatabaseCorrupt,
    DatabaseUnavailable,
    DiskFull,
    ReadOnly,
)
from hotfit.store.locks import GateClosed
from hotfit.store.schema import SchemaOlder
from hotfit.store.sessions import Reading, Store, Writing
from hotfit.store.tables import vectors


def _put(session: Writing, key: bytes, size: int = 4) -> None:
    session.run(insert(vectors).values(encoder="e", content_hash=key, data=b"x" * size))


def _keys(session: Reading) -> list[bytes]:
    return [bytes(row[0]) for row in session.rows(select(vectors.c.content_hash))]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "hotfit.db"


def _open(file: Path) -> Store:
    return Store.open(f"sqlite:///{file}")


def test_a_write_is_seen_by_the_next_reader(store: Store) -> None:
    with store.write() as w:
        _put(w, b"a")
    with store.read() as r:
        assert _keys(r) == [b"a"]


def test_an_error_leaves_nothing_of_a_write(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.write() as w:  # noqa: PT012
        _put(w, b"a")
        raise ZeroDivisionError
    with store.read() as r:
        assert _keys(r) == []
    with store.write() as w:  # the gate is open again
        _put(w, b"b")


def test_a_reader_sees_one_moment_while_others_write(store: Store) -> None:
    with store.read() as r:
        assert _keys(r) == []
        with store.write() as w:
            _put(w, b"a")
        assert _keys(r) == []


def test_a_reader_cannot_write(store: Store) -> None:
    with store.read() as r:
        assert not hasattr(r, "run")
        r.connection.execute(select(1))
    assert not isinstance(r, Writing)


def test_what_a_reader_writes_by_force_is_not_kept(store: Store) -> None:
    with pytest.raises((ReadOnly, AssertionError)), store.read() as r:  # noqa: PT012 - the transaction is the block
        r.connection.execute(insert(vectors).values(encoder="e", content_hash=b"a", data=b""))
        raise AssertionError("SQLite lets it through")
    with store.read() as r:
        assert _keys(r) == []


def test_a_second_writer_in_one_thread_is_refused(store: Store) -> None:
    with store.write(), pytest.raises(RuntimeError, match="open in this thread"), store.write():
        pass


def test_streams_rows_in_parts(store: Store) -> None:
    with store.write() as w:
        for number in range(5):
            _put(w, bytes([number]))
    with store.read() as r:
        parts = [len(part) for part in r.stream(select(vectors.c.content_hash), size=2)]
    assert parts == [2, 2, 1]


def test_threads_write_one_after_the_other(store: Store) -> None:
    def write(name: int) -> None:
        for number in range(20):
            with store.write() as w:
                _put(w, bytes([name, number]))

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as r:
        assert len(_keys(r)) == 80


def test_sqlite_is_set_up_to_lose_nothing(file: Path) -> None:
    with _open(file) as store, store.read() as r:
        settings = {
            name: r.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint")
        }
        mapped = r.scalar(text("PRAGMA mmap_size"))
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "wal_autocheckpoint": 0,
    }
    assert not mapped


def test_the_log_is_moved_into_the_database_when_it_grows(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "CHECKPOINT_BYTES", 200_000)
    with _open(file) as store:
        for number in range(100):
            with store.write() as w:
                _put(w, bytes([number]), size=50_000)
        wal = file.with_name("hotfit.db-wal").stat().st_size
    assert wal < 1_000_000


def test_a_full_disk_is_told_and_reading_goes_on(file: Path) -> None:
    with _open(file) as store:
        with store.write() as w:
            _put(w, b"a")
        with pytest.raises(DiskFull, match="no space is left") as caught, store.write() as w:  # noqa: PT012 - the transaction is the block
            pages = w.scalar(text("PRAGMA page_count"))
            w.scalar(text(f"PRAGMA max_page_count = {pages}"))
            _put(w, b"b", size=1_000_000)
        assert caught.value.status == 507
        with store.read() as r:
            assert _keys(r) == [b"a"]
        with store.write() as w:
            w.scalar(text("PRAGMA max_page_count = 1000000"))
            _put(w, b"c", size=1_000_000)


def test_a_damaged_file_is_named(file: Path) -> None:
    file.write_bytes(b"this is no database, " * 500)
    with pytest.raises(DatabaseCorrupt, match=r"hotfit\.db is damaged or is no database"):
        _open(file)


def test_a_database_held_by_another_program_is_told(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "BUSY_SECONDS", 0.05)
    with _open(file) as store:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match="another program holds"), store.write():
            pass
        other.execute("ROLLBACK")
        other.close()
        with store.write() as w:
            _put(w, b"a")


def test_a_writer_waits_for_another_process_only_so_long(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "BUSY_SECONDS", 0.05)
    with (
        _open(file) as one,
        _open(file) as two,
        one.write(),
        pytest.raises(GateClosed, match="another process has been writing"),
        two.write(),
    ):
        pass


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "hotfit.db").mkdir()
    with pytest.raises(DatabaseUnavailable, match="cannot be opened"):
        _open(tmp_path / "hotfit.db")


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(DatabaseUnavailable, match="its server") as caught:
        Store.open("postgresql://me:secret@127.0.0.1:1/nothing")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite://", "sqlite:///:memory:"])
def test_an_unknown_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(DatabaseUrlUnknown, match="no database URL"):
        Store.open(url)


@pytest.mark.parametrize("name", ["a b", "50%", "what?x=1", "#1", "é", "%20"])
@pytest.mark.parametrize("writable", [True, False])
def test_a_folder_may_have_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, writable: bool
) -> None:
    file = tmp_path / name / "hotfit.db"
    with _open(file) as store, store.write() as w:
        _put(w, b"a")
    assert file.is_file()
    monkeypatch.setattr(sessions, "may_write", lambda _file: writable)
    with _open(file) as store, store.read() as r:
        assert _keys(r) == [b"a"]


def test_a_missing_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DriverMissing, match=r"install hotfit\[pg\]"):
        open_postgresql(parse_url("postgresql://x/y"))


READ_ONLY = """
import os, sys
from sqlalchemy import func, select
from hotfit.store.sessions import Store
from hotfit.store.tables import vectors
if os.geteuid() == 0:  # the rights of files do not bind root
    Store.open(sys.argv[2]).close()  # another account may not be able to import what this needs
    os.setuid(65534)
with Store.open(sys.argv[1]) as store:
    with store.read() as r:
        print(r.scalar(select(func.count()).select_from(vectors)))
    try:
        with store.write():
            pass
    except Exception as error:
        print(type(error).__name__, error)
"""


@pytest.mark.journey
@pytest.mark.parametrize("closed", [True, False])
def test_a_home_that_may_not_be_written_can_be_read(*, closed: bool) -> None:
    base = Path(tempfile.mkdtemp(prefix="home"))  # the folders of pytest are closed to others
    base.chmod(0o755)
    home = base / "home"
    store = _open(home / "hotfit.db")
    with store.write() as w:
        _put(w, b"a")
    if closed:
        store.close()
    home.chmod(0o555)
    for path in home.iterdir():
        path.chmod(0o444)
    command = [sys.executable, "-c", READ_ONLY, f"sqlite:///{home / 'hotfit.db'}"]
    command.append(f"sqlite:///{base / 'other' / 'hotfit.db'}")
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    home.chmod(0o755)
    store.close()
    shutil.rmtree(base)
    assert done.stdout.splitlines()[:1] == ["1"], done.stderr
    assert "ReadOnly" in done.stdout
    assert "may not be written to" in done.stdout


def test_an_old_database_that_may_not_be_written_is_told(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite3.connect(file).close()
    file.touch()
    monkeypatch.setattr(sessions, "may_write", lambda _file: False)
    with pytest.raises(SchemaOlder, match="no revision"):
        _open(file)
