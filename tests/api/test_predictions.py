"""What lists say a version answers, without a server: the version is trained in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from hotfit.api import predictions, versions
from hotfit.api.app import create_app
from hotfit.api.parts import Parts
from hotfit.api.predictions import Computed
from hotfit.api.showing import Said
from hotfit.app import App
from hotfit.app.opening import open_version
from hotfit.functions.functions import get
from hotfit.samples import imports
from hotfit.settings import Settings
from hotfit.training.run import run
from hotfit.types import Sample
from tests.api.conftest import ADDRESS, by_role

TEXTS = {"spam": ["win a prize now", "win money now"], "ham": ["see you at home", "at home soon"]}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    made = App(Settings(home=tmp_path / "home", text_encoder="fake.v1"))
    yield made
    made.store.close()


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    parts = Parts(
        store=app.store,
        blobs=app.blobs,
        authenticate=by_role,
        predictions=Computed(lambda version: open_version(app, version), app.store),
    )
    headers = {"Authorization": "Bearer admin"}
    with TestClient(
        create_app(parts, routers=[versions.router]), base_url=ADDRESS, headers=headers
    ) as made:
        yield made


@pytest.fixture
def function(client: TestClient, app: App) -> str:
    """A trained function of two labels, and one sample that nobody labelled."""
    body = {"input": "Text", "output": "Classification"}
    path = f"/v1/functions/{client.post('/v1/functions', json=body).json()['id']}"
    for label, texts in TEXTS.items():
        for text in texts:
            given = {"data": text, "annotation": {"labelName": label}}
            assert client.post(f"{path}/samples", json=given).status_code == 200
    client.post(f"{path}/samples", json={"data": "win the prize"})
    with app.store.read() as session:
        record = get(session, path.rpartition("/")[2])
    for _ in run(app.bench(), record, tuned=False):
        pass
    return path


def _labels(client: TestClient, function: str) -> dict[str, str]:
    return {one["name"]: one["id"] for one in client.get(f"{function}/labels").json()}


def _texts(client: TestClient, function: str, query: str) -> set[str]:
    return {one["data"] for one in client.get(f"{function}/samples?{query}").json()}


def test_every_sample_has_a_prediction_once_a_version_is_live(
    client: TestClient, function: str
) -> None:
    spam = _labels(client, function)["spam"]
    found = client.get(f"{function}/samples").json()
    assert all(0 < one["prediction"]["confidence"] <= 1 for one in found)
    assert (found[0]["data"], found[0]["prediction"]["labelId"]) == ("win the prize", spam)
    metrics = client.get(f"{function}/metrics").json()
    assert (metrics["sampleCount"], metrics["predictionCount"]) == (5, 5)
    assert client.get(function).json()["state"] == "Browsing"


def test_samples_are_found_by_their_predictions(client: TestClient, function: str) -> None:
    labels = _labels(client, function)
    spam = {*TEXTS["spam"], "win the prize"}
    assert _texts(client, function, f"predictionLabelId={labels['spam']}") == spam
    assert _texts(client, function, "predictionAndAnnotationAgree=false") == set()
    agreeing = _texts(client, function, "predictionAndAnnotationAgree=true")
    assert agreeing == {*TEXTS["spam"], *TEXTS["ham"]}
    sample = client.get(f"{function}/samples?searchText=money").json()[0]["id"]
    client.put(f"{function}/samples/{sample}/annotation", json={"labelName": "ham"})
    assert _texts(client, function, "predictionAndAnnotationAgree=false") == {"win money now"}
    page = client.get(f"{function}/samples?predictionLabelId={labels['spam']}&count=2")
    rest = client.get(page.links["next"]["url"])
    assert {one["data"] for one in page.json() + rest.json()} == spam
    assert "next" not in rest.links


def test_a_renamed_label_is_still_predicted_and_a_deleted_one_never(
    client: TestClient, function: str
) -> None:
    spam = _labels(client, function)["spam"]
    client.put(f"{function}/labels/{spam}", json={"name": "junk"})
    assert "win the prize" in _texts(client, function, f"predictionLabelId={spam}")
    client.delete(f"{function}/labels/{spam}")
    ham = _labels(client, function)["ham"]
    found = client.get(f"{function}/samples").json()
    assert {one["prediction"]["labelId"] for one in found} == {ham}


def test_a_reader_does_not_encode_what_a_worker_will(
    client: TestClient, function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predictions, "ENCODED", 1)
    for number in range(3):
        client.post(f"{function}/samples", json={"data": f"new {number}"})
    found = client.get(f"{function}/samples?searchText=new").json()
    assert sum("prediction" in one for one in found) == 1
    again = client.get(f"{function}/samples?searchText=new").json()
    assert sum("prediction" in one for one in again) == 2


def test_lists_may_ask_for_how_sure_predictions_are(client: TestClient, function: str) -> None:
    listed = client.get(f"{function}/samples").json()
    sure = [one["prediction"]["confidence"] for one in listed]
    for bound in (0.0, 0.5, sorted(sure)[1], 1.0):
        for query, fits in (
            (f"confidenceAtLeast={bound}", [one for one in sure if one >= bound]),
            (f"confidenceAtMost={bound}", [one for one in sure if one <= bound]),
        ):
            found = client.get(f"{function}/samples?{query}").json()
            assert [one["prediction"]["confidence"] for one in found] == fits
            counted = client.get(f"{function}/samples/count?{query}").json()
            assert counted == {"count": len(fits), "exact": True}


def test_a_list_may_come_in_the_order_of_how_sure_predictions_are(
    client: TestClient, function: str
) -> None:
    listed = client.get(f"{function}/samples").json()
    sure = sorted(one["prediction"]["confidence"] for one in listed)
    for order, expected in (("ascending", sure), ("descending", sure[::-1])):
        found, address = [], f"{function}/samples?sortBy=confidence&sortOrder={order}&count=2"
        while address:
            page = client.get(address)
            found += page.json()
            address = page.links.get("next", {}).get("url", "")
        assert [one["prediction"]["confidence"] for one in found] == expected
        assert len({one["id"] for one in found}) == len(listed)


@pytest.mark.parametrize(
    ("least", "most", "named", "fits"),
    [
        (0.5, None, {"a": 0.7}, True),
        (0.8, None, {"a": 0.7}, False),
        (None, 0.8, {"a": 0.7}, True),
        (0.6, 0.8, {"a": 0.7}, True),
        (0.6, None, {"a": 0.9, "b": 0.5}, False),
        (0.0, None, {}, False),
        (None, 1.0, None, False),
        (None, None, None, True),
    ],
)
def test_confidence_is_that_of_the_least_certain_label(
    least: float | None, most: float | None, named: dict[str, float] | None, fits: bool
) -> None:
    assert Said(least=least, most=most).fits(named, None) is fits


def test_lists_may_ask_for_samples_that_findings_speak_of(
    client: TestClient, app: App, function: str
) -> None:
    identifier = function.rpartition("/")[2]
    twice = [Sample(number=n, data="see you at home", label="spam") for n in (1, 2)]
    with app.store.write() as session:
        imports.add(session, identifier, twice)
        record = get(session, identifier)
    for _ in run(app.bench(), record, tuned=True):
        pass
    kinds = client.get(f"{function}/versions").json()[0]["findings"]
    assert kinds
    texts = set()
    for kind in kinds:
        found = client.get(f"{function}/samples?findingKind={kind}").json()
        texts |= {one["data"] for one in found}
        counted = client.get(f"{function}/samples/count?findingKind={kind}").json()
        assert counted == {"count": len(found), "exact": True}
        ids = ",".join(one["id"] for one in found[:1])
        narrowed = client.get(f"{function}/samples?findingKind={kind}&sampleIds={ids}").json()
        assert [one["id"] for one in narrowed] == [one["id"] for one in found[:1]]
    assert "see you at home" in texts
    assert client.get(f"{function}/samples?findingKind=nothing").json() == []
