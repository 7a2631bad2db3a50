import pytest
from starlette.testclient import TestClient

from hotfit.api.app import create_app
from hotfit.api.parts import Parts

BODY = {"input": "Text", "output": "Tags"}


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:5000", "127.0.0.1.evil.example", "localhost.", "", "[::2]:5000"],
)
def test_other_names_of_this_server_are_refused(client: TestClient, host: str) -> None:
    done = client.get("/v1/functions", headers={"Host": host})
    assert (done.status_code, done.json()["name"]) == (421, "WrongHost")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:5000", "127.0.0.1:81", "[::1]:5000"])
def test_its_own_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/v1/functions", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PURGE"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:5001"},
        {"Origin": "http://127.0.0.1:5000.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_pages_of_other_sites_write_nothing(
    client: TestClient, method: str, headers: dict[str, str]
) -> None:
    done = client.request(method, "/v1/functions", json=BODY, headers=headers)
    assert (done.status_code, done.json()["name"]) == (403, "ForeignOrigin")
    assert client.get("/v1/functions").json() == []


def test_pages_of_this_server_and_programs_write(client: TestClient) -> None:
    own = {"Origin": "http://127.0.0.1:5000", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/v1/functions", json=BODY, headers=own).status_code == 200
    assert client.post("/v1/functions", json=BODY).status_code == 200


@pytest.mark.parametrize("path", ["/v1/functions", "/v1/nothing", "/openapi.json"])
def test_answers_are_data_to_a_browser_and_never_a_page(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Content-Type"] == "application/json"
    assert "access-control-allow-origin" not in headers


def test_what_breaks_inside_is_told_by_a_number_alone(parts: Parts) -> None:
    app = create_app(parts)
    parts.store.close()
    parts.store.read = lambda: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    headers = {"Authorization": "Bearer admin"}
    with TestClient(
        app, base_url="http://localhost", headers=headers, raise_server_exceptions=False
    ) as client:
        done = client.get("/v1/functions")
    assert (done.status_code, done.json()["name"]) == (500, "InternalError")
    assert "division" not in done.text
    assert done.headers["X-Content-Type-Options"] == "nosniff"
