"""The API over each database, asked in this process."""

from collections.abc import Iterator

import pytest
from fastapi import Request
from starlette.testclient import TestClient

from hotfit.api.app import create_app
from hotfit.api.errors import Unauthenticated
from hotfit.api.parts import Parts
from hotfit.api.predictions import Computed
from hotfit.functions.access import Identity, Role
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.versions import Version
from hotfit.store.blobs import MemoryBlobs
from hotfit.store.sessions import Store
from tests.store.databases import dialect, store, url

__all__ = ["dialect", "store", "url"]

ADDRESS = "http://127.0.0.1:5000"


def _untrained(version: Version) -> TrainedFunction:
    raise AssertionError(f"nothing was trained, yet {version.id} is opened")


async def by_role(request: Request) -> Identity:
    """A fake of keys: the key is a role, after a colon the only function it reaches."""
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    role, _, function = given.partition(":")
    if role not in set(Role):
        raise Unauthenticated
    bound = frozenset({function}) if function else None
    return Identity(name=f"key-{role}", role=Role(role), functions=bound)


@pytest.fixture
def parts(store: Store) -> Parts:
    return Parts(
        store=store,
        blobs=MemoryBlobs(),
        authenticate=by_role,
        predictions=Computed(_untrained, store),
    )


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    """A client that may do everything."""
    headers = {"Authorization": "Bearer admin"}
    app = create_app(parts)
    with TestClient(app, base_url=ADDRESS, headers=headers, raise_server_exceptions=False) as made:
        yield made
