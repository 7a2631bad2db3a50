"""Reads request bodies: strict JSON, or a multipart form where a route takes one.

FastAPI's own reading takes what `hotfit.api.strict` refuses and repeats it in its errors, so an
endpoint declares its body by two words instead: `**takes(Model)` beside its path, for the OpenAPI
document, and `Annotated[Model, Depends(body(Model))]` among its parameters. Names of members may
come in any case.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar, TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from starlette.concurrency import run_in_threadpool

from hotfit.api import strict
from hotfit.api.forms import read_form
from hotfit.errors import Refusal

INLINE = 1 << 20
"""Bodies up to this many bytes are parsed in the event loop: a thread would cost more."""

JSON = "application/json"
FORM = "multipart/form-data"


class BodyTooLarge(Refusal):
    """The body is larger than the route takes."""

    status: ClassVar[int] = 413

    def __init__(self, *, largest: int) -> None:
        super().__init__(f"the body is larger than the {largest:,} bytes this address takes.")


class MediaTypeUnknown(Refusal):
    """The body is of a kind that the route does not read."""

    status: ClassVar[int] = 415

    def __init__(self, *, expected: str) -> None:
        super().__init__(f"the body must be {expected}, and the Content-Type header must say so.")


class BodyInvalid(Refusal):
    """The body is JSON, but not what the route takes."""

    def __init__(self, *, place: str, reason: str) -> None:
        where = f"{place}: " if place else ""
        super().__init__(f"the body is not what this address takes: {where}{reason}.")


class Given(BaseModel):
    """A body; numbers are numbers and texts are texts, unknown members are left alone."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="ignore",
        allow_inf_nan=False,
        alias_generator=to_camel,
        populate_by_name=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _fold(cls, value: Any) -> Any:
        """Let `LabelName` stand for `labelName`."""
        if not isinstance(value, dict):
            return value
        aliases = [one.alias or name for name, one in cls.model_fields.items()]
        known: dict[str, str] = {alias.casefold(): alias for alias in aliases}
        folded: dict[str, Any] = {}
        for name, member in value.items():
            told = known.get(str(name).casefold(), str(name))
            if told in folded:
                raise ValueError(f"the member {told} is given twice")
            folded[told] = member
        return folded


Model = TypeVar("Model")

MODELS: dict[str, TypeAdapter[Any]] = {}
"""Every body that some route takes, by its name in the OpenAPI document."""


def takes(model: Any, *, form: bool = False, name: str | None = None) -> dict[str, Any]:
    """Arguments of a route that takes `model`, as JSON and, with `form`, as a multipart form."""
    called = name or model.__name__
    MODELS[called] = TypeAdapter(model)
    content: dict[str, Any] = {JSON: {"schema": {"$ref": f"#/components/schemas/{called}"}}}
    if form:
        content[FORM] = {"schema": FORM_SCHEMA}
    return {"openapi_extra": {"requestBody": {"required": True, "content": content}}}


FORM_SCHEMA = {
    "type": "object",
    "properties": {
        "data": {"type": "string", "format": "binary", "description": "The input (also `file`)."},
        "externalId": {"type": "string"},
        "annotation.labelName": {"type": "string"},
    },
    "required": ["data"],
}


def body(model: type[Model], *, form: bool = False) -> Callable[[Request], Awaitable[Model]]:
    """A dependency that reads the body of a request as `model`."""
    adapter: TypeAdapter[Model] = TypeAdapter(model)

    async def read(request: Request) -> Model:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        largest: int = request.app.state.parts.largest
        if kind == JSON:
            content = await read_all(request, largest=largest)
            if len(content) <= INLINE:
                return _checked(adapter, strict.parse(content))
            return _checked(adapter, await run_in_threadpool(strict.parse, content))
        if form and kind == FORM:
            _refuse_large(request, largest=largest)
            return _checked(adapter, await read_form(request, largest=largest))
        raise MediaTypeUnknown(expected=f"{JSON} or {FORM}" if form else JSON)

    return read


async def read_all(request: Request, *, largest: int) -> bytes:
    """The whole body; raise BodyTooLarge before more than `largest` bytes are kept."""
    _refuse_large(request, largest=largest)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > largest:
            raise BodyTooLarge(largest=largest)
        parts.append(part)
    return b"".join(parts)


def _refuse_large(request: Request, *, largest: int) -> None:
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told[:18]) > largest:
        raise BodyTooLarge(largest=largest)


def _checked(adapter: TypeAdapter[Model], value: Any) -> Model:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise BodyInvalid(place=_place(first["loc"]), reason=first["msg"].lower()[:200]) from None


def _place(steps: Sequence[int | str]) -> str:
    """Where in a body something is wrong, without what the caller called it."""
    return ".".join(str(step) for step in (*steps[:1], *_numbers(steps[1:])))


def _numbers(steps: Sequence[int | str]) -> list[int]:
    return [step for step in steps if isinstance(step, int)]
