"""Names that people give: kept as typed, compared without regard to case and Unicode form."""

import re
import unicodedata
from pathlib import Path

from hotfit.errors import Refusal

LONGEST = 200


class NameRefused(Refusal):
    """A name is empty, too long, or holds characters that cannot be seen."""

    def __init__(self, *, noun: str, name: str, reason: str) -> None:
        super().__init__(
            f"{name[:60]!r} cannot name a {noun}: it {reason}. Give it 1 to {LONGEST} visible "
            "characters."
        )


class NameTaken(Refusal):
    """Another thing of the kind has this name, perhaps in other letters."""

    status = 409

    def __init__(self, *, noun: str, name: str, taken: str) -> None:
        alike = "" if name == taken else f" and {name!r} differs only in case or Unicode form"
        super().__init__(f"a {noun} called {taken!r} already exists{alike}; choose another name.")


def name_key(name: str) -> str:
    """What two names are compared by."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name.strip()).casefold())


def clean_name(noun: str, name: str) -> str:
    """Return `name` trimmed and in NFC; raise NameRefused where it cannot be one."""
    clean = unicodedata.normalize("NFC", name.strip())
    if not clean:
        raise NameRefused(noun=noun, name=name, reason="is empty")
    if len(clean) > LONGEST:
        raise NameRefused(noun=noun, name=name, reason=f"has {len(clean)} characters")
    if any(unicodedata.category(sign) in {"Cc", "Cs"} or sign in _BIDI for sign in clean):
        raise NameRefused(noun=noun, name=name, reason="holds a control character")
    return clean


def name_after(source: str) -> str:
    """A function's name from its source's: `data/sms spam.csv.gz` gives `sms-spam`."""
    stem = Path(source).name.split(".", 1)[0]
    return re.sub(r"[^\w-]+", "-", stem).strip("-") or "function"


_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that reorder the text around them on screen."""
