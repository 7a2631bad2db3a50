"""kill -9 at random moments of importing, learning and swapping, on a home that is used for real.

Each round writes over HTTP (single samples, a file, edits of labels), remembers what was
acknowledged, and at a random moment kills the server with all it started, or its worker alone. Then
every acknowledged write of the round is looked for, and the time is taken until the function
answers again. At the end the home is opened and its database checked.
`python -m benchmarks.kills [ROUNDS]`.
"""

import csv
import io
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.over_http import checked, create, fill, learned, ready, texts, until

ROUNDS = 300
START = 400
"""Samples before the first kill."""
LONGEST = 1.5
"""Seconds of writing before a kill, at most."""
FILE = 40
SERVERS = 3
"""One kill in so many takes the server, the others the worker."""

PROGRAM = (sys.executable, "-m", "hotfit")


@dataclass(kw_only=True)
class Written:
    """What the server acknowledged: labels by external identifier, and texts of files."""

    labels: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    change: int = 0

    def keep(self, answer: httpx2.Response) -> None:
        """Remember the change of an acknowledged write."""
        self.change = max(self.change, int(answer.headers["hotfit-change"]))


def run(*, rounds: int = ROUNDS, seed: int = 0) -> dict[str, Any]:
    """Kill `rounds` times; what was lost, and how long answers took to come back."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        with home.client:
            return trial(home, dice, rounds)


def trial(home: "Home", dice: random.Random, rounds: int) -> dict[str, Any]:
    """Kill, look for what was acknowledged, and go on."""
    home.start()
    words = list(texts(START))
    path = create(home.client, "killed")
    fill(home.client, path, words)
    lost = acknowledged = 0
    written = Written()
    back: dict[str, list[float]] = {"server": [], "worker": []}
    try:
        for turn in range(rounds):
            victim = "server" if turn % SERVERS == 0 else "worker"
            written = write_until(home, path, dice, kill=victim, turn=turn)
            began = time.monotonic()
            if victim == "server":
                home.start()
            until(lambda: answers(home.client, path))
            back[victim].append(time.monotonic() - began)
            lost += missing(home.client, path, written)
            acknowledged += len(written.labels) + len(written.texts)
            print(f"\r{turn + 1} kills, {lost} lost", end="", file=sys.stderr, flush=True)
        learned(home.client, path, written.change)
    finally:
        home.kill("server")
    doctor = subprocess.run([*PROGRAM, "doctor"], env=home.environment, check=False)
    return {
        "benchmark": "kills",
        "kills": rounds,
        "of_them_servers": len(back["server"]),
        "acknowledged_writes": acknowledged,
        "lost": lost,
        "home_is_sound": doctor.returncode == 0,
        "answers_again_seconds": {
            name: {"p50": round(statistics.median(times), 2), "most": round(max(times), 2)}
            for name, times in back.items()
            if times
        },
    }


class Home:
    """A folder, and the server that runs on it."""

    def __init__(self, folder: Path) -> None:
        self.environment = os.environ | {"HOTFIT_HOME": str(folder)}
        made = subprocess.run(
            [*PROGRAM, "keys", "create", "--json"],
            capture_output=True,
            env=self.environment,
            check=True,
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.client = httpx2.Client(
            base_url=f"http://127.0.0.1:{self._port}",
            headers={"Authorization": f"Bearer {json.loads(made.stdout)['secret']}"},
            timeout=30,
        )

    @property
    def pid(self) -> int:
        """The process number of the server."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start a server and wait until it is ready."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*PROGRAM, "serve", "--port", str(self._port)],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(lambda: ready(self.client))

    def kill(self, victim: str) -> None:
        """End the server with all it started, or its worker alone, at once."""
        assert self._process is not None
        if victim == "server":
            os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()
            return
        for worker in children(self.pid):
            os.kill(worker, signal.SIGKILL)


def children(parent: int) -> Sequence[int]:
    """The processes that one has started, as Linux tells."""
    found = Path(f"/proc/{parent}/task/{parent}/children")
    if found.exists() and found.read_text():
        return [int(each) for each in found.read_text().split()]
    told = subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, text=True, check=False)
    return [int(each) for each in told.stdout.split()]


def write_until(home: Home, path: str, dice: random.Random, *, kill: str, turn: int) -> Written:
    """Write until the moment of the kill; what was acknowledged."""
    written = Written()
    timer = threading.Timer(dice.uniform(0.0, LONGEST), home.kill, args=(kill,))
    timer.start()
    number = 0
    while timer.is_alive():
        number += 1
        try:
            write(home.client, path, written, dice, stamp=f"{turn}-{number}")
        except httpx2.HTTPError:
            time.sleep(0.01)
    timer.join()
    return written


def write(
    client: httpx2.Client, path: str, written: Written, dice: random.Random, *, stamp: str
) -> None:
    """One write of some kind; remembered once it is acknowledged."""
    label = dice.choice(("joy", "anger"))
    kind = dice.random()
    if kind < 0.1:
        rows = [(f"row {stamp} {place} of a file", label) for place in range(FILE)]
        out = io.StringIO()
        csv.writer(out).writerows([("text", "label"), *rows])
        form = {"Content-Type": "text/csv"}
        sent = checked(client.post(f"{path}/samples/import", content=out.getvalue(), headers=form))
        written.texts.update(text for text, _ in rows)
    elif kind < 0.4 and written.labels:
        name = dice.choice(list(written.labels))
        (sample,) = checked(client.get(f"{path}/samples", params={"externalId": name})).json()
        where = f"{path}/samples/{sample['id']}/annotation"
        del written.labels[name]  # until this is acknowledged, either label may stand
        sent = checked(client.put(where, json={"labelName": label}))
        written.labels[name] = label
    else:
        body = {
            "data": f"what {label} that was, {stamp}",
            "externalId": stamp,
            "annotation": {"labelName": label},
        }
        sent = checked(client.post(f"{path}/samples", json=body))
        written.labels[stamp] = label
    written.keep(sent)


def answers(client: httpx2.Client, path: str) -> bool:
    """Whether the function answers."""
    try:
        return client.post(f"{path}/invoke", json={"data": "so good"}).status_code == 200
    except httpx2.HTTPError:
        return False


def missing(client: httpx2.Client, path: str, written: Written) -> int:
    """How many acknowledged writes are not there."""
    names = {label["id"]: label["name"] for label in checked(client.get(f"{path}/labels")).json()}
    lost = 0
    for external, label in written.labels.items():
        found = checked(client.get(f"{path}/samples", params={"externalId": external})).json()
        held = found[0].get("annotation", {}).get("labelId", "") if found else ""
        lost += names.get(held) != label
    for text in written.texts:
        found = checked(client.get(f"{path}/samples", params={"searchText": text})).json()
        lost += not found
    return lost


if __name__ == "__main__":
    print(json.dumps(run(rounds=int(sys.argv[1]) if sys.argv[1:] else ROUNDS), indent=1))
