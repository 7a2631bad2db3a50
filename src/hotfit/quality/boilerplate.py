"""Phrases that many texts share: signatures, disclaimers, templates. They teach nothing.

A run of words is boilerplate where at least one text in twenty, and no fewer than twenty different
ones, hold it beside words of their own. Candidates are runs of eight words drawn from a part of
the texts; runs that stand in the same texts are one phrase.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence

_RUN = 8
_LEAST_TEXTS = 20
_LEAST_SHARE = 0.05
_SEARCHED = 2000  # a phrase of 5 % of all stands in a hundred of these
_MOST_WORDS = 400  # of a text; what comes after is not looked at
_SAME = 0.8
_OWN_WORDS = 3

Rows = frozenset[int]


class Boilerplate:
    """Finds phrases that many texts share."""

    kind = "boilerplate"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look at a part of the different texts, then count in all of them."""
        if evidence.texts is None:
            return NotApplicable(kind=self.kind, reason="the samples are no texts")
        texts = evidence.texts
        different = np.sort(np.unique(np.array(texts, dtype=object), return_index=True)[1])
        if len(different) < _LEAST_TEXTS:
            return NotApplicable(kind=self.kind, reason="there are too few different texts")
        worded = [_words(text) for text in texts]
        found = []
        for phrase, length in _phrases(worded, _part(different)):
            rows = np.array([row for row, words in enumerate(worded) if phrase in _joined(words)])
            share = len(rows) / len(texts)
            if len(rows) >= _LEAST_TEXTS and share >= _LEAST_SHARE:
                found.append(self._finding(phrase, length, rows, share))
        return tuple(sorted(found, key=lambda finding: -finding.score))

    def _finding(self, phrase: str, length: int, rows: NDArray[np.int64], share: float) -> Finding:
        return Finding(
            kind=self.kind,
            samples=tuple(rows.tolist()),
            about=hashlib.sha256(phrase.encode()).hexdigest()[:16],
            likely=0.9,
            score=share,
            severity=Severity.HINT,
            evidence=(
                f"the same {length} words or more, with '{phrase.strip()}', stand in "
                f"{len(rows):,} texts ({share:.0%})"
            ),
        )


def _words(text: str) -> list[str]:
    return text.casefold().split()[:_MOST_WORDS]


def _joined(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "


def _part(different: NDArray[np.int64]) -> NDArray[np.int64]:
    if len(different) <= _SEARCHED:
        return different
    return np.random.default_rng(0).choice(different, _SEARCHED, replace=False)


def _phrases(worded: Sequence[Sequence[str]], part: NDArray[np.int64]) -> list[tuple[str, int]]:
    """Candidate phrases, one for each set of texts, with how many words are shared at least."""
    held: dict[str, set[int]] = defaultdict(set)
    for row in part.tolist():
        words = worded[row]
        if len(words) < _RUN + _OWN_WORDS:
            continue
        for start in range(len(words) - _RUN + 1):
            held[_joined(words[start : start + _RUN])].add(row)
    least = max(_LEAST_SHARE * len(part) * 0.6, 4.0)
    often = sorted(
        ((run, frozenset(rows)) for run, rows in held.items() if len(rows) >= least),
        key=lambda each: (-len(each[1]), each[0]),
    )
    kept: list[tuple[str, Rows, int]] = []
    for run, rows in often:
        same = next((n for n, (_, known, _) in enumerate(kept) if _alike(rows, known)), None)
        if same is None:
            kept.append((run, rows, _RUN))
        else:
            first, known, length = kept[same]
            kept[same] = (first, known, length + 1)
    return [(run, length) for run, _, length in kept]


def _alike(one: Rows, other: Rows) -> bool:
    return len(one & other) >= _SAME * max(len(one), len(other)) or one < other
