"""Labels that their own texts spell out: what a call will not do, the score promises to read.

A label is written in its texts where its name stands, as whole words, in at least half of them,
and where those texts are the ones that it stands in: 95 % of all texts that hold the name have the
label. A topic that texts name now and then ("refund") stands in a part of them, and in others too.

A name that only a program writes ("card_lost", "billing/refund") is no topic: where ten texts hold
the name of their own label just so, and hardly any other does, each of these texts gives it away.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence
from hotfit.types import Codes

_LEAST_SAMPLES = 10
_WITHIN = 0.5
_ALONE = 0.95
_BREAKS = re.compile(r"[\W_]+")
_MADE = re.compile(r"\w[_/:.|>]+\w|\w-\w+-\w")


class LabelInText:
    """Finds labels that are written in their texts."""

    kind = "label_in_text"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look at every label name."""
        texts, codes = evidence.texts, evidence.codes
        if texts is None or codes is None:
            return NotApplicable(kind=self.kind, reason="the samples are no labelled texts")
        found = _whole(texts, codes, evidence.labels)
        told = {each.label for each in found}
        found += [
            each for each in _spelled(texts, codes, evidence.labels) if each.label not in told
        ]
        return tuple(sorted(found, key=lambda finding: -finding.score))


def _whole(texts: Sequence[str], codes: Codes, labels: Sequence[str]) -> list[Finding]:
    """Labels that most of their texts hold, as words."""
    worded = [f" {_BREAKS.sub(' ', text.casefold())} " for text in texts]
    found = []
    for code, label in enumerate(labels):
        name = _BREAKS.sub(" ", label.casefold()).strip()
        own = np.flatnonzero(codes == code)
        if len(own) < _LEAST_SAMPLES or not name:
            continue
        within = float(np.mean([f" {name} " in worded[row] for row in own]))
        if within < _WITHIN:
            continue
        holds = np.array([f" {name} " in text for text in worded])
        if float((codes[holds] == code).mean()) >= _ALONE:
            found.append(_finding(label, own[holds[own]], within))
    return found


def _spelled(texts: Sequence[str], codes: Codes, labels: Sequence[str]) -> list[Finding]:
    """Labels that only a program writes so, and some of their texts hold just so."""
    names = {code: name.casefold() for code, name in enumerate(labels) if _MADE.search(name)}
    if not names:
        return []
    folded = [text.casefold() for text in texts]
    rows: dict[int, list[int]] = defaultdict(list)
    for row, code in enumerate(codes.tolist()):
        if code in names and _holds(folded[row], names[code]):
            rows[code].append(row)
    own = sum(map(len, rows.values()))
    if own < _LEAST_SAMPLES:
        return []
    holding = sum(_holds(text, names[code]) for code in rows for text in folded)
    if own < _ALONE * holding:
        return []
    sizes = np.bincount(codes[codes >= 0], minlength=len(labels))
    return [
        _finding(labels[code], np.array(held, dtype=np.int64), len(held) / int(sizes[code]))
        for code, held in rows.items()
    ]


def _holds(text: str, name: str) -> bool:
    """Whether a name stands in a text as a whole word."""
    return name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _finding(label: str, rows: NDArray[np.int64], within: float) -> Finding:
    return Finding(
        kind=LabelInText.kind,
        samples=tuple(rows.tolist()),
        label=label,
        about=label,
        likely=0.9,
        score=within,
        severity=Severity.LIKELY,
        evidence=(
            f"{within:.0%} of the texts labelled {label!r} hold the name of the label, and "
            "hardly any other does"
        ),
    )
