from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import datasets

from hotfit.quality import Evidence, NotApplicable, Severity
from hotfit.quality.leaking_column import LeakingColumn, foretold
from hotfit.types import Cell, Codes, Output

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 3, 300)
DRAWN = RNG.bit_generator.state


@pytest.fixture(autouse=True)
def _same_draws() -> None:
    """A test draws the same whichever tests ran before it in this process."""
    RNG.bit_generator.state = DRAWN


def leaks(columns: Mapping[str, Sequence[Cell]], codes: Codes = LABELS) -> dict[str, Severity]:
    found = LeakingColumn().find(
        Evidence(output=Output.CLASSIFICATION, labels="abc", codes=codes, columns=columns)
    )
    assert not isinstance(found, NotApplicable)
    return {f.column: f.severity for f in found if f.column is not None}


def quantity_leaks(cells: Sequence[Cell], target: np.ndarray) -> list[Severity]:
    found = LeakingColumn().find(
        Evidence(output=Output.NUMBER, target=target, columns={"c": cells})
    )
    assert not isinstance(found, NotApplicable)
    return [f.severity for f in found]


def test_the_label_under_another_name_is_certain() -> None:
    assert leaks({"c": [f"group {code}" for code in LABELS]}) == {"c": Severity.CERTAIN}


def test_finer_labels_are_certain() -> None:
    fine = [f"{code}-{part}" for code, part in zip(LABELS, RNG.integers(0, 5, 300), strict=True)]
    assert leaks({"c": fine}) == {"c": Severity.CERTAIN}


def test_a_code_number_of_the_label_is_certain() -> None:
    assert leaks({"c": [int(code) * 10 for code in LABELS]}) == {"c": Severity.CERTAIN}


def test_a_reason_filled_in_for_one_label_only_is_certain() -> None:
    binary = (LABELS == 2).astype(np.int64)
    reason = [["price", "service"][i % 2] if code else None for i, code in enumerate(binary)]
    assert leaks({"c": reason}, binary) == {"c": Severity.CERTAIN}


def test_a_counter_of_rows_sorted_by_label_is_certain() -> None:
    assert leaks({"id": [float(i) for i in range(300)]}, np.sort(LABELS)) == {
        "id": Severity.CERTAIN
    }


def test_a_counter_of_shuffled_rows_is_no_leak() -> None:
    assert leaks({"id": [float(i) for i in range(300)]}) == {}


def test_a_number_that_cuts_cleanly_is_only_likely() -> None:
    assert leaks({"c": (LABELS + 0.9 * RNG.random(300)).tolist()}) == {"c": Severity.LIKELY}


def test_strong_but_honest_columns_are_kept() -> None:
    noisy = np.where(RNG.random(300) < 0.04, RNG.integers(0, 3, 300), LABELS)
    assert (
        leaks({"c": [str(code) for code in noisy], "d": (LABELS + RNG.normal(size=300)).tolist()})
        == {}
    )


def test_free_text_that_never_repeats_is_no_leak() -> None:
    assert leaks({"c": [f"text {i} on {code}" for i, code in enumerate(LABELS)]}) == {}


def test_few_rows_or_a_rare_label_prove_nothing() -> None:
    assert leaks({"c": ["a", "b"] * 10}, np.array([0, 1] * 10)) == {}
    rare = np.zeros(300, dtype=np.int64)
    rare[:3] = 1
    assert leaks({"c": [str(code) for code in rare]}, rare) == {}


def test_rows_without_a_label_are_left_aside() -> None:
    codes = LABELS.copy()
    codes[::4] = -1
    assert leaks({"c": [str(code) for code in LABELS]}, codes) == {"c": Severity.CERTAIN}


@pytest.mark.parametrize("name", ["load_iris", "load_wine", "load_breast_cancer", "load_digits"])
def test_nothing_leaks_in_honest_measurements(name: str) -> None:
    data = getattr(datasets, name)()
    columns = {str(f): data.data[:, j].tolist() for j, f in enumerate(data.feature_names)}
    assert leaks(columns, data.target.astype(np.int64)) == {}


def test_the_quantity_in_other_units_is_certain() -> None:
    target = RNG.random(200)
    assert quantity_leaks((target * 1.8 + 32).tolist(), target) == [Severity.CERTAIN]


def test_a_near_copy_of_the_quantity_is_likely_and_a_good_predictor_is_kept() -> None:
    target = RNG.random(200)
    close = target + 0.01 * RNG.normal(size=200)
    good = target + 0.1 * RNG.normal(size=200)
    assert quantity_leaks(close.tolist(), target) == [Severity.LIKELY]
    assert quantity_leaks(good.tolist(), target) == []
    assert quantity_leaks([1.0] * 200, target) == []


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), min_size=1, max_size=30))
def test_foretelling_agrees_with_asking_the_other_rows(rows: list[tuple[int, int]]) -> None:
    right, asked = 0, 0
    for i, (value, label) in enumerate(rows):
        others = [other for j, (v, other) in enumerate(rows) if v == value and j != i]
        if others:
            asked += 1
            rivals = [others.count(other) for other in set(others) - {label}]
            right += label in others and others.count(label) > max(rivals, default=0)
    values, labels = (np.array(side, dtype=np.int64) for side in zip(*rows, strict=True))
    found = foretold(values, labels)
    assert found == pytest.approx((right / asked if asked else 0.0, asked / len(rows)))


def test_does_not_apply_without_a_table_or_a_target() -> None:
    for evidence in (
        Evidence(output=Output.CLASSIFICATION, codes=LABELS),
        Evidence(output=Output.CLASSIFICATION, columns={"c": ["a"]}),
    ):
        assert isinstance(LeakingColumn().find(evidence), NotApplicable)
