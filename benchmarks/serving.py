"""Calls over HTTP beside the same work called directly, in one run on one machine.

A server runs in a process of its own, on the loopback. Direct means tokenise, encode and head in
this process, one text at a time or 32 together. Rounds alternate, so that a busy machine slows
both; a ratio is the median of the rounds' ratios. The callers share the machine's cores with the
server, so what they cost counts against it. While callers go on, versions are published one after
the other; every answer must name one at least as new as that caller has seen.
"""

import asyncio
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import uvicorn
from fastapi import FastAPI, Request

from benchmarks.encode_text import SHARED, banking77
from hotfit.api import health, invoke
from hotfit.api.app import create_app
from hotfit.api.parts import Parts
from hotfit.api.predictions import Computed
from hotfit.app import App
from hotfit.functions import functions, versions
from hotfit.functions.access import Identity, Role
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.versions import Candidate
from hotfit.local.home import Home
from hotfit.serving.serving import Serving
from hotfit.settings import Settings
from hotfit.store.artifacts import unpack

NAME = "banking77"
SAMPLES = 800
CALLERS = 32
ROUNDS = 5
SINGLE_CALLS = 60
MANY_CALLS = 512
SWAPS = 100


def run(*, swaps: int = SWAPS) -> dict[str, Any]:
    """Measure single calls, many callers and swaps under load; return the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home.open(folder)
        home.fit(_some(SAMPLES), name=NAME, tuned=False)
        texts = banking77(MANY_CALLS)
        port = _free_port()
        command = [sys.executable, "-m", "benchmarks.serving", "--serve", folder, str(port)]
        with subprocess.Popen(command, cwd=Path(__file__).parents[1]) as server:
            try:
                return asyncio.run(_measure(home, port, texts, swaps))
            finally:
                server.terminate()


def _some(count: int) -> list[dict[str, Any]]:
    """Rows of a real set, spread over all its labels."""
    rows = [row for _, row in zip(range(10_000), _rows(), strict=False)]
    order = np.random.default_rng(0).permutation(len(rows))[:count]
    return [rows[index] for index in order]


def _rows() -> list[dict[str, Any]]:
    import csv
    import gzip

    with gzip.open(SHARED / "banking77.csv.gz", "rt", encoding="utf-8") as lines:
        return [{"text": row["text"], "label": row["label"]} for row in csv.DictReader(lines)]


async def _measure(home: Home, port: int, texts: Sequence[str], swaps: int) -> dict[str, Any]:
    await _answering(port)
    direct = _trained(home)
    direct.answer(texts[:64])
    result: dict[str, Any] = {"benchmark": "serving", "callers": CALLERS}
    result |= await _single(direct, port, texts)
    result |= await _many(direct, port, texts)
    result |= await _swaps(home, port, texts, swaps)
    return result


async def _single(direct: TrainedFunction, port: int, texts: Sequence[str]) -> dict[str, Any]:
    ratios, plain, served = [], [], []
    async with _connection(port) as ask:
        for _ in range(ROUNDS):
            alone, over = [], []
            for text in texts[:SINGLE_CALLS]:
                started = time.perf_counter()
                direct.answer([text])
                between = time.perf_counter()
                await ask(text)
                alone.append(between - started)
                over.append(time.perf_counter() - between)
            plain.append(statistics.median(alone))
            served.append(statistics.median(over))
            ratios.append(served[-1] / plain[-1])
    return {
        "single_direct_ms": round(1000 * statistics.median(plain), 2),
        "single_served_ms": round(1000 * statistics.median(served), 2),
        "single_ratio": round(statistics.median(ratios), 3),
        "single_ratios": [round(ratio, 3) for ratio in ratios],
    }


async def _many(direct: TrainedFunction, port: int, texts: Sequence[str]) -> dict[str, Any]:
    ratios, plain, served, waits = [], [], [], []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for start in range(0, len(texts), CALLERS):
            direct.answer(texts[start : start + CALLERS])
        between = time.perf_counter()
        seconds = await _callers(port, texts)
        over = time.perf_counter() - between
        plain.append(len(texts) / (between - started))
        served.append(len(texts) / over)
        ratios.append(served[-1] / plain[-1])
        waits += seconds
    return {
        "many_direct_per_second": round(statistics.median(plain), 1),
        "many_served_per_second": round(statistics.median(served), 1),
        "many_ratio": round(statistics.median(ratios), 3),
        "many_ratios": [round(ratio, 3) for ratio in ratios],
        "many_p50_ms": round(1000 * float(np.percentile(waits, 50)), 1),
        "many_p99_ms": round(1000 * float(np.percentile(waits, 99)), 1),
        "many_p99_over_p50": round(float(np.percentile(waits, 99) / np.percentile(waits, 50)), 2),
    }


async def _callers(port: int, texts: Sequence[str]) -> list[float]:
    """Let 32 callers ask all texts; the seconds each call took."""
    left = iter(texts)
    waits: list[float] = []

    async def caller() -> None:
        async with _connection(port) as ask:
            for text in left:
                started = time.perf_counter()
                status, _ = await ask(text)
                assert status == 200, status
                waits.append(time.perf_counter() - started)

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return waits


async def _swaps(home: Home, port: int, texts: Sequence[str], swaps: int) -> dict[str, Any]:
    """Publish one version after the other while eight callers ask."""
    order = {_live(home).id: 0}
    stop = asyncio.Event()
    failed, backwards, calls = 0, 0, 0
    newest = 0

    async def caller(number: int) -> None:
        nonlocal failed, backwards, calls, newest
        seen = 0
        async with _connection(port) as ask:
            while not stop.is_set():
                number += 1
                status, version = await ask(texts[number % len(texts)])
                calls += 1
                failed += status != 200
                now = order.get(version, seen)
                backwards += now < seen
                seen = max(seen, now)
                newest = max(newest, seen)

    callers = [asyncio.create_task(caller(number * 50)) for number in range(8)]
    delays = []
    for number in range(1, swaps + 1):
        started = time.perf_counter()
        await asyncio.to_thread(_publish_again, home, order)
        published = time.perf_counter()
        while newest < number and time.perf_counter() < started + 10:
            await asyncio.sleep(0.001)
        delays.append(time.perf_counter() - published)
    stop.set()
    await asyncio.gather(*callers)
    return {
        "swaps": len(delays),
        "swap_calls": calls,
        "swap_failed": failed,
        "swap_backwards": backwards,
        "swap_last_seen": newest,
        "swap_to_answer_p50_ms": round(1000 * float(np.percentile(delays, 50)), 1),
        "swap_to_answer_p99_ms": round(1000 * float(np.percentile(delays, 99)), 1),
    }


def _publish_again(home: Home, order: dict[str, int]) -> None:
    """Publish the live version once more, as a training run would."""
    live = _live(home)
    fields = {name: getattr(live, name) for name in Candidate.__dataclass_fields__}
    with home.app.store.write() as session:
        function = functions.get(session, NAME)
        made = versions.publish(session, function.id, Candidate(**fields))
        order[made.id] = len(order)


def _live(home: Home) -> versions.Version:
    with home.app.store.read() as session:
        found = versions.live_version(session, functions.get(session, NAME).id)
    assert found is not None
    return found


def _trained(home: Home) -> TrainedFunction:
    state = unpack(home.app.blobs.get(_live(home).artifact))
    return TrainedFunction.load(state, open_encoder=home.app.open_encoder)


@asynccontextmanager
async def _connection(port: int) -> AsyncIterator[Any]:
    """A call on a connection that is kept open: the status and the version that answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def ask(text: str) -> tuple[int, str]:
        content = json.dumps({"data": text}).encode()
        head = (
            f"POST /v1/functions/{NAME}/invoke HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        writer.write(head.encode() + content)
        received = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        headers = dict(line.split(": ", 1) for line in received.split("\r\n")[1:] if line)
        await reader.readexactly(int(headers["content-length"]))
        return int(received.split(" ", 2)[1]), headers.get("hotfit-version", "")

    try:
        yield ask
    finally:
        writer.close()


async def _answering(port: int) -> None:
    """Wait until the server has answered."""
    for _ in range(300):
        try:
            async with _connection(port) as ask:
                await ask("a first call")
                return
        except OSError:
            await asyncio.sleep(0.1)
    raise TimeoutError("the server did not start")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def serve(folder: str, port: int) -> None:
    """Serve the home in `folder` to anybody on this machine, for this benchmark alone."""
    app = App(Settings(home=Path(folder)))
    serving = Serving(
        store=app.store,
        blobs=app.blobs,
        open_encoder=app.open_encoder,
        encoders=app.encoders,
    )

    async def anybody(_request: Request) -> Identity:
        return Identity(name="anybody", role=Role.INVOKE)

    def trained(version: versions.Version) -> TrainedFunction:
        state = unpack(app.blobs.get(version.artifact))
        return TrainedFunction.load(state, open_encoder=app.open_encoder)

    parts = Parts(
        store=app.store,
        blobs=app.blobs,
        authenticate=anybody,
        predictions=Computed(trained, app.store),
        extras={"serving": serving},
    )
    api = create_app(parts, routers=(invoke.router,), root=(health.router,))
    asyncio.run(_serve(api, serving, port))


async def _serve(api: FastAPI, serving: Serving, port: int) -> None:
    serving.start()
    config = uvicorn.Config(api, port=port, log_level="warning", access_log=False)
    await uvicorn.Server(config).serve()
    await serving.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(sys.argv[2], int(sys.argv[3]))
    else:
        json.dump(run(), sys.stdout, indent=2)
        print()
