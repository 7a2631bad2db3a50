"""Versions, verdict, progress and events over HTTP, in this process."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.testclient import TestClient

from hotfit.api import events, invoke, learning, versions
from hotfit.api.app import create_app
from hotfit.api.parts import Parts
from hotfit.api.streams import Bounds, Streams
from hotfit.functions import functions
from hotfit.functions.findings import FoundInData
from hotfit.functions.versions import (
    Candidate,
    Version,
    live_version,
    make_live,
    publish,
)
from hotfit.jobs.leases import Leases, tell
from hotfit.serving.serving import Serving
from tests.api.conftest import ADDRESS, by_role
from tests.serving.conftest import world
from tests.serving.worlds import World

__all__ = ["world"]

FUNCTION = "/v1/functions/sms"
VERDICT = {
    "answer": "yes",
    "metric": "accuracy",
    "estimate": 0.9,
    "low": 0.8,
    "high": 0.95,
    "baseline": 0.5,
    "next_steps": ["label more"],
}
SCORES = {
    "held_out": {"n": 6, "accuracy": 0.9, "low": 0.8, "high": 0.95},
    "trained_on": 6,
    "baseline": {"says": "ham", "score": 0.5, "error": None},
    "first_model": 0.1,
}


@pytest.fixture
def serving(world: World) -> Serving:
    world.trained("sms")
    return world.serving()


@pytest.fixture
def client(world: World, serving: Serving) -> Iterator[TestClient]:
    """A client that may do everything, over the trained function `sms`."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        serving.start()
        yield
        await serving.drain()
        await serving.close()

    parts = Parts(
        store=world.store,
        blobs=world.blobs,
        authenticate=by_role,
        predictions=None,  # type: ignore[arg-type]
        wake=lambda *_: serving.hint(),
        extras={"serving": serving, "streams": Streams(serving)},
    )
    routers = (invoke.router, versions.router, learning.router, events.router)
    app = create_app(parts, routers=routers, lifespan=life)
    headers = {"Authorization": "Bearer admin"}
    with TestClient(app, base_url=ADDRESS, headers=headers, raise_server_exceptions=False) as made:
        yield made


def identifier(world: World) -> str:
    with world.store.read() as session:
        return functions.get(session, "sms").id


def judged(world: World, **members: Any) -> Version:
    """Publish what answers now once more, with a verdict and findings."""
    with world.store.write() as session:
        function = functions.get(session, "sms")
        live = live_version(session, function.id)
        assert live is not None
        kept = {name: getattr(live, name) for name in Candidate.__dataclass_fields__}
        told = {"verdict": VERDICT, "scores": SCORES, "findings": {"duplicate": 1}, **members}
        candidate = replace(Candidate(**kept), change=function.change, **told)
        found = [FoundInData(kind="duplicate", samples=(1, 2), score=1.0)]
        return publish(session, function.id, candidate, found)


def answered_by(client: TestClient) -> str:
    found = client.post(f"{FUNCTION}/invoke", json={"data": "free money"})
    assert found.status_code == 200, found.text
    return str(found.headers["Hotfit-Version"])


def told(client: TestClient, **headers: str) -> list[tuple[str, str | None, Any]]:
    """The events so far: name, identifier, data."""
    found = client.get(f"{FUNCTION}/events?follow=false", headers=headers)
    assert found.status_code == 200, found.text
    assert found.headers["content-type"] == "text/event-stream; charset=utf-8"
    return parsed(found.text)


def parsed(text: str) -> list[tuple[str, str | None, Any]]:
    blocks = [block for block in text.split("\n\n") if block.startswith("event: ")]
    lines = [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]
    return [(one["event"], one.get("id"), json.loads(one["data"])) for one in lines]


def test_versions_are_listed_newest_first(client: TestClient, world: World) -> None:
    newest = judged(world)
    found = client.get(f"{FUNCTION}/versions").json()
    assert [one["number"] for one in found] == [2, 1]
    assert found[0] == {
        "id": newest.id,
        "number": 2,
        "change": newest.change,
        "build": "instant",
        "encoder": "fake.v1",
        "head": newest.head,
        "score": {name: VERDICT[name] for name in versions.ScoreShown.model_fields},
        "verdict": "yes",
        "findings": {"duplicate": 1},
        "parent": found[1]["id"],
        "created": newest.created,
        "seconds": 0.1,
        "live": True,
        "pinned": False,
    }
    assert (found[1]["score"], found[1]["verdict"], found[1]["live"]) == (None, None, False)
    assert client.get(f"{FUNCTION}/versions/1").json() == found[1]
    assert client.get(f"{FUNCTION}/versions/{newest.id}").json() == found[0]


def test_versions_come_in_pages(client: TestClient, world: World) -> None:
    for _ in range(3):
        judged(world)
    first = client.get(f"{FUNCTION}/versions?count=3")
    link = first.headers["Link"].partition(">")[0].removeprefix("<")
    second = client.get(link)
    assert [one["number"] for one in first.json() + second.json()] == [4, 3, 2, 1]
    assert "Link" not in second.headers


def test_a_call_after_a_promotion_is_answered_by_that_version(
    client: TestClient, world: World
) -> None:
    first = answered_by(client)
    second = judged(world).id
    for wanted in (second, first, second, first):
        done = client.post(f"{FUNCTION}/versions/{wanted}/promote")
        assert answered_by(client) == wanted
        assert done.status_code == 200
        assert int(done.headers["Hotfit-Change"]) > 0
        assert (done.json()["id"], done.json()["live"], done.json()["pinned"]) == (
            wanted,
            True,
            True,
        )


def test_a_call_after_a_promotion_elsewhere_is_answered_by_that_version(
    client: TestClient, world: World
) -> None:
    made = [answered_by(client), *(judged(world).id for _ in range(3))]
    for wanted in (*made, *made):
        with world.store.write() as session:  # as `hotfit promote` does beside the server
            make_live(session, functions.get(session, "sms").id, wanted)
        assert answered_by(client) == wanted


def test_while_a_version_is_pinned_no_newer_one_takes_over(
    client: TestClient, world: World
) -> None:
    first = answered_by(client)
    client.post(f"{FUNCTION}/versions/1/promote")
    newest = judged(world)
    assert answered_by(client) == first
    assert [one["pinned"] for one in client.get(f"{FUNCTION}/versions").json()] == [False, True]
    done = client.delete(f"{FUNCTION}/versions/pin")
    assert answered_by(client) == newest.id
    assert (done.json()["id"], done.json()["pinned"]) == (newest.id, False)
    assert int(done.headers["Hotfit-Change"]) > 0


def test_a_pinned_version_is_not_waited_for(world: World) -> None:
    function = world.trained("sms")
    with world.store.write() as session:
        live = live_version(session, function)
        assert live is not None
        change = make_live(session, function, live.id)
    world.fill(function)

    async def story(serving: Serving) -> None:
        hour = 3600.0  # the story itself has seconds
        standing = serving.standing(function)
        await serving.predictors.learned(standing, change + 1, seconds=hour)

    world.serve(story)


def test_what_does_not_load_is_not_promoted(client: TestClient, world: World) -> None:
    live = answered_by(client)
    with world.store.write() as session:
        function = functions.get(session, "sms")
    broken = world.publish(function.id, artifact=world.blobs.put(b"no model"))
    done = client.post(f"{FUNCTION}/versions/{broken.id}/promote")
    assert done.status_code == 503, done.text
    assert "Hotfit-Change" not in done.headers
    assert answered_by(client) == live


@pytest.mark.parametrize("given", ["0", "99", "version_zzzzzzzzzzzzzzzz", "pin", "x"])
def test_a_version_that_is_not_there_is_not_found(client: TestClient, given: str) -> None:
    path = f"{FUNCTION}/versions/{given}"
    found = [client.get(path), client.post(f"{path}/promote")]
    assert [(one.status_code, one.json()["name"]) for one in found] == [(404, "NotFound")] * 2


def members(model: type[BaseModel]) -> set[str]:
    """The members that an answer has, as they leave."""
    return {field.alias or name for name, field in model.model_fields.items()}


def test_the_verdict_is_that_of_the_live_version(client: TestClient, world: World) -> None:
    version = judged(world)
    found = client.get(f"{FUNCTION}/verdict").json()
    assert set(found) == members(learning.VerdictShown)
    assert found["version"] == version.id
    assert found["verdict"]["sentence"].startswith("90.0 % of new texts right (80.0 to 95.0)")
    assert found["score"] == SCORES["held_out"]
    assert (found["findings"], found["trainedOn"]) == ({"duplicate": 1}, 6)


def test_before_training_there_is_no_verdict(client: TestClient, world: World) -> None:
    world.function("bare")
    found = client.get("/v1/functions/bare/verdict").json()
    assert (found["version"], found["verdict"], found["findings"]) == (None, None, {})


def test_progress_says_what_is_learned_and_what_is_done(client: TestClient, world: World) -> None:
    function = identifier(world)
    before = client.get(f"{FUNCTION}/progress").json()
    assert set(before) == members(learning.ProgressShown)
    assert (before["isTraining"], before["step"]) == (True, "learning")
    leases = Leases(world.store, clock=lambda: 0.0)
    lease = leases.take(function, "learn", change=before["change"])
    assert lease is not None
    leases.begin(lease)
    with world.store.write() as session:
        tell(session, lease, step="encoding", done=3, total=6)
    during = client.get(f"{FUNCTION}/progress").json()
    assert (during["step"], during["done"], during["total"]) == ("encoding", 3, 6)
    with world.store.write() as session:
        leases.wait(session, lease, change=before["change"], reason="too few")
    after = client.get(f"{FUNCTION}/progress").json()
    assert (after["isTraining"], after["step"], after["reason"]) == (False, None, "too few")


def test_events_resume_where_they_were_left(client: TestClient, world: World) -> None:
    everything = told(client, **{"Last-Event-ID": "0"})
    assert [name for name, _, _ in everything] == ["version", "progress"]
    last = everything[-1][1]
    assert last is not None
    version = judged(world)
    client.post(f"{FUNCTION}/versions/1/promote")
    client.delete(f"{FUNCTION}/versions/pin")
    found = told(client, **{"Last-Event-ID": last})
    names = [name for name, _, _ in found]
    assert names == ["version", "findings", "promoted", "promoted", "progress"]
    ids = [number for _, number, _ in found]
    assert ids[0] is None
    assert [int(one or 0) for one in ids[1:]] == [int(last) + n for n in (1, 2, 3, 3)]
    assert found[0][2]["version"]["id"] == found[1][2]["version"] == version.id
    assert found[1][2]["findings"] == {"duplicate": 1}
    assert [found[2][2]["pinned"], found[3][2]["pinned"]] == [True, False]
    assert told(client, **{"Last-Event-ID": str(ids[-1])}) == found[-1:]


def test_without_a_place_to_resume_events_begin_with_the_present(client: TestClient) -> None:
    assert [name for name, _, _ in told(client)] == ["progress"]


@pytest.mark.parametrize("given", ["x", "-1", "1.5"])
def test_a_place_that_is_none_is_refused(client: TestClient, given: str) -> None:
    found = client.get(f"{FUNCTION}/events?follow=false", headers={"Last-Event-ID": given})
    assert found.status_code == 400


def test_no_place_is_kept_by_a_stream_that_has_ended(client: TestClient) -> None:
    for _ in range(Bounds.per_key + 1):
        told(client)
