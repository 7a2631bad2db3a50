from dataclasses import replace

import numpy as np
import pytest

from hotfit.quality import (
    Evidence,
    Finding,
    NotApplicable,
    Repeat,
    Severity,
    find,
    findings,
    survey,
)
from hotfit.types import Cell, Output

REPEATS = (
    Repeat(first=0, second=2, similarity=1.0, exact=True),
    Repeat(first=0, second=5, similarity=1.0, exact=True),
    Repeat(first=1, second=3, similarity=0.9, exact=False),
)
EVIDENCE = Evidence(
    output=Output.CLASSIFICATION,
    labels=["ham", "spam"],
    codes=np.array([0, 0, 1, 1, -1, 1]),
    repeats=REPEATS,
    test=np.array([False, False, True, True, False, False]),
)


def found(kind: str, evidence: Evidence = EVIDENCE) -> tuple[Finding, ...]:
    result = findings.get(kind).find(evidence)
    assert not isinstance(result, NotApplicable)
    return result


def test_equal_content_is_one_finding_with_all_its_samples() -> None:
    (finding,) = found("duplicate")
    assert finding.samples == (0, 2, 5)
    assert finding.label is None


def test_near_copies_are_a_finding_a_pair() -> None:
    assert [f.samples for f in found("near_duplicate")] == [(1, 3)]


def test_contradictions_name_the_labels_and_suggest_the_majority() -> None:
    same, like = found("contradiction")
    assert (same.samples, same.suggested, same.severity) == ((0, 2, 5), "spam", Severity.CERTAIN)
    assert (like.samples, like.suggested, like.severity) == ((1, 3), None, Severity.LIKELY)
    assert "'ham' and 'spam'" in same.evidence


@pytest.mark.parametrize(("ham", "suggested"), [(0.9, "ham"), (0.1, "spam"), (0.6, None)])
def test_between_two_labels_what_unseen_predictions_clearly_say_is_suggested(
    ham: float, suggested: str | None
) -> None:
    held_out = np.tile([ham, 1 - ham], (6, 1))
    _, like = found("contradiction", replace(EVIDENCE, held_out=held_out))
    assert like.suggested == suggested
    assert ("the samples like it say" in like.evidence) is (suggested is not None)


def test_a_copy_without_a_label_contradicts_nothing() -> None:
    evidence = Evidence(
        output=Output.CLASSIFICATION,
        labels=["ham"],
        codes=np.array([0, -1]),
        repeats=[Repeat(first=0, second=1, similarity=1.0, exact=True)],
    )
    assert found("contradiction", evidence) == ()


def test_only_repeats_across_the_split_leak_exact_ones_first() -> None:
    assert [f.samples for f in found("split_leak")] == [(2, 0), (3, 1)]


def test_every_test_sample_of_a_content_that_is_learned_from_nearly_leaks() -> None:
    evidence = Evidence(
        output=Output.CLASSIFICATION,
        repeats=[
            Repeat(first=1, second=2, similarity=1.0, exact=True),
            Repeat(first=0, second=1, similarity=0.9, exact=False),
        ],
        test=np.array([False, True, True]),
    )
    assert [f.samples for f in found("split_leak", evidence)] == [(1, 0), (2, 0)]


def test_every_test_copy_of_what_is_learned_from_leaks_wherever_it_stands() -> None:
    evidence = Evidence(
        output=Output.CLASSIFICATION,
        repeats=[Repeat(first=0, second=row, similarity=1.0, exact=True) for row in (1, 2)],
        test=np.array([True, True, False]),
    )
    assert [one.samples for one in found("split_leak", evidence)] == [(0, 2), (1, 2)]


def test_a_test_sample_that_is_learned_from_many_times_is_one_leak() -> None:
    evidence = Evidence(
        output=Output.CLASSIFICATION,
        repeats=[
            Repeat(first=0, second=4, similarity=0.9, exact=False),
            Repeat(first=1, second=4, similarity=0.9, exact=False),
            Repeat(first=2, second=3, similarity=1.0, exact=True),
            Repeat(first=0, second=3, similarity=0.9, exact=False),
        ],
        test=np.array([False, False, False, True, True]),
    )
    leaks = found("split_leak", evidence)
    assert [(one.samples, one.score) for one in leaks] == [((3, 2), 1.0), ((4, 0, 1), 0.8)]


def test_thin_labels_are_told_with_their_number() -> None:
    thin = found("thin_label")
    assert [(f.label, f.samples) for f in thin] == [("ham", (0, 1)), ("spam", (2, 3, 5))]
    assert thin[0].evidence.startswith("2 samples carry 'ham'")


def test_identifiers_and_constants_are_found_and_measurements_are_not() -> None:
    rows = range(30)
    columns: dict[str, list[Cell]] = {
        "id": [float(i) for i in rows],
        "code": [f"AB-{i:04}" for i in rows],
        "name": [f"Anna of {chr(97 + i % 26)}{i}" for i in rows],
        "size": [i * 1.37 for i in rows],
        "unit": ["kg" for _ in rows],
    }
    evidence = Evidence(output=Output.CLASSIFICATION, columns=columns)
    assert [f.column for f in found("identifier_column", evidence)] == ["id", "code"]
    assert [f.column for f in found("constant_column", evidence)] == ["unit"]


def test_what_does_not_apply_says_why() -> None:
    result = survey(EVIDENCE)
    skipped = {each.kind: each.reason for each in result.not_applicable}
    assert set(skipped) >= {"suspect_label", "leaking_column", "identifier_column"}
    assert all(skipped.values())


def test_one_door_gives_every_kind_that_applies() -> None:
    assert find(EVIDENCE) == survey(EVIDENCE).findings
    assert survey(EVIDENCE).counts == {
        "duplicate": 1,
        "near_duplicate": 1,
        "contradiction": 2,
        "split_leak": 2,
        "thin_label": 2,
    }


@pytest.mark.parametrize("kind", list(findings))
def test_every_kind_stands_nothing_at_all(kind: str) -> None:
    empty = Evidence(
        output=Output.CLASSIFICATION,
        codes=np.empty(0, np.int64),
        held_out=np.empty((0, 2)),
        labels=[],
        repeats=(),
        test=np.empty(0, np.bool_),
        columns={"c": []},
    )
    for evidence in (empty, Evidence(output=Output.NUMBER)):
        assert findings.get(kind).find(evidence) in ((),) or isinstance(
            findings.get(kind).find(evidence), NotApplicable
        )
