"""Samples with a label and nothing to learn it from: empty, or of punctuation alone."""

import unicodedata

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence


class EmptyContent:
    """Finds samples without content."""

    kind = "empty_content"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look at texts of no sign but punctuation, and at rows whose cells are all empty."""
        if evidence.texts is not None:
            empty = [row for row, text in enumerate(evidence.texts) if not _says_anything(text)]
        elif evidence.columns:
            rows = zip(*evidence.columns.values(), strict=True)
            empty = [
                row
                for row, cells in enumerate(rows)
                if all(cell is None or cell == "" for cell in cells)
            ]
        else:
            return NotApplicable(kind=self.kind, reason="the samples are neither texts nor rows")
        return tuple(
            Finding(
                kind=self.kind,
                samples=(row,),
                score=1.0,
                severity=Severity.CERTAIN,
                evidence="there is nothing in it that its label could be told from",
            )
            for row in empty
        )


def _says_anything(text: str) -> bool:
    """Whether a text holds a letter, a digit or a symbol, as a smiley is."""
    return any(unicodedata.category(char)[0] in "LNS" for char in text)
