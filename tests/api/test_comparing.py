"""Two versions compared over HTTP, on each database."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from hotfit.app import App
from hotfit.app.web import build_web
from hotfit.functions import functions
from hotfit.keys import keys
from hotfit.local import Home
from hotfit.local.function import Function
from hotfit.samples.annotations import annotate
from hotfit.samples.rows import read_rows
from hotfit.settings import Settings
from hotfit.store.sessions import Store
from tests.api.conftest import ADDRESS
from tests.local.messages import messages
from tests.store.databases import dialect, store, url

__all__ = ["dialect", "store", "url"]

TURNED = 20


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, store: Store, url: str) -> Home:
    """A home on each database, with versions before and after many labels were turned."""
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    store.close()
    home = Home(App(Settings(database=url)))
    function = home.fit(messages(), name="polite", tuned=False)
    turn(home, "parting")
    function.train(tuned=False)
    return home


def turn(home: Home, label: str) -> None:
    with home.app.store.write() as session:
        record = functions.get(session, "polite")
        rows = read_rows(session, record.id, blobs=home.app.blobs)
        annotate(session, record.id, [(one, label) for one in rows.ids[:TURNED]], author="test")


@pytest.fixture
def client(home: Home) -> Iterator[TestClient]:
    with home.app.store.write() as session:
        secret = keys.create(session).secret
    headers = {"Authorization": f"Bearer {secret}"}
    with TestClient(build_web(home.app), base_url=ADDRESS, headers=headers) as made:
        yield made
    home.app.store.close()


def path(home: Home, *pair: str, name: str = "polite") -> str:
    function: Function = home.load("polite")
    newest, *_, oldest = function.versions()
    older, newer = pair or (oldest.id, newest.id)
    return f"/v1/functions/{name}/versions/{older}/diff/{newer}"


def told(client: TestClient, address: str, status: int = 200) -> Any:
    found = client.get(address)
    assert found.status_code == status, found.text
    return found.json()


def test_flips_are_told_with_the_edits_that_turned_them(client: TestClient, home: Home) -> None:
    found = told(client, path(home))
    assert found["compared"] == len(messages())
    assert found["edits"] == {"added": 0, "removed": 0, "relabelled": TURNED}
    flips = found["flips"]
    assert len(flips) == found["fixed"] + found["broken"] + found["moved"] > 0
    texts = dict(messages())
    for flip in flips:
        assert flip["data"] in texts
        assert flip["from"] != flip["to"]
        assert (flip["became"] == "fixed") == (flip["to"] == flip["truth"])
    assert set(found["perLabel"]) <= {"greeting", "parting"}
    assert found["comparison"]["better"] in {"newer", "older", None}
    assert found["comparison"]["sentence"]
    assert found["sentence"].startswith("version")
    named = [edit for flip in flips for edit in flip["edits"]]
    assert all((edit["from"], edit["to"]) == ("greeting", "parting") for edit in named)
    assert all(edit["weight"] > 0 for edit in named)


def test_versions_are_found_by_number_and_flips_are_counted_out(
    client: TestClient, home: Home
) -> None:
    newest, *_, oldest = home.load("polite").versions()
    by_number = path(home, str(oldest.number), str(newest.number))
    whole = told(client, path(home))
    assert told(client, by_number) == whole
    few = told(client, f"{by_number}?count=1")
    assert few["flips"] == whole["flips"][:1]
    assert few["broken"] == whole["broken"]


def test_a_version_does_not_differ_from_itself(client: TestClient, home: Home) -> None:
    one = home.load("polite").versions()[0].id
    found = told(client, path(home, one, one))
    assert found["flips"] == []
    assert found["sentence"].startswith("No answer changed")


def test_a_renamed_label_is_one_label(client: TestClient, home: Home) -> None:
    before = told(client, path(home))
    labels = client.get("/v1/functions/polite/labels").json()
    first = next(one for one in labels if one["name"] == "greeting")
    client.put(f"/v1/functions/polite/labels/{first['id']}", json={"name": "welcome"})
    after = told(client, path(home))
    assert (after["fixed"], after["broken"]) == (before["fixed"], before["broken"])
    assert set(after["perLabel"]) <= {"welcome", "parting"}


def test_what_is_not_there_is_not_found(client: TestClient, home: Home) -> None:
    assert told(client, path(home, "1", "99"), 404)["name"] == "NotFound"
    assert told(client, path(home, "x", "1"), 404)["name"] == "NotFound"
    assert told(client, path(home, name="nobody"), 404)["name"] == "NotFound"
    assert told(client, f"{path(home)}?count=0", 400)["name"] == "BadRequest"
