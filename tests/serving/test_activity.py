import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfit.answers import LabelConfidence, Prediction, Quantity, Tagging
from hotfit.serving import activity as module
from hotfit.serving.activity import LABELS, MINUTES, OTHERS, Activity, Minute
from tests.keys.conftest import Clock


def said(label: str, confidence: float) -> Prediction:
    return Prediction(label=label, confidence=confidence)


def test_calls_are_counted_by_minute() -> None:
    clock = Clock()
    activity = Activity(clock)
    activity.called("f", status=200, seconds=0.01, samples=3)
    activity.called("f", status=429, seconds=1.0)
    clock.time += 60
    activity.called("f", status=200, seconds=0.02)
    activity.called("g", status=200, seconds=0.02)
    first, second = activity.of("f", minutes=2).values()
    assert (first.calls, first.samples, first.errors) == (1, 3, {429: 1})
    assert (second.calls, second.samples) == (1, 1)
    assert list(activity.of("f", minutes=1).values()) == [second]
    assert activity.of("unknown", minutes=60) == {}


@given(st.lists(st.floats(1e-4, 90.0), min_size=1), st.sampled_from([0.5, 0.95, 0.99, 1.0]))
def test_quantiles_are_as_exact_as_the_bins(seconds: list[float], share: float) -> None:
    activity = Activity(Clock())
    for each in seconds:
        activity.called("f", status=200, seconds=each)
    (minute,) = activity.of("f", minutes=1).values()
    found = minute.latency(share)
    ordered = sorted(seconds)
    exact = ordered[next(n for n in range(len(ordered)) if n + 1 >= share * len(ordered))]
    assert found == pytest.approx(exact, rel=0.1)


@pytest.mark.parametrize("seconds", [0.0, -1.0, 1e9])
def test_times_beyond_the_bins_count_in_the_last_one(seconds: float) -> None:
    activity = Activity(Clock())
    activity.called("f", status=200, seconds=seconds)
    (minute,) = activity.of("f", minutes=1).values()
    assert sum(minute.latencies) == 1


def test_nothing_was_answered_in_no_time() -> None:
    assert Minute().latency(0.5) is None


def test_labels_and_confidences_are_counted() -> None:
    activity = Activity(Clock())
    tags = (LabelConfidence("x", 1.0), LabelConfidence("y", 0.0))
    activity.answered("f", [said("a", 0.51), said("a", 0.99), Tagging(present=tags)])
    activity.answered("f", [Quantity(value=1.0, low=0.0, high=2.0)])
    (minute,) = activity.of("f", minutes=1).values()
    assert minute.labels == {"a": 2, "x": 1, "y": 1}
    assert (minute.confidences[10], minute.confidences[19], minute.confidences[0]) == (1, 2, 1)


def test_labels_beyond_the_first_share_one_place() -> None:
    activity = Activity(Clock())
    activity.answered("f", [said(f"label {n}", 0.5) for n in range(LABELS + 40)])
    activity.answered("f", [said("label 0", 0.5)])
    (minute,) = activity.of("f", minutes=1).values()
    assert len(minute.labels) == LABELS + 1
    assert (minute.labels[OTHERS], minute.labels["label 0"]) == (40, 2)


def test_a_day_is_kept_and_no_more() -> None:
    clock = Clock()
    activity = Activity(clock)
    for _ in range(MINUTES + 10):
        clock.time += 60
        activity.called("f", status=200, seconds=0.01)
    assert len(activity.of("f", minutes=10 * MINUTES)) == MINUTES


def test_the_oldest_minutes_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 5)
    clock = Clock()
    activity = Activity(clock)
    for number in range(20):
        clock.time += 60
        activity.called(f"f{number % 4}", status=200, seconds=0.01)
    assert sum(len(activity.of(f"f{n}", minutes=100)) for n in range(4)) == 5
    assert len(activity.of("f3", minutes=1)) == 1


def test_a_clock_that_is_put_back_breaks_nothing() -> None:
    clock = Clock()
    activity = Activity(clock)
    activity.called("f", status=200, seconds=0.01)
    clock.time -= 100_000
    activity.called("f", status=200, seconds=0.01)
    assert len(activity.of("f", minutes=1)) == 2
