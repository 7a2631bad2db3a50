"""Labels that their own texts spell out: what a call will not do, the score promises to read.

A label is written in its texts where its name stands, as whole words, in at least half of them,
and where those texts are the ones that it stands in: 95 % of all texts that hold the name have the
label. A topic that texts name now and then ("refund") stands in a part of them, and in others too.
"""

import re

import numpy as np
from numpy.typing import NDArray

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence

_LEAST_SAMPLES = 10
_WITHIN = 0.5
_ALONE = 0.95
_BREAKS = re.compile(r"[\W_]+")


class LabelInText:
    """Finds labels that are written in their texts."""

    kind = "label_in_text"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look at every label name."""
        texts, codes = evidence.texts, evidence.codes
        if texts is None or codes is None:
            return NotApplicable(kind=self.kind, reason="the samples are no labelled texts")
        worded = [f" {_BREAKS.sub(' ', text.casefold())} " for text in texts]
        found = []
        for code, label in enumerate(evidence.labels):
            name = _BREAKS.sub(" ", label.casefold()).strip()
            own = np.flatnonzero(codes == code)
            if len(own) < _LEAST_SAMPLES or not name:
                continue
            within = float(np.mean([f" {name} " in worded[row] for row in own]))
            if within < _WITHIN:
                continue
            holds = np.array([f" {name} " in text for text in worded])
            if float((codes[holds] == code).mean()) >= _ALONE:
                found.append(self._finding(label, own[holds[own]], within))
        return tuple(sorted(found, key=lambda finding: -finding.score))

    def _finding(self, label: str, rows: NDArray[np.int64], within: float) -> Finding:
        return Finding(
            kind=self.kind,
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
