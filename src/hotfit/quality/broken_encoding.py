"""Texts whose letters were damaged: read in the wrong encoding, or replaced because unreadable.

UTF-8 that was read as Latin-1 or Windows-1252 shows as pairs such as "Ã©". Such a text becomes
valid UTF-8 when it is written back in that encoding, which an honest text with accents practically
never does: its bytes would have to form whole UTF-8 sequences by chance.
"""

import re

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence

_LEAD = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0178\u02c6-\u2122]")
_LOST = "\ufffd"


class BrokenEncoding:
    """Finds texts with broken letters."""

    kind = "broken_encoding"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look at every text alone."""
        if evidence.texts is None:
            return NotApplicable(kind=self.kind, reason="the samples are no texts")
        found = []
        for row, text in enumerate(evidence.texts):
            told = _damage(text)
            if told is not None:
                found.append(
                    Finding(
                        kind=self.kind,
                        samples=(row,),
                        score=0.95,
                        severity=Severity.LIKELY,
                        evidence=told,
                    )
                )
        return tuple(found)


def _damage(text: str) -> str | None:
    """What is broken in a text, None where nothing is."""
    if text.isascii():
        return None
    if _LOST in text:
        lost = text.count(_LOST)
        letters = "1 letter" if lost == 1 else f"{lost} letters"
        return f"{letters} could not be read, and a sign stands for what was there"
    if _LEAD.search(text) and is_misread(text):
        return "its letters were read in the wrong encoding: UTF-8 as Latin-1 or Windows-1252"
    return None


def is_misread(text: str) -> bool:
    """Tell whether every part of a text that is not ASCII is UTF-8 read as another encoding."""
    parts = re.findall("[^\x00-\x7f]+", text)
    read = [_reread(part) for part in parts]
    return sum(one is not None for one in read) > len(read) / 2


def _reread(part: str) -> str | None:
    for encoding in ("cp1252", "latin-1"):
        try:
            return part.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return None
