"""Rows that a key ties together (a customer, a patient): what the score is of keys not met before.

Where a person says so, the rows of one value of a column are held out together and the column is
left unread, so that the score is of new values. Where such a column is only found, the score that
this would give is measured beside the one that there is.
"""

from dataclasses import replace

from hotfit.evaluation.judge import judge
from hotfit.evaluation.paired import compare
from hotfit.functions.findings import list_findings
from hotfit.functions.functions import Function
from hotfit.heads.base import Trained
from hotfit.quality import Evidence, NotApplicable
from hotfit.quality.evidence import Fall
from hotfit.quality.group_key import GroupKey
from hotfit.training.bench import Bench
from hotfit.training.encoded import Encoded, encode

_MEASURED = 3
"""Keys that are measured at most."""


def measure_falls(bench: Bench, function: Function, encoded: Encoded, trained: Trained) -> Encoded:
    """Note of each column that ties rows together how the score falls for new values of it.

    Columns of which a person has said that they do not are left alone.
    """
    material = encoded.material
    columns = material.columns()
    if encoded.timeline is not None or columns is None:
        return encoded
    found = GroupKey().find(
        Evidence(
            output=material.output,
            codes=material.codes(),
            target=material.quantities(),
            columns=columns,
        )
    )
    if isinstance(found, NotApplicable):
        return encoded
    with bench.store.read() as session:
        settled = list_findings(session, function.id, kind=GroupKey.kind, status="dismissed")
    left_alone = {each.evidence.get("column") for each in settled}
    asked = [each.column for each in found if each.column is not None]
    falls = {}
    for column in [column for column in asked if column not in left_alone][:_MEASURED]:
        tied = material.tied(column)
        if tied.fields != material.fields:
            falls[column] = _fall(encoded, trained, encode(bench, tied, looked_at=False))
    return replace(encoded, falls=falls)


def _fall(encoded: Encoded, trained: Trained, tied: Encoded) -> Fall:
    material, rows = encoded.material, encoded.judged
    groups, targets = tied.groups[rows], material.targets[rows]
    known, new = trained.held_out[rows], tied.fit(trained.model.head).held_out[rows]
    before, after = (
        judge(material.output, targets, said, groups, material.labels).range.estimate
        for said in (known, new)
    )
    sure = compare(material.output, targets, new, known, groups).better
    return Fall(before=before, after=after, sure=sure)
