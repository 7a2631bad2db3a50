"""Answers as JSON, in the words of the labels as they are now."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from pydantic import Field

from hotfit.api.camel import CamelModel
from hotfit.functions.labels import Label
from hotfit.serving.live import Live
from hotfit.serving.serving import Reply
from hotfit.serving.standing import Standing
from hotfit.types import Answer, LabelConfidence, Prediction, Tagging

THROUGH = "Hotfit-Trained-Through"
"""Header of every answer: the change that the version which gave it has learned."""

VERSION = "Hotfit-Version"
"""Header of every answer: the version that gave it, or `zero-shot`."""


class LabelAnswered(CamelModel):
    """A label, and how sure the function is of it."""

    label_name: str
    label_id: str
    confidence: float
    label_metadata: dict[str, Any] | None = None


class ClassificationAnswered(LabelAnswered):
    """What a classification answers."""

    label_confidences: list[LabelAnswered] | None = None
    external_id: str | None = None
    zero_shot: bool | None = Field(
        default=None, description="True where nothing was learned yet and the label names answer."
    )


class QuantityAnswered(CamelModel):
    """What a function with a Number answers."""

    value: float
    low: float
    high: float


Answered = ClassificationAnswered | list[LabelAnswered] | QuantityAnswered


class Teller:
    """Says answers of one version to one caller."""

    def __init__(
        self,
        live: Live,
        standing: Standing,
        *,
        label_count: int | None = None,
        metadata: bool = False,
    ) -> None:
        self._labels = live.labels(standing)
        self._zero_shot = live.version is None
        self._count = label_count
        self._metadata = metadata

    def tell(self, answer: Answer, *, external_id: str | None = None) -> Any:
        """One answer as JSON."""
        if isinstance(answer, Tagging):
            return self._several(answer.present, self._count)
        if not isinstance(answer, Prediction):
            return answer.to_json()
        labels = self._several(answer.labels, self._count or 1)
        told: dict[str, Any] = dict(labels[0]) if labels else {}
        if self._count is not None:
            told["labelConfidences"] = labels
        if external_id is not None:
            told["externalId"] = external_id
        if self._zero_shot:
            told["zeroShot"] = True
        return told

    def _several(
        self, found: Sequence[LabelConfidence], most: int | None = None
    ) -> list[dict[str, Any]]:
        """The first `most` of those whose label still exists."""
        known = ((self._labels.get(each.label), each.confidence) for each in found)
        told = (self._one(label, confidence) for label, confidence in known if label is not None)
        return list(islice(told, most))

    def _one(self, label: Label, confidence: float) -> dict[str, Any]:
        told: dict[str, Any] = {
            "labelName": label.name,
            "labelId": label.id,
            "confidence": confidence,
        }
        if self._metadata and label.metadata is not None:
            told["labelMetadata"] = dict(label.metadata)
        return told


def headers(reply: Reply) -> Mapping[str, str]:
    """Which version answered, and what it has learned."""
    return {THROUGH: str(reply.through), VERSION: reply.live.name}
