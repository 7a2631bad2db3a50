from tests.app.server import Server, server

__all__ = ["server"]


def test_those_who_run_a_server_see_how_it_is_set_up(server: Server) -> None:
    done = server.client.get("/v1/server", headers=server.headers("admin"))
    assert done.status_code == 200, done.text
    told = done.json()
    assert told["version"].count(".") == 2
    assert told["home"] == str(server.app.settings.home)
    assert {one["input"] for one in told["encoders"]} == {"Text", "Image"}
    assert any(one["atHand"] for one in told["encoders"])
    assert told["settings"]["captures"] is True
    assert told["settings"]["largest_body"] > 0


def test_a_password_of_the_database_is_not_told(server: Server) -> None:
    server.app.store.where = "postgresql://me:***@host/db"
    told = server.client.get("/v1/server", headers=server.headers("admin")).json()
    assert told["database"] == "postgresql://me:***@host/db"
