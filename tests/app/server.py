"""The composed server in this process, with a key of each role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from hotfit.app import App
from hotfit.app.web import build_web
from hotfit.functions.access import Role
from hotfit.functions.functions import create
from hotfit.keys import keys
from hotfit.settings import Settings
from hotfit.types import Input, Output

ADDRESS = "http://127.0.0.1:5000"


@dataclass(frozen=True, kw_only=True)
class Server:
    """The server; `mine` and `other` are functions, `keys` open it by role.

    The key called `tenant` is an editor's, bound to `mine`; `anonymous` is none.
    """

    app: App
    web: FastAPI
    client: TestClient
    mine: str
    other: str
    keys: dict[str, str]

    def headers(self, who: str) -> dict[str, str]:
        """The header that says who asks."""
        return {"Authorization": f"Bearer {self.keys[who]}"} if self.keys[who] else {}


@contextmanager
def serving() -> Iterator[Server]:
    """A server on the home that the environment names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
        app = App(Settings())
    with app.store.write() as w:
        mine, other = (
            create(w, name=name, input=Input.TEXT, output=Output.CLASSIFICATION).id
            for name in ("mine", "other")
        )
        opened = {role.value: keys.create(w, role=role).secret for role in Role}
        opened["tenant"] = keys.create(w, role=Role.EDITOR, bound_to=[mine]).secret
    opened["anonymous"] = ""
    web = build_web(app)
    with TestClient(web, base_url=ADDRESS, raise_server_exceptions=False) as client:
        yield Server(app=app, web=web, client=client, mine=mine, other=other, keys=opened)
    app.store.close()


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on the test's own home."""
    with serving() as made:
        yield made
