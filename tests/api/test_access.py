from starlette.testclient import TestClient

from hotfit.api.access import needed, needs
from hotfit.api.app import create_app
from hotfit.api.parts import Asked, Parts
from hotfit.functions.access import Right
from tests.api.conftest import ADDRESS

BODY = {"input": "Text", "output": "Classification"}


def test_a_route_that_says_nothing_answers_nobody(parts: Parts) -> None:
    app = create_app(parts)

    @app.get("/forgotten")
    def forgotten() -> str:
        return "secret"

    with TestClient(app, base_url=ADDRESS) as client:
        assert needed(forgotten) is None
        for key in ("", "admin"):
            done = client.get("/forgotten", headers={"Authorization": f"Bearer {key}"})
            assert done.status_code == (403 if key else 401)
            assert "secret" not in done.text


def test_who_needs_nothing_still_reaches_no_function(parts: Parts, client: TestClient) -> None:
    function = client.post("/v1/functions", json=BODY).json()["id"]
    app = create_app(parts)

    @app.get("/open/{function_id}")
    @needs(Right.NONE)
    def read(call: Asked, function_id: str) -> str:
        with call.read() as session:
            return call.function(session, function_id).name

    with TestClient(app, base_url=ADDRESS) as stranger:
        assert stranger.get(f"/open/{function}").status_code == 404


def test_a_bound_key_sees_its_function_and_no_other(client: TestClient) -> None:
    mine, other = (client.post("/v1/functions", json=BODY).json()["id"] for _ in range(2))
    bound = {"Authorization": f"Bearer editor:{mine}"}
    assert [one["id"] for one in client.get("/v1/functions", headers=bound).json()] == [mine]
    assert client.get(f"/v1/functions/{mine}", headers=bound).status_code == 200
    missing = client.get("/v1/functions/function_0000000000000000", headers=bound)
    for path in ("", "/labels", "/samples", "/summary", "/fields", "/sample-sets", "/metrics"):
        refused = client.get(f"/v1/functions/{other}{path}", headers=bound)
        assert (refused.status_code, refused.json()) == (404, missing.json())
    assert client.delete(f"/v1/functions/{other}", headers=bound).status_code == 404
    assert client.post("/v1/functions", json=BODY, headers=bound).status_code == 403
    assert client.get("/v1/projects", headers=bound).json() == []
    assert client.post("/v1/projects", json={"name": "a"}, headers=bound).status_code == 403
    assert client.get(f"/v1/functions/{other}").status_code == 200


def test_projects_group_functions(client: TestClient) -> None:
    project = client.post("/v0.9/projects", json={"name": "a"}).json()
    assert client.get("/v0.9/projects").json() == [project]
    made = client.post("/v1/functions", json={**BODY, "projectId": project["id"]}).json()
    assert made["projectId"] == project["id"]
    other = client.post("/v1/projects", json={"name": "a"}).json()
    path = f"/v1/functions/{made['id']}"
    moved = client.put(path, json={"projectId": other["id"].removeprefix("project_")})
    assert moved.json()["projectId"] == client.get(path).json()["projectId"] == other["id"]
    unknown = client.put(path, json={"projectId": "nothing"})
    assert (unknown.status_code, unknown.json()["name"]) == (400, "ProjectUnknown")
