from dataclasses import replace

import pytest

from hotfit.functions import functions as f
from hotfit.functions.findings import FoundInData, list_findings, open_counts
from hotfit.functions.versions import (
    Candidate,
    find_version,
    history,
    live_version,
    make_live,
    publish,
    unpin,
    version_before,
)
from hotfit.store.outbox import pending
from hotfit.store.sessions import Store
from hotfit.types import Input, Output

CANDIDATE = Candidate(
    change=1,
    build="instant",
    encoders=("minilm-l6.v1",),
    head="discriminant.v1",
    artifact="a" * 64,
    fingerprint="f",
    scores={"accuracy": 0.9},
    verdict={"answer": "yes", "next_steps": ["é"]},
    findings={"suspect_label": 2},
    seconds=0.25,
)
FOUND = [
    FoundInData(kind="thin_label", samples=(), score=0.5, evidence={"about": "ham"}),
    FoundInData(kind="thin_label", samples=(), score=0.9, evidence={"about": "spam"}),
    FoundInData(kind="constant_column", samples=(), score=1.0, evidence={"column": "unit"}),
]


@pytest.fixture
def function(store: Store) -> str:
    with store.write() as w:
        return f.create(w, name="sms", input=Input.TEXT, output=Output.CLASSIFICATION).id


def test_a_published_version_answers_from_then_on(store: Store, function: str) -> None:
    with store.read() as r:
        assert live_version(r, function) is None
    with store.write() as w:
        first = publish(w, function, CANDIDATE)
    with store.write() as w:
        second = publish(w, function, replace(CANDIDATE, build="tuned"))
    with store.read() as r:
        assert live_version(r, function) == second
        assert f.get(r, "sms").live == second.id
        assert history(r, function) == [second, first]
        assert [c.kind for c in pending(r)][1:] == ["version.published"] * 2
    assert (first.number, first.parent, second.number, second.parent) == (1, None, 2, first.id)
    kept = Candidate(**{name: getattr(first, name) for name in CANDIDATE.__dataclass_fields__})
    assert kept == CANDIDATE


def test_a_doubtful_label_is_kept_but_not_counted(store: Store, function: str) -> None:
    found = [
        FoundInData(kind="suspect_label", samples=(), score=score, evidence={"about": str(score)})
        for score in (0.9, 0.6, 0.5, 0.1)
    ]
    with store.write() as w:
        version = publish(w, function, CANDIDATE, found)
        assert version.findings == open_counts(w, function) == {"suspect_label": 2}
        assert len(list_findings(w, function)) == 4


def test_a_version_counts_what_is_open(store: Store, function: str) -> None:
    with store.write() as w:
        version = publish(w, function, CANDIDATE, FOUND)
        assert (
            version.findings == open_counts(w, function) == {"thin_label": 2, "constant_column": 1}
        )


def test_a_failed_publication_leaves_the_old_version(store: Store, function: str) -> None:
    with store.write() as w:
        first = publish(w, function, CANDIDATE)
    with pytest.raises(ZeroDivisionError), store.write() as w:  # noqa: PT012 - the transaction is the block
        publish(w, function, CANDIDATE, FOUND)
        raise ZeroDivisionError
    with store.read() as r:
        assert live_version(r, function) == first
        assert history(r, function) == [first]


def test_an_earlier_version_can_answer_again(store: Store, function: str) -> None:
    with store.write() as w:
        first, _ = publish(w, function, CANDIDATE), publish(w, function, CANDIDATE)
        make_live(w, function, first.id)
        assert live_version(w, function) == first


def test_a_pinned_version_answers_until_it_is_let_go(store: Store, function: str) -> None:
    with store.write() as w:
        first, _ = publish(w, function, CANDIDATE), publish(w, function, CANDIDATE)
        pinned = make_live(w, function, first.id)
        third = publish(w, function, CANDIDATE)
        assert f.get(w, function).pinned == first.id
        assert (live_version(w, function), third.parent) == (first, first.id)
        freed = unpin(w, function)
        assert live_version(w, function) == third
        assert f.get(w, function).pinned is None
        fourth = publish(w, function, CANDIDATE)
        assert live_version(w, function) == fourth
        kinds = {change.number: change.kind for change in pending(w)}
    assert (kinds[pinned], kinds[freed]) == ("version.promoted", "version.unpinned")


def test_a_version_is_found_by_number_and_by_identifier(store: Store, function: str) -> None:
    with store.write() as w:
        first, second = publish(w, function, CANDIDATE), publish(w, function, CANDIDATE)
        other = f.create(w, name="other", input=Input.TEXT, output=Output.CLASSIFICATION).id
    bare = second.id.removeprefix("version_")
    with store.read() as r:
        assert [find_version(r, function, one) for one in ("1", "2", second.id, bare)] == [
            first,
            *[second] * 3,
        ]
        wrong = ("0", "3", "-1", "", "²", "9" * 30, "version_zzzzzzzzzzzzzzzz")
        assert [find_version(r, function, one) for one in wrong] == [None] * len(wrong)
        assert find_version(r, other, second.id) is None


def test_the_version_before_is_the_one_below_what_answers(store: Store, function: str) -> None:
    with store.write() as w:
        assert version_before(w, function) is None
        first, second, _ = (publish(w, function, CANDIDATE) for _ in range(3))
        assert version_before(w, function) == second
        make_live(w, function, second.id)
        assert version_before(w, function) == first
        make_live(w, function, first.id)
        assert version_before(w, function) is None


def test_removing_a_function_removes_its_versions(store: Store, function: str) -> None:
    with store.write() as w:
        publish(w, function, CANDIDATE, FOUND)
        f.remove(w, function)
        assert list_findings(w, function) == []
        assert history(w, function) == []
