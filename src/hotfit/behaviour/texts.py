"""Changes of a text that leave its meaning: typos, case, punctuation, other names, other numbers.

Each takes a text and a source of chance, and returns the changed texts; none where it finds
nothing to change.
"""

import re
from collections.abc import Sequence

import numpy as np

WORDS_A_TYPO = 8
"""One typo in so many words, and at least one."""

SHORTEST = 4
"""Letters below which a word is no place for a typo: it would be another word."""

NAMES = (
    "Anna", "Ben", "Carla", "David", "Elena", "Fatima", "George", "Hannah", "Ivan", "Julia",
    "Karim", "Laura", "Maria", "Nina", "Omar", "Paul", "Quentin", "Rosa", "Sara", "Thomas", "Uma",
    "Victor", "Wei", "Ximena", "Yusuf", "Zoe", "Peter", "John", "Mary", "James", "Emma", "Michael",
    "Linda", "Robert", "Susan", "Daniel", "Alice", "Chris", "Kevin", "Sophie", "Lucas", "Amir",
    "Priya", "Chen", "Olga", "Marco", "Ines", "Tom", "Kate", "Mark", "Jane", "Alex", "Sam",
)  # fmt: skip
"""First names that are taken for one another."""

_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_MARKS = re.compile(r"[.,;:!?]+(?!\d)")
_NAMED = re.compile(r"\b(?:" + "|".join(NAMES) + r")\b")


def typos(text: str, random: np.random.Generator) -> Sequence[str]:
    """One text with a slip of the keyboard in every eighth word."""
    places = [found for found in _WORD.finditer(text) if len(found[0]) >= SHORTEST]
    if not places:
        return ()
    count = max(1, len(places) // WORDS_A_TYPO)
    chosen = random.choice(len(places), size=count, replace=False)
    for at in sorted(chosen.tolist(), reverse=True):
        found = places[at]
        text = text[: found.start()] + _slip(found[0], random) + text[found.end() :]
    return (text,)


def case(text: str, random: np.random.Generator) -> Sequence[str]:  # noqa: ARG001 - one shape
    """The text in small letters, and in capitals."""
    return (text.lower(), text.upper())


def punctuation(text: str, random: np.random.Generator) -> Sequence[str]:  # noqa: ARG001 - one shape
    """The text without its marks, and with more of them at its end."""
    bare = " ".join(_MARKS.sub(" ", text).split())
    return (bare, text.rstrip(".!? ") + "!!", text.rstrip(".!? ") + "...")


def names(text: str, random: np.random.Generator) -> Sequence[str]:
    """The text with other first names."""
    if not _NAMED.search(text):
        return ()

    def other(found: re.Match[str]) -> str:
        rest = [name for name in NAMES if name != found[0]]
        return rest[int(random.integers(len(rest)))]

    return (_NAMED.sub(other, text),)


def numbers(text: str, random: np.random.Generator) -> Sequence[str]:
    """The text with other numbers of as many digits."""
    if not _DIGITS.search(text):
        return ()

    def other(found: re.Match[str]) -> str:
        first = str(random.integers(1, 10))
        return first + "".join(str(random.integers(10)) for _ in found[0][1:])

    return (_DIGITS.sub(other, text),)


def _slip(word: str, random: np.random.Generator) -> str:
    """A word with two letters swapped, one left out, or one doubled; never its first."""
    at = int(random.integers(1, len(word) - 1))
    kind = int(random.integers(3))
    if kind == 0 and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at] + word[at:]
