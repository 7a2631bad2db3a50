"""One shape of error, and one table of rights, over every route of the whole program."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from hotfit.api.access import needed
from hotfit.api.document import METHODS, walk
from hotfit.functions.access import RIGHTS, Right, Role
from tests.api.conftest import ADDRESS, by_role
from tools.openapi import PATH, program

DOCUMENT: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))

NOBODY = "0000000000000000"
"""An identifier that nothing has."""

ALL = [
    (method, path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
    if method in METHODS
]
OPERATIONS = [pytest.param(*one, id=f"{one[0]} {one[1]}") for one in ALL]
JSON = [
    pytest.param(*one, id=f"{one[0]} {one[1]}")
    for one in ALL
    if "application/json" in one[2].get("requestBody", {}).get("content", {})
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The whole program with a fake of keys; nothing here is answered by a model."""
    with program(tmp_path_factory.mktemp("home")) as made:
        made.state.parts = replace(made.state.parts, authenticate=by_role)
        yield made


@pytest.fixture(scope="module")
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)


def _address(path: str) -> str:
    parts = path.split("/")
    return "/".join(NOBODY if part.startswith("{") else part for part in parts)


def _ask(client: TestClient, method: str, path: str, key: str, **given: Any) -> Any:
    headers = {"Authorization": f"Bearer {key}", **given.pop("headers", {})}
    return client.request(method.upper(), _address(path), headers=headers, **given)


def _shaped(done: Any) -> str:
    told = done.json()
    assert isinstance(told["message"], str)
    assert told["message"].endswith(".")
    assert isinstance(told["name"], str)
    assert told["name"].isidentifier()
    assert done.headers["Content-Type"] == "application/json"
    return str(told["name"])


def test_every_route_says_what_it_needs(app: FastAPI) -> None:
    silent = [route.path for route in walk(app.routes) if needed(route.endpoint) is None]
    assert silent == []


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_strangers_are_told_to_show_a_key(
    client: TestClient, method: str, path: str, operation: dict[str, Any]
) -> None:
    done = client.request(method.upper(), _address(path))
    if operation["x-hotfit-right"] == Right.NONE:
        assert done.status_code not in {401, 403}
        return
    assert done.status_code == 401
    assert _shaped(done) == "Unauthenticated"
    assert done.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_a_role_may_do_what_the_document_says_and_nothing_else(
    client: TestClient, role: Role, method: str, path: str, operation: dict[str, Any]
) -> None:
    right = Right(operation["x-hotfit-right"])
    bound = f"{role}:function_{NOBODY}" if "{function_id}" in path else role
    done = _ask(client, method, path, bound)
    if right in RIGHTS[role]:
        assert done.status_code not in {401, 403}, done.text
        assert done.status_code < 500 or done.status_code == 503, done.text  # it was not started
    else:
        assert done.status_code == 403
    if done.status_code >= 400:
        _shaped(done)


@pytest.mark.parametrize(("method", "path", "operation"), JSON)
@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{}", None, 415),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b"", "application/json", 400),
        (b'{"data": NaN}', "application/json", 400),
        (b'{"secret-word": "\\ud800"}', "application/json", 400),
        (b'"secret-word"', "application/json", 400),
    ],
)
def test_what_is_not_json_is_refused_and_never_repeated(
    client: TestClient,
    method: str,
    path: str,
    operation: dict[str, Any],
    content: bytes,
    kind: str | None,
    status: int,
) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    done = _ask(client, method, path, "admin", content=content, headers=headers)
    # A body is looked at before the function is, so nobody learns what there is by it.
    assert done.status_code in {status, 404}, done.text
    assert done.status_code == status or "{function_id}" in path
    _shaped(done)
    assert "secret-word" not in done.text


@pytest.mark.parametrize(("method", "path", "operation"), JSON)
def test_a_body_larger_than_told_is_refused_before_it_is_read(
    client: TestClient, method: str, path: str, operation: dict[str, Any]
) -> None:
    headers = {"Content-Type": "application/json", "Content-Length": str(1 << 40)}
    done = _ask(client, method, path, "admin", content=b"", headers=headers)
    assert done.status_code == 413
    _shaped(done)


@pytest.mark.parametrize("path", ["/v1", "/v2/functions", "/v1/functions/", "/docs", "/%00"])
@pytest.mark.parametrize("key", ["", "admin"])
def test_addresses_that_are_none_say_so_in_the_same_shape(
    client: TestClient, path: str, key: str
) -> None:
    done = client.get(path, headers={"Authorization": f"Bearer {key}"})
    assert done.status_code == 404
    assert _shaped(done) == "NotFound"


def test_a_method_that_an_address_does_not_take_is_refused(client: TestClient) -> None:
    done = client.patch("/v1/functions", headers={"Authorization": "Bearer admin"})
    assert done.status_code == 405
    assert _shaped(done) == "MethodNotAllowed"


@pytest.mark.parametrize("query", ["startIndex=-1", "count=0", "count=x", "startIndex=99999999999"])
def test_a_query_that_makes_no_sense_is_refused(client: TestClient, query: str) -> None:
    done = client.get(f"/v1/functions?{query}", headers={"Authorization": "Bearer admin"})
    assert done.status_code == 400
    assert _shaped(done) == "BadRequest"
