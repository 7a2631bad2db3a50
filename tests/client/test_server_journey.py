"""The client against the real server: fit, teach, move, revoke."""

import contextlib
import os
import re
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
from tests.api.servers import SECONDS
from tests.cli.conftest import Program, hotfit
from tests.local.messages import messages, write_csv

__all__ = ["hotfit"]


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A server on an empty home."""
    environment = os.environ | {"HOTFIT_TEXT_ENCODER": "fake.v1"}
    environment["HOTFIT_HOME"] = str(tmp_path / "home")
    path = tmp_path / "log"
    command = [sys.executable, "-m", "hotfit", "serve", "--port", "0"]
    with (
        path.open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as running,
    ):
        try:
            yield _address(running, path)
        finally:
            running.terminate()


def _address(running: "subprocess.Popen[bytes]", log: Path) -> str:
    """Where a server answers, once it does."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and running.poll() is None:
        time.sleep(0.1)
        told = re.match(r"open +(http://[^/]+)/", log.read_text())
        with contextlib.suppress(httpx2.TransportError):
            if told is not None and httpx2.get(f"{told[1]}/readyz").status_code == 200:
                return told[1]
    raise AssertionError(log.read_text())


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
