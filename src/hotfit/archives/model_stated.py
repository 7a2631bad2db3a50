"""What a model's file says of itself, checked before it may answer."""

from typing import Literal

from pydantic import Field

from hotfit.archives.stated import FunctionStated, Stated, TrainedStated
from hotfit.encoders import Entry


class VersionStated(TrainedStated):
    """The version that answers."""

    number: int = Field(ge=1, le=2**31)
    artifact: str
    created: str


class ModelStated(Stated):
    """All that a file says of itself; `prepared` where Python changed what it was trained on."""

    format: Literal["hotfit.model.v1"]
    function: FunctionStated
    version: VersionStated
    prepared: bool
    encoders: list[Entry]
    files: dict[str, str]
