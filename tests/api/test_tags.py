import pytest
from starlette.testclient import TestClient


@pytest.fixture
def function(client: TestClient) -> str:
    body = {"input": "Text", "output": "Tags"}
    return f"/v0.9/functions/{client.post('/v1/functions', json=body).json()['id']}"


def _labels(client: TestClient, function: str, *names: str) -> list[str]:
    made = [client.post(f"{function}/labels", json={"name": name}) for name in names]
    return [one.json()["id"] for one in made]


def test_labels_that_are_not_mentioned_are_absent_and_later_ones_are_open(
    client: TestClient, function: str
) -> None:
    food, music = _labels(client, function, "food", "music")
    given = {"data": "a", "annotation": [{"labelName": "music", "present": True}]}
    made = client.post(f"{function}/samples", json=given).json()
    _labels(client, function, "sport")
    kept = [{"labelId": music, "present": True}, {"labelId": food, "present": False}]
    assert made["annotation"] == kept
    assert client.get(f"{function}/samples/{made['id']}").json()["annotation"] == kept
    bare = client.post(f"{function}/samples", json={"data": "b"}).json()
    assert "annotation" not in bare


def test_a_new_annotation_replaces_the_list_in_the_callers_order(
    client: TestClient, function: str
) -> None:
    food, music = _labels(client, function, "food", "music")
    sample = client.post(f"{function}/samples", json={"data": "a"}).json()["id"]
    given = [{"labelName": "music", "present": False}, {"labelId": food, "present": True}]
    done = client.put(f"{function}/samples/{sample}/annotation", json=given)
    kept = [{"labelId": music, "present": False}, {"labelId": food, "present": True}]
    assert (done.status_code, done.json()) == (200, kept)
    client.put(f"{function}/samples/{sample}/annotation", json=given[:1])
    assert client.get(f"{function}/samples/{sample}").json()["annotation"] == kept[:1]


def test_metrics_count_each_label_where_it_is_present(client: TestClient, function: str) -> None:
    food, music = _labels(client, function, "food", "music")
    given = {"data": "a", "annotation": [{"labelName": "music", "present": True}]}
    client.post(f"{function}/samples", json=given)
    found = client.get(f"{function}/metrics").json()
    assert found["positiveAnnotatedLabelCounts"] == {food: 0, music: 1}
    assert "annotatedLabelCounts" not in found


@pytest.mark.parametrize(
    "annotation",
    [
        [{"labelName": "a"}, {"labelName": "A "}],
        [{"labelId": "label_0000000000000000"}],
        [{"present": True}],
        [{"labelName": "a", "labelId": "label_0000000000000000"}],
        [{"labelName": " "}],
        [{"labelName": "a", "present": "yes"}],
        {"value": 3},
        "a",
    ],
)
def test_annotations_that_say_nothing_are_refused(
    client: TestClient, function: str, annotation: object
) -> None:
    given = {"data": "a", "annotation": annotation}
    assert client.post(f"{function}/samples", json=given).status_code == 400
    assert client.get(f"{function}/samples").json() == []
    assert client.get(f"{function}/labels").json() == []
