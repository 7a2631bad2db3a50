import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hotfit.store.locks import (
    Gate,
    GateClosed,
    HomeLock,
    HomeTaken,
    Owner,
    is_gone,
    this_process,
)

HOLD = """
import sys, time
from pathlib import Path
from hotfit.store.locks import HomeLock
HomeLock(Path(sys.argv[1])).claim()
print("held", flush=True)
time.sleep(600)
"""


def _holder(home: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLD, str(home)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_owner_is_refused_and_told_who_is_first(tmp_path: Path) -> None:
    with HomeLock(tmp_path / "home"), pytest.raises(HomeTaken, match=f"process {os.getpid()} on"):
        HomeLock(tmp_path / "home").claim()


def test_a_released_home_is_free(tmp_path: Path) -> None:
    with HomeLock(tmp_path):
        pass
    lock = HomeLock(tmp_path).claim()
    assert lock.previous is None
    lock.release()
    lock.release()


def test_the_home_of_a_killed_owner_is_taken_over(tmp_path: Path) -> None:
    process = _holder(tmp_path)
    with pytest.raises(HomeTaken, match=f"process {process.pid} on"):
        HomeLock(tmp_path).claim()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with HomeLock(tmp_path) as lock:
        assert lock.previous is not None
        assert lock.previous.pid == process.pid


def test_an_unreadable_owner_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "owner.lock").write_text("[1, 2")
    with HomeLock(tmp_path) as lock:
        assert lock.previous is None


def test_a_gate_lets_one_in_at_a_time(tmp_path: Path) -> None:
    one, two = Gate(tmp_path / "gate"), Gate(tmp_path / "gate", wait=0.01)
    with one, pytest.raises(GateClosed), two:
        pass
    with two, pytest.raises(GateClosed), Gate(tmp_path / "gate", wait=0):
        pass
    one.close()
    two.close()


def test_only_a_process_that_has_certainly_ended_is_gone() -> None:
    here = this_process()
    assert not is_gone(here)
    child = subprocess.Popen([sys.executable, "-c", "pass"], stdout=subprocess.DEVNULL)
    ended = Owner(pid=child.pid, host=here.host, boot=here.boot)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # a zombie until it is waited for
    assert is_gone(ended)
    child.wait()
    assert is_gone(ended)
    assert not is_gone(Owner(pid=child.pid, host="elsewhere", boot=here.boot))
    assert is_gone(Owner(pid=here.pid, host=here.host, boot="before the restart"))
