import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from hotfit.jobs.supervisor import Supervisor

ECHO = """
import os, sys
print('{"started": %d}' % os.getpid(), flush=True)
print("no message", flush=True)
for line in sys.stdin:
    print('{"hinted": true}', flush=True)
"""


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@pytest.fixture
def heard() -> list[dict[str, Any]]:
    return []


def _supervisor(program: str, heard: list[dict[str, Any]]) -> Supervisor:
    return Supervisor([sys.executable, "-c", program], heard.append, longest_pause=0.2)


def test_hints_reach_the_worker_and_its_messages_come_back(heard: list[dict[str, Any]]) -> None:
    supervisor = _supervisor(ECHO, heard)
    supervisor.start()
    _until(lambda: len(heard) == 1)
    supervisor.wake("function", 3)
    _until(lambda: {"hinted": True} in heard)
    assert heard[0] == {"started": supervisor.pid}
    supervisor.stop()
    assert supervisor.pid is None


def test_a_worker_that_dies_is_started_again(heard: list[dict[str, Any]]) -> None:
    supervisor = _supervisor("print('{}', flush=True); raise SystemExit(7)", heard)
    supervisor.start()
    _until(lambda: len(heard) >= 3)
    supervisor.stop()
    assert supervisor.starts >= 3
    assert not any(thread.is_alive() for thread in supervisor._threads)


def test_a_worker_that_does_not_listen_is_killed(
    heard: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotfit.jobs.supervisor.PATIENCE", 0.2)
    supervisor = _supervisor("import time; print('{}', flush=True); time.sleep(600)", heard)
    supervisor.start()
    _until(lambda: len(heard) == 1)
    supervisor.stop()
    assert supervisor.pid is None


def test_a_program_that_cannot_be_started_is_tried_until_told_to_stop(
    heard: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    supervisor = Supervisor(["/does/not/exist"], heard.append, longest_pause=0.05)
    supervisor.start()
    _until(lambda: caplog.text.count("the worker cannot be started") >= 3)
    supervisor.wake()
    supervisor.stop()
    assert heard == []
    assert supervisor.starts == 0
