"""Directions, and versions against earlier ones."""

import pytest

from hotfit.behaviour import Result, run_checks
from hotfit.behaviour.base import Check
from hotfit.behaviour.direction import BY, Direction, Way
from hotfit.behaviour.fake import FakeSubject, sure
from hotfit.behaviour.no_worse import NoWorse
from hotfit.types import Answer, Data, Output, Quantity


def run(check: Check, subject: FakeSubject) -> Result:
    (result,) = run_checks([check], subject)
    return result


def angry(data: Data) -> Answer:
    """The more marks, the less it is a wish."""
    return sure("wish", 0.9 - 0.2 * str(data).count("!"))


def direction(may_not: Way = "fall", *, by: float = BY) -> Direction:
    return Direction(
        name="a test",
        place="tests/a.toml:1",
        label="wish",
        add="now!",
        may_not=may_not,
        inputs=["give me that", "please! give me that"],
        by=by,
    )


def test_an_addition_must_not_lower_the_confidence() -> None:
    subject = FakeSubject(rule=angry)
    result = run(direction(), subject)
    assert (result.outcome, len(result.cases)) == ("fail", 2)
    assert result.message == "2 of 2 inputs make the confidence of 'wish' fall"
    assert result.cases[0].sentence == '0.9 becomes 0.7 with "give me that now!"'
    assert run(direction("rise"), subject).outcome == "pass"
    assert run(direction(by=0.3), subject).outcome == "pass"


def test_a_share_of_the_rows_may_go_the_wrong_way() -> None:
    rows = [("wish", "wish")] * 100
    check = Direction(
        name="a", place="p:1", label="wish", add="!", at_most=0.1, inputs=(), rows=100
    )
    result = run(check, FakeSubject(rule=angry, rows=rows))
    assert (result.outcome, result.decision and result.decision.n) == ("fail", 100)


def test_cells_put_into_a_row_must_not_raise_a_quantity() -> None:
    def price(data: Data) -> Answer:
        assert isinstance(data, dict)
        return Quantity(10.0 * float(data["rooms"] or 0), 0, 100)

    rows: list[Data] = [{"rooms": 2.0, "town": "a"}, {"rooms": 5.0, "town": "b"}]
    check = Direction(
        name="a", place="p:1", put={"rooms": 5.0}, may_not="rise", by=0.0, inputs=rows
    )
    result = run(check, FakeSubject(rule=price, output=Output.NUMBER))
    assert result.message == "1 of 1 inputs make the quantity rise"
    assert result.cases[0].said is None


def versus(now: str, before: str) -> FakeSubject:
    """Rows by two words of r(ight), w(rong) and - (not known before)."""
    truth = ["yes"] * len(now)
    said = {"r": "yes", "w": "no"}
    return FakeSubject(
        rows=[(said[each], true) for each, true in zip(now, truth, strict=True)],
        before=[said.get(each) for each in before],
    )


CHECK = NoWorse(name="a", place="tests/a.toml:1", than="release")


def test_rows_that_are_lost_beyond_chance_fail_and_are_named() -> None:
    result = run(CHECK, versus("w" * 9 + "r" * 91, "r" * 100))
    assert result.outcome == "fail"
    assert "9 lost and 0 won of 100 held-out rows against release" in result.message
    assert "one of equal worth fails this test" in result.message
    assert "is 'yes', was answered 'yes' and would be answered 'no'" in result.cases[0].sentence


@pytest.mark.parametrize(
    ("now", "before", "outcome"),
    [
        ("r" * 50, "r" * 50, "pass"),
        ("wr" + "r" * 48, "rw" + "r" * 48, "pass"),
        ("www" + "r" * 97, "r" * 100, "cannot_tell"),
        ("w" * 9 + "r" * 9, "-" * 18, "cannot_tell"),
    ],
)
def test_what_is_not_behind_passes_and_a_trifle_cannot_be_told(
    now: str, before: str, outcome: str
) -> None:
    assert run(CHECK, versus(now, before)).outcome == outcome
