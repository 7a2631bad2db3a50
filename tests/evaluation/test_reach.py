import numpy as np
import pytest

from hotfit.evaluation.learning_curve import CurvePoint, fit_curve
from hotfit.evaluation.reach import reach, with_range


def curve(*, floor: float = 0.0) -> list[CurvePoint]:
    sizes = (125, 250, 500, 1000)
    errors = [0.2 * (floor + (1 - floor) * (n / 1000) ** -0.5) for n in sizes]
    return [
        CurvePoint(labels=n, score=1 - e, spread=0.002) for n, e in zip(sizes, errors, strict=True)
    ]


def test_the_labels_of_a_power_law_are_found_again() -> None:
    found = reach(fit_curve(curve()), 0.9)
    assert found.needed is not None
    assert found.low is not None
    assert found.low <= found.needed
    assert found.needed == pytest.approx(3000, rel=0.35)
    assert "about" in found.sentence


def test_a_target_that_is_reached_needs_nothing() -> None:
    assert reach(fit_curve(curve()), 0.75).needed == 0
    assert "is reached" in reach(fit_curve(curve()), 0.75).sentence


def test_scores_are_named_as_what_they_are() -> None:
    assert reach(fit_curve(curve()), 0.75).sentence == "75 % is reached: it is 80 % today."
    for metric, told in (("r2", "R2"), ("micro_f1", "micro F1")):
        found = reach(fit_curve(curve()), 0.75, metric=metric)
        assert found.sentence == f"{told} 0.75 is reached: it is {told} 0.8 today."


def test_a_range_names_its_metric_once() -> None:
    assert with_range(0.868, 0.8561, 0.88, "accuracy") == "86.8 % (85.6 to 88.0)"
    assert with_range(0.4338, 0.409, 0.459, "micro_f1") == "micro F1 0.434 (0.409 to 0.459)"


def test_a_target_below_the_floor_is_out_of_reach() -> None:
    found = reach(fit_curve(curve(floor=0.9)), 0.99)
    assert found.needed is None
    assert "beyond" in found.sentence or "at least" in found.sentence


def test_the_labels_that_make_most_errors_are_named() -> None:
    counts = np.array([100.0, 100.0, 100.0, 100.0])
    found = reach(
        fit_curve(curve()),
        0.9,
        names=["a", "b", "c", "d"],
        counts=counts,
        hits=counts - [1, 30, 2, 20],
    )
    assert found.mostly == ("b",)
    assert 'mostly "b"' in found.sentence
