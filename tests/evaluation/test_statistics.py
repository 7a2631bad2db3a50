import numpy as np
import pytest

from hotfit.evaluation.statistics import Share, of_labels, of_tags, worth_fixing

TRUE = np.array([0] * 8 + [1] * 8 + [2] * 2)
SAID = np.array([0] * 8 + [1] * 6 + [0, 0] + [1, 1])
NAMES = ("ham", "spam", "eggs")
SCORES = np.eye(3)[SAID]


def test_each_label_has_precision_and_recall_with_ranges() -> None:
    found = of_labels(TRUE, SCORES, NAMES)
    ham, eggs = found["ham"], found["eggs"]
    assert ham.recall is not None
    assert ham.precision is not None
    assert (ham.n, ham.recall.value, ham.precision.value) == (8, 1.0, 0.8)
    assert ham.precision.low < 0.8 < ham.precision.high
    assert (eggs.n, eggs.precision) == (2, None)


def test_a_thin_label_costs_what_it_is_found_worse() -> None:
    found = of_labels(TRUE, SCORES, NAMES)
    assert found["ham"].cost == 0.0
    assert found["eggs"].cost == pytest.approx(2 * (14 / 16) / 18)


def test_confusions_name_both_labels_and_their_share() -> None:
    told = worth_fixing(TRUE, SCORES, NAMES)
    assert [(one["from"], one["to"], one["count"], one["share"]) for one in told] == [
        ("spam", "ham", 2, 0.5),
        ("eggs", "spam", 2, 0.5),
    ]
    assert told[0]["sentence"] == "2 of 8 'spam' are taken for 'ham': 50 % of all mistakes"


def test_tags_count_what_is_stated_alone() -> None:
    tags = np.array([[1, 0], [1, -1], [0, 1]], dtype=np.int8)
    held_out = np.array([[0.9, 0.9], [0.1, 0.9], [0.2, 0.8]])
    found = of_tags(tags, held_out, np.full((3, 2), 0.5), ("a", "b"))
    assert found["a"].recall is not None
    assert found["b"].precision is not None
    assert (found["a"].recall.value, found["b"].precision.value) == (0.5, 0.5)


def test_fewer_samples_have_wider_ranges() -> None:
    few, many = Share.of(3, 4), Share.of(300, 400)
    assert few is not None
    assert many is not None
    assert few.high - few.low > many.high - many.low
    assert Share.of(0, 0) is None
