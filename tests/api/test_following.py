"""A stream of a real server: what is written is heard as it is learned, until the server stops."""

import json
import signal
import time
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from hotfit.api.streams import Bounds
from tests.api.servers import SECONDS, Server, serving

TEXTS = {"a": ("hello there", "hi friend", "good day"), "b": ("bye now", "so long", "farewell")}


def left_streams_make_room(client: httpx2.Client, path: str) -> None:
    """Open as many streams as a key may have, leave them, and open one more."""
    with ExitStack() as stack:
        found = [
            stack.enter_context(client.stream("GET", path)).status_code
            for _ in range(Bounds.per_key)
        ]
        assert found == [200] * (Bounds.per_key - 1) + [429]
    until = time.monotonic() + SECONDS
    while client.get(f"{path}?follow=false").status_code == 429:
        assert time.monotonic() < until
        time.sleep(0.05)


def ends_with_its_key(server: Server, client: httpx2.Client, path: str) -> None:
    """A stream of a key, and one of a browser, end soon after the key is revoked."""
    made = client.post("/v1/keys", json={"role": "viewer"}).json()
    origin = {"Origin": server.url, "Sec-Fetch-Site": "same-origin", "Hotfit-Console": "1"}
    with ExitStack() as stack:
        browser = stack.enter_context(
            httpx2.Client(base_url=server.url, headers=origin, timeout=SECONDS)
        )
        assert browser.post("/connect/session", json={"key": made["secret"]}).status_code == 200
        key = {"Authorization": f"Bearer {made['secret']}"}
        asked = [(client, key), (browser, {})]
        streams = [
            stack.enter_context(one.stream("GET", path, headers=headers, timeout=SECONDS))
            for one, headers in asked
        ]
        assert [one.status_code for one in streams] == [200, 200]
        assert client.delete(f"/v1/keys/{made['id']}").status_code == 200
        for stream in streams:
            for _ in stream.iter_lines():
                pass
    assert client.get(path, headers=key).status_code == 401


@pytest.mark.journey
def test_what_is_written_is_heard_as_it_is_learned(tmp_path: Path) -> None:
    with serving(tmp_path / "home", HOTFIT_NOTICE_SECONDS="0") as server:
        headers = {"Authorization": f"Bearer {server.secret}"}
        with httpx2.Client(base_url=server.url, headers=headers, timeout=SECONDS) as client:
            body = {"name": "f", "input": "Text", "output": "Classification"}
            function = client.post("/v1/functions", json=body).json()["id"]
            path = f"/v1/functions/{function}"
            with client.stream("GET", f"{path}/events") as stream:
                lines = stream.iter_lines()
                assert next(lines) == "retry: 2000"
                for label, texts in TEXTS.items():
                    for text in texts:
                        sample = {"data": text, "annotation": {"labelName": label}}
                        assert client.post(f"{path}/samples", json=sample).status_code == 200
                while next(lines) != "event: version":
                    pass
                data = next(line for line in lines if line.startswith("data: "))
                version = json.loads(data.removeprefix("data: "))["version"]["id"]
                done = client.post(f"{path}/versions/{version}/promote")
                answered = client.post(f"{path}/invoke", json={"data": "hello"})
                assert done.status_code == 200
                assert answered.headers["Hotfit-Version"] == version
                while next(lines) != "event: promoted":
                    pass
                left_streams_make_room(client, f"{path}/events")
                ends_with_its_key(server, client, f"{path}/events")
                server.process.send_signal(signal.SIGTERM)
                for _ in lines:  # until the server ends the stream
                    pass
            assert server.process.wait(SECONDS) in {0, -signal.SIGTERM}
