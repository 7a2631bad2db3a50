"""Bodies of samples and annotations."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field, model_validator

from hotfit.api.bodies import Given
from hotfit.samples.answering import Said, Stated


class LabelStated(Given):
    """One label said of a sample, by name or identifier; or a quantity."""

    label_name: str | None = None
    label_id: str | None = None
    present: bool = True
    value: float | None = None

    @model_validator(mode="after")
    def _one(self) -> "LabelStated":
        given = [one for one in (self.label_name, self.label_id, self.value) if one is not None]
        if len(given) != 1:
            raise ValueError("give one of labelName, labelId and value")
        return self


AnnotationGiven = LabelStated | list[LabelStated]
"""What is said of a sample: one label, or for Tags a list."""


class SetNamed(Given):
    """A sample set that a sample belongs to, by identifier or name; made on first use."""

    sample_set_id: str
    weight: float | None = None


class SampleGiven(Given):
    """A sample to be added."""

    data: Any = Field(description="A text, a data URI of an image, or a value by field.")
    external_id: str | None = None
    annotation: AnnotationGiven | None = None
    sample_sets: list[SetNamed] | None = None


def said_of(given: AnnotationGiven | None) -> Said | None:
    """What a body says of a sample."""
    if given is None:
        return None
    if isinstance(given, LabelStated) and given.value is not None:
        return given.value
    stated: Sequence[LabelStated] = given if isinstance(given, list) else [given]
    return [Stated(name=one.label_name, label=one.label_id, present=one.present) for one in stated]
