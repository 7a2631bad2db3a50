"""Decisions against the sums they stand for, and the false alarms they state."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotfit.behaviour.deciding import hold_ceiling, hold_floor, stated_alarm

floors = st.sampled_from([0.05, 0.3, 0.5, 0.8, 0.9, 0.97])


def chances(n: int, p: float) -> list[float]:
    return [comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]


@settings(max_examples=60)
@given(st.integers(1, 120), floors, st.data())
def test_the_outcome_is_that_of_the_sums(n: int, floor: float, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, n))
    each = chances(n, floor)
    below = sum(each[:hits]) + each[hits] / 2
    expected = "fail" if below <= 0.05 else "pass" if 1 - below <= 0.05 else "cannot_tell"
    assert hold_floor(hits, n, floor, alarm=0.05).outcome == expected


@settings(max_examples=40)
@given(st.integers(1, 120), floors, st.sampled_from([0.01, 0.05, 0.2]))
def test_the_stated_alarm_is_the_chance_to_fail_at_the_floor(
    n: int, floor: float, alarm: float
) -> None:
    each = chances(n, floor)
    failing = [k for k in range(n + 1) if hold_floor(k, n, floor, alarm=alarm).outcome == "fail"]
    assert failing == list(range(len(failing)))
    assert stated_alarm(n, floor, alarm) == pytest.approx(sum(each[k] for k in failing), abs=1e-12)


@pytest.mark.parametrize(("hits", "n", "floor"), [(19, 20, 0.9), (88, 100, 0.9), (5, 6, 0.5)])
def test_the_samples_that_are_asked_for_decide(hits: int, n: int, floor: float) -> None:
    decision = hold_floor(hits, n, floor)
    assert decision.outcome == "cannot_tell"
    assert decision.more is not None
    size = n + decision.more
    told = "pass" if hits / n > floor else "fail"
    # Whole numbers on the far side of the share decide with no fewer than one sample's slack.
    far = np.ceil(hits / n * size) if told == "pass" else np.floor(hits / n * size)
    assert hold_floor(int(far), size, floor).outcome == told
    assert hold_floor(round(hits / n * (size // 2)), size // 2, floor).outcome == "cannot_tell"


def test_nothing_decides_where_the_share_is_the_floor_or_nothing_is_there() -> None:
    assert hold_floor(9, 10, 0.9).more is None
    empty = hold_floor(0, 0, 0.9)
    assert (empty.outcome, empty.more, empty.share) == ("cannot_tell", None, 0.0)


def test_a_ceiling_is_the_floor_of_the_rest() -> None:
    assert hold_ceiling(0, 200, 0.05).outcome == "pass"
    assert hold_ceiling(20, 200, 0.05).outcome == "fail"
    assert hold_ceiling(9, 200, 0.05).outcome == "cannot_tell"
