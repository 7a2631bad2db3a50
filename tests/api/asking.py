"""A client over a world with one trained function, `sms`."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from hotfit.api import captures, curating, health, invoke, search
from hotfit.api.app import create_app
from hotfit.api.parts import Parts
from hotfit.serving.capturing import Rules
from tests.api.conftest import ADDRESS, by_role
from tests.serving.worlds import World

FREE = "win free money now"


@pytest.fixture
def client(world: World) -> Iterator[TestClient]:
    """A client that may do everything, over the trained function `sms`."""
    world.trained("sms")
    serving = world.serving(captures=Rules(share=1.0), learn_seconds=0.1)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        serving.start()
        yield
        await serving.drain()
        await serving.close()

    parts = Parts(
        store=world.store,
        blobs=world.blobs,
        authenticate=by_role,
        predictions=None,  # type: ignore[arg-type]
        extras={"serving": serving},
    )
    app = create_app(
        parts,
        routers=(invoke.router, search.router, captures.router, curating.router),
        root=(health.router,),
        lifespan=life,
    )
    headers = {"Authorization": "Bearer admin"}
    with TestClient(app, base_url=ADDRESS, headers=headers, raise_server_exceptions=False) as made:
        yield made


def ask(client: TestClient, data: Any = FREE, query: str = "", **members: Any) -> Any:
    found = client.post(f"/v1/functions/sms/invoke{query}", json={"data": data, **members})
    assert found.status_code == 200, found.text
    return found.json()
