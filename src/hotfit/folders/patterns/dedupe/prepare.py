"""What two records of a pair have in common, as numbers; `hotfit` calls `prepare` on every pair."""

import re
from difflib import SequenceMatcher

ABBREVIATED = {"str": "strasse", "st": "street", "rd": "road"}


def prepare(sample: dict[str, str]) -> dict[str, float]:
    """The likeness of `left` and `right` in several ways, each from 0 to 1."""
    left, right = _parts(sample["left"]), _parts(sample["right"])
    words, others = _words(left[0]), _words(right[0])
    return {
        "name": _ratio(sorted(words), sorted(others)),
        "initials": float(_initials(words) == _initials(others)),
        "first_name": _first_name(words, others),
        "street": _ratio(_words(left[1]), _words(right[1])),
        "number": float(_numbers(left[1]) == _numbers(right[1])),
        "town": _shared(_tokens(left[2]), _tokens(right[2])),
        "whole": _ratio(sorted(_tokens(sample["left"])), sorted(_tokens(sample["right"]))),
    }


def _parts(text: str) -> list[str]:
    """Name, street, town."""
    found = [part.strip() for part in re.split("[,;]", text)]
    return [*found, "", "", ""][:3]


def _tokens(text: str) -> list[str]:
    found = re.findall(r"\w+", text.lower())
    return [re.sub("str$", "strasse", ABBREVIATED.get(word, word)) for word in found]


def _words(text: str) -> list[str]:
    return [token for token in _tokens(text) if not token.isdigit()]


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _initials(words: list[str]) -> list[str]:
    return sorted(word[0] for word in words)


def _first_name(words: list[str], others: list[str]) -> float:
    """The best likeness among the less alike half of the name; an initial matches its name."""
    best = [max((_word(a, b) for b in others), default=0.0) for a in words]
    return min(best, default=0.0)


def _word(a: str, b: str) -> float:
    if len(a) == 1 or len(b) == 1:
        return float(a[0] == b[0])
    return SequenceMatcher(None, a, b).ratio()


def _ratio(a: list[str], b: list[str]) -> float:
    return SequenceMatcher(None, " ".join(a), " ".join(b)).ratio()


def _shared(a: list[str], b: list[str]) -> float:
    return len(set(a) & set(b)) / max(len(set(a) | set(b)), 1)
