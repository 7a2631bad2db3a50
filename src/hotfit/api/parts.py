"""What the routes need of the program, and what each request brings: rights, sessions, replies."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Annotated, Any, Protocol

from fastapi import Depends, Request
from fastapi.responses import JSONResponse

from hotfit.api.errors import Forbidden, NotFound
from hotfit.api.predictions import Predictions
from hotfit.functions.access import Identity, Right
from hotfit.functions.functions import Function, find_served
from hotfit.samples.counts import CountMemory
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Reading, Store, Writing

CHANGE = "Hotfit-Change"
"""Header of every write: the number under which it was written down."""

Authenticate = Callable[[Request], Awaitable[Identity]]
"""Tells who is asking; raises Unauthenticated."""


class Wake(Protocol):
    """Told after each write, so that whoever learns from it need not look for it."""

    def __call__(self, function: str, change: int) -> None:
        """A function has changed; must return at once and may not fail."""
        ...


def nobody(function: str, change: int) -> None:
    """Wake nobody."""
    del function, change


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The program behind the routes.

    `hosts` are the names this server answers to, with or without a port; `origins` the foreign
    pages that may write to it. `largest` bounds a JSON body, in bytes. `extras` holds what other
    routers of the program need, by the name they look it up under.
    """

    store: Store
    blobs: Blobs
    authenticate: Authenticate
    predictions: Predictions
    wake: Wake = nobody
    hosts: frozenset[str] = frozenset({"127.0.0.1", "localhost", "[::1]"})
    origins: frozenset[str] = frozenset()
    largest: int = 16 << 20
    counts: CountMemory = field(default_factory=CountMemory)
    extras: Mapping[str, Any] = field(default_factory=dict)


class Call:
    """One request: who asks, and the program."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.parts: Parts = request.app.state.parts
        self.who: Identity = request.state.identity

    def read(self) -> AbstractContextManager[Reading]:
        """A session that reads."""
        return self.parts.store.read()

    def write(self) -> AbstractContextManager[Writing]:
        """The one transaction of this request."""
        return self.parts.store.write()

    def function(self, session: Reading, given: str) -> Function:
        """The function of this identifier or name; raise NotFound where it is out of reach."""
        found = find_served(session, given)
        if found is None or not self.who.reaches(found.id):
            raise NotFound(noun="function")
        return found

    def refuse_scoped(self) -> None:
        """Raise Forbidden for a key that is bound to some functions."""
        if self.who.functions is not None:
            raise Forbidden(reason="this key is bound to single functions and may not do that")

    def written(self, content: Any, *, function: str, change: int) -> JSONResponse:
        """The answer to a write, and a word to those who learn from it."""
        self.parts.wake(function, change)
        return JSONResponse(content, headers={CHANGE: str(change)})


async def asked(request: Request) -> Call:
    """The call of a request; a coroutine, because FastAPI makes all else in another thread."""
    return Call(request)


Asked = Annotated[Call, Depends(asked)]
"""The parameter by which an endpoint takes its `Call`."""

__all__ = ["CHANGE", "Asked", "Authenticate", "Call", "Parts", "Right", "Wake", "nobody"]
