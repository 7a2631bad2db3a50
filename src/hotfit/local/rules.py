"""Label functions: a Python file of the user's own, whose functions and patterns vote on labels.

Every public function that the file defines is given what a sample holds, and answers a label's
name or None. `PATTERNS`, where there is one, is a dict of label names with a regular expression
or a list of them, searched for in texts whatever their case. The file runs here, never on a server.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np

from hotfit.errors import Refusal
from hotfit.folders.python import own_code, run_python
from hotfit.functions.labels import listed
from hotfit.functions.names import name_key
from hotfit.labeling.weak import ABSTAIN
from hotfit.types import Codes, Data

Vote = Callable[[Any], str | None]


class LabelFileWrong(Refusal):
    """A file of label functions cannot be used."""

    def __init__(self, *, file: Path, found: str, expected: str) -> None:
        super().__init__(f"{file} {found}; expected {expected}.")


@dataclass(frozen=True, kw_only=True)
class LabelFunction:
    """A function, by name, that votes."""

    name: str
    vote: Vote
    label: str | None = None
    """The only label that it ever says, where that is known."""


def read_label_functions(file: Path) -> list[LabelFunction]:
    """Run `file` and take what it defines; raise BadPython or LabelFileWrong."""
    space = run_python(file)
    found = [
        LabelFunction(name=name, vote=value)
        for name, value in space.items()
        if isinstance(value, FunctionType)
        and not name.startswith("_")
        and value.__globals__ is space
    ]
    found += _patterns(file, space.get("PATTERNS", {}))
    if not found:
        raise LabelFileWrong(
            file=file, found="defines nothing that votes", expected="functions, or PATTERNS"
        )
    return found


def votes_of(
    rules: Sequence[LabelFunction], data: Sequence[Data], labels: Sequence[str], *, file: Path
) -> Codes:
    """The votes of m rules on n samples, (n, m): places in `labels`, or ABSTAIN."""
    places = {name_key(name): code for code, name in enumerate(labels)}
    for rule in rules:
        if rule.label is not None:
            _place(rule, rule.label, places, labels, file)
    votes = np.full((len(data), len(rules)), ABSTAIN, dtype=np.int64)
    for column, rule in enumerate(rules):
        for row, one in enumerate(data):
            votes[row, column] = _vote(rule, one, places, labels, file)
    return votes


def _vote(
    rule: LabelFunction, data: Data, places: Mapping[str, int], labels: Sequence[str], file: Path
) -> int:
    with own_code(file, f"{rule.name!r} failed"):
        said = rule.vote(data)
    return ABSTAIN if said is None else _place(rule, said, places, labels, file)


def _place(
    rule: LabelFunction,
    said: object,
    places: Mapping[str, int],
    labels: Sequence[str],
    file: Path,
) -> int:
    place = places.get(name_key(str(said)))
    if place is None:
        raise LabelFileWrong(
            file=file,
            found=f"answers {said!r} in {rule.name!r}, which is no label of the function",
            expected=f"one of {listed(labels)}, or None",
        )
    return place


def _patterns(file: Path, given: Any) -> list[LabelFunction]:
    if not isinstance(given, Mapping):
        raise LabelFileWrong(
            file=file, found="has PATTERNS that are no dict", expected="patterns by label name"
        )
    found = []
    for label, several in given.items():
        for one in [several] if isinstance(several, str | re.Pattern) else several:
            pattern = _compiled(file, one)
            vote = _searching(str(label), pattern)
            name = f"{label}: {pattern.pattern}"
            found.append(LabelFunction(name=name, vote=vote, label=str(label)))
    return found


def _compiled(file: Path, given: Any) -> re.Pattern[str]:
    try:
        return given if isinstance(given, re.Pattern) else re.compile(given, re.IGNORECASE)
    except (re.error, TypeError) as error:
        raise LabelFileWrong(
            file=file,
            found=f"has a pattern that cannot be read, {given!r}: {error}",
            expected="a regular expression",
        ) from error


def _searching(label: str, pattern: re.Pattern[str]) -> Vote:
    def vote(data: Any) -> str | None:
        text = (
            data if isinstance(data, str) else " ".join(map(str, getattr(data, "values", list)()))
        )
        return label if pattern.search(text) else None

    return vote
