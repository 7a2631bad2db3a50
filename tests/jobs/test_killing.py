"""Workers killed at random moments: no acknowledged write is lost, and all of it is learned."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from hotfit.app import App
from hotfit.functions import functions, versions
from hotfit.functions.functions import Function
from hotfit.functions.learning import newest_learned, unlearned, waiting
from hotfit.functions.trained import TrainedFunction
from hotfit.jobs.leases import job_of
from hotfit.jobs.supervisor import Supervisor
from hotfit.samples.annotations import annotate
from hotfit.samples.imports import add
from hotfit.samples.rows import read_rows
from hotfit.settings import Settings
from hotfit.store.artifacts import unpack
from hotfit.store.locks import Owner, is_gone, this_process
from hotfit.store.tables import jobs
from hotfit.types import Input, Output, Sample
from tests.jobs.bench import colours

pytestmark = pytest.mark.journey

ROUNDS = 32
PATIENCE = 180.0


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    monkeypatch.setenv("HOTFIT_REST_SECONDS", "0.3")
    # What kills the workers here is not the work.
    monkeypatch.setenv("HOTFIT_TRAINING_ATTEMPTS", "1000")
    made = App(Settings(home=tmp_path / "home"))
    yield made
    made.store.close()


def _command(app: App, *more: str) -> list[str]:
    home = str(app.settings.home)
    return [sys.executable, "-m", "hotfit", "serve", *more, "--home", home]


def _new_function(app: App) -> Function:
    with app.store.write() as session:
        return functions.create(
            session, name="colours", input=Input.TEXT, output=Output.CLASSIFICATION
        )


def _until(true: Callable[[], bool], seconds: float = PATIENCE) -> float:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - began


def _learned(app: App, function: str, change: int) -> Callable[[], bool]:
    def told() -> bool:
        with app.store.read() as session:
            return newest_learned(session, function) >= change and not waiting(session)

    return told


def _sound(app: App, function: str) -> None:
    """The database is whole, and what should answer can be loaded and does."""
    file = app.settings.home / "hotfit.db"
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    with app.store.read() as session:
        live = versions.live_version(session, function)
    if live is not None:
        state = unpack(app.blobs.get(live.artifact))
        trained = TrainedFunction.load(state, open_encoder=app.open_encoder)
        assert len(trained.answer(["ruby", "sea"])) == 2


def test_killed_workers_lose_nothing_and_all_is_learned(app: App) -> None:
    function = _new_function(app).id
    heard: list[dict[str, object]] = []
    supervisor = Supervisor(
        _command(app, "--role", "worker", "--supervised"), heard.append, longest_pause=0.2
    )
    draw = random.Random(0)
    supervisor.start()
    texts: dict[str, str] = {}
    for turn in range(ROUNDS):
        if turn % 4 == 0:  # so that at least this often there is a worker to kill
            _until(lambda: supervisor.pid is not None)
        count = draw.choice([3, 40])
        new = [Sample(number=1, data=f"{turn} {s.data}", label=s.label) for s in colours(count)]
        with app.store.write() as session:
            ids = add(session, function, new)
        texts.update((str(sample.data), str(sample.label)) for sample in new)
        supervisor.wake()
        time.sleep(draw.uniform(0, 0.1))
        wrong = {ids[0]: "blue", ids[1]: "red"}
        with app.store.write() as session:
            annotate(session, function, list(wrong.items()), author="test")
        texts.update({str(new[0].data): "blue", str(new[1].data): "red"})
        supervisor.wake()
        time.sleep(draw.choice([0.05, 0.3, 1.0, 1.5]) * draw.random())
        if supervisor.pid is not None:
            os.kill(supervisor.pid, signal.SIGKILL)
        if turn % 8 == 0:
            _sound(app, function)
    with app.store.read() as session:
        rows = read_rows(session, function)
    assert dict(zip(map(str, rows.data), map(str, rows.answers), strict=True)) == texts
    _until(_learned(app, function, _data_change(app, function)))
    assert supervisor.starts > ROUNDS // 4
    _sound(app, function)
    _until(lambda: _improved(app, function))
    supervisor.stop()
    with app.store.read() as session:
        live = versions.live_version(session, function)
        numbers = [version.number for version in versions.history(session, function)]
    assert live is not None
    assert live.change >= _data_change(app, function)
    assert live.scores["trained_on"] == len(texts)
    assert len(numbers) == len(set(numbers))


def _data_change(app: App, function: str) -> int:
    """The last change that anybody but the worker made."""
    with app.store.read() as session:
        return unlearned(session, function, since=0)[-1].number


def _improved(app: App, function: str) -> bool:
    with app.store.read() as session:
        live = versions.live_version(session, function)
        job = job_of(session, function, "improve")
    return live is not None and live.scores["examined"] is True and job is not None


def _owner_pid(app: App) -> int | None:
    with app.store.read() as session:
        owner = session.scalar(select(jobs.c.owner).where(jobs.c.owner.is_not(None)))
    return None if owner is None else int(json.loads(owner)["pid"])


@contextmanager
def _serving(app: App) -> Iterator["subprocess.Popen[bytes]"]:
    command = _command(app, "--port", "0")
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_killed_server_takes_its_worker_along_and_the_next_one_goes_on(app: App) -> None:
    function = _new_function(app).id
    with app.store.write() as session:
        add(session, function, colours(40))
    with _serving(app):
        _until(lambda: _owner_pid(app) is not None)
        command = _command(app, "--port", "0")
        second = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert second.returncode == 1
        assert "is in use by process" in second.stderr.splitlines()[-1]
        worker = _owner_pid(app)
        assert worker is not None
    here = this_process()
    _until(lambda: is_gone(Owner(pid=worker, host=here.host, boot=here.boot)))
    with app.store.write() as session:
        add(session, function, [Sample(number=1, data="a leaf", label="green")])
    with _serving(app) as third:
        _until(_learned(app, function, _data_change(app, function)))
        third.send_signal(signal.SIGTERM)
        assert third.wait(PATIENCE) in {0, -signal.SIGTERM}
    _sound(app, function)
