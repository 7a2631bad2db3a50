"""Paired decisions: against Tango's published example, against simulation, and in their limits."""

import numpy as np
import pytest

from hotfit.behaviour.pairing import hold_pace, surely_below, tango


def naive(won: int, lost: int, n: int, margin: float) -> float:
    """Tango's z with the constrained likelihood searched on a grid, not solved."""
    grid = np.linspace(1e-9, (1 - margin) / 2 - 1e-9, 400_001)
    rest = n - won - lost
    told = won * np.log(grid) + lost * np.log(grid + margin) + rest * np.log(1 - 2 * grid - margin)
    q = float(grid[np.argmax(told)])
    spread = n * (2 * q + margin * (1 - margin))
    return (lost - won - n * margin) / float(np.sqrt(spread))


@pytest.mark.parametrize(
    ("won", "lost", "n", "margin"), [(1, 4, 200, 0.01), (12, 20, 500, 0.05), (3, 3, 60, 0.1)]
)
def test_the_score_test_is_that_of_the_likelihood(
    won: int, lost: int, n: int, margin: float
) -> None:
    assert tango(won, lost, n, margin) == pytest.approx(naive(won, lost, n, margin), abs=2e-3)


def test_a_version_that_loses_more_than_chance_fails() -> None:
    decision = hold_pace(2, 14, 400, margin=0.01, alarm=0.05)
    assert decision.outcome == "fail"
    assert 0 < decision.stated <= 0.06


def test_one_that_is_not_behind_passes_also_where_nothing_differs() -> None:
    assert hold_pace(0, 0, 20, margin=0.01, alarm=0.05).outcome == "pass"
    assert hold_pace(5, 5, 400, margin=0.01, alarm=0.05).outcome == "pass"


def test_a_loss_that_is_surely_small_passes() -> None:
    assert surely_below(4, 6, 20_000, margin=0.01, alarm=0.05)
    assert hold_pace(4, 6, 20_000, margin=0.01, alarm=0.05).outcome == "pass"


def test_a_small_loss_on_few_rows_cannot_be_told_and_says_what_would_decide() -> None:
    decision = hold_pace(2, 5, 200, margin=0.01, alarm=0.05)
    assert decision.outcome == "cannot_tell"
    assert decision.more is not None
    times = (200 + decision.more) / 200
    many = hold_pace(
        int(2 * times), int(np.ceil(5 * times)), int(200 * times), margin=0.01, alarm=0.05
    )
    assert many.outcome == "fail"
