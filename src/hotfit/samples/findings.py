"""The findings of a function as they are shown: with the rows they speak of, and summed by kind."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby
from typing import Any

from sqlalchemy import select

from hotfit.errors import Refusal
from hotfit.functions.findings import Finding, Status, list_findings
from hotfit.quality import findings as finders
from hotfit.quality.kinds import KINDS, fix_of, kind_of
from hotfit.quality.yields import Yield, expected_yield
from hotfit.samples.ids import sample_id
from hotfit.store.sessions import Reading
from hotfit.store.tables import samples

SURE = 0.99
"""Probability from which a finding is a fact."""

WRONG = frozenset({"suspect_label", "suspect_tag", "suspect_quantity", "contradiction"})
"""Kinds that say of answers that they are wrong; the others say that something is there."""

AT_ONCE = 5_000
"""Samples looked up in one query."""


class KindUnknown(Refusal):
    """There is no kind of finding of this name."""

    def __init__(self, *, kind: str) -> None:
        near = get_close_matches(kind, KINDS, n=1)
        meant = f" did you mean {near[0]!r}?" if near else ""
        super().__init__(
            f"there is no kind of finding {kind!r};{meant} the kinds are {', '.join(KINDS)}."
        )


def check_kind(kind: str) -> None:
    """Raise KindUnknown where nothing looks for findings of this kind."""
    if kind not in KINDS and kind not in finders:
        raise KindUnknown(kind=kind)


def shown(session: Reading, found: Sequence[Finding]) -> list[dict[str, Any]]:
    """One entry a finding.

    `sample`, `row` and `file` name the first sample it speaks of, `samples`, `rows` and `files` all
    of them; rows count from 1 in the order of the source, files are those of images. Findings about
    a whole label or column have none.
    """
    places = _places(session, sorted({number for each in found for number in each.samples}))
    return [_shown(each, places) for each in found]


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where a sample stands in its source."""

    number: int
    file: str | None


def _shown(each: Finding, places: Mapping[int, _Place]) -> dict[str, Any]:
    evidence = each.evidence
    there = [places.get(number) for number in each.samples]
    first = there[0] if there else None
    fix = fix_of(each.kind, label=evidence.get("label"), suggested=evidence.get("suggested"))
    return {
        "id": each.name,
        "kind": each.kind,
        "sample": sample_id(each.samples[0]) if each.samples else None,
        "row": None if first is None else first.number,
        "file": None if first is None else first.file,
        "label": evidence.get("label"),
        "suggested": evidence.get("suggested"),
        "column": evidence.get("column"),
        "score": each.score,
        "evidence": evidence.get("sentence"),
        "severity": evidence.get("severity"),
        "samples": [sample_id(number) for number in each.samples],
        "rows": [one.number for one in there if one is not None],
        "files": [one.file for one in there if one is not None and one.file is not None],
        "status": each.status,
        "author": each.author,
        "settled": each.settled,
        "fix": {"action": fix.action.value, "sentence": fix.sentence},
        "done": None if each.undo is None else each.undo.get("done"),
    }


def summary(session: Reading, function: str, *, first: int | None = None) -> list[dict[str, Any]]:
    """What there is of each kind, and how many of the open ones are really wrong.

    With `first`, what is said of how many are wrong speaks of that many of each kind, the surest.
    """
    kinds = groupby(list_findings(session, function), key=lambda one: one.kind)
    return [_summed(kind, _by_status(found), first) for kind, found in kinds]


def _summed(kind: str, by_status: dict[Status, list[Finding]], first: int | None) -> dict[str, Any]:
    counts = Counter({status: len(found) for status, found in by_status.items()})
    unseen = by_status["open"][:first]
    found = _yield_of(unseen, by_status)
    facts = all(one.likely >= SURE for one in by_status["open"]) and not by_status["dismissed"]
    return {
        "kind": kind,
        "title": kind_of(kind).listed,
        "open": counts["open"],
        "accepted": counts["accepted"],
        "dismissed": counts["dismissed"],
        "expected": round(found.expected, 1),
        "low": round(found.low, 1),
        "high": round(found.high, 1),
        "sentence": _sentence(kind, len(unseen), counts["open"], found, certain=facts),
    }


def wrong_by_label(session: Reading, function: str) -> dict[str, float]:
    """How many samples of each label are wrong, as far as suspect labels are open and tell."""
    by_status = _by_status(list_findings(session, function, kind="suspect_label"))
    unseen = by_status["open"]
    wrong: dict[str, float] = defaultdict(float)
    for one, likely in zip(unseen, _yield_of(unseen, by_status).probabilities, strict=True):
        wrong[one.evidence["label"]] += float(likely)
    return dict(wrong)


def _by_status(found: Iterable[Finding]) -> dict[Status, list[Finding]]:
    by_status: dict[Status, list[Finding]] = {"open": [], "accepted": [], "dismissed": []}
    for one in found:
        by_status[one.status].append(one)
    return by_status


def _yield_of(unseen: Sequence[Finding], by_status: Mapping[Status, Sequence[Finding]]) -> Yield:
    """How many of some open findings are really wrong, going by those of their kind looked at."""
    likely = {status: [one.likely for one in found] for status, found in by_status.items()}
    return expected_yield(
        [one.likely for one in unseen],
        accepted=likely["accepted"],
        dismissed=likely["dismissed"],
    )


def _sentence(kind: str, n: int, there: int, found: Yield, *, certain: bool) -> str:
    """What is said of n findings of a kind, which are all or the first that are there."""
    if n == 0:
        return "nothing is left to look at"
    confirmed = "wrong" if kind in WRONG else "real"
    these = "these" if n == there else "the first"
    if n == 1:
        if certain:
            return "it is certain" if n == there else "the first is certain"
        which = confirmed if n == there else f"the first is {confirmed}"
        return f"{which} with a chance of {100 * found.expected:.0f} %"
    expected, low, high = (round(value) for value in (found.expected, found.low, found.high))
    if certain or expected == n:
        return f"all of {these} {n:,} are {'certain' if certain else 'worth a look'}"
    return f"about {expected:,} of {these} {n:,} are {confirmed} ({low:,} to {high:,})"


def _places(session: Reading, numbers: Sequence[int]) -> dict[int, _Place]:
    found: dict[int, _Place] = {}
    for start in range(0, len(numbers), AT_ONCE):
        chosen = samples.c.id.in_(numbers[start : start + AT_ONCE])
        statement = select(samples.c.id, samples.c.number, samples.c.file).where(chosen)
        for row in session.rows(statement):
            found[row.id] = _Place(number=row.number, file=row.file)
    return found
