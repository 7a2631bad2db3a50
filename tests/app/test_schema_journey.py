"""The OpenAPI document against the server: whatever it allows is answered as it says."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from hotfit.local import Home
from tests.app.server import Server, serving
from tests.local.messages import messages

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance"
)
SECONDS = {"anonymous": 5, "invoke": 5, "viewer": 10, "editor": 10, "admin": 15}


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Server]]:
    """A server that listens, with a function that was trained."""
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    Home.open().fit(messages(), name="polite", tuned=False)
    with serving() as server, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(server.web, log_level="critical", lifespan="off")
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not running.started:
                assert thread.is_alive()
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", server
        finally:
            running.should_exit = True
            thread.join()


@pytest.mark.journey
@pytest.mark.parametrize("who", SECONDS)
def test_the_document_and_the_server_agree(
    address: tuple[str, Server], who: str, tmp_path: Path
) -> None:
    url, server = address
    get = server.client.get
    admin = server.headers("admin")
    function = get("/v1/functions/polite", headers=admin).json()["id"]
    (sample,) = get(f"/v1/functions/{function}/samples?count=1", headers=admin).json()
    label = get(f"/v1/functions/{function}/labels", headers=admin).json()[0]
    known = {"function_id": function, "sample_id": sample["id"], "label_id": label["id"]}
    lines = [f'"path.{name}" = {json.dumps(value)}' for name, value in known.items()]
    (tmp_path / "st.toml").write_text("\n".join(["[parameters]", *lines]))
    key = server.keys[who]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", "st.toml"),
            *("run", f"{url}/openapi.json", "--checks", CHECKS, "--no-color", "--seed", "1"),
            *("--exclude-method", "DELETE", "--exclude-path-regex", "^/v0.9|/events$"),
            *("--phases", "coverage,fuzzing,stateful", "--max-examples", "3"),
            *("--max-time", str(SECONDS[who]), "--request-timeout", "300"),
            *(("-H", f"Authorization: Bearer {key}") if key else ()),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    told = done.stdout.replace(key or "\0", "KEY")
    assert done.returncode == 0, told[-8000:]
    assert "Coverage" in told
