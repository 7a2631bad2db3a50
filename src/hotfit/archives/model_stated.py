"""What a model's file says of itself, checked before it may answer."""

from typing import Any, Literal

from pydantic import Field

from hotfit.archives.stated import FunctionStated, Stated
from hotfit.encoders import Entry


class VersionStated(Stated):
    """The version that answers."""

    change: int = Field(ge=0, le=2**53)
    number: int = Field(ge=1, le=2**31)
    build: Literal["instant", "tuned", "deep"]
    encoders: list[str]
    head: str
    artifact: str
    fingerprint: str
    scores: dict[str, Any]
    verdict: dict[str, Any]
    findings: dict[str, int]
    created: str
    seconds: float


class ModelStated(Stated):
    """All that a file says of itself; `prepared` where Python changed what it was trained on."""

    format: Literal["hotfit.model.v1"]
    function: FunctionStated
    version: VersionStated
    prepared: bool
    encoders: list[Entry]
    files: dict[str, str]
