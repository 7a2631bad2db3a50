"""What a finding is: one thing in the data that is worth a look, with its evidence."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hotfit.quality.evidence import Evidence


class Severity(StrEnum):
    """How much a finding matters: CERTAIN is acted on, LIKELY is shown first, HINT is shown."""

    CERTAIN = "certain"
    LIKELY = "likely"
    HINT = "hint"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing worth a look.

    `samples` are row indices from 0 (empty where the finding concerns a whole label or column).
    `label` is what the samples are labelled now, `suggested` what they might be. `column` names
    the column of a table, `about` what else the finding is known by where it is not its samples: a
    label, a pair of labels, a part of the data. `score` in [0, 1] ranks findings of one kind,
    highest first; `likely` is the probability that a look confirms it, where the score is not.
    `evidence` is one sentence for a person, and quotes no content but words that many share.
    """

    kind: str
    samples: tuple[int, ...] = ()
    label: str | None = None
    suggested: str | None = None
    column: str | None = None
    about: str | None = None
    likely: float | None = None
    score: float
    severity: Severity
    evidence: str


@dataclass(frozen=True, kw_only=True)
class NotApplicable:
    """Says that a kind of finding cannot be looked for here, and why."""

    kind: str
    reason: str


class Finder(Protocol):
    """A kind of finding."""

    kind: str

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look for findings of this kind, highest score first."""
        ...
