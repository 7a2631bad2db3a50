"""Saying what many samples are in one step, and taking the step back."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, model_validator

from hotfit.api.access import needs
from hotfit.api.bodies import Given, body, takes
from hotfit.api.camel import CamelModel
from hotfit.api.errors import NotFound
from hotfit.api.parts import Asked, Right
from hotfit.api.showing import annotation_shown
from hotfit.api.stating import AnnotationGiven, LabelStated, said_of
from hotfit.samples.annotating import annotate_each
from hotfit.samples.annotations import SampleUnknown
from hotfit.samples.answering import Said
from hotfit.samples.ids import as_sample, sample_id

router = APIRouter(tags=["samples"])

MOST = 10_000
"""Samples of one step."""


class SameForAll(Given):
    """One thing said of many samples; without a label or a value, what was said is taken back."""

    sample_ids: list[str] = Field(min_length=1, max_length=MOST)
    label_name: str | None = None
    label_id: str | None = None
    present: bool = True
    value: float | None = None

    @property
    def said(self) -> Said | None:
        """What is said of each."""
        if (self.label_name, self.label_id, self.value) == (None, None, None):
            return None
        return said_of(
            LabelStated(
                label_name=self.label_name,
                label_id=self.label_id,
                present=self.present,
                value=self.value,
            )
        )

    @model_validator(mode="after")
    def _one(self) -> "SameForAll":
        given = [one for one in (self.label_name, self.label_id, self.value) if one is not None]
        if len(given) > 1:
            raise ValueError("give one of labelName, labelId and value, or none of them")
        return self


class SaidOfOne(Given):
    """What is said of one sample; null takes back what was said."""

    sample_id: str
    annotation: AnnotationGiven | None = None


class EachItsOwn(Given):
    """What is said of each of many samples; an answer's `former` is one, and takes it back."""

    annotations: list[SaidOfOne] = Field(min_length=1, max_length=MOST)


AnnotationsGiven = SameForAll | EachItsOwn


class FormerAnnotation(CamelModel):
    """What was said of a sample before; null where nothing was."""

    sample_id: str
    annotation: Any


class StepTaken(BaseModel):
    """What a step did; send `former` as `annotations` and it is undone."""

    changed: int = Field(description="Samples of which something else is said now.")
    former: list[FormerAnnotation]


@router.post(
    "/functions/{function_id}/annotations",
    response_model=StepTaken,
    **takes(AnnotationsGiven, name="AnnotationsGiven"),
)
@needs(Right.WRITE)
def annotate_samples(
    call: Asked, function_id: str, given: Annotated[Any, Depends(body(AnnotationsGiven))]
) -> JSONResponse:
    """Say what many samples are, all of them or none, in place of what was said before."""
    said = _said(given)
    with call.write() as session:
        function = call.function(session, function_id)
        try:
            step = annotate_each(session, function, said, author=call.who.name)
        except SampleUnknown:
            raise NotFound(noun="sample") from None
    former = [
        {"sampleId": sample_id(sample), "annotation": annotation_shown(function, value)}
        for sample, value in step.former.items()
    ]
    told = {"changed": step.changed, "former": former}
    return call.written(told, function=function.id, change=step.change)


def _said(given: SameForAll | EachItsOwn) -> dict[int, Said | None]:
    """What is said of each sample, the last word where one is named twice."""
    if isinstance(given, SameForAll):
        said = given.said
        return {_number(sample): said for sample in given.sample_ids}
    return {_number(one.sample_id): said_of(one.annotation) for one in given.annotations}


def _number(given: str) -> int:
    number = as_sample(given)
    if number is None:
        raise NotFound(noun="sample")
    return number
