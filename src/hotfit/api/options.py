"""How a call wants to be answered: its query, read at once.

FastAPI reads a query parameter by parameter, which costs a call more than its answer's JSON; so
the query is one model here, and its parameters are told to the OpenAPI document from that model.
"""

from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from hotfit.api.errors import BadRequest
from hotfit.serving.predictors import VersionUnknown
from hotfit.store.ids import as_id


class Options(BaseModel):
    """The query of a call."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)

    model_id: str | None = Field(default=None, description="Answer by this version.")
    label_count: int | None = Field(
        default=None, ge=1, le=2**31 - 1, description="Tell so many labels."
    )
    include_metadata: bool = Field(default=False, description="Tell the metadata of labels.")
    capture: bool = Field(default=True, description="Keep the call where it teaches.")
    external_id: str | None = Field(default=None, description="Comes back with the answer.")
    wait: int | None = Field(
        default=None,
        ge=0,
        le=2**53,
        description="Wait, not for ever, until this change is learned.",
    )

    @property
    def version(self) -> str | None:
        """The version that the call names; clients also send an empty one."""
        if not self.model_id:
            return None
        identifier = as_id("version", self.model_id)
        if identifier is None:
            raise VersionUnknown
        return identifier


PLAIN = Options()


async def options(request: Request) -> Options:
    """Read how a call wants to be answered."""
    if not request.scope["query_string"]:
        return PLAIN
    try:
        return Options.model_validate(dict(request.query_params))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = " ".join(str(part) for part in first["loc"])
        raise BadRequest(reason=f"query {place}: {first['msg']}") from None


Wished = Annotated[Options, Depends(options)]
"""The parameter by which an endpoint takes its `Options`."""


def with_options(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments of a route, with the parameters of its query in the OpenAPI document."""
    told = Options.model_json_schema(by_alias=True)["properties"]
    parameters = [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": schema.pop("description"),
            "schema": {key: value for key, value in schema.items() if key != "title"},
        }
        for name, schema in told.items()
    ]
    return arguments | {"openapi_extra": arguments["openapi_extra"] | {"parameters": parameters}}
