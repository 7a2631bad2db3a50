"""Everything that is said about a trained head: its score and range, the verdict, the findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hotfit.evaluation.judge import Judgement, judge
from hotfit.evaluation.learning_curve import CurvePoint
from hotfit.heads.base import Trained
from hotfit.quality import Evidence, Finding, Followed, Severity, find
from hotfit.quality.kinds import is_counted
from hotfit.similarity.groups import Duplicates, duplicate_groups
from hotfit.training.crossing import Tested
from hotfit.training.describing import described
from hotfit.training.encoded import Encoded, repeats_of
from hotfit.training.material import Material
from hotfit.training.outputs import Read

SUSPECT = frozenset({"suspect_label", "suspect_tag", "suspect_quantity"})
"""Findings that say that an answer looks wrong."""


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """A judgement and the findings it rests on; `full` where the data was searched for them.

    `statistics` are then what is kept of how each label fares and what samples are like. Rows of
    findings go on behind the samples with the declared test rows, whose identifiers are `beyond`.
    """

    judgement: Judgement
    findings: tuple[Finding, ...] = ()
    full: bool = False
    statistics: Mapping[str, Any] | None = None
    beyond: tuple[int, ...] = ()


def quick(encoded: Encoded, trained: Trained, read: Read) -> Opinion:
    """Judge an early model by its score alone."""
    return Opinion(judgement=_judged(encoded, trained, read))


def examine(
    encoded: Encoded,
    trained: Trained,
    read: Read,
    curve: Sequence[CurvePoint],
    test: Tested,
    *,
    instant: Trained,
) -> Opinion:
    """Judge a model fully: what is wrong in the data, how good it is, what would help.

    `test` is the declared test split, which findings may speak of too. `instant` is the head that
    learns at once, a second opinion on labels where another one was chosen.
    `curve` ends with the score on all samples, perhaps of another head: its errors are scaled to
    this model's.
    """
    seen = evidence(encoded.material, encoded.repeats, encoded=encoded, trained=trained)
    findings = find(replace(seen, second=None if instant is trained else instant.held_out))
    findings += test.leaks
    suspects = {
        row
        for each in findings
        if each.kind in SUSPECT and is_counted(each.kind, each.score)
        for row in each.samples
    }
    plain = _judged(encoded, trained, read)
    judgement = _judged(
        encoded,
        trained,
        read,
        suspects=len(suspects),
        curve=_scaled(curve, to=plain.range.estimate),
    )
    return Opinion(
        judgement=judgement,
        findings=findings,
        full=True,
        statistics=described(encoded, trained, read),
        beyond=tuple(test.material.ids.tolist()),
    )


def first_look(material: Material) -> tuple[Finding, ...]:
    """What is found in the columns of a table before anything is trained."""
    if material.columns() is None:
        return ()
    return find(evidence(material, duplicate_groups(material.data)))


def leaking_fields(found: Sequence[Finding]) -> frozenset[str]:
    """The columns that certainly give the answer away, or only number the rows."""
    return frozenset(
        each.column
        for each in found
        if each.column is not None and each.severity is Severity.CERTAIN
    )


def evidence(
    material: Material,
    repeats: Duplicates,
    *,
    encoded: Encoded | None = None,
    trained: Trained | None = None,
) -> Evidence:
    """What findings are drawn from, before training or after."""
    embedded = encoded is not None and not encoded.features.categories
    return Evidence(
        output=material.output,
        labels=material.labels,
        codes=material.codes(),
        target=material.quantities(),
        tags=material.tags(),
        held_out=trained.held_out if trained is not None else None,
        vectors=encoded.features.values if encoded is not None and embedded else None,
        repeats=repeats_of(repeats),
        groups=repeats.groups,
        followed=_followed(encoded),
        columns=material.columns(),
        texts=material.texts(),
        looks=encoded.looks if encoded is not None else None,
        falls={} if encoded is None else encoded.falls,
    )


def _followed(encoded: Encoded | None) -> Followed | None:
    if encoded is None or encoded.timeline is None:
        return None
    return Followed(
        column=encoded.timeline.column,
        correlation=encoded.timeline.correlation,
        judged=len(encoded.judged),
    )


def _judged(
    encoded: Encoded,
    trained: Trained,
    read: Read,
    *,
    suspects: int = 0,
    curve: Sequence[CurvePoint] = (),
) -> Judgement:
    material, rows = encoded.material, encoded.judged
    judgement = judge(
        material.output,
        material.targets[rows],
        trained.held_out[rows],
        encoded.groups[rows],
        material.labels,
        suspects=suspects,
        curve=curve,
        thresholds=None if read.thresholds is None else read.thresholds[rows],
        table=bool(encoded.features.categories),
    )
    said: dict[str, Any] = dict(judgement.score)
    if encoded.timeline is not None:
        said["follows"] = encoded.timeline.column
    if material.together:
        said["together"] = ", ".join(material.together)
    for part, of_new in (("of_new", True), ("without", False)):
        falls = {
            name: fall.after
            for name, fall in encoded.falls.items()
            if fall.sure and fall.of_new is of_new
        }
        if falls:
            said[part] = falls
    if unbelieved := len(material) - len(encoded.believed):
        said["left_out"] = unbelieved
    return replace(judgement, score=said)


def _scaled(curve: Sequence[CurvePoint], *, to: float) -> tuple[CurvePoint, ...]:
    """The points before the last, their errors multiplied so that the last would score `to`."""
    *points, last = curve
    ratio = (1 - to) / max(1 - last.score, 1e-6)
    return tuple(
        CurvePoint(
            labels=point.labels,
            score=1 - min(1.0, (1 - point.score) * ratio),
            spread=point.spread * ratio,
            step=None if point.step is None else point.step * ratio,
        )
        for point in points
    )
