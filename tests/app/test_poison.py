"""Files and bodies made to hurt: each is refused in a sentence or read, and the server goes on."""

import json
import random
from collections.abc import Iterator

import pytest

from tests.app.server import Server, serving
from tests.inputs.test_poison import READ, REFUSED

GOOD = b"text,label\nhello there,a\ngood bye,b\n"

JSON_BODIES: dict[str, bytes] = {
    "nothing": b"",
    "a blank": b" ",
    "null": b"null",
    "a number": b"1",
    "a text": b'"text"',
    "a list": b"[]",
    "cut": b'{"data": "x',
    "two values": b'{"data": "x"} {}',
    "one quote": b"{'data': 'x'}",
    "a comment": b'{"data": "x"} // no',
    "a comma too many": b'{"data": "x",}',
    "a key twice": b'{"data": "x", "data": "y"}',
    "a key twice in other letters": b'{"data": "x", "Data": "y"}',
    "NaN": b'{"data": NaN}',
    "Infinity": b'{"data": -Infinity}',
    "too large": b'{"data": 1e999}',
    "minus zero": b'{"data": -0.0}',
    "denormal": b'{"data": 5e-324}',
    "many digits": b'{"data": ' + b"9" * 5000 + b"}",
    "a NUL": b'{"data": "a\\u0000b"}',
    "half a pair": b'{"data": "\\ud800"}',
    "a bare NUL": b'{"data": "a\x00b"}',
    "not UTF-8": b'{"data": "\xff\xfe"}',
    "UTF-16": '{"data": "x"}'.encode("utf-16"),
    "a byte-order mark": b'\xef\xbb\xbf{"data": "x"}',
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"data":' * 20_000,
    "deep and closed": b'{"data":' + b"[" * 500 + b"]" * 500 + b"}",
    "bidi": '{"data": "\u202eevil\u2066"}'.encode(),
    "zero width": '{"data": "a\u200b\u200d\ufeff"}'.encode(),
    "an emoji a thousand times": json.dumps({"data": "\U0001f469\u200d\U0001f680" * 1000}).encode(),
    "one long word": json.dumps({"data": "x" * 1_000_000}).encode(),
    "a page": b'{"data": "<script>alert(1)</script>"}',
    "a formula": b'{"data": "=cmd|\' /C calc\'!A0"}',
    "an inward address": b'{"data": "http://169.254.169.254/latest/meta-data/"}',
    "a file address": b'{"data": "file:///etc/passwd"}',
    "a data URI of a page": b'{"data": "data:text/html;base64,PGI+"}',
    "a label of 300 signs": json.dumps(
        {"data": "x", "name": "x" * 300, "annotation": {"labelName": "x" * 300}}
    ).encode(),
    "a label that reorders": '{"data": "y", "name": "\u202e", "labelName": "\u202e"}'.encode(),
    "members of other types": b'{"data": {}, "name": [], "annotation": 3, "externalId": {}}',
    "true": b'{"data": true, "name": true, "labelName": true}',
    "a billion labels": b'{"data": "z", "annotation": [' + b'{"labelName":"a"},' * 5000 + b"1]}",
}

PLACES = (
    ("POST", "/v1/functions"),
    ("POST", "/v1/functions/{}/samples"),
    ("POST", "/v0.9/functions/{}/samples"),
    ("POST", "/v1/functions/{}/labels"),
    ("POST", "/v1/functions/{}/fields"),
    ("POST", "/v1/functions/{}/invoke"),
    ("POST", "/v1/functions/{}/invoke/batch"),
    ("POST", "/v1/functions/{}/search"),
    ("POST", "/v1/functions/{}/sample-sets"),
    ("PUT", "/v1/functions/{}"),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOTFIT_HOME", str(tmp_path_factory.mktemp("poison") / "home"))
        with serving() as made:
            yield made


@pytest.mark.parametrize("case", JSON_BODIES)
def test_a_body_made_to_hurt_is_refused_or_kept_everywhere(server: Server, case: str) -> None:
    for method, place in PLACES:
        done = server.client.request(
            method,
            place.format(server.mine),
            content=JSON_BODIES[case],
            headers=server.headers("admin") | {"Content-Type": "application/json"},
        )
        told = f"{case}: {method} {place} {done.status_code} {done.text[:200]}"
        assert done.status_code in {200, 400, 404, 409, 413, 503}, told
        if done.status_code != 200:
            assert {"message", "name"} <= set(done.json()), told
            assert len(done.content) < 2000, told


@pytest.mark.parametrize("kind", ["text/plain", "text/html", "", "application/xml", "multipart/x"])
def test_a_body_that_is_not_said_to_be_json_is_refused(server: Server, kind: str) -> None:
    for method, place in PLACES:
        done = server.client.request(
            method,
            place.format(server.mine),
            content=b'{"data": "x"}',
            headers=server.headers("admin") | {"Content-Type": kind},
        )
        assert done.status_code == 415, f"{method} {place}"


FILES: dict[str, bytes] = {
    **{f"refused: {name}": case[1] for name, case in REFUSED.items()},
    **{f"read: {name}": case[1] for name, case in READ.items()},
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_made_to_hurt_is_refused_or_read(server: Server, case: str) -> None:
    headers = server.headers("admin")
    path = f"/v1/functions/{server.mine}/samples/import"
    done = server.client.post(path, content=FILES[case], headers=headers)
    assert done.status_code in {200, 400}, done.text
    told = done.json()
    if done.status_code == 200:
        assert told["rows"] == told["added"] + told["known"] + told["refused"]
        assert all(problem["reason"] for problem in told["problems"])
    else:
        assert "hotfit-upload" not in told["message"]


def test_changed_bytes_anywhere_break_nothing(server: Server) -> None:
    headers = server.headers("admin")
    exported = server.client.get(f"/v1/functions/{server.mine}/export", headers=headers).content
    draw = random.Random(1)
    for path, content in (
        (f"/v1/functions/{server.mine}/samples/import", GOOD),
        ("/v1/functions/import", exported),
    ):
        for _ in range(60):
            bad = bytearray(content)
            for _ in range(draw.randint(1, 8)):
                bad[draw.randrange(len(bad))] = draw.randrange(256)
            cut = draw.randrange(len(bad)) if draw.random() < 0.2 else len(bad)
            done = server.client.post(path, content=bytes(bad[:cut]), headers=headers)
            assert done.status_code in {200, 400}, done.text
