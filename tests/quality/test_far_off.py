from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from hotfit.quality.far_off import far_off

TAILS: dict[str, Callable[[np.random.Generator, int], NDArray[np.float64]]] = {
    "normal": lambda rng, n: rng.standard_normal(n),
    "log-normal": lambda rng, n: rng.lognormal(0, 2, n),
    "Pareto": lambda rng, n: rng.pareto(1.2, n) + 1,
    "counts": lambda rng, n: rng.poisson(0.3, n).astype(np.float64),
    "mostly nothing": lambda rng, n: np.where(rng.random(n) < 0.95, 0.0, rng.lognormal(5, 1, n)),
}


def salaries(n: int = 1000) -> NDArray[np.float64]:
    return np.random.default_rng(0).lognormal(11, 0.4, n).round(-2)


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("n", [120, 1000, 10_000])
def test_a_heavy_tail_is_no_mistake(tail: str, n: int) -> None:
    rng = np.random.default_rng(1)
    found = sum(bool(far_off(TAILS[tail](rng, n)).any()) for _ in range(40))
    assert found <= 1


@pytest.mark.parametrize("wrong", [500_000_000, 1e11, -1e9])
def test_a_quantity_off_by_digits_is_found(wrong: float) -> None:
    quantities = salaries()
    quantities[[3, 700]] = wrong
    assert np.flatnonzero(far_off(quantities)).tolist() == [3, 700]


def test_an_expensive_one_is_kept() -> None:
    quantities = salaries()
    quantities[3] = 6 * quantities.max()
    assert not far_off(quantities).any()


def test_many_far_ones_are_the_data() -> None:
    quantities = salaries()
    quantities[:50] = 500_000_000
    assert not far_off(quantities).any()


@pytest.mark.parametrize("quantities", [np.zeros(0), np.zeros(300), np.array([1.0, 1e12])])
def test_nothing_is_found_where_nothing_can_be_told(quantities: NDArray[np.float64]) -> None:
    assert not far_off(quantities).any()
