from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from hotfit.api import annotations
from hotfit.api.app import create_app
from hotfit.api.parts import Parts
from tests.api.conftest import ADDRESS


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    headers = {"Authorization": "Bearer editor"}
    app = create_app(parts, routers=[annotations.router])
    with TestClient(app, base_url=ADDRESS, headers=headers, raise_server_exceptions=False) as made:
        yield made


def make(client: TestClient, output: str = "Classification") -> tuple[str, list[str]]:
    """A function with four samples, the first labelled `a` or, for tags, `a` and not `b`."""
    body = {"input": "Text", "output": output}
    path = f"/v1/functions/{client.post('/v1/functions', json=body).json()['id']}"
    said: Any = {"labelName": "a"}
    if output == "Tags":
        said = [{"labelName": "a"}, {"labelName": "b", "present": False}]
    given = [{"data": "one", "annotation": said}, *({"data": f"text {n}"} for n in range(3))]
    ids = [client.post(f"{path}/samples", json=each).json()["id"] for each in given]
    return path, ids


def labels(client: TestClient, path: str, ids: list[str]) -> list[str | None]:
    names = {one["id"]: one["name"] for one in client.get(f"{path}/labels").json()}
    said = [client.get(f"{path}/samples/{one}").json().get("annotation") for one in ids]
    return [None if one is None else names[one["labelId"]] for one in said]


def test_many_samples_are_labelled_in_one_change_and_the_step_is_undone(client: TestClient) -> None:
    path, ids = make(client)
    done = client.post(f"{path}/annotations", json={"sampleIds": ids, "labelName": "b"})
    assert done.status_code == 200, done.text
    assert done.json()["changed"] == 4
    assert [one["sampleId"] for one in done.json()["former"]] == ids
    assert labels(client, path, ids) == ["b"] * 4
    first = int(done.headers["hotfit-change"])
    undone = client.post(f"{path}/annotations", json={"annotations": done.json()["former"]})
    assert undone.json()["changed"] == 4
    assert int(undone.headers["hotfit-change"]) == first + 1
    assert labels(client, path, ids) == ["a", None, None, None]
    again = client.post(f"{path}/annotations", json={"annotations": undone.json()["former"]})
    assert again.status_code == 200
    assert labels(client, path, ids) == ["b"] * 4


def test_each_sample_may_be_told_its_own(client: TestClient) -> None:
    path, ids = make(client)
    given = [
        {"sampleId": ids[0], "annotation": None},
        {"sampleId": ids[1], "annotation": {"labelName": "x"}},
        {"sampleId": ids[2], "annotation": {"labelName": "X"}},
    ]
    assert client.post(f"{path}/annotations", json={"annotations": given}).json()["changed"] == 3
    assert labels(client, path, ids) == [None, "x", "x", None]


def test_what_is_said_already_counts_as_no_change(client: TestClient) -> None:
    path, ids = make(client)
    given = {"sampleIds": ids[:2], "labelName": "a"}
    assert client.post(f"{path}/annotations", json=given).json()["changed"] == 1
    assert client.post(f"{path}/annotations", json=given).json()["changed"] == 0


def test_tags_come_back_as_they_were(client: TestClient) -> None:
    path, ids = make(client, "Tags")
    before = client.get(f"{path}/samples/{ids[0]}").json()["annotation"]
    done = client.post(f"{path}/annotations", json={"sampleIds": ids})
    assert "annotation" not in client.get(f"{path}/samples/{ids[0]}").json()
    client.post(f"{path}/annotations", json={"annotations": done.json()["former"]})
    assert client.get(f"{path}/samples/{ids[0]}").json()["annotation"] == before
    assert "annotation" not in client.get(f"{path}/samples/{ids[1]}").json()


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"sampleIds": ["sample_zzzz"], "labelName": "b"}, 404),
        ({"sampleIds": ["nonsense!"], "labelName": "b"}, 404),
        ({"sampleIds": [], "labelName": "b"}, 400),
        ({"sampleIds": ["{first}"], "labelName": "b", "labelId": "label_1"}, 400),
        ({"sampleIds": ["{first}"], "labelId": "label_zzzz"}, 400),
        ({"sampleIds": ["{first}"], "value": 1.5}, 400),
        ({"annotations": [{"sampleId": "{first}", "annotation": {}}]}, 400),
        ({"labelName": "b"}, 400),
        ([], 400),
    ],
)
def test_a_step_that_cannot_be_taken_changes_nothing(
    client: TestClient, given: Any, status: int
) -> None:
    path, ids = make(client)
    if isinstance(given, dict):
        if given.get("sampleIds"):
            sent = [ids[1], *(one.format(first=ids[0]) for one in given["sampleIds"])]
            given = given | {"sampleIds": sent}
        if "annotations" in given:
            given = {"annotations": [given["annotations"][0] | {"sampleId": ids[0]}]}
    done = client.post(f"{path}/annotations", json=given)
    assert done.status_code == status, done.text
    assert labels(client, path, ids) == ["a", None, None, None]


def test_samples_of_another_function_are_not_there(client: TestClient) -> None:
    path, _ = make(client)
    _, others = make(client)
    done = client.post(f"{path}/annotations", json={"sampleIds": others, "labelName": "b"})
    assert (done.status_code, done.json()["name"]) == (404, "NotFound")
