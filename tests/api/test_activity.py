"""What the console's page about calls is told."""

import pytest
from starlette.testclient import TestClient

from hotfit.api import activity
from tests.api.asking import FREE, ask, client
from tests.serving.conftest import world

__all__ = ["client", "world"]


@pytest.fixture
def busy(client: TestClient) -> TestClient:
    """A client of a server that has also the page about calls."""
    client.app.include_router(activity.router, prefix="/v1")  # type: ignore[attr-defined]
    return client


def test_calls_are_told_with_their_latency_and_labels(busy: TestClient) -> None:
    before = busy.get("/v1/functions/sms/activity").json()
    assert (before["buckets"], before["total"]["calls"]) == ([], 0)
    assert before["total"]["latency"] is None
    (label,) = {ask(busy)["labelName"] for _ in range(3)}
    batch = {"data": [FREE, "see you at home"]}
    assert busy.post("/v1/functions/sms/invoke/batch", json=batch).status_code == 200
    assert busy.post("/v1/functions/sms/invoke", json={"data": 5}).status_code == 400
    told = busy.get("/v1/functions/sms/activity?minutes=5").json()
    assert (told["total"]["calls"], told["total"]["samples"], told["total"]["errors"]) == (4, 5, 1)
    assert told["errorsByStatus"] == {"400": 1}
    latency = told["total"]["latency"]
    assert 0 < latency["p50"] <= latency["p95"] <= latency["p99"]
    assert told["seconds"] == 60
    assert sum(one["calls"] for one in told["buckets"]) == 4
    assert sum(one["count"] for one in told["confidence"]) == 5
    assert told["labels"][0]["labelName"] == label
    assert told["labels"][0]["labelId"].startswith("label_")


@pytest.mark.parametrize("minutes", [0, 1441, "x"])
def test_a_day_is_the_longest(busy: TestClient, minutes: object) -> None:
    assert busy.get(f"/v1/functions/sms/activity?minutes={minutes}").status_code == 400


def test_a_function_that_is_not_there_did_nothing(busy: TestClient) -> None:
    assert busy.get("/v1/functions/other/activity").status_code == 404
