from starlette.testclient import TestClient


def _create(client: TestClient, **given: object) -> dict[str, str]:
    body = {"input": "Text", "output": "Classification", **given}
    done = client.post("/v1/functions", json=body)
    assert done.status_code == 200, done.text
    assert int(done.headers["Hotfit-Change"]) == 1
    made: dict[str, str] = done.json()
    return made


def test_a_function_is_made_read_renamed_and_deleted(client: TestClient) -> None:
    made = _create(client, name="spam")
    path = f"/v1/functions/{made['id']}"
    bare = path.replace("function_", "")
    assert client.get(bare).json()["name"] == "spam"
    assert client.get("/v0.9/functions/spam").json()["id"] == made["id"]
    renamed = client.put(path, json={"Name": "ham", "input": "Image", "output": "Tags"})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "ham")
    assert renamed.json()["input"] == "Text"
    assert [one["name"] for one in client.get("/v1/functions").json()] == ["ham"]
    assert client.delete(path).status_code == 200
    assert client.get(path).status_code == 404
    assert client.get("/v1/functions").json() == []


def test_functions_may_share_a_name_or_have_none(client: TestClient) -> None:
    first, second = _create(client, name="spam"), _create(client, name="Spam")
    assert (first["name"], second["name"]) == ("spam", "Spam")
    assert client.get("/v1/functions/spam").json()["id"] == first["id"]
    assert client.get(f"/v1/functions/{second['id']}").json()["name"] == "Spam"
    assert _create(client)["name"] == "NewFunction"


def test_a_function_named_after_anothers_identifier_does_not_take_its_address(
    client: TestClient,
) -> None:
    first = _create(client, name="spam")
    _create(client, name=first["id"])
    assert client.get(f"/v1/functions/{first['id']}").json()["name"] == "spam"


def test_a_function_without_a_model_is_not_said_to_be_trained(client: TestClient) -> None:
    made = _create(client)
    state = client.get(f"/v0.9/functions/{made['id']}").json()["state"]
    assert state not in {"Browsing", "Tuning"}


def test_what_only_searches_needs_no_training(client: TestClient) -> None:
    made = _create(client, name="lookup", output="Search")
    path = f"/v0.9/functions/{made['id']}"
    assert client.post(f"{path}/samples", json={"data": "red shoes"}).status_code == 200
    assert client.get(path).json()["state"] == "Browsing"
    metrics = client.get(f"{path}/metrics").json()
    assert (metrics["isTraining"], metrics["predictionCount"], metrics["sampleCount"]) == (
        False,
        1,
        1,
    )
