"""The client against the real server: fit, teach, move, revoke."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from hotfit.answers import Prediction
from hotfit.client import Client
from hotfit.client.transport import ServerRefused
from tests.cli.conftest import Program, hotfit
from tests.local.messages import messages, write_csv

__all__ = ["hotfit"]


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A server on an empty home."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"HOTFIT_TEXT_ENCODER": "fake.v1"}
    environment["HOTFIT_HOME"] = str(tmp_path / "home")
    log = (tmp_path / "log").open("wb")
    running = subprocess.Popen(
        [sys.executable, "-m", "hotfit", "serve", "--port", str(port)],
        env=environment,
        stdout=log,
        stderr=log,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and running.poll() is None:
            try:
                if httpx2.get(f"{address}/readyz").status_code == 200:
                    break
            except httpx2.TransportError:
                time.sleep(0.1)
        yield address
    finally:
        running.terminate()
        running.wait(timeout=60)
        log.close()


@pytest.mark.journey
def test_a_function_is_taught_moved_and_closed_over_http(
    url: str, hotfit: Program, tmp_path: Path
) -> None:
    key = hotfit("keys", "create", "--id", "me", "--secret", "my-own-secret", "--json").json()
    rows = [[text, label] for text, label in messages()]
    file = write_csv(tmp_path / "polite.csv", rows, ["text", "label"])
    with Client(url, key["key"]) as client:
        polite = client.fit(file)
        answer = polite("good morning dear sailor")
        assert isinstance(answer, Prediction)
        assert answer.label == "greeting"
        (sample,) = polite.samples(searchText="farewell dear sailor")
        polite.annotate(sample["id"], "greeting")
        assert isinstance(polite("farewell dear sailor"), Prediction)
        polite.export(tmp_path / "polite.hotfit")
        moved = client.import_function(tmp_path / "polite.hotfit", name="moved")
        asked = [text for text, _ in messages()[::7]]
        assert len(moved.predict(asked)) == len(asked)
        found = hotfit("doctor", "--json").json()
        assert [one for one in found["checks"] if one["state"] == "wrong"] == []
        assert any("serves this home" in one["sentence"] for one in found["checks"])
        assert hotfit("keys", "revoke", "me").status == 0
        with pytest.raises(ServerRefused) as refused:
            client.functions()
        assert refused.value.http_status == 401
    log = (tmp_path / "log").read_text()
    assert "hf_" in log  # the first key, shown once
    assert "my-own-secret" not in log
