"""What every check is, what it is asked of, and what it answers."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal, Protocol

from hotfit.behaviour.deciding import Decision, Outcome
from hotfit.types import Answer, Data, Groups, Label, Output, Picture, Prediction, Tagging

SHOWN = 72
"""Characters of an input that are told."""

Unseen = Literal["held-out", "test"]
"""Whether predictions are of rows left out one by one, or of declared test rows."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """n rows with what is said of each by a model that has not seen it, and what is true.

    `places` say where each stands; rows of one of `groups` are alike and count once.
    """

    places: Sequence[str]
    data: Sequence[Data] = field(repr=False)
    said: Sequence[Label]
    truth: Sequence[Label]
    groups: Groups
    unseen: Unseen = "held-out"

    def __len__(self) -> int:
        return len(self.places)

    def right(self, row: int) -> bool:
        """Whether the truth is said of a row."""
        return agree(self.said[row], self.truth[row])

    def case(self, row: int, *, before: Label | None = None) -> "Case":
        """A row that goes against a check; `before` is what an earlier version said of it."""
        truth, said = self.truth[row], self.said[row]
        was = " and" if before is None else f", was answered {words(before)} and"
        return Case(
            data=self.data[row],
            sentence=(
                f'{self.places[row]} "{shortly(self.data[row])}" is {words(truth)}{was} would be '
                f"answered {words(said)}"
            ),
            label=truth if isinstance(truth, str) else None,
            said=said if isinstance(said, str) else None,
            place=self.places[row],
        )


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """An earlier version as a rival: its name in words, and what it says of the rows of `Judged`.

    None where it says nothing of a row, because it does not know it.
    """

    name: str
    said: Sequence[Label | None]
    same: bool = False


class Subject(Protocol):
    """A trained function with its rows, as checks ask it."""

    @property
    def output(self) -> Output:
        """What it answers."""
        ...

    @property
    def judged(self) -> Judged:
        """Its labelled rows, each answered by a model that has not seen it."""
        ...

    def answer(self, data: Sequence[Data]) -> Sequence[Answer]:
        """Answer inputs in order."""
        ...

    def earlier(self, than: str) -> Earlier:
        """An earlier version by its name; raise a Refusal where there is none."""
        ...

    def latency_ms(self) -> float:
        """What one call takes, in milliseconds."""
        ...

    def megabytes(self) -> float:
        """What the function and its encoder take on disk."""
        ...


@dataclass(frozen=True, kw_only=True)
class Case:
    """An input, or a row at `place`, that went against a check.

    `label` is what should have been answered and `said` what was, where these are labels.
    """

    data: Data = field(repr=False)
    sentence: str
    label: str | None = None
    said: str | None = None
    place: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The case as JSON."""
        told: dict[str, Any] = {"input": as_json(self.data), "sentence": self.sentence}
        told |= {"label": self.label, "said": self.said, "place": self.place}
        return told


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a check found, in a sentence, with the inputs that went against it.

    `behind` are the training rows that pushed wrong answers, `fixes` the labels that would help.
    """

    name: str
    kind: str
    place: str
    outcome: Outcome
    message: str
    cases: Sequence[Case] = ()
    decision: Decision | None = None
    behind: Sequence[str] = ()
    fixes: Sequence[str] = ()
    seconds: float = 0.0

    def because(self, behind: Sequence[str], fixes: Sequence[str]) -> "Result":
        """The result with the rows behind it and what would fix it."""
        return replace(self, behind=behind, fixes=(*fixes, *self.fixes))

    def to_json(self) -> dict[str, Any]:
        """The result as one JSON object."""
        return {
            "test": self.name,
            "kind": self.kind,
            "place": self.place,
            "outcome": self.outcome,
            "message": self.message,
            "cases": [case.to_json() for case in self.cases],
            "measured": None if self.decision is None else self.decision.to_json(),
            "behind": list(self.behind),
            "fixes": list(self.fixes),
            "seconds": round(self.seconds, 4),
        }


@dataclass(frozen=True, kw_only=True)
class Check(ABC):
    """One test: its `name`, the same from run to run, and the `place` that it is written on."""

    kind: ClassVar[str]

    name: str
    place: str

    def asks(self, subject: Subject) -> Sequence[Data]:  # noqa: ARG002 - what most need not know
        """The inputs that it will have answered, so that all checks are answered at once."""
        return ()

    @property
    def cheap(self) -> bool:
        """Whether it may run at every save."""
        return True

    @abstractmethod
    def run(self, subject: Subject) -> Result:
        """Find out whether it holds."""


def said_of(answer: Answer) -> Label:
    """An answer as a label, tags or a quantity."""
    if isinstance(answer, Prediction):
        return answer.label
    if isinstance(answer, Tagging):
        return tuple(each.label for each in answer.present)
    return answer.value


def agree(one: Label, other: Label) -> bool:
    """Whether two labels are the same; tags in any order."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return set(one) == set(other)
    return one == other


def words(label: Label) -> str:
    """A label as a message says it."""
    if isinstance(label, tuple):
        return ", ".join(map(repr, label)) or "no label"
    return repr(label) if isinstance(label, str) else f"{label:,.6g}"


def as_json(data: Data) -> Any:
    """An input as JSON; an image by the SHA-256 of its file."""
    if isinstance(data, Picture):
        return data.sha256
    return data if isinstance(data, str) else dict(data)


def shortly(data: Data) -> str:
    """An input on one line."""
    if isinstance(data, Picture):
        return f"image {data.sha256[:12]}"
    if isinstance(data, str):
        line = " ".join(data.split())
    else:
        line = ", ".join(f"{name} = {cell}" for name, cell in data.items() if cell is not None)
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
