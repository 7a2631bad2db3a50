import pytest

from hotfit.samples.scope import Scope, scope_of
from hotfit.store.outbox import Change


def _change(kind: str, **payload: object) -> Change:
    return Change(function="f", number=1, kind=kind, payload=payload)


def test_changes_that_name_their_samples_bound_where_to_look() -> None:
    changes = [
        _change("samples.annotated", samples=[1, 2], count=2),
        _change("samples.added", samples=[3], annotated=True),
        _change("samples.removed", samples=[2, 4], count=2),
        _change("label.renamed", label="l", name="n"),
    ]
    assert scope_of(changes) == Scope(ids=frozenset({1, 2, 3, 4}))


def test_an_import_that_only_adds_bounds_it_to_what_is_newer() -> None:
    change = _change("samples.imported", added=5, updated=0, removed=0)
    assert scope_of([change]) == Scope(newer=True)


@pytest.mark.parametrize(
    "change",
    [
        _change("samples.annotated", samples=[1], count=1001),
        _change("samples.imported", added=5, updated=1, removed=0),
        _change("samples.imported", added=5, updated=0, removed=2),
        _change("samples.imported"),
        _change("label.removed", label="l", samples=3),
        _change("set.changed", set="s", trains=False),
        _change("something.new"),
    ],
)
def test_any_other_change_may_have_touched_every_sample(change: Change) -> None:
    assert scope_of([_change("samples.added", samples=[3]), change]) is None
