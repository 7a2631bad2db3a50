"""Calibration weights against a brute search, and what they do to overconfident scores."""

import numpy as np
import pytest

from hotfit.heads.calibration import fit_slope, fit_weights, log_loss, sigmoid, softmax, weigh


def test_overconfident_scores_are_cooled_to_the_truth() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(4000, 3))
    codes = np.array([rng.choice(3, p=row) for row in softmax(logits)])
    weights = fit_weights([logits * 5], codes, start=np.ones(1))
    assert weights[0] == pytest.approx(0.2, rel=0.1)


def test_two_weights_reach_the_least_loss_a_grid_finds() -> None:
    rng = np.random.default_rng(1)
    terms = [rng.normal(size=(300, 4)), rng.normal(size=(300, 4))]
    codes = (2 * terms[0] + 0.5 * terms[1] + rng.gumbel(size=(300, 4))).argmax(axis=1)
    weights = fit_weights(terms, codes, start=np.ones(2))
    grid = [
        log_loss(softmax(weigh(terms, np.array([a, b]))), codes)
        for a in np.arange(0.1, 4, 0.1)
        for b in np.arange(0.1, 2, 0.1)
    ]
    assert log_loss(softmax(weigh(terms, weights)), codes) < min(grid) + 1e-4


def test_a_weight_the_truth_speaks_against_stops_at_its_bound() -> None:
    rng = np.random.default_rng(2)
    good, bad = rng.normal(size=(500, 3)), rng.normal(size=(500, 3))
    codes = (good - bad + rng.gumbel(size=(500, 3))).argmax(axis=1)
    weights = fit_weights([good, bad], codes, start=np.ones(2))
    alone = fit_weights([good], codes, start=np.ones(1))
    assert weights[1] == pytest.approx(1e-3)
    assert weights[0] == pytest.approx(alone[0], rel=0.02)


def test_without_samples_the_weights_stay_as_they_start() -> None:
    empty = np.zeros((0, 3))
    assert (fit_weights([empty], np.zeros(0, dtype=np.int64), start=np.ones(1)) == 1).all()


def test_one_slope_serves_all_stated_tags() -> None:
    rng = np.random.default_rng(3)
    logits = rng.normal(size=(3000, 2))
    tags = (rng.random(logits.shape) < sigmoid(logits)).astype(np.int8)
    tags[rng.random(tags.shape) < 0.3] = -1
    assert fit_slope(logits * 4, tags) == pytest.approx(0.25, rel=0.1)


def test_extreme_logits_do_not_overflow() -> None:
    extreme = np.array([[1e4, -1e4], [-1e4, 1e4]])
    assert np.isfinite(softmax(extreme)).all()
    assert (sigmoid(extreme) == np.array([[1, 0], [0, 1]])).all()
