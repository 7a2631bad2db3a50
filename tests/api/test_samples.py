import base64
import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient


def _function(client: TestClient, **kind: str) -> str:
    body = {"input": "Text", "output": "Classification", **kind}
    return f"/v1/functions/{client.post('/v1/functions', json=body).json()['id']}"


@pytest.fixture
def function(client: TestClient) -> str:
    return _function(client)


def _add(client: TestClient, function: str, data: object, **given: object) -> dict[str, Any]:
    done = client.post(f"{function}/samples", json={"data": data, **given})
    assert done.status_code == 200, done.text
    made: dict[str, Any] = done.json()
    return made


def _texts(client: TestClient, function: str, query: str) -> list[str]:
    done = client.get(f"{function}/samples?{query}")
    assert done.status_code == 200, done.text
    return [one["data"] for one in done.json()]


def _png(colour: str = "red") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(file, "PNG")
    return file.getvalue()


def _uri(content: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def test_a_sample_is_added_read_annotated_and_deleted(client: TestClient, function: str) -> None:
    given: dict[str, object] = {"data": "hello", "externalId": None, "sampleSets": []}
    made = client.post(f"{function}/samples", json=given)
    assert made.status_code == 200
    assert made.json() == {"id": made.json()["id"], "data": "hello"}
    one = f"{function}/samples/{made.json()['id'].removeprefix('sample_')}"
    annotated = client.put(f"{one}/annotation", json={"labelName": "spam"})
    label = client.get(f"{function}/labels").json()[0]["id"]
    assert annotated.json() == {"labelId": label}
    assert client.get(one).json() == {**made.json(), "annotation": {"labelId": label}}
    assert int(annotated.headers["Hotfit-Change"]) > int(made.headers["Hotfit-Change"])
    assert client.delete(f"{one}/annotation").status_code == 200
    assert client.get(one).json() == made.json()
    assert client.delete(one).status_code == 200
    assert client.get(one).status_code == 404
    assert client.get(f"{function}/samples").json() == []


def test_names_of_members_may_come_in_any_case(client: TestClient, function: str) -> None:
    given = {"Data": "a", "EXTERNALID": "x", "annotation": {"LabelName": "spam"}}
    made = client.post(f"{function}/samples", json=given).json()
    label = client.get(f"{function}/labels").json()[0]["id"]
    assert made == {**made, "data": "a", "externalId": "x", "annotation": {"labelId": label}}
    twice = client.post(f"{function}/samples", json={"data": "b", "Data": "c"})
    assert twice.status_code == 400


def test_known_data_and_known_external_ids_are_refused_with_the_sample_that_has_them(
    client: TestClient, function: str
) -> None:
    first = _add(client, function, "hello", externalId="x")
    for given in ({"data": "hello"}, {"data": "other", "externalId": "x"}):
        again = client.post(f"{function}/samples", json=given)
        assert (again.status_code, again.json()["name"]) == (409, "SampleExists")
        assert again.json()["existingSampleId"] == again.json()["id"] == first["id"]
    assert _texts(client, function, "") == ["hello"]


def test_of_parallel_posts_of_one_text_exactly_one_succeeds(
    client: TestClient, function: str
) -> None:
    def post(_: int) -> Any:
        return client.post(f"{function}/samples", json={"data": "a"})

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(post, range(16)))
    assert sorted(one.status_code for one in done) == [200] + [409] * 15
    assert len({one.json()["id"] for one in done}) == 1


def test_samples_are_paged_by_a_relative_link(client: TestClient, function: str) -> None:
    for number in range(5):
        _add(client, function, f"text {number}")
    for size in (1, 2, 5, 6):
        query = f"batchSize={size}&sortBy=creation&sortOrder=descending"
        page = client.get(f"{function}/samples?{query}")
        found = page.json()
        while "next" in page.links:
            assert page.links["next"]["url"].startswith("/v1/functions/")
            page = client.get(page.links["next"]["url"])
            assert 0 < len(page.json()) <= size
            found += page.json()
        assert [one["data"][5:] for one in found] == list("43210")
    assert _texts(client, function, "startIndex=1&count=2&sortOrder=ascending") == [
        "text 1",
        "text 2",
    ]


def test_samples_are_found_by_what_is_known_of_them(client: TestClient, function: str) -> None:
    spam = {"annotation": {"labelName": "spam"}}
    first = _add(client, function, 'Say "Hi" 100%', externalId="x", **spam)
    second = _add(client, function, "say hi_1", sampleSets=[{"sampleSetId": "gold"}])
    label = client.get(f"{function}/labels").json()[0]["id"]
    gold = client.get(f"{function}/sample-sets").json()[0]["id"]
    one, two = first["data"], second["data"]
    expected = {
        "externalId=x": [one],
        "annotated=true": [one],
        "annotated=false": [two],
        f"annotationLabelId={label}": [one],
        f"annotationLabelId={label.removeprefix('label_')}": [one],
        "annotationLabelId=label_0000000000000000": [],
        "origin=api": [two, one],
        "origin=fit": [],
        'searchText="hi"': [one],
        "searchText=SAY": [two, one],
        "searchText=%25": [one],
        "searchText=_": [two],
        f"sampleIds={first['id']},{second['id']}": [two, one],
        f"sampleIds={first['id']}&sampleIds={second['id']}": [two, one],
        f"sampleSetId={gold}": [two],
        "inTrainSet=true": [two, one],
        "inTrainSet=false": [],
        "createdAfter=2020-01-01T00:00:00Z": [two, one],
        "createdBefore=2020-01-01T00:00:00Z": [],
        "createdAfter=0001-01-02T00:00:00%2B23:00": [two, one],
        "createdBefore=2999-12-31": [two, one],
        "captureReason=Random": [],
        "predicted=true": [],
        "predicted=false": [two, one],
        "predictionAndAnnotationAgree=true": [],
        "predicted=false&count=1": [two],
        "predicted=false&count=1&startIndex=1": [one],
    }
    found = {query: _texts(client, function, query) for query in expected}
    assert found == expected
    bare = client.get(f"{function}/samples?includeData=false&externalId=x").json()
    assert bare == [{name: value for name, value in first.items() if name != "data"}]


def test_a_sample_is_deleted_by_its_external_id(client: TestClient, function: str) -> None:
    _add(client, function, "a", externalId="x")
    assert client.delete(f"{function}/samples?externalId=x").status_code == 200
    assert client.delete(f"{function}/samples?externalId=x").status_code == 404
    assert client.delete(f"{function}/samples").status_code == 400
    assert _texts(client, function, "") == []


def test_samples_of_another_function_are_not_found(client: TestClient, function: str) -> None:
    sample = _add(client, function, "a")["id"]
    other = f"{_function(client)}/samples/{sample}"
    assert client.get(other).status_code == 404
    assert client.delete(other).status_code == 404
    assert client.put(f"{other}/annotation", json={"labelName": "spam"}).status_code == 404
    assert client.get(f"{function}/samples/{sample}").status_code == 200


@pytest.mark.parametrize("sample", ["1", "sample_", "sample_zzzzzzzzzzzzzzzz", "%27", "label_1"])
def test_what_is_no_identifier_is_not_found(client: TestClient, function: str, sample: str) -> None:
    assert client.get(f"{function}/samples/{sample}").status_code == 404


def test_a_deleted_label_leaves_its_samples_unannotated(client: TestClient, function: str) -> None:
    for data, label in (("a", "spam"), ("b", "ham")):
        _add(client, function, data, annotation={"labelName": label})
    spam, ham = (one["id"] for one in client.get(f"{function}/labels").json())
    counted = {"sampleCount": 2, "annotatedSampleCount": 2}
    by_label = {"annotatedSampleCountByLabelId": {spam: 1, ham: 1}}
    assert client.get(f"{function}/summary").json() == counted | by_label
    assert client.delete(f"{function}/labels/{spam}").status_code == 200
    assert client.get(f"{function}/summary").json() == {
        "sampleCount": 2,
        "annotatedSampleCount": 1,
        "annotatedSampleCountByLabelId": {ham: 1},
    }
    assert _texts(client, function, "annotated=false") == ["a"]
    metrics = client.get(f"{function}/metrics").json()
    assert (metrics["annotatedLabelCounts"], metrics["predictionCount"]) == ({ham: 1}, 0)


def test_the_summary_is_true_after_every_kind_of_write(client: TestClient, function: str) -> None:
    def counted() -> tuple[int, int, list[int]]:
        told = client.get(f"{function}/summary").json()
        by_label = list(told["annotatedSampleCountByLabelId"].values())
        return told["sampleCount"], told["annotatedSampleCount"], by_label

    assert counted() == counted() == (0, 0, [])
    first = _add(client, function, "a", annotation={"labelName": "spam"})["id"]
    assert counted() == counted() == (1, 1, [1])
    second = _add(client, function, "b")["id"]
    assert counted() == (2, 1, [1])
    client.put(f"{function}/samples/{second}/annotation", json={"labelName": "ham"})
    assert counted() == (2, 2, [1, 1])
    client.delete(f"{function}/samples/{second}/annotation")
    assert counted() == (2, 1, [1, 0])
    client.put(f"{function}/samples/{second}/annotation", json={"labelName": "spam"})
    assert counted() == (2, 2, [2, 0])
    client.delete(f"{function}/samples/{first}")
    assert counted() == (1, 1, [1, 0])


def test_sample_sets_are_made_on_first_use_and_weighed(client: TestClient, function: str) -> None:
    made = _add(client, function, "a", sampleSets=[{"sampleSetId": "gold", "weight": 2.0}])
    gold = client.get(f"{function}/sample-sets").json()[0]
    assert made["sampleSets"] == [{"sampleSetId": gold["id"], "weight": 2.0}]
    assert gold == {"id": gold["id"], "name": "gold", "inTrainSet": True}
    path = f"{function}/samples/{made['id']}/sample-sets"
    done = client.post(path, json={"sampleSetId": "Held out"})
    held = done.json()["sampleSetId"]
    assert done.json() == {"sampleId": made["id"], "sampleSetId": held}
    change = client.put(f"{function}/sample-sets/{held}", json={"inTrainSet": False})
    assert change.json()["inTrainSet"] is False
    assert _texts(client, function, "inTrainSet=false") == ["a"]
    assert client.delete(f"{path}/{held}").status_code == 200
    assert _texts(client, function, "inTrainSet=true") == ["a"]
    again = client.post(f"{function}/sample-sets", json={"name": "GOLD"})
    assert (again.status_code, again.json()["name"]) == (409, "NameTaken")


def test_an_image_comes_as_a_data_uri_or_a_file_and_goes_as_a_data_uri(
    client: TestClient,
) -> None:
    function = _function(client, input="Image")
    made = _add(client, function, _uri(_png()), annotation={"labelName": "red"})
    assert made["data"] == _uri(_png())
    again = client.post(f"{function}/samples", files={"file": ("a.png", _png(), "image/png")})
    assert (again.status_code, again.json()["id"]) == (409, made["id"])
    form = {"externalId": "x", "annotation.labelName": "blue"}
    other = client.post(f"{function}/samples", files={"data": _png("blue")}, data=form)
    assert other.status_code == 200, other.text
    assert other.json()["externalId"] == "x"
    labels = {one["id"]: one["name"] for one in client.get(f"{function}/labels").json()}
    assert labels[other.json()["annotation"]["labelId"]] == "blue"
    assert [one["data"] for one in client.get(f"{function}/samples").json()] == [
        _uri(_png("blue")),
        _uri(_png()),
    ]


@pytest.mark.parametrize(
    "data",
    [
        "red",
        "http://127.0.0.1:1/a.png",
        "HTTPS://example.com/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,!!!!",
        "data:image/png;base64,aGVsbG8=",
        "data:image/svg+xml;base64,PHN2Zy8+",
        _uri(_png())[:60],
        None,
        3,
        {"data": "x"},
    ],
)
def test_what_is_no_image_is_refused(client: TestClient, data: object) -> None:
    function = _function(client, input="Image")
    done = client.post(f"{function}/samples", json={"data": data})
    assert (done.status_code, done.json()["name"]) == (400, "DataRefused")


@pytest.mark.parametrize("data", [None, 3, True, ["a"], {"a": "b"}])
def test_what_is_no_text_is_refused(client: TestClient, function: str, data: object) -> None:
    done = client.post(f"{function}/samples", json={"data": data})
    assert (done.status_code, done.json()["name"]) == (400, "DataRefused")


@pytest.mark.parametrize(
    "query",
    [
        "createdAfter=soon",
        "createdBefore=9999-12-31T23:59:59-23:00",
        "sampleIds=x",
        "annotationLabelId=x",
        "sampleSetId=x",
        "after=x",
        "sortOrder=up",
        "sortBy=size",
        "captureReason=Whim",
        "searchText=%00",
        "externalId=%00",
        "annotated=perhaps",
    ],
)
def test_a_list_that_cannot_be_meant_is_refused(
    client: TestClient, function: str, query: str
) -> None:
    done = client.get(f"{function}/samples?{query}")
    assert done.status_code == 400, done.text


@pytest.mark.parametrize("annotation", ["spam", [], 3, {}, {"labelName": ""}, {"labelId": "x"}])
def test_an_annotation_that_says_nothing_adds_no_sample(
    client: TestClient, function: str, annotation: object
) -> None:
    done = client.post(f"{function}/samples", json={"data": "a", "annotation": annotation})
    assert done.status_code == 400
    assert client.get(f"{function}/samples").json() == []


def test_forms_that_make_no_sense_are_refused(client: TestClient, function: str) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    for content in (b"", b"--x", b"--x\r\n\r\n\r\n--x--", b"\xff" * 100):
        done = client.post(f"{function}/samples", content=content, headers=kind)
        assert done.status_code == 400
    bare = {"Content-Type": "multipart/form-data"}
    assert client.post(f"{function}/samples", content=b"", headers=bare).status_code == 400
    parts = [("data", (None, "a")), ("Data", (None, "b"))]
    assert client.post(f"{function}/samples", files=parts).status_code == 400


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 7),
        ("annotated=true", 4),
        ("annotated=false", 3),
        ("searchText=TEXT%201", 1),
        ("annotated=true&searchText=text%206", 1),
        ("origin=api", 7),
        ("origin=other", 0),
        ("predicted=false", 7),
        ("confidenceAtMost=0.5", 0),
    ],
)
def test_the_count_is_that_of_the_list(
    client: TestClient, function: str, query: str, count: int
) -> None:
    for n in range(7):
        given = {"annotation": {"labelName": "a"}} if n % 2 == 0 else {}
        _add(client, function, f"text {n}", **given)
    told = client.get(f"{function}/samples/count?{query}")
    assert told.json() == {"count": count, "exact": True}
    assert len(client.get(f"{function}/samples?{query}").json()) == count


def test_a_page_far_in_holds_what_the_pages_before_leave(client: TestClient, function: str) -> None:
    for n in range(9):
        _add(client, function, f"text {n}", annotation={"labelName": "ab"[n % 2]})
    for query in ("", "annotated=true&", "sortOrder=ascending&", "origin=api&"):
        whole = _texts(client, function, query)
        assert len(whole) == 9
        for start in range(9):
            part = _texts(client, function, f"{query}startIndex={start}&count=2")
            assert part == whole[start : start + 2]
