import numpy as np
import pytest

from hotfit.heads.ridge import Ridge
from hotfit.heads.stack import StackedRidge, is_skewed, weigh
from hotfit.types import Features


def test_weights_are_those_of_least_squares_on_the_simplex() -> None:
    rng = np.random.default_rng(0)
    truth = rng.standard_normal(3000)
    columns = truth[:, None] + rng.standard_normal((3000, 3)) * [0.5, 0.6, 2.0]
    weights = weigh(columns, truth)
    assert weights.sum() == pytest.approx(1)
    assert weights.min() >= 0
    inverse = 1 / np.array([0.25, 0.36, 4.0])
    assert weights == pytest.approx(inverse / inverse.sum(), abs=0.03)


def test_a_member_that_is_best_alone_stays_alone() -> None:
    rng = np.random.default_rng(1)
    truth = rng.standard_normal(300)
    good = truth + 0.1 * rng.standard_normal(300)
    columns = np.stack([good, good + 3 * rng.standard_normal(300)], axis=1)
    assert weigh(columns, truth).tolist() == [1, 0]


def test_skewed_positive_quantities_are_also_read_on_a_logarithmic_scale() -> None:
    rng = np.random.default_rng(2)
    values = rng.standard_normal((800, 5)).astype(np.float32)
    truth = np.exp(values @ np.array([1.0, 0.5, 0, 0, 0]) + 0.1 * rng.standard_normal(800))
    assert is_skewed(truth)
    fitted = StackedRidge().fit(Features(values=values), truth, labels=0, groups=np.arange(800))
    plain = Ridge().fit(Features(values=values), truth, labels=0, groups=np.arange(800))
    stacked, alone = (((each.held_out - truth) ** 2).mean() for each in (fitted, plain))
    assert stacked < 0.2 * alone
    assert any(part.factor is not None for part in fitted.model.parts)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "truth", [np.array([1.0, 2.0]), np.array([-1.0, 5.0, 90.0]), np.linspace(1, 2, 50), np.ones(9)]
)
def test_other_quantities_are_not(truth: np.ndarray) -> None:
    assert not is_skewed(truth)


def test_a_row_unlike_all_others_is_not_answered_with_a_number_beyond_measure() -> None:
    rng = np.random.default_rng(3)
    values = rng.standard_normal((300, 2)).astype(np.float32)
    truth = np.exp(2 * values[:, 0].astype(np.float64))
    model = (
        StackedRidge().fit(Features(values=values), truth, labels=0, groups=np.arange(300)).model
    )
    far = model.predict(Features(values=np.full((1, 2), 50, dtype=np.float32)))
    assert far[0] < 20 * truth.max()
