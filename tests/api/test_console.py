import gzip
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from hotfit.api.app import create_app
from hotfit.api.console import console_router
from hotfit.api.parts import Parts
from hotfit.console import File
from tests.api.conftest import ADDRESS

PAGE = b'<script nonce="__HOTFIT_NONCE__">1</script><style nonce="__HOTFIT_NONCE__"></style>'
SCRIPT = b"let a = 1;\n" * 500

FILES = {
    "index.html": File(content=PAGE, kind="text/html; charset=utf-8", lasting=False),
    "assets/main-abc.js": File(
        content=SCRIPT, packed=gzip.compress(SCRIPT), kind="text/javascript", lasting=True
    ),
    "icon.svg": File(content=b"<svg/>", kind="image/svg+xml", lasting=False),
}
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def browser(parts: Parts) -> Iterator[TestClient]:
    """A client without a key."""
    app = create_app(parts, root=[console_router(FILES)])
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as made:
        yield made


@pytest.mark.parametrize("path", ["/", "/index.html", "/functions/sms/data", "/keys"])
def test_every_page_is_the_one_page_under_a_strict_policy(browser: TestClient, path: str) -> None:
    done = browser.get(path, headers=HTML)
    assert done.status_code == 200
    assert done.headers["content-type"] == "text/html; charset=utf-8"
    policy = done.headers["content-security-policy"]
    nonces = re.findall(r'nonce="([^"]+)"', done.text)
    assert len(nonces) == 2
    assert f"script-src 'self' 'nonce-{nonces[0]}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert done.headers["x-content-type-options"] == "nosniff"
    assert done.headers["referrer-policy"] == "no-referrer"
    assert done.headers["cache-control"] == "no-store"
    assert "camera=()" in done.headers["permissions-policy"]


def test_each_answer_has_a_word_of_its_own(browser: TestClient) -> None:
    assert len({browser.get("/").text for _ in range(3)}) == 3


def test_the_address_alone_opens_the_page_whatever_is_accepted(browser: TestClient) -> None:
    assert "nonce" in browser.get("/").text
    assert browser.head("/").status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/nothing", 404),
        ("/v0.9/nothing", 404),
        ("/v1", 404),
        ("/v1/functions", 401),
        ("/connect/nothing", 404),
    ],
)
def test_pages_hide_no_address_of_the_api(browser: TestClient, path: str, status: int) -> None:
    done = browser.get(path, headers=HTML)
    assert done.status_code == status
    assert done.headers["content-type"] == "application/json"


@pytest.mark.parametrize("path", ["/functions/sms", "/assets/old.js", "/.env"])
def test_a_program_that_errs_is_told_so(browser: TestClient, path: str) -> None:
    done = browser.get(path, headers={"Accept": "*/*"})
    assert (done.status_code, done.json()["name"]) == (404, "NotFound")


def test_named_files_stay_and_come_packed(browser: TestClient) -> None:
    done = browser.get("/assets/main-abc.js", headers={"Accept-Encoding": "gzip, br"})
    assert done.content == SCRIPT
    assert done.headers["content-encoding"] == "gzip"
    assert "immutable" in done.headers["cache-control"]
    assert done.headers["vary"] == "Accept-Encoding"
    plain = browser.get("/assets/main-abc.js", headers={"Accept-Encoding": "identity"})
    assert plain.content == SCRIPT
    assert "content-encoding" not in plain.headers


def test_other_files_are_asked_for_again_and_sent_only_when_new(browser: TestClient) -> None:
    done = browser.get("/icon.svg")
    assert done.headers["cache-control"] == "no-cache"
    assert "sandbox" in done.headers["content-security-policy"]
    again = browser.get("/icon.svg", headers={"If-None-Match": done.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../../etc/passwd",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..%2f..%2fetc%2fpasswd",
        "/%252e%252e/etc/passwd",
        "/assets\\..\\main-abc.js",
        "//etc/passwd",
        "/assets/main-abc.js%00.png",
        "/assets/main-abc.js;/x",
    ],
)
def test_no_address_leads_to_a_file_that_is_not_in_the_table(
    browser: TestClient, path: str
) -> None:
    done = browser.get(path)
    assert done.status_code in {400, 404}
    assert b"root:" not in done.content
