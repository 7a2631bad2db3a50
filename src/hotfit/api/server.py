"""What this server is: its version, where it keeps things, which encoders it has, its limits."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from hotfit.api.access import needs
from hotfit.api.camel import CamelModel
from hotfit.api.parts import Asked, Right

router = APIRouter(tags=["server"])

About = Callable[[], dict[str, Any]]
"""Tells about the server, as `ServerShown` has it."""


class EncoderAtHand(CamelModel):
    """An encoder that the server may use."""

    name: str
    input: str
    at_hand: bool = Field(description="Its files are on this machine.")
    chosen: bool = Field(description="New functions of this input are read by it.")


class ServerShown(BaseModel):
    """The server."""

    version: str
    python: str
    home: str
    database: str = Field(description="Without a password.")
    sqlite: str
    encoders: list[EncoderAtHand]
    settings: dict[str, Any] = Field(description="Limits and rules, by the name of the setting.")


@router.get("/server", response_model=ServerShown)
@needs(Right.ADMIN)
def read_server(call: Asked) -> JSONResponse:
    """Tell what this server is and how it is set up."""
    call.refuse_scoped()
    about: About = call.parts.extras["about"]
    return JSONResponse(about())
