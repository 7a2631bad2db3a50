import pytest
from starlette.testclient import TestClient


@pytest.fixture
def labels(client: TestClient) -> str:
    body = {"input": "Text", "output": "Classification"}
    return f"/v1/functions/{client.post('/v1/functions', json=body).json()['id']}/labels"


def test_a_label_is_made_listed_changed_and_deleted(client: TestClient, labels: str) -> None:
    given = {"name": "spam", "description": None, "metadata": None}
    made = client.post(labels, json=given)
    assert made.status_code == 200
    assert made.json() == {"id": made.json()["id"], "name": "spam"}
    assert int(made.headers["Hotfit-Change"]) == 2
    one = f"{labels}/{made.json()['id'].removeprefix('label_')}"
    told = {"name": "Spam", "description": "unwanted", "metadata": {"a": "b"}}
    assert client.put(one, json=told).json() == {"id": made.json()["id"], **told}
    assert client.get(labels).json() == [client.get(one).json()]
    cleared = client.put(one, json={"name": "Spam", "metadata": {}}).json()
    assert cleared == {"id": made.json()["id"], "name": "Spam"}
    assert client.delete(one).status_code == 200
    assert client.get(labels).json() == []
    assert client.get(one).status_code == 404


def test_a_taken_name_is_refused_in_words_that_clients_look_for(
    client: TestClient, labels: str
) -> None:
    client.post(labels, json={"name": "spam"})
    done = client.post(labels, json={"name": " SPAM"})
    assert done.status_code == 409
    assert "already exists" in done.json()["message"]
    assert done.json()["name"] == "NameTaken"


def test_what_is_wrong_is_told_without_what_the_caller_called_it(
    client: TestClient, labels: str
) -> None:
    done = client.post(labels, json={"name": "a", "metadata": {"secret-word": 1}})
    assert done.status_code == 400
    assert "metadata" in done.json()["message"]
    assert "secret-word" not in done.text
