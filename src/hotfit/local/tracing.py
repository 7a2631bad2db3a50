"""Why a test fails: the training rows that pushed its wrong answers, and what would mend them."""

from collections.abc import Sequence

from hotfit.behaviour.base import Case, Result, shortly
from hotfit.functions.rolls import RollMissing
from hotfit.local.tested import Answering
from hotfit.serving.explaining import Explanation, Pushed
from hotfit.types import Picture, Prediction

MOST_RESULTS = 20
"""Failing tests that are looked into."""

MOST_CASES = 3
"""Wrong answers of one test that are looked into."""

MOST_ROWS = 3
"""Training rows that are named for one wrong answer."""

LOOKED_AT = 40
"""Reasons among which those are sought that push a wrong answer."""


def trace(results: Sequence[Result], tested: Answering) -> list[Result]:
    """Name the rows behind failing results, and the labels that would mend them."""
    told, left = [], MOST_RESULTS
    for result in results:
        if result.outcome == "fail" and result.cases and left:
            left -= 1
            told.append(_traced(result, tested))
        else:
            told.append(result)
    return told


def _traced(result: Result, tested: Answering) -> Result:
    behind: dict[str, None] = {}
    fixes: dict[str, None] = {}
    for case in result.cases[:MOST_CASES]:
        if case.said is None or case.said == case.label:
            continue
        try:
            found = tested.function.explain(case.data, label=case.said, count=LOOKED_AT)
        except RollMissing:
            continue
        behind |= dict.fromkeys(_behind(case, found, tested))
        fixes |= dict.fromkeys(_fixes(case, found, tested))
    return result.because(tuple(behind), tuple(fixes))


def _behind(case: Case, found: Explanation, tested: Answering) -> list[str]:
    """The rows that push the wrong answer, the strongest first; never the case itself."""
    pushing = [
        each
        for each in found.reasons
        if each.weight > 0 and each.origin is not None and each.origin.data != case.data
    ]
    return [_row(each, tested) for each in pushing[:MOST_ROWS]]


def _row(pushed: Pushed, tested: Answering) -> str:
    place = _place(pushed.samples[0], tested)
    shown = "" if pushed.origin is None else f' "{shortly(pushed.origin.data)}"'
    return f"{place} {pushed.label!r}{shown}"


def _fixes(case: Case, found: Explanation, tested: Answering) -> list[str]:
    """What would turn the answer into the right one."""
    told = []
    turning = found.turning
    if turning is not None and isinstance(turning.answer, Prediction):
        few = len(turning.samples) <= MOST_ROWS
        if few and turning.answer.label == case.label:
            places = " and ".join(_place(each, tested) for each in turning.samples)
            them = "it" if len(turning.samples) == 1 else "them"
            told.append(
                f"look at the label of {places}: without {them}, {case.label!r} is answered"
            )
    told += _unlabelled(case, tested)
    if case.place is None or not case.place.startswith("data/"):
        what = "this image" if isinstance(case.data, Picture) else f'"{shortly(case.data)}"'
        told.append(f"label more rows like {what} as {case.label!r}")
    return told


def _unlabelled(case: Case, tested: Answering) -> list[str]:
    """The rows without a label that are most like the input: to label them would teach it."""
    if all(row.sample.label is not None for row in tested.folder.rows):
        return []
    alike = tested.function.similar(case.data, annotated=False, k=MOST_ROWS)
    places = [tested.folder.rows[one.row - 1].place for one in alike]
    return (
        [f"label {' and '.join(places)}, the rows without a label most like it"] if places else []
    )


def _place(sample: int, tested: Answering) -> str:
    row = tested.unseen.rows.get(sample)
    return "a row that is gone" if row is None else row.place
