import pytest
from starlette.testclient import TestClient


@pytest.fixture
def table(client: TestClient) -> str:
    body = {"input": "Tabular", "output": "Classification"}
    return f"/v1/functions/{client.post('/v1/functions', json=body).json()['id']}"


def _field(client: TestClient, table: str, name: str, kind: str) -> str:
    done = client.post(f"{table}/fields", json={"name": name, "type": kind})
    assert done.status_code == 200, done.text
    return str(done.json()["id"])


def test_fields_keep_their_order_and_their_identifier(client: TestClient, table: str) -> None:
    size, colour = (_field(client, table, *one) for one in (("size", "Number"), ("colour", "Text")))
    found = client.get(f"{table}/fields").json()
    assert [(one["id"], one["name"], one["type"]) for one in found] == [
        (size, "size", "Number"),
        (colour, "colour", "Text"),
    ]
    one = f"{table}/fields/{size.removeprefix('field_')}"
    assert client.get(one).json() == found[0]
    assert client.delete(one).status_code == 200
    assert client.get(f"{table}/fields").json() == found[1:]
    assert client.get(one).status_code == 404


def test_rows_are_given_by_field_id_or_name_and_shown_by_id(client: TestClient, table: str) -> None:
    size, colour = (_field(client, table, *one) for one in (("size", "Number"), ("Colour", "Text")))
    bare = size.removeprefix("field_")
    first = client.post(f"{table}/samples", json={"data": {bare: 3, colour: "red"}})
    assert first.json()["data"] == {size: 3, colour: "red"}
    second = client.post(f"{table}/samples", json={"data": {"size": 4.5, "colour": "blue"}})
    assert second.json()["data"] == {size: 4.5, colour: "blue"}
    partial = client.post(f"{table}/samples", json={"data": {"size": None}})
    assert (partial.status_code, partial.json()["data"]) == (200, {size: None})


@pytest.mark.parametrize(
    "data",
    [{"size": "large"}, {"size": "3"}, {"size": True}, {"weight": 3}, "text", {"size": [3]}, [3]],
)
def test_what_is_no_row_of_the_function_is_refused(
    client: TestClient, table: str, data: object
) -> None:
    _field(client, table, "size", "Number")
    done = client.post(f"{table}/samples", json={"data": data})
    assert (done.status_code, done.json()["name"]) == (400, "DataRefused")
    assert client.get(f"{table}/samples").json() == []


def test_a_renamed_field_keeps_its_values(client: TestClient, table: str) -> None:
    size = _field(client, table, "size", "Number")
    made = client.post(f"{table}/samples", json={"data": {"size": 3}}).json()
    done = client.put(f"{table}/fields/{size}", json={"name": "length", "type": "Number"})
    assert done.json() == {"id": size, "name": "length", "type": "Number", "kind": "Number"}
    assert client.get(f"{table}/samples/{made['id']}").json()["data"] == {size: 3}
    again = client.post(f"{table}/samples", json={"data": {"length": 3}})
    assert (again.status_code, again.json()["id"]) == (409, made["id"])


def test_a_deleted_field_is_shown_no_more(client: TestClient, table: str) -> None:
    size, colour = (_field(client, table, *one) for one in (("size", "Number"), ("colour", "Text")))
    made = client.post(f"{table}/samples", json={"data": {"size": 3, "colour": "red"}}).json()
    client.delete(f"{table}/fields/{size}")
    assert client.get(f"{table}/samples/{made['id']}").json()["data"] == {colour: "red"}


def test_fields_are_refused_where_they_make_no_sense(client: TestClient, table: str) -> None:
    _field(client, table, "photo", "Image")
    for body in ({"name": "other", "type": "Image"}, {"name": "x", "type": "Date"}):
        assert client.post(f"{table}/fields", json=body).status_code == 400
    taken = client.post(f"{table}/fields", json={"name": "PHOTO", "type": "Text"})
    assert (taken.status_code, taken.json()["name"]) == (409, "NameTaken")
    text = client.post("/v1/functions", json={"input": "Text", "output": "Tags"}).json()["id"]
    done = client.post(f"/v1/functions/{text}/fields", json={"name": "a", "type": "Text"})
    assert (done.status_code, done.json()["name"]) == (400, "NoTable")
