"""What an archive states, checked before any of it is kept."""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from hotfit.archives.layout import MODEL_FORMAT
from hotfit.archives.opening import refuse
from hotfit.types import Input, Kind, Output

SCORES = frozenset({"held_out", "trained_on", "baseline", "first_model"})
VERDICT = frozenset({"answer", "metric", "estimate", "low", "high", "baseline", "next_steps"})
"""What is told of every version."""


class Stated(BaseModel):
    """One statement: every member of its type, none that is not known."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


class FieldStated(Stated):
    """A field of a table."""

    name: str
    kind: Kind


class PlanStated(Stated):
    """How the function's source was read; what a later hotfit adds is left out."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", allow_inf_nan=False)

    source: str | None = None
    text: str | None = None
    image: str | None = None
    notes: list[str] = []
    goal: dict[str, str | bool | int | float | None] | None = None
    excluded: list[str] = []


class FunctionStated(Stated):
    """The function itself; `change` is the last that was written down for it."""

    name: str
    input: Input
    output: Output
    target: str | None
    fields: list[FieldStated]
    plan: PlanStated
    change: int = Field(ge=0, le=2**53)


class LabelStated(Stated):
    """A label, with the keys of its former names."""

    name: str
    description: str | None
    metadata: dict[str, Any] | None
    former: list[tuple[int, str]]


class SetStated(Stated):
    """A sample set."""

    name: str
    trains: bool


class FoundStated(Stated):
    """A finding; samples by place."""

    kind: str
    samples: list[int]
    score: float
    evidence: dict[str, Any]
    status: Literal["open", "accepted", "dismissed"] = "open"


class TrainedStated(Stated):
    """What was trained, from what, and how good it is."""

    change: int = Field(ge=0, le=2**53)
    build: Literal["instant", "tuned", "deep"]
    encoders: list[str]
    head: str
    fingerprint: str
    scores: dict[str, Any]
    verdict: dict[str, Any]
    findings: dict[str, int]
    seconds: float


class VersionStated(TrainedStated):
    """The live version; `learned` says that it has learned all there was."""

    learned: bool
    found: list[FoundStated]

    @model_validator(mode="after")
    def _says_what_reports_say(self) -> Self:
        if not (self.scores.keys() >= SCORES and self.verdict.keys() >= VERDICT):
            raise ValueError("its scores or its verdict are not whole")
        return self


class Manifest(Stated):
    """All that is said besides the samples."""

    format: Literal["hotfit.function.v1"]
    function: FunctionStated
    labels: list[LabelStated]
    sets: list[SetStated]
    samples: int
    version: VersionStated | None
    files: dict[str, str]


Value = list[tuple[int, bool]] | float | None
"""An annotation: labels by place, present or absent; a quantity; None where it was withdrawn."""


class SaidStated(Stated):
    """One thing that was said about a sample."""

    value: Value = None
    author: str
    created: str


class SampleStated(Stated):
    """A sample: its data, or the SHA-256 of its image."""

    origin: str
    number: int = Field(ge=0, le=2**31 - 1)
    external_id: str | None = Field(default=None, alias="externalId")
    data: str | dict[str, str | bool | int | float | None] | None = None
    image: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    file: str | None = None
    split: Literal["train", "test"] | None = None
    stated: Value = None
    created: str | None = None
    said: list[SaidStated] = []
    sets: list[tuple[int, float | None]] = []


def read_manifest(given: bytes) -> Manifest:
    """The manifest; raise ArchiveRefused."""
    if f'"format":"{MODEL_FORMAT}"'.encode() in given:
        refuse("it is a model without samples, which is run with hotfit.load")
    try:
        return Manifest.model_validate_json(given)
    except ValidationError as error:
        refuse(f"hotfit.json states {first_fault(error)}")


def read_sample(line: int, given: bytes) -> SampleStated:
    """One sample; raise ArchiveRefused."""
    try:
        return SampleStated.model_validate_json(given)
    except ValidationError as error:
        refuse(f"line {line} of its samples states {first_fault(error)}")


def first_fault(error: ValidationError) -> str:
    """The first statement that is not as expected, in words."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])[:80]
    return f"something else than expected at {place} ({first['msg'].lower()[:120]})"
