"""What a browser does with a real server: sign in, bring a file, watch it learn, try it, label."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.api.servers import SECONDS, Server, serving

GREETINGS = ("hello there", "good morning", "hi everybody", "hey you")
PARTINGS = ("bye for now", "see you soon", "good night", "until tomorrow")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "home") as made:
        yield made


@pytest.fixture
def browser(server: Server) -> Iterator[httpx2.Client]:
    """A signed-in page of the console: a cookie, and what the browser and the page add."""
    headers = {"Origin": server.url, "Sec-Fetch-Site": "same-origin", "Hotfit-Console": "1"}
    with httpx2.Client(base_url=server.url, headers=headers, timeout=SECONDS) as made:
        assert made.get("/v1/functions").status_code == 401
        done = made.post("/connect/session", json={"key": server.secret})
        assert done.status_code == 200, done.text
        yield made


def rows() -> bytes:
    lines = ["text,label"]
    for n in range(60):
        greeting, parting = GREETINGS[n % 4], PARTINGS[n % 4]
        lines += [f"{greeting} number {n},greeting", f"{parting} number {n},parting"]
    return "\n".join(lines).encode()


def events(browser: httpx2.Client, path: str, *wanted: str) -> dict[str, Any]:
    """The data of the first event of each name, as an event stream of a page gets them."""
    found: dict[str, Any] = {}
    until = time.monotonic() + SECONDS
    with browser.stream("GET", f"{path}/events", headers={"Last-Event-ID": "0"}) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in stream.iter_lines():
            assert time.monotonic() < until, found
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: ") and name in wanted:
                found.setdefault(name, json.loads(line[6:]))
                if len(found) == len(wanted):
                    break
    return found


def sign_in(url: str, key: str) -> httpx2.Response:
    """Sign in as soon as the server listens."""
    until = time.monotonic() + SECONDS
    while True:
        try:
            return httpx2.post(f"{url}/connect/session", json={"key": key})
        except httpx2.TransportError:
            assert time.monotonic() < until
            time.sleep(0.05)


@pytest.mark.journey
def test_a_file_is_dropped_learned_tried_and_corrected(browser: httpx2.Client) -> None:
    page = browser.get("/", headers={"Accept": "text/html"})
    assert "default-src 'none'" in page.headers["content-security-policy"]
    seen = browser.post("/v1/preview?fileName=chat.csv", content=rows()).json()
    assert (seen["name"], seen["target"], seen["problem"]) == ("chat", "label", None)
    made = browser.post("/v1/functions/from-file?name=chat", content=rows())
    assert made.status_code == 200, made.text
    path = f"/v1/functions/{made.json()['id']}"
    events(browser, path, "version")
    assert [one["live"] for one in browser.get(f"{path}/versions").json()].count(True) == 1
    change = made.headers["hotfit-change"]
    said = browser.post(f"{path}/invoke?wait={change}", json={"data": "hello there number 7"})
    assert said.json()["labelName"] == "greeting", said.text
    ids = [one["id"] for one in browser.get(f"{path}/samples?count=3").json()]
    step = browser.post(f"{path}/annotations", json={"sampleIds": ids, "labelName": "greeting"})
    undone = browser.post(f"{path}/annotations", json={"annotations": step.json()["former"]})
    assert undone.json()["changed"] == step.json()["changed"] >= 1
    assert browser.get(f"{path}/samples/count").json()["count"] == 120
    activity = browser.get(f"{path}/activity").json()
    assert activity["total"]["calls"] == 1
    assert activity["labels"] == [
        {"labelName": "greeting", "count": 1, "labelId": said.json()["labelId"]}
    ]


@pytest.mark.journey
def test_a_later_start_tells_the_address_and_no_key(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with serving(home) as server:
        secret = server.secret
    command = [sys.executable, "-m", "hotfit", "serve", "--home", str(home), "--port", "0"]
    with subprocess.Popen(
        [*command, "--role", "api"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as again:
        assert again.stdout is not None
        first = again.stdout.readline()
        again.terminate()
        rest = again.stdout.read()
    assert re.fullmatch(r"open    http://127\.0\.0\.1:\d+/\n", first)
    assert secret not in first + rest


@pytest.mark.journey
def test_the_first_address_signs_a_browser_in(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hotfit", "serve", "--home", str(tmp_path / "home")]
    with subprocess.Popen(
        [*command, "--port", "0", "--role", "api"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        assert running.stdout is not None
        found = re.fullmatch(r"open    (http://\S+)/#key=(\S+)\n", running.stdout.readline())
        assert found is not None
        url, key = found.groups()
        done = sign_in(url, key)
        running.terminate()
    assert done.json()["role"] == "admin"
