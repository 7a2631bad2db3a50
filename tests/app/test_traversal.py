"""No address leads to a file: what names a path is a name like any other, and of nothing."""

from pathlib import Path
from urllib.parse import quote

import pytest

from hotfit.settings import Settings
from tests.app.server import Server

CANARY = "the canary lies outside the store"

PLAIN = (
    "../canary",
    "../../canary",
    "..\\canary",
    "....//canary",
    "/etc/passwd",
    "//etc/passwd",
    "C:\\canary",
    "\\\\server\\share\\canary",
    "file:///etc/passwd",
    "..;/canary",
    "canary\0.png",
    "\u2215etc\u2215passwd",
    "\uff0e\uff0e/canary",
    "~/canary",
    "$HOME/canary",
    ".",
    "..",
)
CORPUS = sorted(
    {
        form
        for one in PLAIN
        for form in (one, quote(one, safe=""), quote(quote(one, safe=""), safe=""))
    }
)

ADDRESSES = (
    "/v1/functions/{}",
    "/v1/functions/{}/export",
    "/v1/functions/{}/samples/export",
    "/v1/functions/mine/samples/{}",
    "/v1/functions/mine/labels/{}",
    "/v1/functions/mine/fields/{}",
    "/{}",
    "/v1/{}",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_path_in_an_address_leads_nowhere(server: Server, address: str) -> None:
    home = Settings().home
    for place in (home / "canary", home.parent / "canary", home / "blobs" / "canary"):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(CANARY)
    for name in CORPUS:
        path = address.format(quote(name, safe="%/;~$:"))
        done = server.client.get(path, headers=server.headers("admin"))
        assert done.status_code < 500, name
        assert CANARY not in done.text
        assert "root:" not in done.text
    assert sorted(each.name for each in home.parent.iterdir() if each.is_file()) == ["canary"]


@pytest.mark.parametrize("name", PLAIN)
def test_a_path_as_the_name_of_a_file_or_a_function_is_only_a_name(
    server: Server, name: str
) -> None:
    before = {each for each in Settings().home.parent.rglob("*") if each.is_file()}
    headers = server.headers("admin")
    files = {"file": (name, b"text,label\nhello,a\nbye,b\n")}
    path = f"/v1/functions/{server.mine}/samples/import"
    assert server.client.post(path, files=files, headers=headers).status_code in {200, 400}
    body = {"name": name, "input": "Text", "output": "Tags"}
    assert server.client.post("/v1/functions", json=body, headers=headers).status_code in {200, 400}
    exported = server.client.get(f"/v1/functions/{server.mine}/export", headers=headers)
    assert exported.status_code == 200
    assert server.mine in exported.headers["content-disposition"]
    after = {each for each in Path(Settings().home.parent).rglob("*") if each.is_file()}
    assert after == before
