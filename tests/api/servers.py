"""A real server in a process of its own, as `hotfit serve` starts it."""

import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

PORT = 5000
"""The official client works with no other port, so each server has an address of its own."""

SECONDS = 180.0
"""How long what must happen may take where the machine is busy with other things."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where a server listens, and the first key of its home."""

    url: str
    key: str
    secret: str
    process: "subprocess.Popen[str]"
    log: Path


@contextmanager
def serving(home: Path, **settings: str) -> Iterator[Server]:
    """A server on a new home, stopped as an operator stops it."""
    host = ".".join(["127", *(str(secrets.randbelow(253) + 1) for _ in range(3))])
    command = [sys.executable, "-m", "hotfit", "serve", "--home", str(home), "--host", host]
    log = home.with_name(home.name + ".log")
    environment = {"HOTFIT_TEXT_ENCODER": "fake.v1", "HOTFIT_OFFLINE": "1", **settings}
    with log.open("w") as file:
        process = subprocess.Popen(
            [*command, "--port", str(PORT)],
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            env={**os.environ, **environment},
        )
    url = f"http://{host}:{PORT}"
    try:
        assert process.stdout is not None
        with process.stdout:
            told = process.stdout.read() if process.poll() is not None else _greeting(process)
            found = dict(re.findall(r"^(id|secret)\s+(\S+)$", told, re.MULTILINE))
            _wait(process, url, log)
            secret = found["secret"]
            yield Server(url=url, key=found["id"], secret=secret, process=process, log=log)
            process.send_signal(signal.SIGTERM)
            assert process.wait(SECONDS) in {0, -signal.SIGTERM}, log.read_text()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _greeting(process: "subprocess.Popen[str]") -> str:
    """What is printed up to the secret."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("secret"):
            break
    return "".join(lines)


def _wait(process: "subprocess.Popen[str]", url: str, log: Path) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            if httpx2.get(f"{url}/readyz").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())
