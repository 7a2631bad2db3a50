"""Processes killed and crossed on purpose: what was acknowledged stays, else there is no trace."""

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from hotfit.functions import functions as f
from hotfit.samples.rows import read_rows
from hotfit.store.blobs import FileBlobs
from hotfit.store.outbox import pending
from hotfit.store.sessions import Store
from hotfit.types import Input, Output

pytestmark = pytest.mark.journey

ROUNDS = 30

WRITER = """
import sys
from hotfit.functions import functions as f
from hotfit.samples.imports import add, replace
from hotfit.store import sessions
from hotfit.store.sessions import Store
from hotfit.types import Sample
sessions.CHECKPOINT_BYTES = 100_000
sessions.BUSY_SECONDS = 240.0  # the machine may be busy, too
url, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = Store.open(url)
with store.read() as r:
    function = f.get(r, "sms").id
print("ready", flush=True)
for number in range(count):
    with store.write() as w:
        texts = [f"{name} {number} {part} " + "word " * 50 for part in range(3)]
        add(w, function, [Sample(number=1, data=text, label="x") for text in texts], origin=name)
    print(number, flush=True)
"""

BLOB_WRITER = """
import sys
from pathlib import Path
from hotfit.store.blobs import FileBlobs
blobs = FileBlobs(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(10_000):
    print(blobs.put(f"{sys.argv[2]} {number} ".encode() * 20_000), flush=True)
"""


def _start(program: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _kill_after(process: subprocess.Popen[str], seconds: float) -> list[str]:
    """Kill the process a while after its second line; return the lines it had acknowledged."""
    assert process.stdout is not None
    first = process.stdout.readline() + process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    return [line for line in (first + _rest(process)).split("\n")[:-1] if line]


def _rest(process: subprocess.Popen[str]) -> str:
    """What a process has yet to say; `communicate` would lose what `readline` read ahead."""
    assert process.stdout is not None
    with process.stdout:
        said = process.stdout.read()
    process.wait()
    return said


def _new_function(url: str) -> None:
    with Store.open(url) as store, store.write() as w:
        f.create(w, name="sms", input=Input.TEXT, output=Output.CLASSIFICATION)


def _whole(url: str, acknowledged: dict[str, int]) -> None:
    """Check that all acknowledged transactions are there, and each that is there is complete."""
    with Store.open(url) as store, store.read() as r:
        function = f.get(r, "sms")
        rows = read_rows(r, function.id)
        changes = pending(r, limit=1_000_000)
    parts: dict[tuple[str, str], int] = {}
    for data in rows.data:
        name, number, _ = str(data).split(" ", 2)
        parts[name, number] = parts.get((name, number), 0) + 1
    assert set(parts.values()) <= {3}
    assert set(rows.answers) <= {"x"}
    for name, count in acknowledged.items():
        assert all((name, str(number)) in parts for number in range(count))
    assert [change.number for change in changes] == list(range(1, function.change + 1))
    assert function.change == 1 + len(parts)


def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    file = tmp_path / "hotfit.db"
    url = f"sqlite:///{file}"
    _new_function(url)
    draw = random.Random(0)
    acknowledged = {}
    for turn in range(ROUNDS):
        process = _start(WRITER, url, f"w{turn}", "100000")
        acknowledged[f"w{turn}"] = len(_kill_after(process, draw.uniform(0, 0.4)))
    assert sum(acknowledged.values()) > ROUNDS
    _whole(url, acknowledged)
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def test_a_killed_writer_leaves_no_part_of_a_blob(tmp_path: Path) -> None:
    draw = random.Random(0)
    keys: list[str] = []
    for turn in range(ROUNDS):
        process = _start(BLOB_WRITER, str(tmp_path), str(turn))
        keys += _kill_after(process, draw.uniform(0, 0.1))
    blobs = FileBlobs(tmp_path)
    assert len(keys) > ROUNDS
    for key in keys:
        blobs.get(key)
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.suffix != ".part":
            blobs.get(path.parent.name + path.name)


def test_processes_that_write_at_once_all_get_their_turn(url: str, dialect: str) -> None:
    _new_function(url)
    count = 150 if dialect == "sqlite" else 50
    names = ["a", "b", "c"]
    writers = [_start(WRITER, url, name, str(count)) for name in names]
    for writer in writers:
        lines = _rest(writer)
        assert writer.returncode == 0
        assert len(lines.split()) == count
    _whole(url, dict.fromkeys(names, count))
    with Store.open(url) as store, store.read() as r:
        if dialect == "sqlite":
            assert r.scalar(text("PRAGMA integrity_check")) == "ok"


def test_processes_that_create_one_database_at_once_all_open_it(url: str) -> None:
    program = (
        "import sys; from hotfit.store import sessions; sessions.BUSY_SECONDS = 240.0;"
        "print('ready', flush=True); sys.stdin.readline();"
        "sessions.Store.open(sys.argv[1]).close()"
    )
    assert _released_together([sys.executable, "-c", program, url]) == [0, 0, 0, 0]


def _released_together(command: list[str]) -> list[int]:
    """Start four processes, let them go at the same moment, and return how each ended."""
    openers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for opener in openers:
        assert opener.stdout is not None
        assert opener.stdout.readline() == "ready\n"
    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.write("\n")
        opener.stdin.flush()
    for opener in openers:
        opener.communicate(timeout=240)
    return [opener.returncode for opener in openers]
