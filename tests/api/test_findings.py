from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from hotfit.api.parts import Parts
from hotfit.functions import functions as f
from hotfit.samples.rows import read_rows
from tests.samples.test_repairing import examine, put, suspect

HAM, SPAM = "ham", "spam"


@pytest.fixture
def found(client: TestClient, parts: Parts) -> dict[str, Any]:
    """The one finding of the function `sms`."""
    with parts.store.write() as w:
        function = put(w)
        examine(w, function, suspect(read_rows(w, function)))
    told: list[dict[str, Any]] = client.get("/v1/functions/sms/findings").json()
    assert len(told) == 1
    return told[0]


def answer(parts: Parts) -> object:
    """What is said of the sample that the finding speaks of."""
    with parts.store.read() as r:
        return read_rows(r, f.get(r, "sms").id).answers[0]


def test_a_finding_tells_where_what_why_and_how_to_mend_it(found: dict[str, Any]) -> None:
    assert {name: found[name] for name in ("kind", "row", "label", "suggested", "status")} == {
        "kind": "suspect_label",
        "row": 1,
        "label": HAM,
        "suggested": SPAM,
        "status": "open",
    }
    assert found["fix"]["action"] == "relabel"
    assert found["evidence"] == "it says so"
    assert found["samples"] == [found["sample"]]


def test_accepting_is_a_write_that_is_undone(
    client: TestClient, parts: Parts, found: dict[str, Any]
) -> None:
    one = f"/v1/functions/sms/findings/{found['id']}"
    done = client.post(f"{one}/accept")
    assert (done.status_code, done.json()["status"]) == (200, "accepted")
    assert done.json()["author"] == "key-admin"
    assert answer(parts) == SPAM
    assert client.post(f"{one}/accept").status_code == 409
    back = client.post(f"{one}/undo")
    assert back.json() == found
    assert answer(parts) == HAM
    assert int(back.headers["Hotfit-Change"]) > int(done.headers["Hotfit-Change"])


def test_the_body_may_say_another_label(
    client: TestClient, parts: Parts, found: dict[str, Any]
) -> None:
    one = f"/v1/functions/sms/findings/{found['id']}"
    refused = client.post(f"{one}/accept", json={"labelName": "eggs"})
    assert (refused.status_code, refused.json()["name"]) == (404, "LabelUnknown")
    client.post("/v1/functions/sms/labels", json={"name": "eggs"})
    done = client.post(f"{one}/accept", json={"labelName": "eggs"})
    assert done.json()["done"] == "1 sample is labelled 'eggs' now"
    assert answer(parts) == "eggs"
    client.post(f"{one}/undo")
    both = client.post(f"{one}/accept", json={"labelName": "eggs", "labelId": "label_1"})
    assert both.status_code == 400
    slip = client.post(f"{one}/accept", json={"label": "eggs"})
    assert (slip.status_code, answer(parts)) == (400, HAM)


def test_findings_are_filtered_by_kind_status_and_sample(
    client: TestClient, found: dict[str, Any]
) -> None:
    address = "/v1/functions/sms/findings"
    client.post(f"{address}/{found['id']}/dismiss")
    counts = {
        query: len(client.get(f"{address}?{query}").json())
        for query in (
            "",
            "status=open",
            "status=dismissed",
            "kind=duplicate",
            "kind=suspect_label",
            f"sampleId={found['sample']}",
            "sampleId=sample_zzzzzzzzzzzzzzzz",
            "startIndex=1",
        )
    }
    assert list(counts.values()) == [1, 0, 1, 0, 1, 1, 0, 0]


def test_the_summary_states_a_yield(client: TestClient, found: dict[str, Any]) -> None:
    (told,) = client.get("/v1/functions/sms/findings/summary").json()
    assert (told["kind"], told["open"], told["expected"]) == ("suspect_label", 1, 0.8)
    assert told["sentence"] == "wrong with a chance of 80 %"


def test_the_summary_speaks_of_the_first_where_asked(
    client: TestClient, parts: Parts, found: dict[str, Any]
) -> None:
    with parts.store.write() as w:
        rows = read_rows(w, f.get(w, "sms").id)
        unsure = replace(suspect(rows, suggested="eggs"), score=0.2)
        examine(w, f.get(w, "sms").id, suspect(rows), unsure)
    path = "/v1/functions/sms/findings/summary"
    (whole,), (first,) = client.get(path).json(), client.get(f"{path}?first=1").json()
    assert (whole["open"], whole["expected"]) == (2, 1.0)
    assert (first["open"], first["expected"]) == (2, 0.8)
    assert client.get(f"{path}?first=0").status_code == 400


def test_pages_are_linked(client: TestClient, parts: Parts, found: dict[str, Any]) -> None:
    with parts.store.write() as w:
        function = f.get(w, "sms").id
        rows = read_rows(w, function)
        both = [suspect(rows), suspect(rows, suggested="eggs")]
        examine(w, function, *both)
    first = client.get("/v1/functions/sms/findings?count=1")
    (path,) = [part.split(">")[0][1:] for part in first.headers["Link"].split(", ")]
    second = client.get(path)
    assert "Link" not in second.headers
    assert {first.json()[0]["suggested"], second.json()[0]["suggested"]} == {"spam", "eggs"}


def test_a_finding_of_another_function_is_not_there(
    client: TestClient, found: dict[str, Any]
) -> None:
    body = {"name": "other", "input": "Text", "output": "Classification"}
    assert client.post("/v1/functions", json=body).status_code == 200
    for name in ("other", "sms"):
        identifier = found["id"] if name == "other" else "finding_zzzzzzzzzzzzzzzz"
        for verb in ("accept", "dismiss", "undo"):
            done = client.post(f"/v1/functions/{name}/findings/{identifier}/{verb}")
            assert done.status_code == 404
