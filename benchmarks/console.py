"""What the console asks of a server: answers while one types, deep pages of a grid, counting calls.

Typing: a signed-in browser sends each beginning of real texts, one after the other, to a real
server with the real text encoder; beside it the same beginnings are encoded in this process alone.
Grid: pages of 100 deep in a function of 200,000 samples, beside one query that joins what it
leaves out. Counting: CPU of what a call is counted by, beside the Prometheus counters.
"""

import csv
import hashlib
import io
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import insert, select

from benchmarks.over_http import checked, server, texts, until
from hotfit.answers import Prediction
from hotfit.functions import functions
from hotfit.local import Home
from hotfit.samples.listing import Filter, list_samples
from hotfit.serving.activity import Activity
from hotfit.serving.meters import Meters
from hotfit.store.sessions import Reading, Store
from hotfit.store.tables import annotations, origins, samples
from hotfit.types import Input, Output

TAUGHT = 2_000
TYPED = 30
LONGEST = 40
GRID = 200_000
PAGE = 100
CALLS = 100_000


def run() -> dict[str, Any]:
    """Measure all of it; milliseconds and microseconds."""
    with tempfile.TemporaryDirectory() as folder:
        typing = type_texts(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        grid = scroll(Path(folder))
    return {"benchmark": "console", "typing": typing, "grid": grid, "counting": count_calls()}


def type_texts(home: Path) -> dict[str, Any]:
    """Answers to each beginning of texts, as a page of the console asks for them."""
    rows = list(texts(TAUGHT + TYPED))
    typed = [text[:end] for text, _ in rows[TAUGHT:] for end in range(1, min(len(text), LONGEST))]
    with server(home) as client:
        sign_in(client)
        started = time.monotonic()
        made = checked(client.post("/v1/functions/from-file?name=typed", content=table(rows)))
        path = f"/v1/functions/{made.json()['id']}"
        until(lambda: client.get(f"{path}/versions").json() != [])
        first = time.monotonic() - started
        invoke = f"{path}/invoke?capture=false"
        checked(client.post(invoke, json={"data": "warm"}))
        until(lambda: not client.get(f"{path}/metrics").json()["isTraining"])
        asked = [taken(ask, client, invoke, text) for text in typed]
        ids = [
            one["id"] for one in client.get(f"{path}/samples?count=200&includeData=false").json()
        ]
        labelled = [taken(label, client, path, one) for one in ids]
    bare = Home.open()
    alone = [taken(bare.encode, [text]) for text in typed[:300]]
    return {
        "calls": len(typed),
        "file_to_first_version_seconds": round(first, 2),
        "answer_ms": spread(asked),
        "encoder_alone_ms": spread(alone[20:]),
        "label_and_next_ms": spread(labelled),
    }


def sign_in(client: httpx2.Client) -> None:
    """Let the client be a browser with a session instead of a program with a key."""
    word = client.headers.pop("Authorization").removeprefix("Bearer ")
    origin = str(client.base_url).rstrip("/")
    client.headers.update({"Origin": origin, "Hotfit-Console": "1"})
    checked(client.post("/connect/session", json={"key": word}))


def table(rows: Sequence[tuple[str, str]]) -> bytes:
    """Rows as a CSV file."""
    file = io.StringIO()
    csv.writer(file).writerows([("text", "label"), *rows[:TAUGHT]])
    return file.getvalue().encode()


def label(client: httpx2.Client, path: str, sample: str) -> None:
    """Label one sample and read another."""
    body = {"sampleIds": [sample], "labelName": "neutral"}
    checked(client.post(f"{path}/annotations", json=body))
    checked(client.get(f"{path}/samples?annotated=true&count=1"))


def ask(client: httpx2.Client, address: str, text: str) -> None:
    """One call."""
    checked(client.post(address, json={"data": text}))


def taken(work: Callable[..., Any], *arguments: Any) -> float:
    """Milliseconds that some work takes."""
    started = time.perf_counter()
    work(*arguments)
    return 1000 * (time.perf_counter() - started)


def spread(found: Sequence[float]) -> dict[str, float]:
    """The middle and the slow end of some times."""
    cuts = statistics.quantiles(found, n=100)
    return {"p50": round(cuts[49], 2), "p95": round(cuts[94], 2), "p99": round(cuts[98], 2)}


def scroll(folder: Path) -> dict[str, Any]:
    """Pages at growing depth, by CPU: other work on the machine does not count."""
    with Store.open(f"sqlite:///{folder / 'hotfit.db'}") as store:
        function = fill(store)
        with store.read() as session:
            depths = [int(share * GRID) for share in (0.0, 0.25, 0.5, 0.99)]
            ours = [cpu(page, session, function, at) for at in depths]
            naive = [cpu(joined, session, function, at) for at in depths]
    return {
        "samples": GRID,
        "page": PAGE,
        "depths": depths,
        "page_cpu_ms": [round(1000 * one, 2) for one in ours],
        "one_query_cpu_ms": [round(1000 * one, 2) for one in naive],
    }


def fill(store: Store, *, most: int = GRID) -> str:
    """A function of so many labelled texts."""
    with store.write() as session:
        function = functions.create(
            session, name="grid", input=Input.TEXT, output=Output.CLASSIFICATION
        ).id
        origin = session.scalar(
            insert(origins).values(function_id=function, name="import").returning(origins.c.id)
        )
        session.run_many(
            insert(samples), (row(function, origin, number) for number in range(1, most + 1))
        )
        said = {"value": '[["label_a",true]]', "author": "x", "created": "2026", "latest": True}
        session.run_many(
            insert(annotations), ({"sample_id": number, **said} for number in range(1, most + 1))
        )
    return function


def row(function: str, origin: int, number: int) -> dict[str, Any]:
    """One sample as it is kept."""
    text = json.dumps(f"message number {number} of some length, as people write them")
    return {
        "function_id": function,
        "origin_id": origin,
        "number": number,
        "data": text,
        "content_hash": hashlib.sha256(text.encode()).digest(),
        "seen": 1,
    }


def page(session: Reading, function: str, offset: int) -> None:
    """A page as the server reads it."""
    assert len(list_samples(session, function, Filter(), limit=PAGE, offset=offset)) == PAGE


def joined(session: Reading, function: str, offset: int) -> None:
    """The same page by one query."""
    query = (
        select(samples.c.id, samples.c.data, annotations.c.value, origins.c.name)
        .select_from(
            samples.outerjoin(
                annotations, (annotations.c.sample_id == samples.c.id) & annotations.c.latest
            ).join(origins, origins.c.id == samples.c.origin_id)
        )
        .where(samples.c.function_id == function)
        .order_by(samples.c.id.desc())
    )
    assert len(session.rows(query.limit(PAGE).offset(offset))) == PAGE


def cpu(work: Callable[..., Any], *arguments: Any, times: int = 3) -> float:
    """The least CPU seconds of some repeats."""
    found = []
    for _ in range(times):
        started = time.process_time()
        work(*arguments)
        found.append(time.process_time() - started)
    return min(found)


def count_calls() -> dict[str, float]:
    """Microseconds of CPU for counting one call."""
    activity, meters = Activity(time.time), Meters()
    answers = [Prediction(label="spam", confidence=0.93)]

    def ours() -> None:
        for _ in range(CALLS):
            activity.called("function_1", status=200, seconds=0.012)
            activity.answered("function_1", answers)

    def prometheus() -> None:
        for _ in range(CALLS):
            meters.called("function_1", status=200, seconds=0.012)

    each = 1e6 / CALLS
    return {
        "activity_us": round(each * cpu(ours), 2),
        "prometheus_us": round(each * cpu(prometheus), 2),
    }
