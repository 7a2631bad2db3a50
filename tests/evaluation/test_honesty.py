from pathlib import Path

import pytest

from benchmarks.honesty import run


@pytest.mark.journey
def test_ranges_hold_and_verdicts_are_right_on_small_tasks_of_a_real_table(
    shared_data: Path,
) -> None:
    found = run(draws=8, seed=0, names=("titanic",))
    assert found["draws"] == 8
    assert found["coverage"] >= 0.75
    assert found["verdict_right"] >= 0.75
    assert found["width"] < 2 * found["width_plain"]
