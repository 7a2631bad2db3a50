import numpy as np
import pytest

from hotfit.functions.reading import (
    Labelling,
    RangeReading,
    Reading,
    Spread,
    TagReading,
    restore_reading,
)
from hotfit.heads import heads
from hotfit.types import Features, Output, Prediction, Quantity, Tagging

NOTHING = Features(values=np.zeros((2, 1), dtype=np.float32))


def spread() -> Spread:
    values = np.random.default_rng(0).standard_normal((50, 2)).astype(np.float32)
    trained = heads.get("ridge.v1").fit(
        Features(values=values), values[:, 0].astype(np.float64), labels=0, groups=np.arange(50)
    )
    return Spread(model=trained.model, low=0.5, high=2.0)


def test_the_likeliest_label_is_answered_first() -> None:
    answer = Labelling(labels=("a", "b")).answers(np.array([[0.2, 0.8]]), NOTHING)[0]
    assert isinstance(answer, Prediction)
    assert (answer.label, answer.confidence) == ("b", 0.8)


def test_tags_from_their_own_threshold_on_are_present() -> None:
    reading = TagReading(labels=("a", "b"), thresholds=np.array([0.1, 0.9]))
    first, second = reading.answers(np.array([[0.1, 0.8], [0.05, 0.2]]), NOTHING)
    assert isinstance(first, Tagging)
    assert isinstance(second, Tagging)
    assert [each.label for each in first.present] == ["a"]
    assert [each.label for each in first.labels] == ["b", "a"]
    assert second.present == ()
    assert second.to_json()["label"] is None


def test_a_range_ends_where_no_quantity_can_be_and_holds_its_value() -> None:
    reading = RangeReading(low=-3.0, high=1.0, floor=0.0)
    first, second = reading.answers(np.array([1.0, -5.0]), NOTHING)
    assert first == Quantity(value=1.0, low=0.0, high=2.0)
    assert isinstance(second, Quantity)
    assert second.low <= second.value <= second.high
    assert second.value == 0


def test_a_spread_is_kept_within_what_was_met() -> None:
    values = np.array([[50, 0], [-50, 0]], dtype=np.float32)
    assert spread().of(Features(values=values)).tolist() == pytest.approx([2.0, 0.5])


@pytest.mark.parametrize(
    ("output", "reading"),
    [
        (Output.CLASSIFICATION, Labelling(labels=("a", "b"))),
        (Output.TAGS, TagReading(labels=("a", "b"), thresholds=np.array([0.3, 0.6]))),
        (Output.NUMBER, RangeReading(low=-1.0, high=2.0)),
        (Output.NUMBER, RangeReading(low=-1.0, high=2.0, floor=0.0, spread=spread())),
    ],
)
def test_a_reading_that_was_kept_reads_the_same(output: Output, reading: Reading) -> None:
    features = Features(values=np.array([[0.4, 1.0], [1.0, -1.0]], dtype=np.float32))
    scores = np.array([0.5, 3.0]) if output is Output.NUMBER else np.array([[0.5, 0.5], [0.2, 0.8]])
    again = restore_reading(output, ("a", "b"), reading.state())
    assert again.answers(scores, features) == reading.answers(scores, features)
