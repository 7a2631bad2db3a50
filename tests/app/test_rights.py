"""Every address is in a table with what it asks for, and is tried as everybody."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotfit.api.access import needed
from hotfit.api.document import walk
from hotfit.functions.access import RIGHTS, Right, Role
from tests.app.server import Server

TABLE = Path(__file__).with_name("rights.txt")
"""METHOD ADDRESS RIGHT; a new address is written down here by the person who adds it."""

WHO = ("anonymous", *(role.value for role in Role))
PREFIXES = ("/v1", "/v0.9")


def table() -> dict[tuple[str, str], Right]:
    lines = TABLE.read_text().splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {(method, address): Right(right) for method, address, right in rows}


def addresses(server: Server) -> dict[tuple[str, str], Any]:
    """Every method and address of the application, the two prefixes as one."""
    return {
        (method, address): endpoint
        for method, address, endpoint in routes(server)
        if method != "HEAD"
    }


def routes(server: Server) -> Iterator[tuple[str, str, Any]]:
    for route in walk(server.web.routes):
        for method in getattr(route, "methods", None) or ["WEBSOCKET"]:
            yield method, re.sub(r"^/v(1|0\.9)/", "/", route.path), route.endpoint


def test_the_table_holds_every_address_and_no_other(server: Server) -> None:
    found = {key: needed(endpoint) for key, endpoint in addresses(server).items()}
    assert found == table()


def test_nothing_is_mounted_past_the_guard(server: Server) -> None:
    assert all(hasattr(route, "endpoint") for route in walk(server.web.routes))


def path_of(address: str, function: str) -> str:
    filled = address.replace("{function_id}", function)
    filled = re.sub(r"\{\w+(:\w+)?\}", "sample_0000000000000001", filled)
    return f"{filled}?follow=false" if filled.endswith("/events") else filled


def prefixed(address: str) -> list[str]:
    bare = {"/healthz", "/readyz", "/metrics", "/openapi.json"}
    outside = address in bare or address.startswith(("/connect/", "/sample_"))
    return [address] if outside else [prefix + address for prefix in PREFIXES]


@pytest.mark.parametrize("who", WHO)
def test_each_role_reaches_what_the_table_lets_it(server: Server, who: str) -> None:
    rights = frozenset({Right.NONE}) if who == "anonymous" else RIGHTS[Role(who)]
    refused = {"anonymous": 401}.get(who, 403)
    for (method, address), right in sorted(table().items()):
        if method == "DELETE" and address == "/functions/{function_id}":
            continue  # the others still need it; tried below
        for path in prefixed(path_of(address, server.mine)):
            done = server.client.request(method, path, headers=server.headers(who), json={})
            told = f"{who} {method} {path}: {done.status_code} {done.text[:200]}"
            assert done.status_code < 500, told
            assert (done.status_code == refused) is (right not in rights), told


@pytest.mark.parametrize("who", WHO)
def test_who_may_write_may_delete_a_function(server: Server, who: str) -> None:
    done = server.client.delete(f"/v1/functions/{server.other}", headers=server.headers(who))
    assert done.status_code == {"anonymous": 401, "editor": 200, "admin": 200}.get(who, 403)


BODIES: tuple[Any, ...] = (
    {},
    {"data": "a text"},
    {"name": "a"},
    {"data": ["a text"]},
    {"labelName": "a"},
    {"name": "a", "type": "Text"},
)


def test_a_bound_key_sees_another_function_as_one_that_is_not_there(server: Server) -> None:
    tried = 0
    for (method, address), right in sorted(table().items()):
        if "{function_id}" not in address or right is Right.NONE:
            continue
        for body in BODIES:
            told = [
                server.client.request(
                    method,
                    "/v1" + path_of(address, function),
                    headers=server.headers("tenant"),
                    json=body,
                    params={"externalId": "x"},
                )
                for function in (server.other, "function_zzzzzzzzzzzzzzzz", "other")
            ]
            assert told[0].status_code in {400, 404, 413, 415}, f"{method} {address}"
            assert len({(each.status_code, each.text) for each in told}) == 1, f"{method} {address}"
            tried += told[0].status_code == 404
    assert tried > 30
    listed = server.client.get("/v1/functions", headers=server.headers("tenant")).json()
    assert [one["id"] for one in listed] == [server.mine]
    still = server.client.get(f"/v1/functions/{server.other}", headers=server.headers("admin"))
    assert still.status_code == 200


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v2/functions", "/docs", "/redoc", "/.env"])
def test_an_address_that_is_not_there_says_nothing(server: Server, path: str) -> None:
    for who in WHO:
        done = server.client.get(path, headers=server.headers(who))
        assert done.status_code in {401, 404}, f"{who} {path}"
        assert done.headers["content-type"] == "application/json"
