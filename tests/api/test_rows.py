"""Rows of a folder on a server: listed whole, changed in one step, never over somebody's head."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from hotfit.api import rows
from hotfit.api.app import create_app
from hotfit.api.parts import Parts
from tests.api.conftest import ADDRESS
from tests.inputs.pictures import png


@pytest.fixture
def api(parts: Parts) -> Iterator[TestClient]:
    headers = {"Authorization": "Bearer editor"}
    app = create_app(parts, routers=[rows.router])
    with TestClient(app, base_url=ADDRESS, headers=headers, raise_server_exceptions=False) as made:
        yield made


def make(api: TestClient, kind: str = "Text", output: str = "Classification") -> str:
    made = api.post("/v1/functions", json={"name": "f", "input": kind, "output": output})
    assert made.status_code == 200, made.text
    return f"/v1/functions/{made.json()['id']}"


def step(api: TestClient, function: str, **body: Any) -> Any:
    done = api.post(f"{function}/rows", json=body)
    assert done.status_code == 200, done.text
    return done.json()


def listed(api: TestClient, function: str) -> list[dict[str, Any]]:
    response = api.get(f"{function}/rows")
    assert response.headers["hotfit-rows"] == "1"
    return [json.loads(line) for line in response.text.splitlines()]


def test_rows_are_added_relabelled_and_removed_by_name(api: TestClient) -> None:
    function = make(api)
    new = [
        {"data": "one", "label": "a", "externalId": "x1"},
        {"data": "two", "label": "b", "split": "test"},
        {"data": "three"},
    ]
    assert step(api, function, add=new)["added"] == 3
    first, second, third = listed(api, function)
    assert first == {"id": first["id"], "data": "one", "label": "a", "externalId": "x1"}
    assert (second["split"], third.get("label")) == ("test", None)
    done = step(
        api,
        function,
        remove=[{"id": second["id"], "was": "b"}],
        relabel=[{"id": third["id"], "label": "c"}, {"id": first["id"], "was": "a"}],
    )
    assert (done["removed"], done["relabelled"]) == (1, 2)
    assert [(one["data"], one.get("label")) for one in listed(api, function)] == [
        ("one", None),
        ("three", "c"),
    ]


def test_the_same_step_again_does_nothing_more(api: TestClient) -> None:
    function = make(api)
    new = [{"data": "one", "label": "a"}]
    step(api, function, add=new)
    again = step(api, function, add=new)
    assert (again["added"], again["refused"]["add"][0]["row"]) == (0, 1)
    (row,) = listed(api, function)
    gone = [{"id": row["id"], "was": "a"}]
    assert step(api, function, remove=gone)["removed"] == 1
    assert step(api, function, remove=gone)["refused"]["remove"] == []


def test_a_row_that_somebody_changed_meanwhile_is_left_and_told(api: TestClient) -> None:
    function = make(api)
    step(api, function, add=[{"data": "one", "label": "a"}, {"data": "two", "label": "a"}])
    one, two = listed(api, function)
    seen = [
        {"id": one["id"], "was": "b", "label": "c"},
        {"id": two["id"], "was": "a", "label": "c"},
    ]
    done = step(api, function, relabel=seen, remove=[{"id": one["id"], "was": None}])
    assert done["relabelled"] == 1
    assert done["refused"]["relabel"][0]["reason"] == "was changed by somebody else meanwhile"
    assert len(done["refused"]["remove"]) == 1
    assert [row["label"] for row in listed(api, function)] == ["a", "c"]
    missing = [{"id": "sample_00000000000000zz", "label": "c"}]
    assert step(api, function, relabel=missing)["refused"]["relabel"][0]["reason"].endswith("there")


def test_a_removed_row_gives_its_id_to_the_one_in_its_place(api: TestClient) -> None:
    function = make(api)
    step(api, function, add=[{"data": "old", "label": "a", "externalId": "x"}])
    (row,) = listed(api, function)
    new = {"data": "new", "label": "a", "externalId": "x"}
    done = step(api, function, remove=[{"id": row["id"], "was": "a"}], add=[new])
    assert (done["removed"], done["added"]) == (1, 1)
    assert listed(api, function)[0]["data"] == "new"


def test_tags_and_quantities_are_compared_whatever_their_order(api: TestClient) -> None:
    tagged = make(api, output="Tags")
    step(api, tagged, add=[{"data": "one", "label": ["a", "b"]}])
    (row,) = listed(api, tagged)
    edit = {"id": row["id"], "was": ["b", "a"], "label": []}
    assert step(api, tagged, relabel=[edit])["relabelled"] == 1
    assert listed(api, tagged)[0]["label"] == []
    number = make(api, output="Number")
    step(api, number, add=[{"data": "one", "label": 2.5}])
    assert listed(api, number)[0]["label"] == 2.5


def test_cells_stay_as_a_file_has_them_and_fields_keep_their_kind(api: TestClient) -> None:
    table = make(api, "Tabular")
    for name, kind in (("plan", "Category"), ("spend", "Number")):
        body = {"name": name, "type": "Number" if kind == "Number" else "Text", "kind": kind}
        assert api.post(f"{table}/fields", json=body).json()["kind"] == kind
    step(api, table, add=[{"data": {"plan": "gold", "spend": "1.50"}, "label": "stays"}])
    assert listed(api, table)[0]["data"] == {"plan": "gold", "spend": "1.50"}
    wrong = api.post(f"{table}/rows", json={"add": [{"data": {"colour": "red"}}]})
    assert (wrong.status_code, "names of its fields" in wrong.text) == (400, True)
    unfit = api.post(f"{table}/fields", json={"name": "x", "type": "Text", "kind": "Number"})
    assert unfit.status_code == 400


def test_images_are_listed_by_their_file(api: TestClient) -> None:
    function = make(api, "Image")
    uri = "data:image/png;base64," + base64.b64encode(png()).decode()
    assert step(api, function, add=[{"data": uri, "label": "cat"}])["added"] == 1
    assert len(listed(api, function)[0]["data"]) == 64


@pytest.mark.parametrize(
    "body",
    [
        {"add": [{"data": "one", "label": ["a"]}]},
        {"add": [{"data": 3}]},
        {"relabel": [{"id": "nobody", "label": "a"}]},
        {"remove": [{"id": "sample_0000000000000001", "was": 3.5}]},
        {"add": [{"data": "x"}] * 2001},
    ],
)
def test_a_step_that_cannot_be_read_changes_nothing(api: TestClient, body: Any) -> None:
    function = make(api)
    assert api.post(f"{function}/rows", json=body).status_code == 400
    assert listed(api, function) == []


def test_whoever_may_only_read_lists_and_changes_nothing(api: TestClient) -> None:
    function = make(api)
    viewer = {"Authorization": "Bearer viewer"}
    assert api.get(f"{function}/rows", headers=viewer).status_code == 200
    assert api.post(f"{function}/rows", json={}, headers=viewer).status_code == 403
