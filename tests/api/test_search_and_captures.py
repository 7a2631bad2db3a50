"""Searches, and calls kept for review, over HTTP in this process."""

import time
from typing import Any

import pytest
from starlette.testclient import TestClient

from hotfit.functions import functions
from hotfit.functions.labels import labels_of
from hotfit.samples.ids import sample_id
from hotfit.samples.rows import read_rows
from hotfit.samples.sets import add_set, put_into
from tests.api.asking import ask, client
from tests.serving.conftest import world
from tests.serving.worlds import SECONDS, World

__all__ = ["client", "world"]


def test_the_nearest_samples_are_found_in_all_forms(client: TestClient, world: World) -> None:
    with world.store.read() as session:
        function = functions.get(session, "sms")
        rows = read_rows(session, function.id)
    sample = sample_id(rows.ids[2])
    for prefix in ("/v1", "/v0.9"):
        for body in ({"data": rows.data[2]}, {"sampleId": sample}):
            path = f"{prefix}/functions/sms/search?sampleCount=3&includeData=true"
            told = client.post(path, json=body).json()["searchSamples"]
            assert len(told) == 3
            assert told[0]["sampleId"] == sample
            assert told[0]["data"] == rows.data[2]
            assert told[0]["distance"] == pytest.approx(0, abs=1e-6)
    bare = client.post("/v1/search-functions/sms/invoke", json={"sampleId": sample}).json()
    assert bare[0]["sampleId"] == sample
    assert "data" not in bare[0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"data": "a", "sampleId": "b"}, 400),
        ({"sampleId": "nonsense"}, 404),
        ({"sampleId": "sample_zzzzzzzzzzzzzzz"}, 404),
    ],
)
def test_a_search_at_fault_is_refused(client: TestClient, body: Any, status: int) -> None:
    assert client.post("/v1/functions/sms/search", json=body).status_code == status


def test_what_is_found_can_be_narrowed_by_label_set_and_answer(
    client: TestClient, world: World
) -> None:
    with world.store.read() as session:
        function = functions.get(session, "sms")
        labels = {one.name: one.id for one in labels_of(session, function.id)}
        rows = read_rows(session, function.id)
    spam = {
        sample_id(number)
        for number, answer in zip(rows.ids, rows.answers, strict=True)
        if answer == "spam"
    }

    def found(**given: Any) -> set[str]:
        body = {"data": rows.data[0], **given}
        told = client.post("/v1/functions/sms/search?sampleCount=100", json=body)
        assert told.status_code == 200, told.text
        return {one["sampleId"] for one in told.json()["searchSamples"]}

    assert found(labelId=labels["spam"]) == spam
    assert found(annotated=False) == set()
    assert found(annotated=True) == {sample_id(number) for number in rows.ids}
    with world.store.write() as session:
        made = add_set(session, function.id, "mine")
        put_into(session, function.id, rows.ids[1], [(made.id, None)])
    assert found(sampleSetId=made.id) == {sample_id(rows.ids[1])}
    away = client.post("/v1/functions/sms/search?sampleCount=2", json={"unlike": True})
    assert len(away.json()["searchSamples"]) == 2
    for wrong in ({"labelId": "label_zzzzzzzzzzzzzzzz"}, {"sampleSetId": "nothing"}):
        body = {"data": "a", **wrong}
        assert client.post("/v1/functions/sms/search", json=body).status_code == 404


def written(client: TestClient, count: int) -> list[dict[str, Any]]:
    """The captures, once so many are written down."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        found: list[dict[str, Any]] = client.get("/v1/functions/sms/captures").json()
        if len(found) >= count:
            return found
        time.sleep(0.01)
    raise AssertionError(f"{count} captures were expected")


def test_calls_are_kept_for_review_unless_they_ask_not_to_be(
    client: TestClient, world: World
) -> None:
    ask(client, "a call", externalId="e")
    ask(client, "a secret call", query="?capture=false")
    (kept,) = written(client, 1)
    assert kept["data"] == "a call"
    assert kept["externalId"] == "e"
    assert kept["reason"] in {"LowConfidence", "Random"}
    assert client.get("/v1/functions/sms/captures?reason=RareLabel").json() == []
    assert client.get("/v1/functions/sms/captures?reason=Whim").status_code == 400
    gone = [client.delete(f"/v1/functions/sms/captures/{kept['id']}") for _ in range(2)]
    assert [each.status_code for each in gone] == [200, 404]
    assert client.get("/v1/functions/sms/captures").json() == []


def test_captures_come_in_pages(client: TestClient, world: World) -> None:
    inputs = [f"call {number}" for number in range(5)]
    for text in inputs:
        ask(client, text)
    written(client, 5)
    found, path = [], "/v1/functions/sms/captures?count=2"
    while path:
        page = client.get(path)
        found += [each["data"] for each in page.json()]
        path = page.links.get("next", {}).get("url", "")
    assert sorted(found) == inputs
