"""A folder's own code that goes on for ever is ended with its line, and nothing after it is."""

import threading
from pathlib import Path

import pytest

from hotfit.folders import python
from hotfit.folders.python import BadPython, own_code, run_python

LOOPS = {
    "plainly": "def call():\n    while True:\n        pass\n",
    "catching": (
        "def call():\n    while True:\n        try:\n            1 / 0\n"
        "        except Exception:\n            pass\n"
    ),
}


@pytest.mark.parametrize("how", LOOPS)
def test_code_that_loops_is_ended_with_its_line(tmp_path: Path, how: str) -> None:
    file = tmp_path / "prepare.py"
    file.write_text(LOOPS[how])
    call = run_python(file)["call"]
    with (
        pytest.raises(BadPython, match=r"prepare\.py, line \d: it failed \(it went on for more"),
        own_code(file, "it failed", seconds=0.05),
    ):
        call()


def test_a_file_that_loops_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python, "FILE_SECONDS", 0.05)
    file = tmp_path / "prepare.py"
    file.write_text("while True:\n    pass\n")
    with pytest.raises(BadPython, match="let it end sooner"):
        run_python(file)


def test_what_ends_just_in_time_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "prepare.py"
    ended = 0
    for _ in range(40):
        try:
            with own_code(file, "it failed", seconds=0.0):
                sum(range(30_000))
        except BadPython:
            ended += 1
    assert sum(range(100_000)) == 4_999_950_000  # nothing is raised here
    assert 0 <= ended <= 40


def _loop() -> None:
    while True:
        pass


def test_only_the_thread_that_is_late_is_ended(tmp_path: Path) -> None:
    file = tmp_path / "prepare.py"
    stop, told = threading.Event(), []

    def other() -> None:
        with own_code(file, "it failed", seconds=600):
            stop.wait(300)
        told.append("ended by itself")

    thread = threading.Thread(target=other)
    thread.start()
    with pytest.raises(BadPython), own_code(file, "it failed", seconds=0.05):
        _loop()
    stop.set()
    thread.join()
    assert told == ["ended by itself"]
