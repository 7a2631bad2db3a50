"""A real server on the loopback: versions come and go, too many call, some are slow or leave."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from hotfit.api import health, invoke
from hotfit.api.app import create_app
from hotfit.api.parts import Parts
from hotfit.app.patience import Patient
from hotfit.app.serving import Leaving
from hotfit.encoders.base import Progress
from hotfit.encoders.fake import FakeEncoder
from hotfit.local.home import Home
from hotfit.types import Data, Vectors
from tests.api.conftest import by_role
from tests.serving.worlds import SECONDS, TEXTS, World, soon

pytestmark = pytest.mark.journey

KEY = "Authorization: Bearer admin"


class Slow(FakeEncoder):
    """Takes its time for every text, as a network does, and can be held up."""

    def __init__(self) -> None:
        super().__init__()
        self.open = threading.Event()
        self.open.set()

    def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:
        time.sleep(0.004 * len(samples))
        assert self.open.wait(SECONDS)
        return super().encode(samples, progress=progress)


class Watcher(Patient):
    """Closes no connection but in the tests that are about it."""

    patience = 10 * SECONDS
    least = 100


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Any


@asynccontextmanager
async def connection(port: int, *, key: str = KEY) -> AsyncIterator[Any]:
    """Ask on one connection that is kept open."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def ask(path: str, body: Any = None) -> Answer:
        content = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        writer.write(head.encode() + content)
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
        text = await reader.readexactly(int(headers["content-length"]))
        return Answer(int(lines[0].split()[1]), headers, json.loads(text) if text else None)

    try:
        yield ask
    finally:
        writer.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes the server look at those who connect from now on often."""
    return lambda: monkeypatch.setattr(Watcher, "patience", 1.0)


@pytest.fixture
def port(world: World) -> Iterator[int]:
    """A server over the trained function `sms`, whose encoder takes 4 ms a text."""
    with running(world, waiting_seconds=SECONDS) as made:
        yield made


@contextmanager
def running(world: World, **limits: Any) -> Iterator[int]:
    """The server of `port`, with limits of its own."""
    world.encoder = Slow()
    world.trained("sms")
    listening = socket.create_server(("127.0.0.1", 0))
    serving = world.serving(**limits)
    parts = Parts(
        store=world.store,
        blobs=world.blobs,
        authenticate=by_role,
        predictions=None,  # type: ignore[arg-type]
        extras={"serving": serving},
    )

    @asynccontextmanager
    async def life(_: Any) -> AsyncIterator[None]:
        serving.start()
        yield
        await serving.drain()
        await serving.close()

    app = create_app(parts, routers=(invoke.router,), root=(health.router,), lifespan=life)
    config = uvicorn.Config(
        app,
        http=Watcher,
        log_level="error",
        access_log=False,
        timeout_keep_alive=10 * int(SECONDS),
    )
    server = Leaving(config, serving, notice=0.0)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield int(listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(SECONDS)
    assert not thread.is_alive()


def test_versions_come_and_go_and_no_call_fails_or_goes_back(world: World, port: int) -> None:
    with world.store.read() as session:
        from_start = session.connection.exec_driver_sql("SELECT id, live FROM functions").one()
    function, order = str(from_start[0]), {str(from_start[1]): 0}
    faults: Counter[str] = Counter()

    async def caller(stop: asyncio.Event) -> None:
        seen = 0
        async with connection(port) as ask:
            while not stop.is_set() or seen < len(order) - 1:
                found = await ask("/v1/functions/sms/invoke", {"data": "free money"})
                now = order.get(found.headers.get("hotfit-version", ""), seen)
                faults["calls"] += 1
                faults["failed"] += found.status != 200
                faults["back"] += now < seen
                seen = max(seen, now)
        faults["reached the end"] += 1

    async def publish() -> None:
        model = world.model()
        for number in range(1, 31):
            made = await asyncio.to_thread(world.publish, function, model=model)
            order[made.id] = number
            await soon(lambda number=number: faults["calls"] >= 8 * number)  # type: ignore[misc]

    async def story() -> None:
        stop = asyncio.Event()
        callers = [asyncio.create_task(caller(stop)) for _ in range(8)]
        await publish()
        stop.set()
        async with asyncio.timeout(SECONDS):
            await asyncio.gather(*callers)

    asyncio.run(story())
    assert (faults["failed"], faults["back"], faults["reached the end"]) == (0, 0, 8)


def test_too_many_calls_are_turned_away_and_the_rest_is_answered(world: World) -> None:
    statuses: Counter[int] = Counter()
    text = " ".join(TEXTS["spam"]) * 3

    async def caller(ask: Any, encoder: Slow) -> None:
        while statuses[200] <= 100 or not statuses[503]:
            found = await ask("/v1/functions/sms/invoke", {"data": text})
            statuses[found.status] += 1
            if found.status != 200:
                encoder.open.set()
                assert int(found.headers["retry-after"]) >= 1

    async def story(port: int) -> None:
        encoder = world.encoder
        assert isinstance(encoder, Slow)
        async with AsyncExitStack() as stack:
            asks = [await stack.enter_async_context(connection(port)) for _ in range(300)]
            assert (await asks[0]("/v1/functions/sms/invoke", {"data": text})).status == 200
            encoder.open.clear()
            async with asyncio.timeout(2 * SECONDS):
                await asyncio.gather(*(caller(ask, encoder) for ask in asks))
            assert (await asks[0]("/v1/functions/sms/invoke", {"data": text})).status == 200
            assert (await asks[0]("/readyz")).status == 200

    with running(world, waiting_seconds=0.3) as port:
        asyncio.run(story(port))
    assert set(statuses) == {200, 503}


def test_slow_senders_and_callers_who_leave_do_not_hold_up_others(port: int) -> None:
    head = (
        f"POST /v1/functions/sms/invoke HTTP/1.1\r\nHost: 127.0.0.1\r\n{KEY}\r\n"
        "Content-Type: application/json\r\nContent-Length: 400\r\n\r\n"
    ).encode()

    async def dripping() -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        for byte in head + b'{"data": "' + b"a" * 20:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.005)
        writer.close()  # and leaves before the body is whole

    async def leaving() -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        body = json.dumps({"data": ["free money " * 20] * 300}).encode()
        path = head.replace(b"/invoke ", b"/invoke/batch ")
        writer.write(path.replace(b" 400", b" %d" % len(body)) + body)
        await writer.drain()
        await asyncio.sleep(0.1)
        writer.close()

    async def story() -> None:
        others = [asyncio.create_task(dripping()) for _ in range(100)]
        others += [asyncio.create_task(leaving()) for _ in range(3)]
        async with connection(port) as ask:
            for _ in range(50):
                found = await ask("/v1/functions/sms/invoke", {"data": "free money"})
                assert found.status == 200
        await asyncio.gather(*others)

    asyncio.run(story())


def test_senders_that_drip_are_closed_and_others_are_answered_meanwhile(
    port: int, hasty: Callable[[], None]
) -> None:
    closed = 0

    async def dripping() -> None:
        nonlocal closed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        ended = asyncio.create_task(reader.read())
        writer.write(b"POST /v1/functions/sms/invoke HTTP/1.1\r\nX-Long: ")
        while not ended.done():
            writer.write(b"a")
            await asyncio.wait([ended], timeout=0.2)
        closed += not ended.exception() and ended.result() == b""
        writer.close()

    async def story() -> None:
        async with asyncio.timeout(2 * SECONDS), connection(port) as ask:
            assert (await ask("/healthz")).status == 200
            hasty()
            slow = [asyncio.create_task(dripping()) for _ in range(200)]
            for _ in range(50):
                found = await ask("/v1/functions/sms/invoke", {"data": "free money"})
                assert found.status == 200
            await asyncio.gather(*slow, return_exceptions=True)

    asyncio.run(story())
    assert closed > 0


@pytest.mark.parametrize(
    "sent", [b"", b"POST /v1/functions/sms/invoke HTTP/1.1\r\nHost: 127.0.0.1"]
)
def test_a_sender_that_falls_silent_is_closed(
    port: int, hasty: Callable[[], None], sent: bytes
) -> None:
    async def silent() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        async with asyncio.timeout(SECONDS):
            assert await reader.read() == b""
        writer.close()

    async def story() -> None:
        async with connection(port) as ask:
            assert (await ask("/healthz")).status == 200
            hasty()
            assert (await ask("/healthz")).status == 200
            await silent()
            assert (await ask("/healthz")).status == 200  # between two requests silence is fine

    asyncio.run(story())


def test_a_server_told_to_stop_answers_what_is_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTFIT_NOTICE_SECONDS", "8")
    home = tmp_path / "home"
    Home.open(home).fit(
        [(text, label) for label, texts in TEXTS.items() for text in texts],
        name="sms",
        tuned=False,
    )
    program = [sys.executable, "-m", "hotfit"]
    made = subprocess.run(
        [*program, "keys", "create", "--role", "invoke", "--json", "--home", str(home)],
        capture_output=True,
        text=True,
        check=True,
    )
    key = f"Authorization: Bearer {json.loads(made.stdout)['key']}"
    serve = [*program, "serve", "--role", "api", "--port", "0", "--home", str(home)]

    async def story(server: "subprocess.Popen[str]") -> None:
        assert server.stdout is not None
        port = int(server.stdout.readline().strip(" \n/").rpartition(":")[2])
        await _answers(port, key)
        async with connection(port, key=key) as ask, connection(port, key=key) as look:
            under_way = asyncio.create_task(
                ask("/v1/functions/sms/invoke/batch", {"data": ["free money"] * 600})
            )
            assert (await look("/readyz")).status == 200
            server.send_signal(signal.SIGTERM)
            while (await look("/readyz")).status != 503:
                pass
            assert (await look("/v1/functions/sms/invoke", {"data": "lunch"})).status == 200
            assert (await under_way).status == 200

    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(serve, stdout=pipe, stderr=nothing, text=True) as server:
        try:
            asyncio.run(story(server))
            assert server.wait(SECONDS) in {0, -signal.SIGTERM}
        finally:
            server.kill()


async def _answers(port: int, key: str) -> None:
    """Wait until the server answers calls."""
    async with asyncio.timeout(2 * SECONDS):
        while True:
            try:
                async with connection(port, key=key) as ask:
                    if (await ask("/v1/functions/sms/invoke", {"data": "warm"})).status == 200:
                        return
            except OSError:
                pass
            await asyncio.sleep(0.1)
