"""The demo messages hold the flaws that real files hold, and no others.

MISLABELLED names, by row from 1, the labels that are wrong on purpose and what they should be.
"""

import csv
from collections import Counter

import pytest

from tools.lints.base import ROOT

MISLABELLED = {
    101: ("account", "bug"),
    150: ("refund", "praise"),
    193: ("bug", "delivery"),
    244: ("praise", "refund"),
    260: ("delivery", "refund"),
    280: ("bug", "praise"),
    288: ("account", "delivery"),
    296: ("praise", "bug"),
    326: ("refund", "bug"),
    350: ("delivery", "account"),
}
EXACT_COPIES = [(63, 332), (178, 225)]
NEAR_COPIES = [(70, 245), (125, 271), (127, 336), (272, 322), (321, 340)]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    path = ROOT / "examples" / "support.csv"
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_five_labels_of_similar_size_and_a_few_rows_without(rows: list[dict[str, str]]) -> None:
    counts = Counter(row["label"] for row in rows)
    assert counts.pop("") == 12
    assert set(counts) == {"refund", "delivery", "account", "bug", "praise"}
    assert min(counts.values()) >= 60


def test_the_listed_mistakes_are_where_they_are_said_to_be(rows: list[dict[str, str]]) -> None:
    given = {number: rows[number - 1]["label"] for number in MISLABELLED}
    assert given == {number: wrong for number, (wrong, _) in MISLABELLED.items()}


def test_only_the_listed_rows_are_copies(rows: list[dict[str, str]]) -> None:
    numbers: dict[str, list[int]] = {}
    for number, row in enumerate(rows, start=1):
        numbers.setdefault(row["text"], []).append(number)
    assert sorted(tuple(n) for n in numbers.values() if len(n) > 1) == EXACT_COPIES


def test_near_copies_differ_in_little(rows: list[dict[str, str]]) -> None:
    for pair in NEAR_COPIES:
        first, second = (rows[number - 1]["text"] for number in pair)
        words, others = ({w.strip(".?") for w in t.lower().split()} for t in (first, second))
        assert first != second
        assert len(words & others) >= 0.3 * len(words | others)


def test_messages_vary_in_length_and_are_not_cut_from_one_mould(rows: list[dict[str, str]]) -> None:
    lengths = sorted(len(row["text"]) for row in rows)
    openings = Counter(" ".join(row["text"].lower().split()[:2]) for row in rows)
    assert lengths[15] < 30
    assert lengths[-5] > 300
    assert openings.most_common(1)[0][1] <= 8
