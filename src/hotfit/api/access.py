"""Every route says beside its path what it needs; a route that says nothing answers nobody."""

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Request

from hotfit.api.errors import Forbidden
from hotfit.functions.access import Identity, Right, Role

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

_NEEDS = "__hotfit_needs__"

ANYBODY = Identity(name="anybody", role=Role.INVOKE, functions=frozenset())
"""Who asks on a route that needs nothing."""


def needs(right: Right) -> Callable[[Endpoint], Endpoint]:
    """Say what a caller must be allowed to do; Right.NONE opens the route to everybody."""

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _NEEDS, right)
        return endpoint

    return mark


def needed(endpoint: Callable[..., Any]) -> Right | None:
    """What `needs` said, None where it was not said."""
    found = getattr(endpoint, _NEEDS, None)
    return found if isinstance(found, Right) else None


async def guard(request: Request) -> None:
    """Let nobody pass who may not; runs before every endpoint and before any body is read."""
    right = needed(request.scope["route"].endpoint)
    if right is Right.NONE:
        request.state.identity = ANYBODY
        return
    identity = await request.app.state.parts.authenticate(request)
    if right is None or not identity.may(right):
        wanted = "nobody may call this address" if right is None else "this key's role may not"
        raise Forbidden(reason=f"{wanted} do that; `hotfit keys create --role` makes another")
    request.state.identity = identity
