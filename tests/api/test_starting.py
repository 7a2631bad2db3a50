import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from hotfit.api import importing, starting
from hotfit.api.app import create_app
from hotfit.api.parts import Parts
from tests.api.conftest import ADDRESS

ROWS = "".join(f"message {n} about {'ab'[n % 2]},{['yes', 'no'][n % 2]}\n" for n in range(40))
CSV = f"text,label\n{ROWS}".encode()


@pytest.fixture
def api(parts: Parts) -> Iterator[TestClient]:
    headers = {"Authorization": "Bearer editor"}
    app = create_app(parts, routers=[starting.router, importing.router])
    with TestClient(app, base_url=ADDRESS, headers=headers, raise_server_exceptions=False) as made:
        yield made


def look(api: TestClient, content: bytes, **query: Any) -> Any:
    return api.post("/v1/preview", content=content, params=query)


def begin(api: TestClient, content: bytes, **query: Any) -> Any:
    return api.post("/v1/functions/from-file", content=content, params=query)


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def picture(shade: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (300, 200), (shade, 0, 0)).save(stream, "PNG")
    return stream.getvalue()


def test_a_look_tells_what_each_column_is_taken_for_and_keeps_nothing(api: TestClient) -> None:
    rows = "".join(f"{n + 1000},hello there my friend {n},{'ab'[n % 2]}\n" for n in range(50))
    done = look(api, f"id,message,kind\n{rows}".encode(), fileName="my chats.csv")
    assert done.status_code == 200, done.text
    told = done.json()
    assert (told["name"], told["format"]) == ("my-chats", "csv")
    assert (told["input"], told["output"]) == ("Text", "Classification")
    assert (told["target"], told["inputs"]) == ("kind", ["message"])
    assert {one["name"]: one["role"] for one in told["columns"]} == {
        "id": "id",
        "message": "input",
        "kind": "target",
    }
    assert {one["name"]: one["count"] for one in told["labels"]} == {"a": 25, "b": 25}
    assert (told["labelCount"], told["rowsSeen"], len(told["rows"])) == (2, 50, 20)
    assert told["rows"][0] == {
        "row": 1,
        "cells": {"id": "1000", "message": "hello there my friend 0", "kind": "a"},
    }
    assert told["problem"] is None
    assert api.get("/v1/functions").json() == []


def test_what_a_person_says_goes_before_the_guess(api: TestClient) -> None:
    told = look(api, CSV, target="text", input="label", output="Classification").json()
    assert (told["target"], told["inputs"]) == ("text", ["label"])


def test_what_keeps_a_file_from_training_is_told_beside_its_rows(api: TestClient) -> None:
    told = look(api, b"text,label\nhello there,a\nhello again,a\n").json()
    assert "all 2 labelled rows are 'a'" in told["problem"]
    assert "--" not in told["problem"]
    assert len(told["rows"]) == 2


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "EmptyFile"),
        (b"text,label\n", "HeaderOnly"),
        (b"%PDF-1.7", "UnknownFormat"),
        (b"PK\x03\x04 no zip", "BadArchive"),
    ],
)
@pytest.mark.parametrize("address", ["preview", "functions/from-file"])
def test_what_is_no_table_is_refused_without_its_path(
    api: TestClient, content: bytes, name: str, address: str
) -> None:
    done = api.post(f"/v1/{address}", content=content)
    assert (done.status_code, done.json()["name"]) == (400, name)
    assert "/tmp" not in done.text
    assert "the file" in done.json()["message"]
    assert api.get("/v1/functions").json() == []


def test_cells_that_json_cannot_hold_are_shown_as_far_as_it_can(api: TestClient) -> None:
    rows = [{"text": "x" * 5000, "n": 1e999, "label": "ab"[n % 2]} for n in range(4)]
    rows[0]["text"] = "half a pair \ud800 <script>alert(1)</script>"
    done = look(api, "\n".join(json.dumps(row) for row in rows).encode())
    assert done.status_code == 200, done.text
    assert done.headers["content-type"] == "application/json"
    assert len(done.json()["rows"][1]["cells"]["text"]) == 2000


def test_images_are_shown_small(api: TestClient) -> None:
    files = {f"{'ab'[n % 2]}/{n}.png": picture(n * 10) for n in range(6)}
    told = look(api, zipped(**files), fileName="pets.zip").json()
    assert (told["name"], told["input"], told["format"]) == ("pets", "Image", "zip")
    assert told["rows"][0]["image"].startswith("data:image/jpeg;base64,")
    assert len(told["rows"][0]["image"]) < 8000


def test_a_file_becomes_a_function_with_its_samples(api: TestClient) -> None:
    done = begin(api, CSV, name="answers")
    assert done.status_code == 200, done.text
    made = done.json()
    assert (made["name"], made["input"], made["output"]) == ("answers", "Text", "Classification")
    assert made["imported"]["added"] == 40
    assert int(done.headers["hotfit-change"]) >= 3
    listed = api.get(f"/v1/functions/{made['id']}/samples").json()
    assert len(listed) == 40
    assert all(one["annotation"]["labelId"] for one in listed)
    more = b"text,label\nanother message,yes\n"
    again = api.post(f"/v1/functions/{made['id']}/samples/import", content=more)
    assert again.json()["added"] == 1


def test_repeats_are_kept_and_bad_rows_told(api: TestClient) -> None:
    rows = [{"text": f"a message {n % 10}", "label": "ab"[n % 2]} for n in range(20)]
    rows += [{"text": "", "label": "a"}, {"text": "too long a label", "label": "x" * 300}]
    done = begin(api, "\n".join(json.dumps(row) for row in rows).encode(), fileName="some.jsonl")
    told = done.json()["imported"]
    assert done.json()["name"] == "some"
    assert (told["rows"], told["added"], told["refused"]) == (22, 20, 2)
    assert [one["row"] for one in told["problems"]] == [21, 22]


def test_a_table_and_images_become_functions_too(api: TestClient) -> None:
    rows = "".join(f"{n % 7},{'red' if n % 2 else 'blue'},{'ab'[n % 2]}\n" for n in range(40))
    made = begin(api, f"size,colour,kind\n{rows}".encode(), target="kind", name="t").json()
    assert (made["input"], made["imported"]["added"]) == ("Tabular", 40)
    files = {f"{'ab'[n % 2]}/{n}.png": picture(n * 10) for n in range(6)}
    made = begin(api, zipped(**files), fileName="pets.zip").json()
    assert (made["name"], made["input"], made["imported"]["added"]) == ("pets", "Image", 6)


def test_rows_may_be_labelled_later(api: TestClient) -> None:
    content = b"message\nhello there you\nbye for now then\nwhat is this about\n"
    assert begin(api, content, name="later").status_code == 400
    made = begin(api, content, name="later", labelLater=True).json()
    assert (made["output"], made["imported"]["added"]) == ("Classification", 3)
    listed = api.get(f"/v1/functions/{made['id']}/samples").json()
    assert {one["data"] for one in listed} > {"hello there you"}


def test_a_name_that_is_taken_makes_nothing(api: TestClient) -> None:
    assert begin(api, CSV, name="answers").status_code == 200
    done = begin(api, CSV, name="ANSWERS")
    assert (done.status_code, done.json()["name"]) == (409, "NameTaken")
    assert len(api.get("/v1/functions").json()) == 1


def test_a_bound_key_makes_no_function(api: TestClient) -> None:
    headers = {"Authorization": "Bearer editor:function_1"}
    assert api.post("/v1/functions/from-file", content=CSV, headers=headers).status_code == 403
