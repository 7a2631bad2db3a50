"""What people send is shown as data and never as a page, whatever a browser asks for."""

import csv
import io
import json

import pytest

from tests.app.server import Server, server
from tests.app.test_rights import path_of, prefixed, table

__all__ = ["server"]

HOSTILE = (
    "<script>window.broken=1</script>",
    "<img src=x onerror='window.broken=1'>",
    "<svg onload=window.broken=1>",
    "javascript:window.broken=1",
    "'\"><iframe srcdoc='<script>window.broken=1</script>'>",
    "{{constructor.constructor('window.broken=1')()}}",
    "\u202egnp.exe",
    "=cmd|' /C calc'!A0",
    "<!--<script>",
    "</title><script>window.broken=1</script>",
)
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def poisoned(server: Server) -> tuple[Server, dict[str, str]]:
    """A function full of hostile texts, and identifiers of what there is of it."""
    headers = server.headers("admin")
    function = f"/v1/functions/{server.mine}"

    def post(path: str, body: object) -> dict[str, str]:
        done = server.client.post(path, json=body, headers=headers)
        assert done.status_code == 200, done.text
        made: dict[str, str] = done.json()
        return made

    samples = []
    for text in HOSTILE:
        label = "".join(sign for sign in text if sign.isprintable())
        given = {"data": text, "externalId": text, "annotation": {"labelName": label}}
        samples.append(post(f"{function}/samples", given)["id"])
    named = {
        "sample_id": samples[-1],
        "label_id": post(f"{function}/labels", {"name": "<b>bold</b>"})["id"],
        "sample_set_id": post(f"{function}/sample-sets", {"name": "<i>set</i>"})["id"],
    }
    server.client.put(function, json={"name": HOSTILE[0]}, headers=headers)
    return server, named


def test_no_address_of_the_api_answers_with_a_page(
    poisoned: tuple[Server, dict[str, str]],
) -> None:
    server, named = poisoned
    asked = 0
    for method, address in sorted(table()):
        if method != "GET" or address == "/{address:page}":
            continue
        filled = address
        for name, value in named.items():
            filled = filled.replace(f"{{{name}}}", value)
        for path in prefixed(path_of(filled, server.mine)):
            done = server.client.get(path, headers=server.headers("admin") | BROWSER)
            kind = done.headers["content-type"]
            told = f"{path}: {done.status_code} {kind}"
            assert done.status_code < 500, told
            assert "html" not in kind, told
            assert "svg" not in kind, told
            assert "xml" not in kind, told
            assert done.headers["x-content-type-options"] == "nosniff", told
            assert "default-src 'none'" in done.headers["content-security-policy"], told
            assert "sandbox" in done.headers["content-security-policy"], told
            asked += 1
    assert asked > 30


def test_a_page_holds_nothing_that_was_sent(poisoned: tuple[Server, dict[str, str]]) -> None:
    server, _ = poisoned
    for path in (f"/functions/{server.mine}", f"/functions/{HOSTILE[0]}?x={HOSTILE[1]}"):
        done = server.client.get(path, headers=BROWSER)
        assert done.headers["content-type"] == "text/html; charset=utf-8"
        assert "broken=1" not in done.text
        policy = done.headers["content-security-policy"]
        assert "script-src 'self' 'nonce-" in policy
        assert "unsafe-inline" not in policy


def test_errors_repeat_nothing_that_was_sent(server: Server) -> None:
    for path in (f"/v1/functions/{HOSTILE[0]}", f"/v1/{HOSTILE[0]}", f"/connect/{HOSTILE[0]}"):
        done = server.client.get(path, headers=server.headers("admin") | BROWSER)
        assert done.status_code == 404
        assert done.headers["content-type"] == "application/json"
        assert "broken" not in done.text


def test_a_table_of_samples_runs_in_no_spreadsheet(
    poisoned: tuple[Server, dict[str, str]],
) -> None:
    server, _ = poisoned
    done = server.client.get(
        f"/v1/functions/{server.mine}/samples/export", headers=server.headers("admin")
    )
    assert done.headers["content-disposition"].startswith("attachment")
    cells = [cell for row in csv.reader(io.StringIO(done.text)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@"}]


def test_a_hostile_file_is_previewed_as_data(server: Server) -> None:
    lines = "\n".join(
        json.dumps({"text": each, "label": "ab"[n % 2]}) for n, each in enumerate(HOSTILE)
    )
    done = server.client.post(
        "/v1/preview",
        content=lines.encode(),
        params={"fileName": "<script>.csv"},
        headers=server.headers("editor"),
    )
    assert done.status_code == 200, done.text
    assert done.headers["content-type"] == "application/json"
    assert "<" not in done.json()["name"]
