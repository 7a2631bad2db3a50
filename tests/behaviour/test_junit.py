"""Results as the XML that CI reads."""

from dataclasses import replace
from xml.etree.ElementTree import fromstring

from hotfit.behaviour.base import Case, Result
from hotfit.behaviour.deciding import Outcome
from hotfit.behaviour.junit import junit


def result(outcome: Outcome) -> Result:
    name = "n <&> \x00"
    return Result(name=name, kind="must", place="tests/a.toml:7", message="m", outcome=outcome)


def test_failures_carry_their_rows_and_what_cannot_be_told_is_skipped() -> None:
    failed = replace(
        result("fail"),
        cases=[Case(data="x", sentence="x is answered y")],
        behind=("data/a.csv:3 'y'",),
        fixes=("look at it",),
    )
    suite = fromstring(junit("desk", [result("pass"), failed, result("cannot_tell")]))[0]
    counts = {key: suite.get(key) for key in ("tests", "failures", "skipped", "errors")}
    assert counts == {"tests": "3", "failures": "1", "skipped": "1", "errors": "0"}
    passed, broken, skipped = suite
    assert (passed.get("file"), passed.get("line"), len(passed)) == ("tests/a.toml", "7", 0)
    assert passed.get("name") == "n <&> \ufffd"
    told = broken.find("failure")
    assert told is not None
    assert told.text is not None
    assert told.text.splitlines() == [
        "x is answered y",
        "learned from data/a.csv:3 'y'",
        "to mend it, look at it",
    ]
    reason = skipped.find("skipped")
    assert reason is not None
    assert reason.get("message") == "cannot tell: m"
