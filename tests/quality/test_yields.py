import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfit.quality.yields import KAPPA, expected_yield

SHARES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20)


def test_says_what_was_stated_while_nothing_was_looked_at() -> None:
    found = expected_yield([0.9, 0.6, 0.6])
    assert found.expected == pytest.approx(2.1)
    assert found.low < 2.1 < found.high


def test_looks_move_what_is_expected_of_the_rest_as_counting_does() -> None:
    seen = [0.6] * 20
    found = expected_yield([0.6] * 100, accepted=seen[:5], dismissed=seen[5:])
    assert found.expected == pytest.approx(100 * (KAPPA * 0.6 + 5) / (KAPPA + 20))
    assert np.ptp([found.low, found.high]) < np.ptp(
        [expected_yield([0.6] * 100).low, expected_yield([0.6] * 100).high]
    )


@given(SHARES, SHARES)
def test_accepting_never_lowers_and_dismissing_never_raises(
    unseen: list[float], looked: list[float]
) -> None:
    plain = expected_yield(unseen).expected
    up, down = expected_yield(unseen, accepted=looked), expected_yield(unseen, dismissed=looked)
    assert up.expected >= plain - 1e-9
    assert down.expected <= plain + 1e-9


@given(SHARES)
def test_the_range_holds_what_is_expected_and_no_more_than_there_are(unseen: list[float]) -> None:
    found = expected_yield(unseen)
    assert 0 <= found.low <= found.expected <= found.high <= len(unseen)


def test_of_nothing_nothing_is_expected() -> None:
    assert expected_yield([], accepted=[0.5]).expected == 0


def test_stated_chances_that_promise_too_much_are_put_right() -> None:
    rng = np.random.default_rng(0)
    stated = rng.uniform(0.5, 1.0, 400)
    right = rng.random(400) < stated * 0.6
    looked, rest = slice(0, 60), slice(60, None)
    found = expected_yield(
        stated[rest].tolist(),
        accepted=stated[looked][right[looked]].tolist(),
        dismissed=stated[looked][~right[looked]].tolist(),
    )
    assert found.low <= right[rest].sum() <= found.high
