"""The OpenAPI document: what the routes declare, and the bodies that they read themselves."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from hotfit.api.access import needed, needs
from hotfit.api.bodies import MODELS
from hotfit.api.parts import CHANGE
from hotfit.functions.access import Right

router = APIRouter()

OLD = "v09_"
"""What stands before the names of operations under /v0.9."""

REFERENCE = "#/components/schemas/{model}"
METHODS = ("get", "put", "post", "delete", "patch")


@router.get("/openapi.json", include_in_schema=False)
@needs(Right.NONE)
def openapi(request: Request) -> JSONResponse:
    """The OpenAPI document of this server."""
    app: FastAPI = request.app
    if app.openapi_schema is None:
        app.openapi_schema = document(app)
    return JSONResponse(app.openapi_schema)


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an API."""
    made = get_openapi(
        title=app.title,
        version=app.version,
        summary="ML functions for software engineers: labelled examples in, a served function out.",
        routes=app.routes,
    )
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_bodies())
    made["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    rights = {route.name: needed(route.endpoint) for route in _endpoints(app)}
    for path, operations in made["paths"].items():
        for method in METHODS:
            if method in operations:
                _complete(path, method, operations[method], rights)
    return made


def _bodies() -> dict[str, Any]:
    """The schemas of all bodies that some route takes, and of what they hold."""
    adapters: list[tuple[str, JsonSchemaMode, Any]] = [
        (name, "validation", one.core_schema) for name, one in sorted(MODELS.items())
    ]
    by_key, definitions = GenerateJsonSchema(ref_template=REFERENCE).generate_definitions(adapters)
    found: dict[str, Any] = {str(name): schema for name, schema in definitions.items()}
    for (name, _), schema in by_key.items():
        if schema != {"$ref": REFERENCE.format(model=name)}:
            found[name] = dict(schema)
    return found


def _endpoints(app: FastAPI) -> list[Any]:
    return [route for route in walk(app.routes) if hasattr(route, "endpoint")]


def walk(routes: Any) -> Any:
    """All routes, those of included routers too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from walk(inner.routes) if inner is not None else [route]


def _complete(
    path: str, method: str, operation: dict[str, Any], rights: dict[str, Right | None]
) -> None:
    """Say of an operation what its declaration cannot: its id, its right, its headers."""
    name = operation["operationId"]
    right = rights[name.removeprefix(OLD)]
    if name.startswith(OLD):
        operation["deprecated"] = True
    if right is not Right.NONE:
        operation["security"] = [{"key": []}]
    operation["x-hotfit-right"] = right
    if right is Right.WRITE and "{function_id}" in path and method != "get":
        said = {"description": "The number of this change.", "schema": {"type": "integer"}}
        operation["responses"]["200"]["headers"] = {CHANGE: said}
