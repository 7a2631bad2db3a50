"""A thousand functions on one server that keeps fifty in memory.

All are called once in random order, so that nearly every call finds its function cold, and then
fifty of them again and again. Beside the times stands what the server's processes hold in memory
after the first hundred calls and after all. `python -m benchmarks.many [FUNCTIONS]`.
"""

import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.kills import Home, children
from benchmarks.over_http import checked, texts
from hotfit import local

FUNCTIONS = 1_000
RESIDENT = 50
EARLY = 100
"""Calls after which memory is first looked at."""
AGAIN = 500


def run(*, functions: int = FUNCTIONS) -> dict[str, Any]:
    """Milliseconds of calls that find a function cold or warm, and megabytes held."""
    dice = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        register(Path(folder), functions)
        made = time.monotonic() - began
        os.environ["HOTFIT_RESIDENT_VERSIONS"] = str(RESIDENT)
        home = Home(Path(folder))
        home.start()
        try:
            names = [each["id"] for each in listed(home)]
            order = dice.sample(names, len(names))
            cold = [call(home, name) for name in order[:EARLY]]
            early = held(home)
            cold += [call(home, name) for name in order[EARLY:]]
            late = held(home)
            few = order[-RESIDENT // 2 :]
            warm = [call(home, dice.choice(few)) for _ in range(AGAIN)]
        finally:
            home.kill("server")
    return {
        "benchmark": "many",
        "functions": len(names),
        "resident": RESIDENT,
        "made_seconds": round(made, 1),
        "cold_ms": spread(cold),
        "warm_ms": spread(warm),
        "megabytes_after_100": early,
        "megabytes_after_all": late,
    }


def register(folder: Path, functions: int) -> None:
    """Fit small functions of real texts, all different, in one home."""
    rows = list(texts(2_000))
    home = local.Home.open(folder)
    for number in range(functions):
        dice = random.Random(number)
        labels = [f"{name} {number}" for name in ("yes", "no")]
        some = [(text, labels[place % 2]) for place, (text, _) in enumerate(dice.sample(rows, 24))]
        examples = [{"text": text, "label": label} for text, label in some]
        home.fit(examples, name=f"function {number}", tuned=False)
    home.app.store.close()


def listed(home: Home) -> Sequence[dict[str, Any]]:
    """Every function of the server, page by page."""
    found: list[dict[str, Any]] = []
    where = "/v1/functions?count=200"
    while where:
        page = checked(home.client.get(where))
        found += page.json()
        where = page.links.get("next", {}).get("url", "")
    return found


def call(home: Home, name: str) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    checked(home.client.post(f"/v1/functions/{name}/invoke", json={"data": "so good"}))
    return 1000 * (time.perf_counter() - began)


def held(home: Home) -> float:
    """Megabytes that the server and its worker hold, as Linux tells."""
    server = home.pid
    pages = [
        int(Path(f"/proc/{process}/statm").read_text().split()[1])
        for process in (server, *children(server))
    ]
    return round(sum(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def spread(times: Sequence[float]) -> dict[str, float]:
    """The middle, the tail and the worst, in milliseconds."""
    return {
        "p50": round(statistics.median(times), 1),
        "p99": round(float(np.percentile(times, 99)), 1),
        "most": round(max(times), 1),
    }


if __name__ == "__main__":
    print(json.dumps(run(functions=int(sys.argv[1]) if sys.argv[1:] else FUNCTIONS), indent=1))
