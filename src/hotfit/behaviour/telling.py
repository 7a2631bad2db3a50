"""A result in lines for people, on a terminal, in a report of CI and under pytest alike."""

from collections.abc import Iterator

from hotfit.behaviour.base import Result

MOST_CASES = 5
"""Inputs that are shown of those that went against a test."""


def details(result: Result) -> Iterator[str]:
    """What went against a test, what is behind it, what would mend it."""
    alone = len(result.cases) == 1 and result.cases[0].sentence in result.message
    if not alone:
        for case in result.cases[:MOST_CASES]:
            yield case.sentence
        if len(result.cases) > MOST_CASES:
            yield f"and {len(result.cases) - MOST_CASES:,} more"
    for row in result.behind:
        yield f"learned from {row}"
    for fix in result.fixes:
        yield f"to mend it, {fix}"
