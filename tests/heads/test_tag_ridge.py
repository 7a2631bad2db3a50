import numpy as np
import pytest

from hotfit.heads.calibration import sigmoid
from hotfit.heads.tag_ridge import TagRidge, calibrate
from hotfit.heads.tagwise import Tagwise
from hotfit.types import Features


def test_held_out_scores_are_those_of_fits_without_the_group() -> None:
    rng = np.random.default_rng(0)
    values = rng.standard_normal((60, 8)).astype(np.float32)
    truth = (values[:, :2] + 0.5 * rng.standard_normal((60, 2)) > 0).astype(np.int8)
    groups = np.arange(60) // 2
    whole = TagRidge().fit(Features(values=values), truth, labels=2, groups=groups)
    off = []
    for group in range(0, 30, 5):
        rest = groups != group
        part = TagRidge().fit(
            Features(values=values[rest]), truth[rest], labels=2, groups=groups[rest]
        )
        alone = part.model.predict(Features(values=values[~rest]))
        off.append(np.abs(alone - whole.held_out[~rest]).max())
    assert np.median(off) < 0.1  # penalty and calibration are chosen anew in each fit
    inside = whole.model.predict(Features(values=values))
    assert (np.abs(inside - truth) < np.abs(whole.held_out - truth)).mean() > 0.6


def test_calibrated_scores_mean_what_they_say() -> None:
    rng = np.random.default_rng(1)
    raw = rng.standard_normal((20_000, 2)) * 0.2
    truth = (rng.random(raw.shape) < sigmoid(raw * 9 - np.array([1.0, 3.0]))).astype(np.int8)
    slope, shift = calibrate(raw, truth)
    assert slope == pytest.approx([9, 9], rel=0.1)
    assert shift == pytest.approx([-1, -3], abs=0.15)


def test_a_frequent_tag_that_is_hard_to_tell_is_not_called_sure() -> None:
    rng = np.random.default_rng(4)
    n, rare = 2_500, 27
    wide = 0.3 * rng.standard_normal(n)  # what says little, of a tag that a third have
    narrow = 0.02 * rng.standard_normal((n, rare))
    raw = np.column_stack([wide, narrow])
    often = rng.random(n) < sigmoid(2.0 * wide - 0.7)
    seldom = rng.random((n, rare)) < sigmoid(60 * narrow - 3.5)
    truth = np.column_stack([often, seldom]).astype(np.int8)
    slope, shift = calibrate(raw, truth)
    said = sigmoid(slope[0] * raw[:, 0] + shift[0])
    for low, high in ((0.2, 0.35), (0.35, 0.5), (0.5, 0.8)):
        part = (said >= low) & (said < high)
        assert truth[part, 0].mean() == pytest.approx(said[part].mean(), abs=0.08)
    assert said.max() < 0.95


def test_a_tag_nobody_states_is_unlikely_and_harms_no_other() -> None:
    rng = np.random.default_rng(2)
    values = rng.standard_normal((100, 4)).astype(np.float32)
    truth = np.full((100, 2), -1, dtype=np.int8)
    truth[:, 0] = values[:, 0] > 0
    for head in (TagRidge(), Tagwise()):
        trained = head.fit(Features(values=values), truth, labels=2, groups=np.arange(100))
        right = (trained.held_out[:, 0] > 0.5) == (truth[:, 0] == 1)
        assert right.mean() > 0.9
        assert np.isfinite(trained.held_out).all()


def test_a_sample_that_states_nothing_of_a_tag_does_not_teach_it() -> None:
    rng = np.random.default_rng(3)
    values = rng.standard_normal((200, 4)).astype(np.float32)
    truth = (values[:, :1] > 0).astype(np.int8)
    truth[100:] = -1
    short, groups = slice(0, 100), np.arange(200)
    both = Tagwise().fit(Features(values=values), truth, labels=1, groups=groups)
    half = Tagwise().fit(
        Features(values=values[short]), truth[short], labels=1, groups=groups[short]
    )
    new = Features(values=rng.standard_normal((20, 4)).astype(np.float32))
    assert (both.model.predict(new) == half.model.predict(new)).all()
    assert (both.held_out[100:] == half.model.predict(Features(values=values[100:]))).all()
