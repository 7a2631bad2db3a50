"""Puts the API together: routers under both prefixes, one guard, one error shape."""

from collections.abc import Sequence
from functools import partial

from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.types import Lifespan

from hotfit.api import (
    counts,
    document,
    errors,
    fields,
    findings,
    functions,
    labels,
    projects,
    samples,
    sets,
    statistics,
)
from hotfit.api.access import guard
from hotfit.api.edge import Edge
from hotfit.api.parts import Parts

PREFIXES = {"/v1": "", "/v0.9": document.OLD}
"""The versions of the contract, and what stands before the names of their operations.

What differs between the versions differs inside the endpoint.
"""

ROUTERS: tuple[APIRouter, ...] = tuple(
    module.router
    for module in (projects, functions, labels, fields, samples, sets, counts, findings, statistics)
)


def create_app(
    parts: Parts,
    *,
    routers: Sequence[APIRouter] = (),
    root: Sequence[APIRouter] = (),
    lifespan: Lifespan[FastAPI] | None = None,
) -> FastAPI:
    """The API over `parts`; `routers` join under both prefixes, `root` without any."""
    app = FastAPI(
        title="hotfit",
        version="1",
        dependencies=[Depends(guard)],
        responses={
            "4XX": {"model": errors.Error, "description": "The request is at fault."},
            "5XX": {"model": errors.Error, "description": "The server is."},
        },
        default_response_class=JSONResponse,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
    )
    app.state.parts = parts
    for router in (*routers, *ROUTERS):  # calls first: routes are tried one after the other
        for prefix, before in PREFIXES.items():
            named = partial(operation, before=before)
            app.include_router(router, prefix=prefix, generate_unique_id_function=named)
    for router in (document.router, *root):
        app.include_router(router, generate_unique_id_function=operation)
    errors.install(app)
    app.add_middleware(Edge, hosts=parts.hosts, origins=parts.origins)
    return app


def operation(route: APIRoute, *, before: str = "") -> str:
    """The name of an operation in the OpenAPI document."""
    return before + route.name
