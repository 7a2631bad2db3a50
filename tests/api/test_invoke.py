"""Calls over HTTP, in this process: the contract's forms, and what hotfit adds."""

import json
import time
from typing import Any

import pytest
from starlette.testclient import TestClient

from hotfit.api import invoke
from hotfit.functions import functions
from hotfit.functions.labels import labels_of
from hotfit.samples import imports
from hotfit.store.tables import labels as label_table
from hotfit.training.bench import Bench
from hotfit.training.run import run
from hotfit.types import Field, Input, Kind, Output, Sample
from tests.api.asking import FREE, ask, client
from tests.serving.conftest import world
from tests.serving.worlds import World

__all__ = ["client", "world"]


@pytest.mark.parametrize("prefix", ["/v1", "/v0.9"])
def test_a_call_answers_a_label_and_names_its_version(client: TestClient, prefix: str) -> None:
    found = client.post(f"{prefix}/functions/sms/invoke?modelId=", json={"data": FREE})
    assert found.status_code == 200
    told = found.json()
    assert set(told) == {"labelName", "labelId", "confidence"}
    assert told["labelName"] == "spam"
    assert told["labelId"].startswith("label_")
    assert found.headers["Hotfit-Version"].startswith("version_")
    assert int(found.headers["Hotfit-Trained-Through"]) > 0


def test_names_of_members_may_come_in_any_case(client: TestClient) -> None:
    found = client.post("/v1/functions/sms/invoke", json={"Data": FREE})
    assert found.json()["labelName"] == "spam"


def test_a_form_is_a_call_too(client: TestClient) -> None:
    for part in ("data", "file"):
        found = client.post(
            "/v1/functions/sms/invoke",
            files={part: ("a.txt", FREE.encode())},
            data={"externalId": "x"},
        )
        assert found.json() | {"confidence": 1} == {
            "labelName": "spam",
            "labelId": found.json()["labelId"],
            "confidence": 1,
            "externalId": "x",
        }


def test_as_many_labels_are_told_as_are_asked_for(client: TestClient) -> None:
    told = ask(client, query="?labelCount=5")["labelConfidences"]
    assert [each["labelName"] for each in told] == ["spam", "ham"]
    assert sum(each["confidence"] for each in told) == pytest.approx(1)
    assert len(ask(client, query="?labelCount=1")["labelConfidences"]) == 1


def test_metadata_of_labels_is_told_where_it_is_asked_for(client: TestClient, world: World) -> None:
    with world.store.write() as session:
        session.run(
            label_table.update().where(label_table.c.name == "spam").values(metadata={"sku": "7"})
        )
    assert "labelMetadata" not in ask(client)
    assert ask(client, query="?includeMetadata=true")["labelMetadata"] == {"sku": "7"}


def test_an_external_id_comes_back(client: TestClient) -> None:
    assert ask(client, externalId="a")["externalId"] == "a"
    assert ask(client, query="?externalId=b")["externalId"] == "b"


def test_a_version_may_be_named(client: TestClient, world: World) -> None:
    with world.store.read() as session:
        function = functions.get(session, "sms")
    first = str(function.live)
    world.publish(function.id)
    for given in (first, first.removeprefix("version_")):
        found = client.post(f"/v1/functions/sms/invoke?modelId={given}", json={"data": FREE})
        assert found.headers["Hotfit-Version"] == first
    for given in ("version_0000000000000000", "nonsense"):
        found = client.post(f"/v1/functions/sms/invoke?modelId={given}", json={"data": FREE})
        assert (found.status_code, found.json()["name"]) == (404, "VersionUnknown")


def test_many_inputs_are_answered_in_order_by_one_version(client: TestClient) -> None:
    inputs = [FREE, "see you at lunch"] * 100
    found = client.post("/v1/functions/sms/invoke/batch", json={"data": inputs})
    assert [each["labelName"] for each in found.json()] == ["spam", "ham"] * 100
    assert found.headers["Hotfit-Version"].startswith("version_")


def test_an_input_at_fault_is_told_in_its_place(client: TestClient) -> None:
    found = client.post("/v1/functions/sms/invoke/batch", json={"data": [FREE, 3, FREE]})
    first, bad, last = found.json()
    assert first == last
    assert set(bad) == {"message", "name"}


@pytest.mark.parametrize("data", [[], ["x"] * (invoke.MOST_SAMPLES + 1)])
def test_a_batch_is_neither_empty_nor_too_large(client: TestClient, data: list[str]) -> None:
    found = client.post("/v1/functions/sms/invoke/batch", json={"data": data})
    assert found.status_code == 400


@pytest.mark.parametrize(
    "body", [{}, {"data": None}, {"data": 3}, {"data": ["x"]}, {"data": {}}, []]
)
def test_what_is_no_text_is_refused(client: TestClient, body: Any) -> None:
    found = client.post("/v1/functions/sms/invoke", json=body)
    assert found.status_code == 400
    assert set(found.json()) == {"message", "name"}


@pytest.mark.parametrize(
    "query", ["labelCount=0", "labelCount=x", "wait=-1", "wait=1e99", "capture=perhaps"]
)
def test_a_query_at_fault_is_refused(client: TestClient, query: str) -> None:
    found = client.post(f"/v1/functions/sms/invoke?{query}", json={"data": FREE})
    assert found.status_code == 400


def test_what_is_out_of_reach_looks_like_what_is_not_there(client: TestClient) -> None:
    scoped = {"Authorization": "Bearer invoke:function_0000000000000000"}
    answers = [
        client.post(f"/v1/functions/{name}/{path}", json={"data": FREE}, headers=scoped)
        for name in ("sms", "nobody")
        for path in ("invoke", "invoke/batch")
    ]
    assert {answer.status_code for answer in answers} <= {400, 404}
    assert answers[0].json() == answers[2].json()
    assert (
        client.post(
            "/v1/functions/sms/invoke", json={"data": FREE}, headers={"Authorization": ""}
        ).status_code
        == 401
    )


def test_label_names_answer_first_and_say_so(client: TestClient, world: World) -> None:
    world.function("topics", labels=("lunch", "money"))
    found = client.post("/v1/functions/topics/invoke", json={"data": "see you at lunch"})
    assert found.headers["Hotfit-Version"] == "zero-shot"
    assert found.json()["zeroShot"] is True
    assert found.json()["labelName"] == "lunch"
    assert "zeroShot" not in ask(client)


def test_what_has_nothing_to_answer_with_is_told_as_clients_expect(
    client: TestClient, world: World
) -> None:
    world.function("none", labels=())
    world.function("tags", output=Output.TAGS)
    for name in ("none", "tags"):
        found = client.post(f"/v1/functions/{name}/invoke", json={"data": FREE})
        assert found.status_code == 400
        assert found.json()["message"].startswith("No model available to invoke function")


def test_a_deleted_label_is_answered_no_more(client: TestClient) -> None:
    told = ask(client)
    assert told["labelName"] == "spam"
    assert client.delete(f"/v1/functions/sms/labels/{told['labelId']}").status_code == 200
    assert ask(client)["labelName"] == "ham"


def test_the_server_says_how_it_is(client: TestClient) -> None:
    ask(client)
    anybody = {"Authorization": ""}
    assert client.get("/healthz", headers=anybody).json() == {"status": "alive"}
    assert client.get("/readyz", headers=anybody).json() == {"status": "ready"}
    assert client.get("/metrics", headers=anybody).status_code == 401
    page = client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    assert 'hotfit_calls_total{function="sms",status="200"} 1.0' in page.text


def test_a_server_that_is_about_to_stop_is_not_ready_but_answers(client: TestClient) -> None:
    serving = client.app.state.parts.extras["serving"]  # type: ignore[attr-defined]
    serving.leave()
    found = client.get("/readyz")
    assert (found.status_code, found.headers["retry-after"]) == (503, "1")
    assert client.get("/healthz").status_code == 200
    assert ask(client)["labelName"] == "spam"


def test_labels_keep_their_identifiers(client: TestClient, world: World) -> None:
    with world.store.read() as session:
        known = {
            each.name: each.id for each in labels_of(session, functions.get(session, "sms").id)
        }
    assert ask(client)["labelId"] == known["spam"]


def fitted(world: World, name: str, kind: Input, output: Output, rows: list[Any]) -> None:
    """Train a function as `hotfit fit` does."""
    fields = [Field(name="colour", kind=Kind.CATEGORY), Field(name="size", kind=Kind.NUMBER)]
    with world.store.write() as session:
        made = functions.create(
            session,
            name=name,
            input=kind,
            output=output,
            fields=fields if kind is Input.TABULAR else (),
        )
        samples = [
            Sample(number=number, data=data, label=label)
            for number, (data, label) in enumerate(rows, start=1)
        ]
        imports.add(session, made.id, samples, author="me", blobs=world.blobs)
        made = functions.get(session, name)
    bench = Bench(
        store=world.store,
        blobs=world.blobs,
        encoders={Input.TEXT: world.encoder.name},
        open_encoder=lambda _: world.encoder,
        clock=time.monotonic,
    )
    for _ in run(bench, made, tuned=False):
        pass


def test_rows_are_answered_by_name_by_field_id_and_from_a_form(
    client: TestClient, world: World
) -> None:
    rows = [
        ({"colour": "red", "size": float(n)}, "apple")
        if n % 2
        else ({"colour": "yellow", "size": 30.0 + n}, "banana")
        for n in range(24)
    ]
    fitted(world, "fruit", Input.TABULAR, Output.CLASSIFICATION, rows)
    with world.store.read() as session:
        ids = functions.get(session, "fruit").field_ids
    path = "/v1/functions/fruit/invoke"
    for row in ({"colour": "yellow", "size": 40}, dict(zip(ids, ("yellow", 40), strict=True))):
        assert client.post(path, json={"data": row}).json()["labelName"] == "banana"
        form = client.post(path, files={"x": b""}, data={"data": json.dumps(row)})
        assert form.json()["labelName"] == "banana"
    for bad in ({"size": "large"}, {"weight": 3}, "no row", [1]):
        assert client.post(path, json={"data": bad}).status_code == 400


def test_tags_are_answered_as_a_list_that_may_be_empty(client: TestClient, world: World) -> None:
    rows: list[Any] = []
    for n in range(15):
        rows.append((f"cheap and good, really cheap {n}", ("price", "quality")))
        rows.append((f"so cheap, what a price {n}", ("price",)))
        rows.append((f"well made, solid {n}", ("quality",)))
        rows.append((f"hello there {n}", ()))
    fitted(world, "reviews", Input.TEXT, Output.TAGS, rows)
    for prefix in ("/v1", "/v0.9"):
        path = f"{prefix}/functions/reviews/invoke"
        told = client.post(path, json={"data": "so cheap, what a price 99"}).json()
        assert [each["labelName"] for each in told] == ["price"]
        assert set(told[0]) == {"labelName", "labelId", "confidence"}
        assert client.post(path, json={"data": "hello there 99"}).json() == []


POISON = [
    b'{"data": "\\u0000"}',
    b'{"data": "\\ud800"}',
    b'{"data": NaN}',
    b'{"data": 1e999}',
    b'{"data": "a", "data": "b"}',
    b'{"data": "\xff\xfe"}',
    b"[" * 100_000,
    b'{"data": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    b"",
    b"null",
    b'"text"',
]


@pytest.mark.parametrize("path", ["invoke", "invoke/batch", "search"])
@pytest.mark.parametrize("body", POISON, ids=range(len(POISON)))
def test_no_body_breaks_the_server(client: TestClient, path: str, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    found = client.post(f"/v1/functions/sms/{path}", content=body, headers=headers)
    assert found.status_code == 400
    assert set(found.json()) == {"message", "name"}


@pytest.mark.parametrize(
    "text", ["", " ", "\u202e\u200b", "\U0001f600" * 10_000, "a" * 100_000, "\r\n\t", "0"]
)
def test_any_text_is_answered(client: TestClient, text: str) -> None:
    assert ask(client, text)["labelName"] in {"spam", "ham"}
