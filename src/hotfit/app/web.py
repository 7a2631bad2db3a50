"""The HTTP API put together: keys, live versions, predictions, and the routers over them."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from hotfit import console
from hotfit.api import (
    activity,
    annotations,
    captures,
    comparing,
    curating,
    events,
    explaining,
    exporting,
    health,
    images,
    importing,
    invoke,
    keys,
    learning,
    rows,
    search,
    server,
    starting,
    versions,
)
from hotfit.api.app import create_app
from hotfit.api.browsers import session_router
from hotfit.api.console import console_router
from hotfit.api.keyed import by_key, still_stands, token_router
from hotfit.api.parts import Authenticate, Parts, Wake, nobody
from hotfit.api.predictions import Computed
from hotfit.api.streams import Streams
from hotfit.app.about import about
from hotfit.app.app import App
from hotfit.app.opening import open_version
from hotfit.keys.door import Door
from hotfit.serving.capturing import Rules
from hotfit.serving.serving import Limits, Serving
from hotfit.settings import Settings

ROUTERS = (
    invoke.router,
    search.router,
    captures.router,
    curating.router,
    importing.router,
    exporting.router,
    starting.router,
    versions.router,
    comparing.router,
    explaining.router,
    learning.router,
    events.router,
    keys.router,
    server.router,
    activity.router,
    images.router,
    annotations.router,
    rows.router,
)
"""What joins the resources under both prefixes."""


def build_web(
    app: App,
    *,
    wake: Wake = nobody,
    serving: Serving | None = None,
    hosts: Iterable[str] = (),
    authenticate: Authenticate | None = None,
) -> FastAPI:
    """The API of a home; `wake` is told of writes, `hosts` are more names of this server.

    Who asks is told by their key, unless `authenticate` tells it.

    Calls are answered from when the application starts until it has drained.
    """
    answers = serving or build_serving(app)
    door = Door(app.store, news=answers.standings.look)

    def written(function: str, change: int) -> None:
        answers.hint()
        wake(function, change)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        answers.start()
        try:
            yield
        finally:
            await answers.drain()
            await answers.close()
            await run_in_threadpool(door.close)

    settings = app.settings
    parts = Parts(
        store=app.store,
        blobs=app.blobs,
        authenticate=authenticate or by_key(door),
        predictions=Computed(lambda version: open_version(app, version), app.store),
        wake=written,
        hosts=frozenset({*LOCAL, *settings.hosts, *hosts}),
        origins=frozenset(settings.origins),
        largest=settings.largest_body,
        extras=extras_of(app, answers) | {"stands": still_stands(door)},
    )
    pages = console_router(console.load())
    root = (token_router(door), session_router(door), health.router, pages)
    return create_app(parts, routers=ROUTERS, root=root, lifespan=life)


def extras_of(app: App, answers: Serving) -> dict[str, Any]:
    """What single routers need, by the name they look it up under."""
    return {
        "serving": answers,
        "streams": Streams(answers),
        "thumbnails": app.thumbnails,
        "about": partial(about, app),
    }


LOCAL = ("127.0.0.1", "localhost", "[::1]")
"""The names that a machine has for itself."""


def build_serving(app: App) -> Serving:
    """What answers calls to the functions of a home."""
    return Serving(
        store=app.store,
        blobs=app.blobs,
        open_encoder=app.open_encoder,
        encoders=app.encoders,
        limits=limits(app.settings),
    )


def limits(settings: Settings) -> Limits:
    """What one process takes on."""
    rules = Rules(share=settings.capture_share, days=settings.capture_days)
    return Limits(
        resident=settings.resident_versions, captures=rules if settings.captures else None
    )
