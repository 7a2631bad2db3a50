"""Samples as JSON: members that say nothing are left out, as clients rely on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotfit.api.camel import CamelModel
from hotfit.api.content import shown
from hotfit.api.parts import Parts
from hotfit.functions.functions import Function
from hotfit.functions.labels import Label, labels_at, labels_of
from hotfit.functions.names import name_key
from hotfit.functions.versions import live_version
from hotfit.samples.answering import from_value
from hotfit.samples.listing import Kept
from hotfit.store.sessions import Reading
from hotfit.types import Answer, Data, Output, Prediction, Quantity, Tagging


@dataclass(frozen=True, kw_only=True)
class Said:
    """What predictions are asked for; None leaves a condition out.

    `least` and `most` bound the confidence in what was predicted, of tags the lowest.
    """

    predicted: bool | None = None
    label: str | None = None
    agree: bool | None = None
    least: float | None = None
    most: float | None = None

    @property
    def asks(self) -> bool:
        """Whether there is any condition."""
        return self != Said()

    def fits(self, named: Mapping[str, float] | None, annotated: frozenset[str] | None) -> bool:
        """Whether a prediction (confidence by label) and an annotation are asked for; None: none.

        Nothing agrees or disagrees with an annotation that is not there.
        """
        predicted = None if named is None else frozenset(named)
        if self.predicted is not None and (predicted is not None) is not self.predicted:
            return False
        if self.label is not None and self.label not in (predicted or ()):
            return False
        if not self._sure(named):
            return False
        if self.agree is None:
            return True
        known = predicted is not None and annotated is not None
        return known and (predicted == annotated) is self.agree

    def _sure(self, named: Mapping[str, float] | None) -> bool:
        if self.least is None and self.most is None:
            return True
        if not named:
            return False
        lowest = min(named.values())
        return (self.least or 0.0) <= lowest <= (1.0 if self.most is None else self.most)


class SampleShown(CamelModel):
    """A sample; `annotation` and `prediction` are absent where there are none."""

    id: str
    data: Any = None
    external_id: str | None = None
    annotation: Any = None
    prediction: Any = None
    sample_sets: list[dict[str, Any]] | None = None


def annotation_shown(function: Function, value: str | None) -> Any:
    """A kept annotation as JSON; None where there is none."""
    found = from_value(value)
    if found is None:
        return None
    if isinstance(found, float):
        return {"value": found}
    if function.output is Output.TAGS:
        return [{"labelId": label, "present": present} for label, present in found]
    return {"labelId": found[0][0]}


def _present(value: str | None) -> frozenset[str] | None:
    """The labels that an annotation says are present; None where there is no annotation."""
    found = from_value(value)
    if not isinstance(found, list):
        return None
    return frozenset(label for label, present in found if present)


def _membership(identifier: str, weight: float | None) -> dict[str, Any]:
    told: dict[str, Any] = {"sampleSetId": identifier}
    return told if weight is None else told | {"weight": weight}


class Shower:
    """Shows samples of one function, with what its live version says about them.

    Made while a session is open; `show` is for after it was closed, because encoding may write.
    Without a session it leaves predictions out.
    """

    def __init__(self, parts: Parts, function: Function, session: Reading | None = None) -> None:
        self.parts = parts
        self.function = function
        self.version = None if session is None else live_version(session, function.id)
        self.labels: dict[str, Label] = {}
        if session is not None and self.version is not None:
            self.labels = labels_at(labels_of(session, function.id), self.version.change)

    def show(self, samples: Sequence[Kept], *, data: bool = True) -> list[dict[str, Any]]:
        """Samples as JSON, in order."""
        contents = [one.content(self.parts.blobs) for one in samples]
        answers = self._answers(contents)
        told = []
        for kept, content, answer in zip(samples, contents, answers, strict=True):
            members = {
                "id": kept.name,
                "data": shown(self.function, content) if data else None,
                "externalId": kept.external_id,
                "annotation": annotation_shown(self.function, kept.value),
                "prediction": None if answer is None else self.prediction(answer),
                "sampleSets": [_membership(*one) for one in kept.sets] or None,
            }
            told.append({name: value for name, value in members.items() if value is not None})
        return told

    def fitting(self, samples: Sequence[Kept], said: Said) -> list[Kept]:
        """Those of the samples whose predictions are asked for."""
        answers = self._answers([one.content(self.parts.blobs) for one in samples])
        return [
            kept
            for kept, answer in zip(samples, answers, strict=True)
            if said.fits(self._labels(answer), _present(kept.value))
        ]

    def confidences(self, samples: Sequence[Kept]) -> list[float | None]:
        """How sure the prediction of each sample is, of tags the least sure; None without one."""
        answers = self._answers([one.content(self.parts.blobs) for one in samples])
        named = [self._labels(answer) for answer in answers]
        return [min(one.values()) if one else None for one in named]

    def _answers(self, contents: Sequence[Data]) -> Sequence[Answer | None]:
        if self.version is None:
            return [None] * len(contents)
        return self.parts.predictions.of(self.version, contents)

    def _labels(self, answer: Answer | None) -> Mapping[str, float] | None:
        """The labels that an answer names, with its confidence; None where there is no answer."""
        told = None if answer is None else self.prediction(answer)
        if told is None:
            return None
        named = told if isinstance(told, list) else [told]
        return {one["labelId"]: one["confidence"] for one in named if "labelId" in one}

    def prediction(self, answer: Answer) -> Any:
        """An answer as JSON, by labels that exist now; None where none of them does."""
        if isinstance(answer, Quantity):
            return {"value": answer.value, "low": answer.low, "high": answer.high}
        pairs = answer.present if isinstance(answer, Tagging) else answer.labels
        named = [
            {"labelId": self.labels[name_key(one.label)].id, "confidence": one.confidence}
            for one in pairs
            if name_key(one.label) in self.labels
        ]
        if isinstance(answer, Prediction):
            return named[0] if named else None
        return named
