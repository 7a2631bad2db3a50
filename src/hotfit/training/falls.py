"""By how much a score falls without what makes it too good, measured by fitting again.

Of a column that ties rows together (a customer, a patient): the score of values that were not met
in training, whole values held out and the column unread. Of a column that is suspiciously good:
the score without it, as of calls that come before it is known.
"""

from collections.abc import Sequence
from dataclasses import replace

from hotfit.evaluation.judge import judge
from hotfit.evaluation.paired import compare
from hotfit.functions.findings import list_findings
from hotfit.functions.functions import Function
from hotfit.heads.base import Trained
from hotfit.quality import Finding
from hotfit.quality.evidence import Fall
from hotfit.training.bench import Bench
from hotfit.training.encoded import Encoded, encode
from hotfit.training.material import Material

MOST = 3
"""Columns of a kind that are measured at most."""

FEWEST = 2
"""Columns of which one may be left unread."""


def measure_falls(
    bench: Bench,
    function: Function,
    found: Sequence[Finding],
    encoded: Encoded,
    trained: Trained,
) -> Encoded:
    """Note of each column that was `found` to make the score too good what it is without.

    Columns of which a person has said that they do not are left alone.
    """
    material = encoded.material
    falls: dict[str, Fall] = {}
    if encoded.timeline is None:
        for column in _asked(bench, function, material, found, kind="group_key"):
            falls[column] = _fall(bench, encoded, trained, material.tied(column))
    for column in _asked(bench, function, material, found, kind="golden_feature"):
        if column not in falls:
            other = material.without(frozenset({column}))
            falls[column] = _fall(bench, encoded, trained, other)
    return replace(encoded, falls=falls)


def _asked(
    bench: Bench, function: Function, material: Material, found: Sequence[Finding], *, kind: str
) -> list[str]:
    """The columns of a kind of finding, as long as others are read and nobody dismissed it."""
    read = {field.name for field in material.fields}
    named = [each.column or "" for each in found if each.kind == kind and each.column in read]
    if not named or len(read) < FEWEST:
        return []
    with bench.store.read() as session:
        settled = list_findings(session, function.id, kind=kind, status="dismissed")
    left_alone = {each.evidence.get("column") for each in settled}
    return [column for column in named if column not in left_alone][:MOST]


def _fall(bench: Bench, encoded: Encoded, trained: Trained, other: Material) -> Fall:
    again = replace(encode(bench, other, looked_at=False), timeline=encoded.timeline)
    material, rows = encoded.material, encoded.judged
    groups, targets = again.groups[rows], material.targets[rows]
    now, then = trained.held_out[rows], again.fit(trained.model.head).held_out[rows]
    before, after = (
        judge(material.output, targets, said, groups, material.labels).range.estimate
        for said in (now, then)
    )
    sure = compare(material.output, targets, then, now, groups).better
    return Fall(before=before, after=after, sure=sure, of_new=other.together != material.together)
