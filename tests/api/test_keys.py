from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from hotfit.api import keys as routes
from hotfit.api.app import create_app
from hotfit.api.browsers import session_router
from hotfit.api.keyed import by_key
from hotfit.api.parts import Parts
from hotfit.functions.access import Role
from hotfit.keys import keys
from hotfit.keys.door import Door
from hotfit.store.sessions import Store
from tests.api.conftest import ADDRESS

TEXT = {"input": "Text", "output": "Classification"}


@pytest.fixture
def api(parts: Parts, store: Store) -> Iterator[TestClient]:
    """A client with the first key, an administrator's."""
    door = Door(store)
    with store.write() as w:
        secret = keys.create(w, identifier="boss").secret
    app = create_app(
        replace(parts, authenticate=by_key(door)),
        routers=[routes.router],
        root=[session_router(door)],
    )
    headers = {"Authorization": f"Bearer {secret}"}
    with TestClient(app, base_url=ADDRESS, headers=headers, raise_server_exceptions=False) as made:
        yield made
    door.close()


def bearer(word: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {word}"}


def test_a_key_is_made_listed_and_revoked(api: TestClient) -> None:
    done = api.post("/v1/keys", json={"id": "reader", "role": "viewer", "limit": 100})
    assert done.status_code == 200, done.text
    made = done.json()
    assert (made["id"], made["role"], made["limit"]) == ("reader", "viewer", 100)
    assert made["key"] == made["secret"]
    assert done.headers["cache-control"] == "no-store"
    assert api.get("/v1/functions", headers=bearer(made["key"])).status_code == 200
    assert api.post("/v1/functions", json=TEXT, headers=bearer(made["key"])).status_code == 403
    listed = api.get("/v1/keys")
    assert [one["id"] for one in listed.json()] == ["boss", "reader"]
    assert made["secret"] not in listed.text
    assert "sealed" not in listed.text
    gone = api.delete("/v1/keys/reader")
    assert gone.json()["revoked"]
    assert api.get("/v1/functions", headers=bearer(made["key"])).status_code == 401
    assert api.delete("/v1/keys/nobody").status_code == 404


def test_a_chosen_secret_is_told_with_its_id(api: TestClient) -> None:
    given = {"id": "me", "secret": "long-and-chosen", "role": "editor"}
    made = api.post("/v1/keys", json=given).json()
    assert made["key"] == "me:long-and-chosen"
    assert api.post("/v1/functions", json=TEXT, headers=bearer(made["key"])).status_code == 200


def test_a_key_may_be_bound_to_functions(api: TestClient) -> None:
    function = api.post("/v1/functions", json=TEXT | {"name": "mine"}).json()["id"]
    made = api.post("/v1/keys", json={"role": "invoke", "functions": ["mine"]}).json()
    assert made["functions"] == [function]
    assert api.post("/v1/keys", json={"functions": ["nothing"]}).status_code == 404


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER, Role.INVOKE])
def test_only_administrators_see_keys(api: TestClient, role: Role) -> None:
    word = api.post("/v1/keys", json={"role": role.value}).json()["key"]
    for method, path in (("GET", "/v1/keys"), ("POST", "/v1/keys"), ("DELETE", "/v1/keys/boss")):
        done = api.request(method, path, json={}, headers=bearer(word))
        assert done.status_code == 403


def test_an_administrator_of_one_function_makes_no_key_for_all(api: TestClient) -> None:
    api.post("/v1/functions", json=TEXT | {"name": "mine"})
    word = api.post("/v1/keys", json={"role": "admin", "functions": ["mine"]}).json()["key"]
    for method, path in (("GET", "/v1/keys"), ("POST", "/v1/keys"), ("DELETE", "/v1/keys/boss")):
        assert api.request(method, path, json={}, headers=bearer(word)).status_code == 403
    assert [one["revoked"] for one in api.get("/v1/keys").json()] == [None, None]


@pytest.mark.parametrize(
    "given",
    [{"id": "a b"}, {"id": "boss"}, {"secret": "short"}, {"role": "root"}, {"limit": 0}],
)
def test_a_key_that_cannot_be_is_refused_in_a_sentence(
    api: TestClient, given: dict[str, object]
) -> None:
    done = api.post("/v1/keys", json=given)
    assert done.status_code in {400, 409}
    assert done.json()["message"].endswith(".")
    assert len(api.get("/v1/keys").json()) == 1


def test_a_session_that_revokes_its_own_key_is_over(api: TestClient) -> None:
    word = api.post("/v1/keys", json={"id": "other", "role": "admin"}).json()["key"]
    del api.headers["Authorization"]
    own = {"Origin": ADDRESS, "Hotfit-Console": "1"}
    assert api.post("/connect/session", json={"key": word}, headers=own).status_code == 200
    assert api.delete("/v1/keys/other", headers=own).status_code == 200
    assert api.get("/v1/keys").status_code == 401
