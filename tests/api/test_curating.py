"""The queue, more like this, the map and the forecast over HTTP in this process."""

from typing import Any

from starlette.testclient import TestClient

from hotfit.functions import functions
from hotfit.samples import imports
from hotfit.samples.ids import sample_id
from hotfit.samples.rows import read_rows
from hotfit.types import Output, Sample
from tests.api.asking import client
from tests.serving.conftest import world
from tests.serving.worlds import World

__all__ = ["client", "world"]

POOL = [
    "win a free prize now",
    "shall we meet for lunch",
    "claim your free money",
    "see you at home",
]


def unlabelled(world: World) -> str:
    with world.store.write() as session:
        function = functions.get(session, "sms").id
        new = [Sample(number=n, data=text) for n, text in enumerate(POOL, 1)]
        imports.add(session, function, new, author="me", blobs=world.blobs)
    return str(function)


def get(client: TestClient, path: str) -> Any:
    found = client.get(f"/v1/functions/sms/{path}")
    assert found.status_code == 200, found.text
    return found.json()


def test_the_queue_holds_what_has_no_answer_and_shrinks_with_each(
    client: TestClient, world: World
) -> None:
    unlabelled(world)
    told = get(client, "queue?count=10")
    assert {item["data"] for item in told["items"]} == set(POOL)
    assert all(item["reason"] and item["guess"]["labelName"] for item in told["items"])
    first = told["items"][0]
    path = f"/v1/functions/sms/samples/{first['sampleId']}/annotation"
    assert client.put(path, json={"labelName": "spam"}).status_code == 200
    again = get(client, "queue?count=10")
    assert {item["sampleId"] for item in again["items"]} == {
        item["sampleId"] for item in told["items"][1:]
    }


def test_without_samples_or_labels_the_queue_says_so(client: TestClient, world: World) -> None:
    world.function("new")
    told = client.get("/v1/functions/new/queue").json()
    assert told == {
        "items": [],
        "expectedGain": None,
        "stop": False,
        "sentence": "There is no sample yet; add some.",
    }
    made = world.function("lookup", labels=(), output=Output.SEARCH)
    with world.store.write() as session:
        new = [Sample(number=n, data=text) for n, text in enumerate(POOL, 1)]
        imports.add(session, made, new, author="me", blobs=world.blobs)
    told = client.get("/v1/functions/lookup/queue").json()
    assert (told["items"], told["stop"]) == ([], True)
    assert told["sentence"] == "What only searches needs no labels."
    path = "/v1/search-functions/lookup/invoke?sampleCount=1&includeData=true"
    (nearest,) = client.post(path, json={"data": POOL[2]}).json()
    assert nearest["data"] == POOL[2]
    assert len(client.get("/v1/functions/lookup/map").json()["points"]) == len(POOL)


def test_more_like_this_finds_samples_without_an_answer(client: TestClient, world: World) -> None:
    function = unlabelled(world)
    with world.store.read() as session:
        rows = read_rows(session, function)
    spam = [sample_id(n) for n, a in zip(rows.ids, rows.answers, strict=True) if a == "spam"]
    ham = [sample_id(n) for n, a in zip(rows.ids, rows.answers, strict=True) if a == "ham"]
    body = {"sampleIds": spam, "not": ham, "count": 2}
    told = client.post("/v1/functions/sms/more-like-this", json=body).json()
    assert len(told["items"]) == 2
    assert told["items"][0]["data"] in {POOL[0], POOL[2]}
    wrong = client.post("/v1/functions/sms/more-like-this", json={"sampleIds": ["nonsense"]})
    assert wrong.status_code == 404


def test_the_map_places_every_sample_and_moves_none(client: TestClient, world: World) -> None:
    before = {one["sampleId"]: one for one in get(client, "map")["points"]}
    unlabelled(world)
    after = {one["sampleId"]: one for one in get(client, "map")["points"]}
    assert len(after) == len(before) + len(POOL)
    for name, point in before.items():
        assert (after[name]["x"], after[name]["y"]) == (point["x"], point["y"])
    page = get(client, "map?startIndex=2&count=3")
    assert len(page["points"]) == 3
    assert page["change"] > 0


def test_a_forecast_says_what_a_target_asks_for_or_why_not(client: TestClient) -> None:
    found = client.get("/v1/functions/sms/forecast?target=0.9")
    assert found.status_code == 200, found.text
    told = found.json()
    assert told["sentence"]
    assert (told["version"] is None) is (told["points"] == [])
    assert client.get("/v1/functions/sms/forecast?target=2").status_code == 400
