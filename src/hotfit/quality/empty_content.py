"""Samples with a label and nothing to learn it from: empty, of punctuation alone, or "n/a"."""

import unicodedata

from hotfit.inputs.missing import is_blank, is_missing
from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence


class EmptyContent:
    """Finds samples without content."""

    kind = "empty_content"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look for texts that say nothing, and for rows whose cells are all empty.

        A word that stands for an empty cell ("none") may be an answer, so it is not certain.
        """
        if evidence.texts is not None:
            texts = list(enumerate(evidence.texts))
            empty = [row for row, text in texts if is_blank(text) or not _says_anything(text)]
            certain = frozenset(empty)
            words = [row for row, text in texts if is_missing(text) and row not in certain]
        elif evidence.columns:
            rows = zip(*evidence.columns.values(), strict=True)
            empty, words = [row for row, cells in enumerate(rows) if all(map(is_blank, cells))], []
        else:
            return NotApplicable(kind=self.kind, reason="the samples are neither texts nor rows")
        return tuple(
            [_finding(row, certain=True) for row in empty]
            + [_finding(row, certain=False) for row in words]
        )


def _finding(row: int, *, certain: bool) -> Finding:
    return Finding(
        kind=EmptyContent.kind,
        samples=(row,),
        score=1.0 if certain else 0.8,
        severity=Severity.CERTAIN if certain else Severity.LIKELY,
        evidence=(
            "there is nothing in it that its label could be told from"
            if certain
            else "it holds nothing but a word that stands for an empty cell"
        ),
    )


def _says_anything(text: str) -> bool:
    """Whether a text holds a letter, a digit or a symbol, as a smiley is."""
    return any(unicodedata.category(char)[0] in "LNS" for char in text)
