"""Sessions of browsers: how they begin and end, and what a foreign page cannot do with one."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from hotfit.api.app import create_app
from hotfit.api.browsers import session_router
from hotfit.api.keyed import by_key
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

OWN = {"Origin": ADDRESS, "Hotfit-Console": "1"}
BODY = {"input": "Text", "output": "Tags"}
WEEK = 7 * 24 * 3600


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def key(store: Store) -> NewKey:
    with store.write() as w:
        return keys.create(w, identifier="person", role=Role.EDITOR)


@pytest.fixture
def browser(parts: Parts, store: Store, clock: Clock) -> Iterator[TestClient]:
    door = Door(store, clock=clock)
    app = create_app(replace(parts, authenticate=by_key(door)), root=[session_router(door)])
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as made:
        yield made
    door.close()


def sign_in(browser: TestClient, secret: str) -> str:
    """Sign in; return the cookie as it was set."""
    done = browser.post("/connect/session", json={"key": secret}, headers={"Origin": ADDRESS})
    assert done.status_code == 200, done.text
    return done.headers["set-cookie"]


def test_a_key_opens_a_session_that_no_script_reads(browser: TestClient, key: NewKey) -> None:
    cookie = sign_in(browser, key.secret)
    assert cookie.startswith("hotfit-session-5000=hfs_")
    assert {"HttpOnly", "Path=/", "SameSite=strict", f"Max-Age={WEEK}"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert key.secret not in cookie
    told = browser.get("/connect/session").json()
    assert told == {"id": "person", "role": "editor", "functions": None}
    assert browser.get("/v1/functions").json() == []


def test_a_chosen_secret_and_a_bound_key_sign_in(browser: TestClient, store: Store) -> None:
    with store.write() as w:
        mine = create_function(w, name="mine", input=Input.TEXT, output=Output.TAGS).id
        keys.create(w, identifier="me", secret="a-long-secret", role=Role.VIEWER, bound_to=["mine"])
    sign_in(browser, "me:a-long-secret")
    told = browser.get("/connect/session").json()
    assert told == {"id": "me", "role": "viewer", "functions": [mine]}
    done = browser.post("/v1/functions", json=BODY, headers=OWN)
    assert done.status_code == 403


@pytest.mark.parametrize("shown", ["", "hf_wrong", "nobody:wrong", "x" * 2000])
def test_what_is_no_key_signs_nobody_in(browser: TestClient, shown: str) -> None:
    done = browser.post("/connect/session", json={"key": shown})
    assert done.status_code in {400, 401}
    assert "set-cookie" not in done.headers


def test_a_token_opens_no_session_and_a_session_no_other(browser: TestClient, key: NewKey) -> None:
    sign_in(browser, key.secret)
    (word,) = browser.cookies.values()
    for shown in (word, "hft_" + word[4:]):
        assert browser.post("/connect/session", json={"key": shown}).status_code == 401


def test_a_session_is_opened_by_json_from_this_server_alone(
    browser: TestClient, key: NewKey
) -> None:
    body = f'{{"key": "{key.secret}"}}'
    plain = browser.post("/connect/session", content=body, headers={"Content-Type": "text/plain"})
    assert plain.status_code == 415
    for origin in ("https://evil.example", "null", "http://127.0.0.1:5001"):
        done = browser.post(
            "/connect/session", json={"key": key.secret}, headers={"Origin": origin}
        )
        assert done.status_code == 403
        assert "set-cookie" not in done.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (OWN, 200),
        ({"Origin": ADDRESS}, 403),
        ({"Hotfit-Console": "1"}, 403),
        ({"Origin": ADDRESS, "Hotfit-Console": "0"}, 403),
        ({"Origin": "null", "Hotfit-Console": "1"}, 403),
        ({"Origin": "http://127.0.0.1:5001", "Hotfit-Console": "1"}, 403),
        ({"Origin": "https://evil.example", "Hotfit-Console": "1"}, 403),
        ({**OWN, "Sec-Fetch-Site": "same-site"}, 403),
        ({**OWN, "Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
def test_only_pages_of_this_server_change_things_by_session(
    browser: TestClient, key: NewKey, headers: dict[str, str], status: int
) -> None:
    sign_in(browser, key.secret)
    assert browser.post("/v1/functions", json=BODY, headers=headers).status_code == status
    assert len(browser.get("/v1/functions").json()) == (status == 200)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_session_reads_nothing_for_other_pages(
    browser: TestClient, key: NewKey, site: str
) -> None:
    sign_in(browser, key.secret)
    done = browser.get("/v1/functions", headers={"Sec-Fetch-Site": site})
    assert done.status_code == 403


def test_an_allowed_foreign_page_still_needs_a_key(parts: Parts, store: Store, key: NewKey) -> None:
    door = Door(store)
    friend = "https://friend.example"
    app = create_app(
        replace(parts, authenticate=by_key(door), origins=frozenset({friend})),
        root=[session_router(door)],
    )
    with TestClient(app, base_url=ADDRESS) as made:
        sign_in(made, key.secret)
        headers = {"Origin": friend, "Hotfit-Console": "1"}
        assert made.post("/v1/functions", json=BODY, headers=headers).status_code == 403
        headers["Authorization"] = f"Bearer {key.secret}"
        assert made.post("/v1/functions", json=BODY, headers=headers).status_code == 200
    door.close()


def test_signing_out_ends_the_session_itself(browser: TestClient, key: NewKey) -> None:
    sign_in(browser, key.secret)
    (word,) = browser.cookies.values()
    assert browser.delete("/connect/session", headers={"Origin": ADDRESS}).status_code == 403
    assert browser.delete("/connect/session", headers=OWN).status_code == 200
    assert not browser.cookies
    browser.cookies.set("hotfit-session-5000", word)
    assert browser.get("/connect/session").status_code == 401
    browser.cookies.clear()
    assert browser.delete("/connect/session", headers=OWN).status_code == 200


def test_a_revoked_key_ends_its_sessions_at_once(
    browser: TestClient, store: Store, key: NewKey
) -> None:
    sign_in(browser, key.secret)
    with store.write() as w:
        keys.revoke(w, "person")
    assert browser.get("/v1/functions").status_code == 401
    assert browser.get("/connect/session").status_code == 401


def test_a_week_begins_anew_whenever_the_console_is_opened(
    browser: TestClient, key: NewKey, clock: Clock
) -> None:
    sign_in(browser, key.secret)
    clock.time += WEEK - 10
    again = browser.get("/connect/session")
    assert f"Max-Age={WEEK}" in again.headers["set-cookie"]
    clock.time += WEEK - 10
    assert browser.get("/v1/functions").status_code == 200
    clock.time += 10
    assert browser.get("/v1/functions").status_code == 401


@pytest.mark.parametrize("shape", ["origin", "proxy"])
def test_behind_tls_the_cookie_is_kept_for_tls(
    parts: Parts, store: Store, key: NewKey, shape: str
) -> None:
    door = Door(store)
    app = create_app(
        replace(parts, authenticate=by_key(door), hosts=frozenset({"ml.example"})),
        root=[session_router(door)],
    )
    told = {"origin": {"Origin": "https://ml.example"}, "proxy": {"X-Forwarded-Proto": "https"}}
    with TestClient(app, base_url="http://ml.example") as made:
        done = made.post("/connect/session", json={"key": key.secret}, headers=told[shape])
        cookie = done.headers["set-cookie"]
        assert cookie.startswith("__Host-hotfit-session=hfs_")
        assert "Secure" in cookie
        assert "omain=" not in cookie
        sent = {"Cookie": cookie.split(";")[0]}
        again = made.get("/connect/session", headers=sent)
        assert again.status_code == 200
        assert "Secure" in again.headers["set-cookie"]
    door.close()


def test_a_key_goes_before_a_session(browser: TestClient, key: NewKey) -> None:
    sign_in(browser, key.secret)
    done = browser.get("/v1/functions", headers={"Authorization": "Bearer hf_wrong"})
    assert done.status_code == 401
