"""What was found in a function's data, and what a person said of it: accepted, dismissed or open.

A finding is known by what it speaks of: its kind with the content of its samples and their label,
or with the label, column or slice it is about. So it keeps its identifier and what was said of it
through every training, and when the same file is read again.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import (
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)

from hotfit.functions.labels import labels_of
from hotfit.quality.kinds import KINDS
from hotfit.store.columns import now, to_json
from hotfit.store.ids import as_id, letters
from hotfit.store.sessions import Reading, Writing
from hotfit.store.tables import findings, samples

Status = Literal["open", "accepted", "dismissed"]

CHUNK = 5000


@dataclass(frozen=True, kw_only=True)
class FoundInData:
    """One thing worth a look; `samples` are identifiers, `score` orders within a kind.

    `evidence` holds `sentence`, `severity`, `label`, `suggested`, `column` and `likely` (the
    probability that a look confirms it), as far as they apply; `about` where it is not its samples
    that the finding is known by.
    """

    kind: str
    samples: Sequence[int]
    score: float
    evidence: Mapping[str, Any] = field(default_factory=dict)
    status: Status = "open"


@dataclass(frozen=True, kw_only=True)
class Finding(FoundInData):
    """A finding as it is kept; `undo` is what takes its fix back."""

    id: int
    version: str | None
    author: str | None
    settled: str | None
    undo: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        """What the finding is called outside."""
        return finding_id(self.id)

    @property
    def likely(self) -> float:
        """The probability that a look confirms it, before any was taken."""
        return min(max(float(self.evidence.get("likely", self.score)), 0.01), 0.99)


def finding_id(number: int) -> str:
    """The identifier of the finding of this number."""
    return f"finding_{letters(number)}"


def as_finding(text: str) -> int | None:
    """The number of a finding by its identifier, with or without its kind in front."""
    known = as_id("finding", text)
    number = None if known is None else int(known.removeprefix("finding_"), 36)
    return number if number is not None and number < 2**63 else None


def renew(
    session: Writing, function: str, version: str, found: Sequence[FoundInData], *, change: int
) -> dict[str, int]:
    """Keep what an examination of the data as of `change` found; count what is open, by kind.

    What is known keeps its identifier and status. Open ones that were not found again are
    forgotten; one whose fix had been learned and that was found all the same is open again. What
    speaks of samples that are gone meanwhile is left out.
    """
    met = _keyed(session, function, found)
    known = {row.key: row for row in session.rows(_of(function))}
    gone = [row.id for key, row in known.items() if row.status == "open" and key not in met]
    for start in range(0, len(gone), CHUNK):
        session.run(delete(findings).where(findings.c.id.in_(gone[start : start + CHUNK])))
    again = [
        {"known": known[key].id, **_renewed(known[key], one, version)}
        for key, one in met.items()
        if key in known and (known[key].change or 0) <= change
    ]
    session.run_many(_RENEW, again)
    fresh = [
        {"function_id": function, "key": key, "status": one.status, **_values(one, version)}
        for key, one in met.items()
        if key not in known
    ]
    session.run_many(insert(findings), fresh)
    return open_counts(session, function)


def _values(one: FoundInData, version: str) -> dict[str, Any]:
    return {
        "version_id": version,
        "kind": one.kind,
        "samples": list(one.samples),
        "score": one.score,
        "evidence": dict(one.evidence),
    }


def _renewed(row: Row[Any], one: FoundInData, version: str) -> dict[str, Any]:
    """What a known finding is after it was found again."""
    broken = row.status == "accepted" and bool(row.undo)
    kept = {"status": "open", "undo": None} if broken else {"status": row.status, "undo": row.undo}
    return {f"new_{name}": value for name, value in (_values(one, version) | kept).items()}


_RENEW = (
    update(findings)
    .where(findings.c.id == bindparam("known"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("version_id", "kind", "samples", "score", "evidence", "status", "undo")
        }
    )
)


def _keyed(session: Reading, function: str, found: Sequence[FoundInData]) -> dict[str, FoundInData]:
    """Findings by what they are known by; of two known by the same, the later one is numbered."""
    ids = {label.name: label.id for label in labels_of(session, function)}
    hashes = _hashes(session, sorted({number for one in found for number in one.samples}))
    times: dict[str, int] = defaultdict(int)
    keyed = {}
    for one in found:
        label = one.evidence.get("label")
        what = one.evidence.get("about") or one.evidence.get("column")
        if what is None and not all(number in hashes for number in one.samples):
            continue
        what = what or sorted(hashes[number] for number in one.samples)
        stated = to_json([one.kind, ids.get(str(label), label), what])
        key = hashlib.sha256(stated.encode()).hexdigest()
        times[key] += 1
        keyed[key if times[key] == 1 else f"{key}/{times[key]}"] = one
    return keyed


def _hashes(session: Reading, numbers: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(numbers), CHUNK):
        chosen = samples.c.id.in_(numbers[start : start + CHUNK])
        rows = session.rows(select(samples.c.id, samples.c.content_hash).where(chosen))
        found.update((row.id, bytes(row.content_hash).hex()) for row in rows)
    return found


def list_findings(
    session: Reading,
    function: str,
    *,
    kind: str | None = None,
    status: Status | None = None,
) -> list[Finding]:
    """The findings of a function, by kind in the order of KINDS, the surest of each kind first."""
    query = _of(function)
    if kind is not None:
        query = query.where(findings.c.kind == kind)
    if status is not None:
        query = query.where(findings.c.status == status)
    ordered = query.order_by(findings.c.kind, findings.c.score.desc(), findings.c.id)
    return sorted(map(_finding, session.rows(ordered)), key=lambda one: _place(one.kind))


def get_finding(session: Reading, function: str, finding: int) -> Finding | None:
    """One finding of a function, None where it has no such finding."""
    row = session.first(_of(function).where(findings.c.id == finding))
    return None if row is None else _finding(row)


def open_counts(session: Reading, function: str) -> dict[str, int]:
    """How many findings are open, by kind; those that are only doubtful are not counted."""
    graded = ((kind, each.counts_from) for kind, each in KINDS.items() if each.counts_from)
    doubtful = [and_(findings.c.kind == kind, findings.c.score < least) for kind, least in graded]
    rows = session.rows(
        select(findings.c.kind, func.count().label("many"))
        .where(findings.c.function_id == function, findings.c.status == "open")
        .where(not_(or_(*doubtful)))
        .group_by(findings.c.kind)
    )
    return {row.kind: int(row.many) for row in sorted(rows, key=lambda row: _place(row.kind))}


def _place(kind: str) -> tuple[int, str]:
    """What kinds are ordered by."""
    return _PLACES.get(kind, len(_PLACES)), kind


_PLACES = {kind: place for place, kind in enumerate(KINDS)}


def settle(
    session: Writing,
    finding: Finding,
    status: Status,
    *,
    author: str,
    change: int,
    undo: Mapping[str, Any] | None = None,
) -> None:
    """Keep what a person said of a finding under `change`, and what takes its fix back."""
    session.run(
        update(findings)
        .where(findings.c.id == finding.id)
        .values(
            status=status,
            author=None if status == "open" else author,
            settled=None if status == "open" else now(),
            change=change,
            undo=None if undo is None else dict(undo),
        )
    )


def _of(function: str) -> Select[Any]:
    return select(findings).where(findings.c.function_id == function)


def _finding(row: Row[Any]) -> Finding:
    return Finding(
        id=row.id,
        version=row.version_id,
        kind=row.kind,
        samples=tuple(row.samples),
        score=row.score,
        evidence=row.evidence,
        status=row.status,
        author=row.author,
        settled=row.settled,
        undo=row.undo,
    )
