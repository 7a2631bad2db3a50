import base64
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from hotfit.api.app import create_app
from hotfit.api.keyed import by_key, token_router
from hotfit.api.parts import Parts
from hotfit.functions.access import Role
from hotfit.functions.functions import create as create_function
from hotfit.keys import keys
from hotfit.keys.door import Door
from hotfit.keys.keys import NewKey
from hotfit.store.sessions import Store
from hotfit.types import Input, Output
from tests.api.conftest import ADDRESS
from tests.keys.conftest import Clock

FORM = {"grant_type": "client_credentials", "client_id": "machine"}


@pytest.fixture
def key(store: Store) -> NewKey:
    with store.write() as w:
        return keys.create(w, identifier="machine", role=Role.EDITOR)


@pytest.fixture
def api(parts: Parts, store: Store) -> Iterator[TestClient]:
    door = Door(store, clock=Clock())
    app = create_app(replace(parts, authenticate=by_key(door)), root=[token_router(door)])
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as made:
        yield made
    door.close()


def bearer(word: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {word}"}


def test_a_key_is_changed_for_a_token_that_opens_the_api(api: TestClient, key: NewKey) -> None:
    told = api.post("/connect/token", data=FORM | {"client_secret": key.secret})
    assert told.status_code == 200
    assert told.headers["cache-control"] == "no-store"
    answer = told.json()
    assert answer.keys() == {"access_token", "token_type", "expires_in"}
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3600)
    found = api.get("/v1/functions", headers=bearer(answer["access_token"]))
    assert (found.status_code, found.json()) == (200, [])


def test_credentials_may_come_in_the_header(api: TestClient, key: NewKey) -> None:
    word = base64.b64encode(f"machine:{key.secret}".encode()).decode()
    told = api.post(
        "/connect/token",
        data={"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {word}"},
    )
    assert told.status_code == 200


@pytest.mark.parametrize("shape", ["{secret}", "machine:{secret}"])
def test_a_key_opens_by_itself(api: TestClient, key: NewKey, shape: str) -> None:
    headers = bearer(shape.format(secret=key.secret))
    assert api.get("/v1/functions", headers=headers).status_code == 200


def test_a_revoked_key_opens_nothing_at_the_next_call(
    api: TestClient, store: Store, key: NewKey
) -> None:
    assert api.get("/v1/functions", headers=bearer(key.secret)).status_code == 200
    with store.write() as w:
        keys.revoke(w, "machine")
    refused = api.get("/v1/functions", headers=bearer(key.secret))
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.json()["name"] == "KeyRefused"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic bWFjaGluZTp4"},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Bearer hft_nonsense"},
        {"Authorization": "Bearer nobody:nonsense"},
    ],
)
def test_without_a_key_nobody_is_answered(
    api: TestClient, key: NewKey, headers: dict[str, str]
) -> None:
    refused = api.get("/v1/functions", headers=headers)
    assert refused.status_code == 401
    assert set(refused.json()) == {"message", "name"}


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "unsupported_grant_type"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        (FORM, 400, "invalid_request"),
        (FORM | {"client_secret": ""}, 400, "invalid_request"),
        (FORM | {"client_secret": "a\0b"}, 400, "invalid_request"),
        (FORM | {"client_secret": "wrong"}, 401, "invalid_client"),
        (FORM | {"client_secret": "wrong", "client_id": "nobody"}, 401, "invalid_client"),
    ],
)
def test_a_request_for_a_token_that_fails_says_so_as_oauth_does(
    api: TestClient, key: NewKey, form: dict[str, str], status: int, error: str
) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    refused = api.post("/connect/token", data=form, headers=kind)
    assert refused.status_code == status
    assert refused.json()["error"] == error
    assert refused.json()["message"]


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", ""])
def test_a_token_is_asked_for_by_a_form_alone(api: TestClient, key: NewKey, kind: str) -> None:
    refused = api.post("/connect/token", content=b"{}", headers={"Content-Type": kind})
    assert refused.status_code == 415


def test_a_form_with_a_member_twice_or_too_large_is_refused(api: TestClient, key: NewKey) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    twice = b"grant_type=client_credentials&client_id=a&client_id=b&client_secret=c"
    assert api.post("/connect/token", content=twice, headers=kind).status_code == 400
    large = b"grant_type=" + b"x" * 9000
    assert api.post("/connect/token", content=large, headers=kind).status_code == 413


def test_guessing_is_slowed_down_and_says_when_to_try_again(api: TestClient, key: NewKey) -> None:
    wrong = FORM | {"client_secret": "wrong"}
    found = [api.post("/connect/token", data=wrong) for _ in range(6)]
    assert [each.status_code for each in found] == [401] * 5 + [429]
    assert 1 <= int(found[-1].headers["retry-after"]) <= 60


def test_a_limited_key_is_told_when_to_go_on(api: TestClient, store: Store) -> None:
    with store.write() as w:
        shown = keys.create(w, limit=2).secret
    found = [api.get("/v1/functions", headers=bearer(shown)) for _ in range(3)]
    assert [each.status_code for each in found] == [200, 200, 429]
    assert 1 <= int(found[-1].headers["retry-after"]) <= 60
    assert found[-1].json()["name"] == "TooMany"


def test_a_key_bound_to_one_function_does_not_see_another(api: TestClient, store: Store) -> None:
    with store.write() as w:
        mine = create_function(w, name="mine", input=Input.TEXT, output=Output.CLASSIFICATION)
        other = create_function(w, name="other", input=Input.TEXT, output=Output.CLASSIFICATION)
        shown = keys.create(w, role=Role.EDITOR, bound_to=["mine"]).secret
    assert api.get(f"/v1/functions/{mine.id}", headers=bearer(shown)).status_code == 200
    hidden = api.get(f"/v1/functions/{other.id}", headers=bearer(shown))
    absent = api.get("/v1/functions/function_zzzzzzzzzzzzzzzz", headers=bearer(shown))
    assert hidden.status_code == absent.status_code == 404
    assert hidden.json() == absent.json()
    assert [one["id"] for one in api.get("/v1/functions", headers=bearer(shown)).json()] == [
        mine.id
    ]


def test_the_last_use_of_a_key_is_kept(api: TestClient, store: Store, key: NewKey) -> None:
    api.get("/v1/functions", headers=bearer(key.secret))
    api.get("/v1/functions", headers=bearer(key.secret))
    deadline = time.monotonic() + 60
    used = None
    while used is None and time.monotonic() < deadline:
        with store.read() as r:
            found = keys.find(r, "machine")
        used = found.used if found else None
    assert used is not None
