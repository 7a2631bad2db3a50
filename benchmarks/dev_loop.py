"""`hotfit dev` from outside: from a file's change to the first answer that has learned it.

A folder of 10,000 real texts in 77 classes is watched by the real program. A label is edited, or a
row added, by writing the file anew; a caller asks over HTTP until an answer comes from the version
that has learned it. Cold starts are of a folder of 1,000 rows whose vectors are cached.

Beside the time on the clock stands the time that processors spent in the program, which a busy
machine does not stretch. The rival is the loop that one writes by hand: read the file and the
cached vectors, and fit scikit-learn's logistic regression anew.
"""

import contextlib
import csv
import gzip
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from benchmarks.pools import DATA, WEIGHTS
from hotfit import encoders

NAME = "banking77"
ROWS, SMALL = 10_000, 1_000
EDITS, ADDED, STARTS = 100, 30, 7
PAUSE = 0.01
"""Seconds between two calls of the caller, so that asking does not hold up what is asked for."""

NICE = -5
"""Asked for where the system lets it be had: the machine may be busy with something else."""

TOML = """\
[function]
name = "loop"
input = "Text"
output = "Classification"
target = "label"
inputs = ["text"]
"""

Row = list[str]


def run(*, edits: int = EDITS, added: int = ADDED, starts: int = STARTS) -> dict[str, Any]:
    """Milliseconds from the change to the answer, and of processors; p50 and p99."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, NICE)
    rows = read_rows()[:ROWS]
    shown = random.Random(0)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "loop"
        write_folder(folder, rows)
        with watched(folder) as dev:
            label = summed([one_edit(dev, folder, rows, shown) for _ in range(edits)][1:])
            row = summed([one_row(dev, folder, rows, shown) for _ in range(added)][1:])
        small = Path(place) / "small"
        write_folder(small, rows[:SMALL])
        with watched(small):
            pass
        cold = summed([one_start(small) for _ in range(starts)])
    return {
        "benchmark": "dev_loop",
        "rows": ROWS,
        "labels": len({row[1] for row in rows[:ROWS]}),
        "nice": os.getpriority(os.PRIO_PROCESS, 0),
        "label_edit_ms": label,
        "row_added_ms": row,
        "cold_start_of_1000_ms": cold,
        "refit_by_hand_ms": by_hand(rows[:ROWS]),
        "targets_ms": {
            "label_edit": {"p50": 150, "p99": 500},
            "row_added": {"p50": 250},
            "cold_start_of_1000": 2000,
        },
    }


def read_rows() -> list[Row]:
    """Distinct texts with their labels, in an order of chance that is always the same."""
    with gzip.open(DATA / f"{NAME}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        found = {row["text"]: row["label"] for row in csv.DictReader(file)}
    rows = [[text, label] for text, label in found.items()]
    random.Random(7).shuffle(rows)
    return rows


def write_folder(folder: Path, rows: Sequence[Row]) -> None:
    """A folder with these rows."""
    (folder / "data").mkdir(parents=True)
    (folder / "hotfit.toml").write_text(TOML)
    write_rows(folder, rows)


def write_rows(folder: Path, rows: Sequence[Row]) -> None:
    """The rows written as editors write: another file takes the place of the one that is there."""
    part = folder / "data" / ".rows.csv.part"
    with part.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["text", "label"], *rows])
    part.replace(folder / "data" / "rows.csv")


class Dev:
    """A running `hotfit dev`, and a caller of it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.address = urlsplit(self.event("serving")["invoke"])
        self.caller = http.client.HTTPConnection(self.address.netloc)

    def event(self, kind: str) -> dict[str, Any]:
        """The next event of this kind."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told: dict[str, Any] = json.loads(line)
            if told["event"] == kind:
                return told
        raise RuntimeError("the program ended")

    def ask(self) -> str | None:
        """The version that answers; None where none does yet."""
        body = json.dumps({"data": "where is my card"})
        headers = {"Content-Type": "application/json"}
        self.caller.request("POST", self.address.path, body=body, headers=headers)
        response = self.caller.getresponse()
        response.read()
        return response.getheader("Hotfit-Version") if response.status == 200 else None

    def until_another(self, version: str | None) -> str:
        """Ask until another version than this one answers."""
        while (found := self.ask()) in {version, None}:
            time.sleep(PAUSE)
        assert found is not None
        return found

    def spent(self) -> float:
        """Milliseconds that processors have spent in the program."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def watched(folder: Path, *, ready: bool = True) -> Iterator[Dev]:
    """`hotfit dev` on a folder, once it is ready."""
    command = [sys.executable, "-m", "hotfit", "dev", str(folder), "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            dev = Dev(process)
            if ready:
                dev.event("ready")
            yield dev
        finally:
            process.terminate()


def one_edit(dev: Dev, folder: Path, rows: list[Row], chance: random.Random) -> dict[str, float]:
    """Give one row another label."""
    at = chance.randrange(len(rows))
    rows[at][1] = chance.choice(sorted({row[1] for row in rows} - {rows[at][1]}))
    return one_save(dev, folder, rows)


def one_row(dev: Dev, folder: Path, rows: list[Row], chance: random.Random) -> dict[str, float]:
    """Add one row that was never there, behind all others."""
    text, label = chance.choice(rows)
    rows.append([f"{text} {chance.randrange(10**9)}", label])
    return one_save(dev, folder, rows)


def one_save(dev: Dev, folder: Path, rows: Sequence[Row]) -> dict[str, float]:
    """Save, and ask until what was saved answers."""
    before, spent = dev.ask(), dev.spent()
    write_rows(folder, rows)
    began = time.perf_counter()
    dev.until_another(before)
    live = (time.perf_counter() - began) * 1e3
    told = dev.event("learned")
    return {
        "live": live,
        "processors": dev.spent() - spent,
        "learned": told["seconds"]["learned"] * 1e3,
    }


def one_start(folder: Path) -> dict[str, float]:
    """Start the program on a folder whose vectors are cached, without a version that answers."""
    began = time.perf_counter()
    with watched(folder, ready=False) as dev:
        dev.until_another(None)
        answered = (time.perf_counter() - began) * 1e3
        dev.event("ready")
        ready = (time.perf_counter() - began) * 1e3
    return {"live": answered, "ready": ready}


def by_hand(rows: Sequence[Row]) -> float:
    """Milliseconds of the hand-written loop, its imports and its vectors already there."""
    from sklearn.linear_model import LogisticRegression

    encoder = encoders.open("minilm-l6.v1", cache=WEIGHTS)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_folder(folder, rows)
        np.save(folder / "vectors.npy", encoder.encode([text for text, _ in rows]))
        began = time.perf_counter()
        with (folder / "data" / "rows.csv").open(newline="", encoding="utf-8") as file:
            labels = [row["label"] for row in csv.DictReader(file)]
        vectors = np.load(folder / "vectors.npy")
        LogisticRegression(C=10, max_iter=1000).fit(vectors, labels).predict(vectors[:1])
        return round((time.perf_counter() - began) * 1e3, 1)


def summed(each: Sequence[dict[str, float]]) -> dict[str, Any]:
    """p50, p90 and p99 of the time to the answer, and the median of the rest."""
    live = [one["live"] for one in each]
    told: dict[str, Any] = {f"p{q}": round(float(np.percentile(live, q)), 1) for q in (50, 90, 99)}
    for name in sorted(set(each[0]) - {"live"}):
        told[f"{name}_p50"] = round(float(np.median([one[name] for one in each])), 1)
    return told | {"times": len(each)}


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=1)
