"""kill -9 at any moment of a fit leaves a home that opens, with all of an import or none of it."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hotfit.errors import Refusal
from hotfit.functions.functions import FunctionUnknown
from hotfit.local import Home
from tests.local.messages import GREETINGS, NAMES, PARTINGS, said, write_csv

ROUNDS = 8
ROWS = 4_000


@pytest.mark.journey
def test_a_killed_fit_leaves_a_home_that_opens(tmp_path: Path, home: Home) -> None:
    source = write_csv(
        tmp_path / "chat.csv",
        [
            (f"{opening} dear {name} number {n}", label)
            for n in range(ROWS // 80)
            for label, openings in (("greeting", GREETINGS), ("parting", PARTINGS))
            for opening in openings
            for name in NAMES
        ],
        ["text", "label"],
    )
    whole = _seconds_of_a_whole_fit(source)
    dice = random.Random(5)
    for _ in range(ROUNDS):
        _kill_a_fit(source, after=dice.uniform(0.1, 1.1) * whole)
        _check(home)
    function = Home.open().fit(str(source))
    assert function.report()["samples"] == ROWS
    assert said(function("hello dear captain")) == "greeting"


def _command(source: Path) -> list[str]:
    return [sys.executable, "-m", "hotfit", "fit", str(source)]


def _seconds_of_a_whole_fit(source: Path) -> float:
    start = time.monotonic()
    environment = os.environ | {"HOTFIT_HOME": str(source.parent / "other")}
    subprocess.run(_command(source), check=True, capture_output=True, env=environment)
    return time.monotonic() - start


def _kill_a_fit(source: Path, *, after: float) -> None:
    process = subprocess.Popen(
        _command(source), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _check(home: Home) -> None:
    """Everything of the import is there or nothing is; a live version answers."""
    fresh = Home.open(home.app.settings.home)
    try:
        function = fresh.load("chat")
    except FunctionUnknown:
        return
    assert function.report()["samples"] == ROWS
    if function.report()["version"] is None:
        with pytest.raises(Refusal):
            function("hello dear captain")
    else:
        assert said(function("hello dear captain")) == "greeting"
