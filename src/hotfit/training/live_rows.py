"""What a live function knows of its samples, and what has changed since it last looked.

The database decides: what a change says of itself only bounds where to look. Where it does not
bound it well enough, all samples are looked at.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from hotfit.functions.learning import unlearned
from hotfit.samples.labelled import Labelled, read_labelled, read_labelled_after
from hotfit.samples.rows import held_out
from hotfit.samples.scope import scope_of
from hotfit.store.sessions import Reading


@dataclass
class Known:
    """A sample as it was last seen; `row` is its number in the live head, None where not in it."""

    hash: bytes
    label: str | None
    row: int | None = None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Samples that are new or other than known, and identifiers of those that are gone."""

    met: Sequence[Labelled]
    gone: Sequence[int]


def look(
    session: Reading,
    function: str,
    known: Mapping[int, Known],
    *,
    since: int,
    newest: int,
    labels: Container[str],
) -> Difference:
    """Compare what is known with the database, as of the session's moment.

    `newest` is the highest sample identifier seen so far, `labels` the identifiers that count.
    """
    scope = scope_of(unlearned(session, function, since=since))
    if scope is None or held_out(session, function):
        found = read_labelled_after(session, function, 0)
        there = {one.id for one in found}
        gone = [sample for sample in known if sample not in there]
    else:
        found = read_labelled(session, function, sorted(scope.ids))
        there = {one.id for one in found}
        gone = [sample for sample in scope.ids if sample in known and sample not in there]
        if scope.newer:
            found += [
                one for one in read_labelled_after(session, function, newest) if one.id not in there
            ]
    found = [one if one.label in labels else replace(one, label=None) for one in found]
    return Difference(met=[one for one in found if _differs(one, known)], gone=gone)


def _differs(sample: Labelled, known: Mapping[int, Known]) -> bool:
    before = known.get(sample.id)
    return before is None or (before.hash, before.label) != (sample.hash, sample.label)
