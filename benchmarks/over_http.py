"""What learning costs over HTTP, against a real server with the real text encoder, on loopback.

A label edit and a new text are timed from the request to the first answer that has learned them,
at 20,000 samples, while 8 callers invoke all the time; the same without callers stands beside.
A file of 1,000 texts, and the same by single posts, are timed until an answer has learned all.
Callers share the machine's cores with the server and its worker.
"""

import csv
import gzip
import io
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import numpy as np

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SAMPLES = 20_000
CALLERS = 8
EDITS = 60
NEW = 40
POSTED = 1_000
POSTERS = 10
SECONDS = 240

Row = tuple[str, str]


def run(*, samples: int = SAMPLES) -> dict[str, Any]:
    """Measure edits, new texts, a file and posts; milliseconds and seconds."""
    rows = list(texts(samples + 2 * POSTED))
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as client:
        many = create(client, "many")
        filled = fill(client, many, rows[:samples])
        alone = edits(client, many)
        with callers(client, many, rows):
            beside = edits(client, many)
            added = additions(client, many)
        by_file = fill(client, create(client, "file"), rows[samples : samples + POSTED])
        by_posts = posts(client, create(client, "posts"), rows[samples + POSTED :])
    return {
        "benchmark": "over_http",
        "samples": samples,
        "filled_seconds": filled,
        "label_edit_ms": alone,
        "callers": CALLERS,
        "label_edit_beside_callers_ms": beside,
        "new_text_beside_callers_ms": added,
        "file_of_1000_seconds": by_file,
        "posts_of_1000": by_posts,
    }


def texts(n: int) -> Iterator[Row]:
    """The first n distinct texts of go_emotions with their first label."""
    seen: set[str] = set()
    with gzip.open(DATA / "go_emotions.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            text = row["text"].strip()
            if text and text not in seen:
                seen.add(text)
                yield text, row["labels"].split("|")[0]
            if len(seen) == n:
                return


@contextmanager
def server(home: Path) -> Iterator[httpx2.Client]:
    """Run `hotfit serve` on a home of its own; the client carries its key."""
    environment = os.environ | {"HOTFIT_HOME": str(home)}
    program = [sys.executable, "-m", "hotfit"]
    made = subprocess.run(
        [*program, "keys", "create", "--json"], capture_output=True, env=environment, check=True
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (home / "server.log").open("wb")
    process = subprocess.Popen(
        [*program, "serve", "--port", str(port)], env=environment, stdout=log, stderr=log
    )
    try:
        with httpx2.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {json.loads(made.stdout)['secret']}"},
            timeout=60,
        ) as client:
            until(lambda: ready(client))
            yield client
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def ready(client: httpx2.Client) -> bool:
    """Whether the server answers."""
    try:
        return client.get("/readyz").status_code == 200
    except httpx2.HTTPError:
        return False


def until(true: Callable[[], bool]) -> None:
    """Wait for something to be true; give up after a while."""
    end = time.monotonic() + SECONDS
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {SECONDS} s")
        time.sleep(0.05)


def create(client: httpx2.Client, name: str) -> str:
    """Make a function; return its path."""
    made = checked(
        client.post(
            "/v1/functions", json={"name": name, "input": "Text", "output": "Classification"}
        )
    )
    return f"/v1/functions/{made.json()['id']}"


def checked(answer: httpx2.Response) -> httpx2.Response:
    """Return the answer; raise where it is no 200."""
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code}: {answer.text[:300]}")
    return answer


def learned(client: httpx2.Client, path: str, change: int) -> None:
    """Ask until the answer has learned `change`."""
    while True:
        answer = client.post(f"{path}/invoke", params={"wait": change}, json={"data": "so good"})
        through = answer.headers.get("hotfit-trained-through", "0")
        if answer.status_code == 200 and through.isdigit() and int(through) >= change:
            return
        time.sleep(0.01)


def fill(client: httpx2.Client, path: str, rows: list[Row]) -> dict[str, float]:
    """Import rows as a file; seconds until any version answers, and until all is learned."""
    out = io.StringIO()
    csv.writer(out).writerows([("text", "label"), *rows])
    start = time.monotonic()
    sent = checked(
        client.post(
            f"{path}/samples/import",
            content=out.getvalue().encode(),
            headers={"Content-Type": "text/csv"},
        )
    )
    first: list[float] = []

    def answers() -> bool:
        answer = client.post(f"{path}/invoke", json={"data": "so good"})
        return answer.headers.get("hotfit-version", "").startswith("version_")

    until(answers)
    first.append(time.monotonic() - start)
    learned(client, path, int(sent.headers["hotfit-change"]))
    return {"first_model": round(first[0], 2), "all": round(time.monotonic() - start, 2)}


def edits(client: httpx2.Client, path: str) -> dict[str, float]:
    """Time label edits from the request to the first answer that has learned them."""
    dice = random.Random(0)
    labels = [label["id"] for label in checked(client.get(f"{path}/labels")).json()]
    chosen = checked(client.get(f"{path}/samples", params={"count": 200})).json()
    times = []
    for _ in range(EDITS):
        sample, label = dice.choice(chosen)["id"], dice.choice(labels)
        start = time.perf_counter()
        done = checked(client.put(f"{path}/samples/{sample}/annotation", json={"labelId": label}))
        learned(client, path, int(done.headers["hotfit-change"]))
        times.append(1000 * (time.perf_counter() - start))
    return spread(times)


def additions(client: httpx2.Client, path: str) -> dict[str, float]:
    """Time new texts from the request to the first answer that has learned them."""
    times = []
    for turn in range(NEW):
        start = time.perf_counter()
        body = {"data": f"what a day number {turn} was", "annotation": {"labelName": "joy"}}
        done = checked(client.post(f"{path}/samples", json=body))
        learned(client, path, int(done.headers["hotfit-change"]))
        times.append(1000 * (time.perf_counter() - start))
    return spread(times)


def posts(client: httpx2.Client, path: str, rows: list[Row]) -> dict[str, float]:
    """Post rows one by one from 10 threads; seconds they took, and until learned after the last."""
    start = time.monotonic()

    def post(row: Row) -> int:
        body = {"data": row[0], "annotation": {"labelName": row[1]}}
        return int(checked(client.post(f"{path}/samples", json=body)).headers["hotfit-change"])

    with ThreadPoolExecutor(POSTERS) as pool:
        change = max(pool.map(post, rows))
    posted = time.monotonic()
    learned(client, path, change)
    return {
        "posting_seconds": round(posted - start, 2),
        "learned_after_last_seconds": round(time.monotonic() - posted, 2),
    }


@contextmanager
def callers(client: httpx2.Client, path: str, rows: list[Row]) -> Iterator[None]:
    """Invoke from 8 threads all the while."""
    stop = threading.Event()

    def call(seed: int) -> None:
        dice = random.Random(seed)
        while not stop.is_set():
            client.post(f"{path}/invoke", json={"data": dice.choice(rows)[0]})

    with ThreadPoolExecutor(CALLERS) as pool:
        for seed in range(CALLERS):
            pool.submit(call, seed)
        try:
            yield
        finally:
            stop.set()


def spread(times: list[float]) -> dict[str, float]:
    """The middle and the tail, in milliseconds."""
    return {
        "p50": round(statistics.median(times), 1),
        "p99": round(float(np.percentile(times, 99)), 1),
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
