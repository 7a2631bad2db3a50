import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from hotfit.api import importing, uploads
from hotfit.api.app import create_app
from hotfit.api.parts import Parts
from tests.api.conftest import ADDRESS

CSV = b"text,label\nwhere is my parcel,delivery\nI want my money,refund\nparcel lost,delivery\n"


@pytest.fixture
def api(parts: Parts) -> Iterator[TestClient]:
    headers = {"Authorization": "Bearer editor"}
    app = create_app(parts, routers=[importing.router])
    with TestClient(app, base_url=ADDRESS, headers=headers, raise_server_exceptions=False) as made:
        yield made


def make(api: TestClient, kind: str = "Text", output: str = "Classification") -> str:
    made = api.post("/v1/functions", json={"name": "f", "input": kind, "output": output})
    assert made.status_code == 200
    return f"/v1/functions/{made.json()['id']}"


def send(api: TestClient, function: str, content: bytes, **query: str) -> Any:
    return api.post(f"{function}/samples/import", content=content, params=query)


def test_a_csv_is_added_and_the_change_told(api: TestClient) -> None:
    function = make(api)
    done = send(api, function, CSV)
    assert done.status_code == 200
    assert int(done.headers["hotfit-change"]) > 1
    told = done.json()
    assert (told["rows"], told["added"], told["known"], told["refused"]) == (3, 3, 0, 0)
    listed = api.get(f"{function}/samples").json()
    assert len(listed) == 3
    assert {one["name"] for one in api.get(f"{function}/labels").json()} == {"delivery", "refund"}


def test_a_file_may_be_the_part_of_a_form(api: TestClient) -> None:
    function = make(api)
    done = api.post(f"{function}/samples/import", files={"file": ("a.csv", CSV)})
    assert done.json()["added"] == 3


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_jsonl_is_read_packed_or_not(api: TestClient, pack: Any) -> None:
    rows = [{"text": f"message {n}", "label": "ab"[n % 2], "externalId": f"x{n}"} for n in range(9)]
    content = "\n".join(json.dumps(row) for row in rows).encode()
    function = make(api)
    assert send(api, function, pack(content)).json()["added"] == 9
    (found,) = api.get(f"{function}/samples", params={"externalId": "x3"}).json()
    assert found["data"] == "message 3"


def test_a_zip_of_images_is_read(api: TestClient) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for n in range(6):
            picture = io.BytesIO()
            Image.new("RGB", (8, 8), (40 * n, 0, 0)).save(picture, "PNG")
            archive.writestr(f"{'ab'[n % 2]}/{n}.png", picture.getvalue())
        archive.writestr("a/../../../etc/passwd.png", b"x")
        archive.writestr("a/no.png", b"no image at all")
    function = make(api, "Image")
    told = send(api, function, packed.getvalue()).json()
    assert told["added"] == 6
    assert told["refused"] == 2
    assert len(api.get(f"{function}/samples").json()) == 6


def test_a_table_brings_its_fields_with_it(api: TestClient) -> None:
    rows = "".join(
        f"{n % 7},{'red' if n % 2 else 'blue'},{n * 7 % 41}.5,{'ab'[n % 2]}\n" for n in range(40)
    )
    function = make(api, "Tabular")
    told = send(api, function, f"size,colour,price,kind\n{rows}".encode(), target="kind").json()
    assert told["added"] == 40
    again = send(api, function, b"size,colour,price,kind\n99,green,100.5,a\n", target="kind").json()
    assert again["added"] == 1


def test_what_is_there_already_stays_and_takes_a_label_where_it_had_none(api: TestClient) -> None:
    function = make(api)
    made = api.post(f"{function}/samples", json={"data": "parcel lost"}).json()
    told = send(api, function, CSV).json()
    assert (told["added"], told["known"], told["labelled"]) == (2, 1, 1)
    assert told["problems"] == [
        {
            "row": 3,
            "reason": "is there already; it had no label and has this one",
            "sampleId": made["id"],
        }
    ]
    assert api.get(f"{function}/samples/{made['id']}").json()["annotation"]["labelId"]
    again = send(api, function, CSV).json()
    assert (again["added"], again["known"], again["labelled"]) == (0, 3, 0)


def test_bad_rows_are_told_and_the_others_kept(api: TestClient) -> None:
    rows = [
        {"text": "a good one", "label": "a"},
        {"text": "", "label": "a"},
        {"text": "a bad label", "label": "x\u202ey"},
        {"text": "a long label", "label": "x" * 300},
        {"text": "a NUL \u0000 inside", "label": "a"},
        {"text": "twice", "label": "b", "externalId": "one"},
        {"text": "twice", "label": "b"},
        {"text": "same id", "label": "b", "externalId": "one"},
        {"text": "another good one", "label": "b"},
    ]
    content = "\n".join(json.dumps(row) for row in rows).encode()
    function = make(api)
    told = send(api, function, content).json()
    assert told["added"] == 4
    assert told["rows"] == 9
    assert told["known"] == 1
    assert told["refused"] == 4
    assert {2, 3, 4, 5, 7, 8} <= {one["row"] for one in told["problems"]}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"text,label\n",
        b"\x89PNG\r\n\x1a\n",
        b"PK\x03\x04broken",
        b"PAR1broken",
        b"\x1f\x8bbad",
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing_and_no_path_is_told(
    api: TestClient, content: bytes
) -> None:
    function = make(api)
    before = api.get(function).json()
    refused = send(api, function, content)
    assert refused.status_code == 400
    assert "/" not in refused.json()["message"]
    assert "hotfit-upload" not in refused.json()["message"]
    assert api.get(function).json() == before
    assert api.get(f"{function}/samples").json() == []


def test_a_table_cannot_name_files_of_the_server(api: TestClient) -> None:
    function = make(api, "Image")
    refused = send(api, function, b"image,label\n/etc/passwd,a\n../../etc/passwd,b\nfile,a\n")
    assert refused.status_code == 400
    assert api.get(f"{function}/samples").json() == []


def test_a_file_over_the_limit_is_refused(api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    function = make(api)

    def pieces() -> Iterator[bytes]:
        yield from [b"x" * 1000] * 20

    monkeypatch.setitem(uploads.received.__wrapped__.__kwdefaults__, "largest", 5000)  # type: ignore[attr-defined]
    for content in (b"x" * 10_000, pieces()):
        refused = api.post(f"{function}/samples/import", content=content)
        assert refused.status_code == 413


def test_a_column_that_is_not_there_is_refused(api: TestClient) -> None:
    refused = send(api, make(api), CSV, target="nothing")
    assert refused.status_code == 400
    assert "'nothing'" in refused.json()["message"]


def test_a_viewer_may_not_import(api: TestClient, parts: Parts) -> None:
    function = make(api)
    headers = {"Authorization": "Bearer viewer"}
    refused = api.post(f"{function}/samples/import", content=CSV, headers=headers)
    assert refused.status_code == 403
