"""Runs the real program in a process of its own, without weights."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a run of the program left."""

    status: int
    out: str
    err: str

    def json(self) -> Any:
        """The one JSON object it printed."""
        (line,) = self.out.splitlines()
        return json.loads(line)

    def json_lines(self) -> list[Any]:
        """The JSON objects it printed."""
        return [json.loads(line) for line in self.out.splitlines()]


Program = Callable[..., Result]


@pytest.fixture
def hotfit(tmp_path: Path) -> Program:
    """Run `hotfit ARGS...` in `tmp_path`; `stdin` is its standard input."""
    environment = os.environ | {"HOTFIT_HOME": str(tmp_path / "home")}
    environment["HOTFIT_TEXT_ENCODER"] = "fake.v1"

    def run(*arguments: str, stdin: str | bytes = b"") -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "hotfit", *arguments],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=tmp_path,
            env=environment,
            timeout=600,
            check=False,
        )
        return Result(status=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())

    return run
