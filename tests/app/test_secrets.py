"""A secret that is used everywhere is written nowhere."""

import logging
from pathlib import Path

import pytest

from hotfit.functions.access import Role
from hotfit.keys import keys
from hotfit.settings import Settings
from tests.app.server import Server

CANARY = "canary-0a1b2c3d4e5f-canary"


def test_a_secret_stands_in_no_log_answer_export_or_file(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with server.app.store.write() as w:
        keys.create(w, identifier="bird", secret=CANARY, role=Role.ADMIN)
        random = keys.create(w, role=Role.ADMIN).secret
    client, told = server.client, []
    form = {"grant_type": "client_credentials", "client_id": "bird", "client_secret": CANARY}
    token = client.post("/connect/token", data=form).json()["access_token"]
    for bad in (
        form | {"client_id": "nobody"},
        form | {"grant_type": CANARY},
        form | {"client_secret": CANARY + "x"},
    ):
        told.append(client.post("/connect/token", data=bad).text)
    told.append(client.post("/connect/token", json=form).text)
    for shown in (token, random, f"bird:{CANARY}", f"bird:{CANARY}x", f"nobody:{CANARY}", CANARY):
        headers = {"Authorization": f"Bearer {shown}"}
        for method, path, body in (
            ("GET", "/v1/functions", None),
            ("POST", f"/v1/functions/{server.mine}/samples", {"data": f"text {len(shown)}"}),
            ("POST", f"/v1/functions/{server.mine}/invoke", {"data": "text"}),
            ("POST", f"/v1/functions/{server.mine}/labels", {"name": 3}),
            ("GET", f"/v1/functions/{server.mine}/samples", None),
            ("GET", f"/v1/functions/{server.mine}/export", None),
            ("GET", f"/v1/functions/{server.mine}/samples/export", None),
            ("GET", "/metrics", None),
            ("GET", "/v1/nothing", None),
        ):
            done = client.request(method, path, json=body, headers=headers)
            told.append(done.text + str(done.headers))
    server.app.store.read = lambda: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    told.append(client.get("/v1/functions", headers={"Authorization": f"Bearer {token}"}).text)
    del server.app.store.read
    files = [each.read_bytes() for each in Settings().home.rglob("*") if each.is_file()]
    assert sum(map(len, files)) > 10_000
    seen = "\n".join([*told, caplog.text]).encode() + b"".join(files)
    for secret in (CANARY, token, random, random[15:]):
        assert secret.encode() not in seen


def test_a_new_home_has_no_key_that_anybody_knows(server: Server, tmp_path: Path) -> None:
    del tmp_path
    for given in (
        "admin:admin",
        "admin:password",
        "hotfit:hotfit",
        "default",
        "admin",
        "root:root",
    ):
        headers = {"Authorization": f"Bearer {given}"}
        assert server.client.get("/v1/functions", headers=headers).status_code == 401


def test_by_default_no_other_machine_and_no_other_page_is_let_in() -> None:
    settings = Settings()
    assert settings.hosts == ()
    assert settings.origins == ()
