"""Explanations over HTTP, by the composed server in this process."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from hotfit.app.web import build_web
from hotfit.keys import keys
from hotfit.local import Home
from tests.local.messages import messages

ADDRESS = "http://127.0.0.1:5000"
ASKED = "hello dear sailor"


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    return Home.open()


@pytest.fixture
def client(home: Home) -> Iterator[TestClient]:
    home.fit(messages(), name="polite", tuned=False)
    with home.app.store.write() as session:
        secret = keys.create(session).secret
    headers = {"Authorization": f"Bearer {secret}"}
    with TestClient(build_web(home.app), base_url=ADDRESS, headers=headers) as made:
        yield made


def explain(client: TestClient, body: Any, *, status: int = 200, name: str = "polite") -> Any:
    found = client.post(f"/v1/functions/{name}/explain", json=body)
    assert found.status_code == status, found.text
    return found.json()


def test_the_reasons_of_an_answer_are_told(client: TestClient) -> None:
    invoked = client.post("/v1/functions/polite/invoke", json={"data": ASKED})
    told = explain(client, {"data": ASKED, "count": 4})
    assert told["answer"] == invoked.json()
    assert told["labelName"] == told["answer"]["labelName"]
    assert told["exact"] is True
    assert len(told["reasons"]) == 4
    texts = dict(messages())
    for reason in told["reasons"]:
        assert reason["labelName"] == texts[reason["data"]]
        assert reason["sampleId"] == reason["sampleIds"][0]
        assert reason["author"] == "source"
        assert reason["created"]
        assert 0 < reason["without"]["confidence"] <= 1


def test_a_renamed_label_is_told_by_its_new_name(client: TestClient) -> None:
    labels = client.get("/v1/functions/polite/labels").json()
    first = next(one for one in labels if one["name"] == "greeting")
    client.put(f"/v1/functions/polite/labels/{first['id']}", json={"name": "welcome"})
    told = explain(client, {"data": ASKED})
    assert {each["labelName"] for each in told["reasons"]} <= {"welcome", "parting"}


def test_what_cannot_be_explained_is_refused(client: TestClient) -> None:
    explain(client, {"data": ASKED}, status=404, name="nobody")
    explain(client, {"data": 7}, status=400)
    explain(client, {"data": ASKED, "count": 0}, status=400)
    told = explain(client, {"data": ASKED, "labelName": "insult"}, status=400)
    assert "'greeting', 'parting'" in told["message"]
    client.post("/v1/functions", json={"name": "new", "input": "Text", "output": "Classification"})
    for name in ("a", "b"):
        client.post("/v1/functions/new/labels", json={"name": name})
    told = explain(client, {"data": "x"}, status=409, name="new")
    assert "has learned from no sample" in told["message"]
