from dataclasses import replace
from typing import Any

import pytest

from hotfit.functions import functions as f
from hotfit.functions.findings import Finding, FoundInData, list_findings, open_counts
from hotfit.functions.functions import EXCLUDED, TOGETHER
from hotfit.functions.labels import LabelUnknown, labels_of
from hotfit.functions.versions import publish
from hotfit.samples import imports
from hotfit.samples.annotations import annotate
from hotfit.samples.answering import Stated
from hotfit.samples.findings import shown, summary, wrong_by_label
from hotfit.samples.repairing import (
    FindingMissing,
    FindingSettled,
    NothingToRepair,
    accept,
    dismiss,
    undo,
)
from hotfit.samples.rows import Rows, read_rows
from hotfit.store.sessions import Store, Writing
from hotfit.types import Input, Output, Sample
from tests.functions.test_versions import CANDIDATE

LEFT = (EXCLUDED, TOGETHER)
TEXTS = [("win money", "ham"), ("hello", "ham"), ("hello", "ham"), ("see you", "spam")]


def put(w: Writing, texts: list[tuple[str, str]] = TEXTS) -> str:
    """A function with these texts, imported from one source; the last one is a test sample."""
    made = f.find(w, "sms") or f.create(
        w, name="sms", input=Input.TEXT, output=Output.CLASSIFICATION
    )
    last = len(texts)
    samples = [
        Sample(number=n, data=text, label=label, split="test" if n == last else None)
        for n, (text, label) in enumerate(texts, start=1)
    ]
    imports.replace(w, made.id, "fit", [samples])
    return made.id


def examine(w: Writing, function: str, *found: FoundInData) -> list[Finding]:
    """Publish a version whose examination found these."""
    change = f.get(w, function).change
    scores = {"examined": True}
    publish(w, function, replace(CANDIDATE, change=change, scores=scores), found)
    return list_findings(w, function)


def suspect(rows: Rows, *, suggested: str = "spam") -> FoundInData:
    said = {"label": "ham", "suggested": suggested, "sentence": "it says so"}
    return FoundInData(kind="suspect_label", samples=[rows.ids[0]], score=0.8, evidence=said)


def one_finding(w: Writing, kind: str, places: list[int], **evidence: Any) -> tuple[str, Finding]:
    function = put(w)
    rows = read_rows(w, function)
    ids = [rows.ids[place] for place in places]
    (found,) = examine(
        w, function, FoundInData(kind=kind, samples=ids, score=0.9, evidence=evidence)
    )
    return function, found


def state(w: Writing, function: str) -> tuple[Any, ...]:
    """Everything that a fix may change."""
    rows, plan = read_rows(w, function), f.get(w, function).plan
    kept = (rows.ids, rows.numbers, rows.data, rows.splits, rows.answers, rows.origins)
    return (*(list(one) for one in kept), [list(plan.get(part, ())) for part in LEFT])


def test_an_accepted_label_is_said_and_taken_back(store: Store) -> None:
    with store.write() as w:
        function, found = one_finding(w, "suspect_label", [0], label="ham", suggested="spam")
        before = state(w, function)
        done, change = accept(w, f.get(w, function), found.id, author="ada")
        assert read_rows(w, function).answers[0] == "spam"
        assert (done.status, done.author, f.get(w, function).change) == ("accepted", "ada", change)
        assert open_counts(w, function) == {}
        again, _ = undo(w, f.get(w, function), found.id, author="ada")
        assert (again.status, again.author, again.settled) == ("open", None, None)
        assert state(w, function) == before


def test_another_label_may_be_the_right_one(store: Store) -> None:
    with store.write() as w:
        function, found = one_finding(w, "contradiction", [0, 1])
        assert shown(w, [found])[0]["fix"]["action"] == "relabel"
        with pytest.raises(NothingToRepair, match="accept it with the one that is right"):
            accept(w, f.get(w, function), found.id, author="ada")
        accept(w, f.get(w, function), found.id, author="ada", said=Stated(name="spam"))
        assert list(read_rows(w, function).answers) == ["spam", "spam", "ham", "spam"]
        (told,) = shown(w, list_findings(w, function))
        assert told["done"] == "2 samples are labelled 'spam' now"
        undo(w, f.get(w, function), found.id, author="ada")
        assert list(read_rows(w, function).answers) == ["ham", "ham", "ham", "spam"]


@pytest.mark.parametrize(
    ("kind", "places", "evidence"),
    [
        ("duplicate", [1, 2], {}),
        ("empty_content", [1], {}),
        ("split_leak", [0, 3], {}),
        ("leaking_column", [], {"column": "price"}),
        ("group_key", [], {"column": "customer"}),
    ],
)
def test_every_fix_changes_something_and_is_undone_exactly(
    store: Store, kind: str, places: list[int], evidence: dict[str, Any]
) -> None:
    with store.write() as w:
        function, found = one_finding(w, kind, places, **evidence)
        before = state(w, function)
        accept(w, f.get(w, function), found.id, author="ada")
        assert state(w, function) != before
        undo(w, f.get(w, function), found.id, author="ada")
        assert state(w, function) == before


def test_a_label_that_the_function_lacks_is_refused_and_not_made(store: Store) -> None:
    with store.write() as w:
        function, found = one_finding(w, "suspect_label", [0], label="ham", suggested="spam")
        with pytest.raises(LabelUnknown, match=r"'spma'; did you mean 'spam'\? the function has"):
            accept(w, f.get(w, function), found.id, author="ada", said=Stated(name="spma"))
        assert [one.name for one in labels_of(w, function)] == ["ham", "spam"]


def test_what_somebody_changed_since_is_not_undone(store: Store) -> None:
    with store.write() as w:
        function, found = one_finding(w, "suspect_label", [0], label="ham", suggested="spam")
        accept(w, f.get(w, function), found.id, author="ada")
        annotate(w, function, [(found.samples[0], "eggs")], author="bob")
        undo(w, f.get(w, function), found.id, author="ada")
        assert read_rows(w, function).answers[0] == "eggs"


def test_what_was_dismissed_stays_so_through_trainings_and_the_same_file(store: Store) -> None:
    with store.write() as w:
        function, found = one_finding(w, "suspect_label", [0], label="ham", suggested="spam")
        dismiss(w, f.get(w, function), found.id, author="ada")
        for _ in range(2):
            put(w, list(reversed(TEXTS)))
            rows = read_rows(w, function)
            place = list(rows.data).index("win money")
            again = FoundInData(
                kind="suspect_label", samples=[rows.ids[place]], score=0.9, evidence=found.evidence
            )
            (kept,) = examine(w, function, again)
            assert (kept.id, kept.status, kept.score) == (found.id, "dismissed", 0.9)
            assert open_counts(w, function) == {}


def test_a_label_that_changed_since_is_another_finding(store: Store) -> None:
    with store.write() as w:
        function, found = one_finding(w, "suspect_label", [0], label="ham", suggested="spam")
        dismiss(w, f.get(w, function), found.id, author="ada")
        other = replace(suspect(read_rows(w, function)), evidence={"label": "spam"})
        assert [one.status for one in examine(w, function, other)] == ["dismissed", "open"]


def test_open_ones_are_forgotten_that_are_found_no_more(store: Store) -> None:
    with store.write() as w:
        function, found = one_finding(w, "suspect_label", [0], label="ham", suggested="spam")
        accept(w, f.get(w, function), found.id, author="ada")
        later = FoundInData(kind="thin_label", samples=[], score=0.5, evidence={"about": "ham"})
        examine(w, function, later)
        assert [one.status for one in examine(w, function)] == ["accepted"]


def test_a_fix_that_did_not_last_is_open_again(store: Store) -> None:
    with store.write() as w:
        function, found = one_finding(w, "duplicate", [1, 2])
        accept(w, f.get(w, function), found.id, author="ada")
        earlier = replace(CANDIDATE, change=1, scores={"examined": True})
        again = FoundInData(kind="duplicate", samples=found.samples, score=1.0)
        publish(w, function, earlier, [again])  # its samples were read before the fix was made
        assert list_findings(w, function)[0].status == "accepted"
        put(w)
        rows = read_rows(w, function)
        same = FoundInData(kind="duplicate", samples=[rows.ids[1], rows.ids[2]], score=1.0)
        assert [one.status for one in examine(w, function, same)] == ["open"]


def test_only_what_is_open_is_settled_and_only_what_is_settled_is_undone(store: Store) -> None:
    with store.write() as w:
        function, found = one_finding(w, "suspect_label", [0], label="ham", suggested="spam")
        record = f.get(w, function)
        with pytest.raises(FindingSettled, match="is open"):
            undo(w, record, found.id, author="ada")
        accept(w, record, found.id, author="ada")
        for settle in (accept, dismiss):
            with pytest.raises(FindingSettled, match="undo it first"):
                settle(w, record, found.id, author="ada")
        with pytest.raises(FindingMissing):
            dismiss(w, record, found.id + 1, author="ada")


def test_what_cannot_be_repaired_says_why(store: Store) -> None:
    with store.write() as w:
        function, found = one_finding(w, "suspect_label", [0], label="ham", suggested="spam")
        put(w, TEXTS[1:])
        with pytest.raises(NothingToRepair, match="its samples are gone"):
            accept(w, f.get(w, function), found.id, author="ada")


def test_samples_that_only_share_words_are_not_given_one_label(store: Store) -> None:
    with store.write() as w:
        function, found = one_finding(w, "boilerplate", [0, 1, 2])
        with pytest.raises(NothingToRepair, match="label them one by one"):
            accept(w, f.get(w, function), found.id, author="ada", said=Stated(name="spam"))


def test_a_copy_that_is_alone_by_now_is_not_deleted(store: Store) -> None:
    with store.write() as w:
        function, found = one_finding(w, "near_duplicate", [0, 1])
        put(w, TEXTS[1:])
        with pytest.raises(NothingToRepair, match="only one of its samples is left"):
            accept(w, f.get(w, function), found.id, author="ada")


def test_kinds_that_make_a_score_wrong_are_listed_first(store: Store) -> None:
    with store.write() as w:
        function = put(w)
        ids = read_rows(w, function).ids
        kinds = ["boilerplate", "duplicate", "unheard_of", "contradiction", "suspect_label"]
        found = [FoundInData(kind=kind, samples=ids[:2], score=1.0) for kind in kinds]
        listed = [one.kind for one in examine(w, function, *found)]
        assert listed == [
            "suspect_label",
            "contradiction",
            "duplicate",
            "boilerplate",
            "unheard_of",
        ]
        assert list(open_counts(w, function)) == listed
        assert [one["kind"] for one in summary(w, function)] == listed


def test_a_summary_says_how_many_are_really_wrong(store: Store) -> None:
    with store.write() as w:
        function = put(w)
        rows = read_rows(w, function)
        many = [replace(suspect(rows), samples=[one], score=0.7) for one in rows.ids]
        found = examine(w, function, *many)
        (before,) = summary(w, function)
        assert (before["open"], before["title"]) == (4, "labels look wrong or doubtful")
        assert before["low"] < before["expected"] < before["high"]
        assert before["expected"] == pytest.approx(2.8)
        assert before["sentence"].startswith("about 3 of these 4 are wrong")
        assert wrong_by_label(w, function) == {"ham": pytest.approx(2.8)}
        for one in found[:2]:
            dismiss(w, f.get(w, function), one.id, author="ada")
        assert wrong_by_label(w, function)["ham"] < 1.4
        (after,) = summary(w, function)
        assert (after["open"], after["dismissed"]) == (2, 2)
        assert after["expected"] / 2 < 0.7
