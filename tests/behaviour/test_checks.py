"""What each kind of check finds, and says, of a function that answers by a rule."""

from collections.abc import Sequence
from typing import TypedDict

import pytest

from hotfit.behaviour import Check, Result, run_checks
from hotfit.behaviour.fake import FakeSubject, sure
from hotfit.behaviour.floors import Budget, Floor
from hotfit.behaviour.invariance import Invariance, same
from hotfit.behaviour.must import Must
from hotfit.behaviour.slices import Slice
from hotfit.types import Answer, Data, LabelConfidence, Output, Quantity, Tagging


class At(TypedDict):
    """What every check has."""

    name: str
    place: str


AT: At = {"name": "a test", "place": "tests/a.toml:1"}


def run(check: Check, subject: FakeSubject) -> Result:
    (result,) = run_checks([check], subject)
    return result


def loud(data: Data) -> Answer:
    """Answers 'shout' where there are capitals only."""
    return sure("shout", 0.9) if str(data).isupper() else sure("talk", 0.8)


def rows(right: int, wrong: int, label: str = "yes") -> list[tuple[str, str]]:
    """Said and true."""
    return [(label, label)] * right + [("no", label)] * wrong


def test_an_example_must_be_answered_so() -> None:
    subject = FakeSubject(rule=loud)
    assert run(Must(**AT, data="hello", label="talk"), subject).outcome == "pass"
    failed = run(Must(**AT, data="hello", label="shout"), subject)
    assert failed.outcome == "fail"
    assert failed.message == "\"hello\" is answered talk  0.80; 'shout' was expected"
    assert (failed.cases[0].label, failed.cases[0].said) == ("shout", "talk")
    unsure = run(Must(**AT, data="hello", label="talk", sure=0.85), subject)
    assert "a confidence of 0.85 was expected" in unsure.message


def tagged(*present: str) -> Tagging:
    said = tuple(LabelConfidence(each, 0.7) for each in present)
    return Tagging(said, said)


@pytest.mark.parametrize(
    ("label", "sure", "outcome"),
    [
        ("a", 0.0, "pass"),
        ("c", 0.0, "fail"),
        ("a", 0.9, "fail"),
        (("a", "b"), 0.0, "pass"),
        (("a",), 0.0, "fail"),
        ((), 0.0, "fail"),
    ],
)
def test_tags_must_be_present_or_exactly_those(
    label: str | tuple[str, ...], sure: float, outcome: str
) -> None:
    subject = FakeSubject(rule=lambda _: tagged("a", "b"), output=Output.TAGS)
    assert run(Must(**AT, data="x", label=label, sure=sure), subject).outcome == outcome


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1.0, 5.0, None),
        (None, 3.0, "at most 3 was expected"),
        (4.5, None, "at least 4.5 was expected"),
        (5.0, 6.0, "5 to 6 was expected"),
    ],
)
def test_a_quantity_must_lie_between(low: float, high: float, said: str | None) -> None:
    subject = FakeSubject(rule=lambda _: Quantity(4.0, 2.0, 6.0), output=Output.NUMBER)
    result = run(Must(**AT, data="x", low=low, high=high), subject)
    assert (result.outcome == "pass") == (said is None)
    assert said is None or said in result.message


def test_a_change_must_not_change_the_answer_to_named_inputs() -> None:
    subject = FakeSubject(rule=loud)
    check = Invariance(**AT, change="case", inputs=["hello there", "123"])
    result = run(check, subject)
    assert (result.outcome, len(result.cases)) == ("fail", 1)
    assert result.message == "1 of 1 answers change with case"
    assert '"HELLO THERE" shout' in result.cases[0].sentence
    kept = Invariance(**AT, change="punctuation", inputs=["hello there."])
    assert run(kept, subject).outcome == "pass"
    nothing = run(Invariance(**AT, change="numbers", inputs=["hello"]), subject)
    assert (nothing.outcome, nothing.decision) == ("cannot_tell", None)


def test_a_share_of_the_rows_may_change_their_answer() -> None:
    data: Sequence[Data] = [f"row {n}" for n in range(100)]
    subject = FakeSubject(rule=loud, rows=rows(100, 0), data=data)
    often = run(Invariance(**AT, change="case", at_most=0.1), subject)
    assert (often.outcome, len(often.cases)) == ("fail", 100)
    never = run(Invariance(**AT, change="numbers", at_most=0.1), subject)
    assert never.outcome == "pass"
    few = run(Invariance(**AT, change="numbers", at_most=0.1, rows=8), subject)
    assert few.outcome == "cannot_tell"
    assert "more rows would decide" in few.message


def test_a_quantity_may_move_within_its_range() -> None:
    assert same(Quantity(4.0, 2.0, 6.0), Quantity(5.9, 3.0, 7.0))
    assert not same(Quantity(4.0, 2.0, 6.0), Quantity(6.1, 3.0, 7.0))
    assert same(tagged("a", "b"), tagged("b", "a"))


def test_a_floor_passes_fails_or_says_what_would_decide() -> None:
    check = Floor(**AT, measure="accuracy", floor=0.9)
    assert run(check, FakeSubject(rows=rows(195, 5))).outcome == "pass"
    failed = run(check, FakeSubject(rows=rows(80, 20)))
    assert failed.outcome == "fail"
    assert failed.message.startswith("80.0 % of 100 held-out rows right, 90 % wanted")
    assert "fails this test 4" in failed.message
    assert len(failed.cases) == 20
    assert failed.cases[0].place == "data/rows.csv:82"
    (fix,) = failed.fixes
    assert fix.startswith("label more rows of 'yes' that read like 'no'")
    assert "20 of the 20 wrong ones" in fix
    unsure = run(check, FakeSubject(rows=rows(88, 12)))
    assert unsure.outcome == "cannot_tell"
    assert unsure.decision is not None
    assert f"{unsure.decision.more:,} more labelled rows would decide" in unsure.message


def test_recall_and_precision_speak_of_one_label() -> None:
    said = [("refund", "refund")] * 30 + [("other", "refund")] * 30 + [("refund", "other")] * 2
    recall = run(Floor(**AT, measure="recall", floor=0.8, label="refund"), FakeSubject(rows=said))
    assert (recall.outcome, recall.decision and recall.decision.n) == ("fail", 60)
    precise = Floor(**AT, measure="precision", floor=0.8, label="refund")
    assert run(precise, FakeSubject(rows=said)).outcome == "pass"
    unsure = run(
        Floor(**AT, measure="recall", floor=0.6, label="refund"), FakeSubject(rows=said[6:50])
    )
    assert "more labels of 'refund' would decide" in unsure.message
    none = run(Floor(**AT, measure="recall", floor=0.6, label="else"), FakeSubject(rows=said))
    assert none.message == "there are no held-out rows labelled 'else': add some to data/"


def test_rows_that_are_alike_count_once() -> None:
    subject = FakeSubject(rows=rows(40, 0), groups=[0] * 40)
    result = run(Floor(**AT, measure="accuracy", floor=0.5), subject)
    assert result.decision is not None
    assert result.decision.n == 1


def test_a_slice_is_looked_at_alone() -> None:
    data: Sequence[Data] = ["short one", "a much longer message than that"] * 30
    said = [("yes", "yes"), ("no", "yes")] * 30
    subject = FakeSubject(rows=said, data=data)
    short = Floor(**AT, measure="accuracy", floor=0.8, slice=Slice(max_words=3))
    assert run(short, subject).outcome == "pass"
    long = Floor(**AT, measure="accuracy", floor=0.8, slice=Slice(contains="LONGER"))
    assert run(long, subject).outcome == "fail"


@pytest.mark.parametrize(
    ("part", "holds"),
    [
        (Slice(field="plan", equals="GOLD"), True),
        (Slice(field="plan", equals="basic"), False),
        (Slice(field="months", low=3, high=5), True),
        (Slice(field="months", low=5), False),
        (Slice(field="months", equals=4.0), True),
        (Slice(field="none", low=0), False),
        (Slice(field="plan", low=0), False),
        (Slice(field="plan", matches="^g.ld$"), True),
        (Slice(field="left", equals=True), True),
        (Slice(file="data/a.csv"), True),
        (Slice(file="data/b.csv"), False),
        (Slice(label="yes"), True),
        (Slice(label="no"), False),
    ],
)
def test_a_slice_of_a_table_looks_at_a_column(part: Slice, *, holds: bool) -> None:
    row: Data = {"plan": "gold", "months": "4", "left": True, "none": None}
    assert part.holds(row, "yes", "data/a.csv:7") is holds
    assert part.sentence()


def test_a_budget_is_kept_or_not() -> None:
    subject = FakeSubject(latency=12.0, size=3.0)
    assert run(Budget(**AT, max_latency_ms=20.0), subject).outcome == "pass"
    slow = run(Budget(**AT, max_latency_ms=10.0), subject)
    assert (slow.outcome, slow.message) == ("fail", "a call takes 12 ms, 10 ms at most wanted")
    assert run(Budget(**AT, max_mb=2.0), subject).outcome == "fail"


def test_every_input_is_answered_once_in_one_batch() -> None:
    batches: list[int] = []

    class Counting(FakeSubject):
        def answer(self, data: Sequence[Data]) -> Sequence[Answer]:
            batches.append(len(data))
            return super().answer(data)

    checks = [Must(**AT, data="same", label="yes"), Must(**AT, data="same", label="no")]
    results = run_checks([*checks, Must(**AT, data={"a": 1.0}, label="yes")], Counting())
    assert [result.outcome for result in results] == ["pass", "fail", "pass"]
    assert batches == [2]
