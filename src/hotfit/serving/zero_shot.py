"""Answers from label names alone, before there is anything to learn from.

    p(c | x) = softmax_c( S cos(e(x), e(name_c)) )

e is the function's text encoder, name_c the label's name as words, followed by its description
where it has one. Yin et al., Benchmarking Zero-shot Text Classification (EMNLP 2019), describe the
task; S is the scale of `labeling.names`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from hotfit.encoders.base import Encoder
from hotfit.functions.labels import Label
from hotfit.functions.reading import Labelling
from hotfit.functions.representation import Frozen
from hotfit.functions.trained import TrainedFunction
from hotfit.labeling.names import by_name
from hotfit.similarity.search import unit
from hotfit.types import Features, Input, Output, Scores, State, Vectors

FEWEST = 2
"""Labels below which there is nothing to tell apart."""


@dataclass(frozen=True, kw_only=True)
class LabelNames:
    """A model that was never trained: `names` (k, d), each of length 1."""

    names: Vectors
    head: ClassVar[str] = "label-names.v1"

    def predict(self, features: Features) -> Scores:
        """Probabilities (m, k)."""
        return by_name(unit(features.values), self.names)

    def state(self) -> State:
        """The vectors of the names."""
        return State(arrays={"names": self.names}, parameters={})


def from_names(labels: Sequence[Label], encoder: Encoder) -> TrainedFunction:
    """A text classification that answers from the names and descriptions of its labels."""
    names = tuple(label.name for label in labels)
    vectors = encoder.encode([spoken(label) for label in labels])
    return TrainedFunction(
        input=Input.TEXT,
        output=Output.CLASSIFICATION,
        labels=names,
        representation=Frozen(encoder=encoder),
        model=LabelNames(names=unit(vectors)),
        reading=Labelling(labels=names),
    )


def spoken(label: Label) -> str:
    """`card_arrival` and `cardArrival` are read as words."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[\W_]+", " ", label.name).strip() or label.name
    return f"{words}: {label.description}" if label.description else words
