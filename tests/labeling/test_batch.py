"""A batch says what it is worth, in whole sentences."""

import pytest

from hotfit.labeling.batch import Pick, judged, unjudged

PICKS = [Pick(row=row, reason="unsure", scores=None) for row in range(5)]


@pytest.mark.parametrize(
    ("count", "told"),
    [(1, "Label this one: it stands for"), (5, "Label these 5: they stand for")],
)
def test_what_is_labelled_first_stands_for_the_rest(count: int, told: str) -> None:
    batch = unjudged(PICKS[:count])
    assert batch.sentence.startswith(told)
    assert (batch.gain, batch.stop) == (None, False)


def test_a_gain_too_small_to_tell_is_not_told_as_nothing() -> None:
    one = judged(PICKS[:1], error=0.3, known=900, labels=10)
    assert one.gain is not None
    assert 0 < one.gain < 0.001
    assert one.sentence == "Labelling this one would add under 0.1 points."
    five = judged(PICKS, error=0.5, known=10, labels=3)
    assert five.sentence.startswith("Labelling these 5 would add about ")


def test_many_answers_of_a_sure_head_are_enough() -> None:
    batch = judged(PICKS, error=0.002, known=2_000, labels=3)
    assert batch.stop
    assert batch.sentence == "You can stop: twice the labels would add under 0.5 points."
