import io
import zipfile
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from hotfit.api import exporting
from hotfit.api.app import create_app
from hotfit.api.parts import Parts
from tests.api.conftest import ADDRESS


@pytest.fixture
def api(parts: Parts) -> Iterator[TestClient]:
    headers = {"Authorization": "Bearer editor"}
    app = create_app(parts, routers=[exporting.router])
    with TestClient(app, base_url=ADDRESS, headers=headers, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def function(api: TestClient) -> str:
    given = {"name": "spam", "input": "Text", "output": "Classification"}
    identifier = api.post("/v1/functions", json=given).json()["id"]
    for text, label in (("=1+1", "spam"), ("hello", "ham")):
        body = {"data": text, "annotation": {"labelName": label}}
        api.post(f"/v1/functions/{identifier}/samples", json=body)
    return f"/v1/functions/{identifier}"


def test_a_function_goes_out_and_comes_back(api: TestClient, function: str) -> None:
    out = api.get(f"{function}/export")
    assert out.status_code == 200
    assert out.headers["content-disposition"].startswith("attachment")
    assert out.headers["content-security-policy"]
    back = api.post("/v1/functions/import", content=out.content, params={"name": "again"})
    assert back.status_code == 200
    made = back.json()
    assert (made["name"], made["input"]) == ("again", "Text")
    samples = api.get(f"/v1/functions/{made['id']}/samples").json()
    assert [one["data"] for one in samples] == ["hello", "=1+1"]
    assert all(one["annotation"]["labelId"] for one in samples)


def test_an_export_holds_no_identifier_of_the_server(api: TestClient, function: str) -> None:
    with zipfile.ZipFile(io.BytesIO(api.get(f"{function}/export").content)) as archive:
        inside = b"".join(archive.read(name) for name in archive.namelist())
    for kind in (b"function_", b"label_", b"sample_"):
        assert kind not in inside


def test_samples_are_downloaded_as_a_table(api: TestClient, function: str) -> None:
    out = api.get(f"{function}/samples/export")
    assert out.headers["content-type"].startswith("text/csv")
    assert out.text.splitlines() == ["text,label,split,externalId", "'=1+1,spam,,", "hello,ham,,"]
    raw = api.get(f"{function}/samples/export", params={"raw": True})
    assert "\n=1+1,spam" in raw.text
    lines = api.get(f"{function}/samples/export", params={"format": "jsonl"})
    assert lines.text.splitlines()[0] == '{"text": "=1+1", "label": "spam"}'


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip"])
def test_what_is_no_archive_is_refused(api: TestClient, content: bytes) -> None:
    refused = api.post("/v1/functions/import", content=content)
    assert refused.status_code == 400
    assert refused.json()["name"] == "ArchiveRefused"


def test_a_key_of_one_function_may_not_bring_in_another(api: TestClient, function: str) -> None:
    content = api.get(f"{function}/export").content
    headers = {"Authorization": f"Bearer editor:{function.rpartition('/')[2]}"}
    refused = api.post("/v1/functions/import", content=content, headers=headers)
    assert refused.status_code == 403
