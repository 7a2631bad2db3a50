"""What a call answers; apart from the other words, so that a client needs no arrays to say it."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class LabelConfidence:
    """A label and how sure the function is of it, from 0 to 1."""

    label: str
    confidence: float


@dataclass(frozen=True)
class Prediction:
    """What a classification answers: the likeliest label, and all labels, likeliest first."""

    label: str
    confidence: float
    labels: tuple[LabelConfidence, ...] = ()

    def __repr__(self) -> str:
        return f"Prediction(label={self.label!r}, confidence={self.confidence:.2f})"

    def sentence(self) -> str:
        """One line for people: `spam  0.99`."""
        return f"{self.label}  {self.confidence:.2f}"

    def to_json(self) -> dict[str, Any]:
        """The answer as JSON: `{label, confidence, labels: [{label, confidence}]}`."""
        return asdict(self)


@dataclass(frozen=True)
class Tagging:
    """What a Tags function answers: the labels present, and all labels, likeliest first."""

    present: tuple[LabelConfidence, ...]
    labels: tuple[LabelConfidence, ...] = ()

    def sentence(self) -> str:
        """One line for people: `billing 0.93  urgent 0.71`, or `-` where no label is present."""
        return "  ".join(f"{each.label} {each.confidence:.2f}" for each in self.present) or "-"

    def to_json(self) -> dict[str, Any]:
        """The answer as JSON; `label` and `confidence` are the likeliest present label's."""
        first = self.present[0] if self.present else None
        return {
            "label": first.label if first else None,
            "confidence": first.confidence if first else None,
            **asdict(self),
        }


@dataclass(frozen=True)
class Quantity:
    """What a Number function answers: a quantity and the range it lies in nine times of ten."""

    value: float
    low: float
    high: float

    def sentence(self) -> str:
        """One line for people: `41.2  (35.0 to 48.9)`."""
        return f"{self.value:,.6g}  ({self.low:,.6g} to {self.high:,.6g})"

    def to_json(self) -> dict[str, Any]:
        """The answer as JSON: `{value, low, high}`."""
        return asdict(self)


Answer = Prediction | Tagging | Quantity
