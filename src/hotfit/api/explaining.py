"""Explanations: the training samples that pushed an answer, and what it would be without them."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from hotfit.api.access import needs
from hotfit.api.answering import THROUGH, VERSION, Answered, Teller
from hotfit.api.bodies import Given, body, takes
from hotfit.api.camel import CamelModel
from hotfit.api.content import shown
from hotfit.api.invoke import counted, reached, read_input
from hotfit.api.parts import Asked, Right
from hotfit.functions.functions import Function
from hotfit.functions.labels import Label
from hotfit.samples.ids import sample_id
from hotfit.serving.explaining import Explanation, Pushed, sentence
from hotfit.types import Picture

router = APIRouter(tags=["explain"])

MOST = 100


class ExplainGiven(Given):
    """An input, and whose reasons are asked for: without a label those of the answer."""

    data: Any = Field(description="A text, a data URI of an image, or a value by field.")
    label_name: str | None = None
    count: int = Field(default=10, ge=1, le=MOST, description="How many reasons.")


class ReasonShown(CamelModel):
    """Samples of one content that pushed the answer."""

    sample_id: str
    sample_ids: list[str] = Field(description="Those that hold the same, the first included.")
    data: Any = Field(default=None, description="Left out for images, and where it is gone.")
    label_name: str | None = Field(description="What the sample is annotated with.")
    weight: float = Field(
        description="What it adds to the log odds of the label, or to the quantity; negative "
        "where it speaks against it."
    )
    author: str | None = Field(description="Who last said what the sample is.")
    created: str | None = Field(description="When that was said.")
    external_id: str | None = None
    without: Answered = Field(description="What would be answered without these samples.")


class TurningShown(CamelModel):
    """The fewest of the strongest samples without which the answer would be another one."""

    sample_ids: list[str]
    answer: Answered


class ExplanationShown(CamelModel):
    """An answer and the samples that pushed it, strongest first."""

    answer: Answered
    label_name: str | None = Field(description="The label explained; null for a quantity.")
    reasons: list[ReasonShown]
    turning: TurningShown | None
    exact: bool = Field(description="Whether weights equal training again without the samples.")
    method: str
    trained_on: int
    sentence: str


@router.post(
    "/functions/{function_id}/explain", response_model=ExplanationShown, **takes(ExplainGiven)
)
@needs(Right.READ)
async def explain(
    call: Asked, function_id: str, given: Annotated[ExplainGiven, Depends(body(ExplainGiven))]
) -> JSONResponse:
    """Say which training samples pushed the answer to an input, and who said what they are."""
    serving, standing = reached(call, function_id)
    async with counted(serving, standing):
        data = await read_input(standing.function, given.data)
        live, found = await serving.explain(
            standing, data, label=given.label_name, count=given.count
        )
        standing = serving.standing(standing.id)
        teller = Teller(live, standing)
        names = live.labels(standing)
        told = await run_in_threadpool(_shown, standing.function, found, teller, names)
    headers = {THROUGH: str(live.change), VERSION: live.name}
    return JSONResponse(told, headers=headers)


def _shown(
    function: Function, found: Explanation, teller: Teller, names: Mapping[str, Label]
) -> dict[str, Any]:
    turning = found.turning
    return {
        "answer": teller.tell(found.answer),
        "labelName": _name(names, found.label),
        "reasons": [_reason(function, each, teller, names) for each in found.reasons],
        "turning": None
        if turning is None
        else {
            "sampleIds": [sample_id(each) for each in turning.samples],
            "answer": teller.tell(turning.answer),
        },
        "exact": found.exact,
        "method": found.method,
        "trainedOn": found.trained_on,
        "sentence": sentence(found),
    }


def _reason(
    function: Function, reason: Pushed, teller: Teller, names: Mapping[str, Label]
) -> dict[str, Any]:
    origin = reason.origin
    told: dict[str, Any] = {
        "sampleId": sample_id(reason.samples[0]),
        "sampleIds": [sample_id(each) for each in reason.samples],
        "labelName": _name(names, reason.label),
        "weight": reason.weight,
        "author": None if origin is None else origin.author,
        "created": None if origin is None else origin.created,
        "without": teller.tell(reason.without),
    }
    if origin is not None and not isinstance(origin.data, Picture):
        told["data"] = shown(function, origin.data)
    if origin is not None and origin.external_id is not None:
        told["externalId"] = origin.external_id
    return told


def _name(names: Mapping[str, Label], label: str | None) -> str | None:
    """A label by the name it has now."""
    known = None if label is None else names.get(label)
    return label if known is None else known.name
