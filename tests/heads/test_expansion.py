"""Columns bend, codes spread and gaps speak, and no NaN comes out."""

import numpy as np

from hotfit.heads.expansion import plan_expansion
from hotfit.types import Features
from tests.heads.table_features import mixed


def column(values: list[float], *, codes: int = 0) -> Features:
    return Features(values=np.array(values, dtype=np.float32)[:, None], categories=(codes,))


def test_no_gap_comes_out_of_a_table_full_of_them() -> None:
    features = mixed(400)
    inputs = plan_expansion(features).expand(features)
    assert inputs.shape[1] == plan_expansion(features).size
    assert np.isfinite(inputs).all()


def test_codes_become_one_column_each_and_unseen_ones_none() -> None:
    expansion = plan_expansion(column([0, 0, 0, 1, 1, 1, 2], codes=3))
    unseen = column([0, 1, 2, 9], codes=3)
    np.testing.assert_array_equal(expansion.expand(unseen), [[1, 0], [0, 1], [0, 0], [0, 0]])


def test_gaps_that_are_common_get_a_column() -> None:
    features = column([1, 2, 3, np.nan, np.nan, np.nan, 4])
    np.testing.assert_array_equal(
        plan_expansion(features).expand(features)[:, -1], [0, 0, 0, 1, 1, 1, 0]
    )


def test_bends_climb_from_0_to_1_within_the_range() -> None:
    features = column([float(value) for value in range(100)])
    expansion = plan_expansion(features)
    bent = expansion.expand(features)[:, 1:]
    assert bent.shape[1] >= 3
    np.testing.assert_array_equal(bent[0], 0)
    np.testing.assert_array_equal(bent[-1], 1)


def test_values_beside_a_crowded_one_get_bends() -> None:
    crowded = [0.0] * 950 + [float(value) for value in range(1, 51)]
    assert len(plan_expansion(column(crowded)).bent) >= 3


def test_a_column_that_is_all_gaps_or_all_the_same_is_harmless() -> None:
    values = np.array([[np.nan, 5.0]] * 50, dtype=np.float32)
    features = Features(values=values, categories=(0, 0))
    assert np.isfinite(plan_expansion(features).expand(features)).all()
