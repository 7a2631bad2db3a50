"""Boosting judges itself on rows it has not seen and comes back the same from its state."""

import json

import numpy as np

from hotfit.heads.boosting import Boosting, best_round
from hotfit.heads.calibration import log_loss
from hotfit.types import Features, State
from tests.heads.table_features import four_labels, mixed, two_labels


def groups(features: Features) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.arange(len(features), dtype=np.int64)


def test_learns_labels_better_than_their_shares() -> None:
    features = mixed(300)
    codes = two_labels(features)
    trained = Boosting().fit(features, codes, labels=2, groups=groups(features))
    fresh = mixed(300, seed=9)
    shares = np.tile(np.bincount(codes) / 300, (300, 1))
    truth = two_labels(fresh, seed=9)
    assert log_loss(trained.model.predict(fresh), truth) < log_loss(shares, truth) - 0.1
    assert log_loss(trained.held_out, codes) < log_loss(shares, codes) - 0.1


def test_held_out_scores_of_random_labels_promise_nothing() -> None:
    features = mixed(300)
    codes = np.random.default_rng(1).integers(0, 2, 300)
    trained = Boosting().fit(features, codes, labels=2, groups=groups(features))
    assert log_loss(trained.held_out, codes) > np.log(2) - 0.03


def test_held_out_scores_do_not_see_the_other_rows_of_a_group() -> None:
    half = mixed(120)
    twice = Features(values=np.concatenate([half.values] * 2), categories=half.categories)
    codes = np.tile(np.random.default_rng(1).integers(0, 2, 120), 2)
    pairs = np.tile(np.arange(120), 2)
    trained = Boosting().fit(twice, codes, labels=2, groups=pairs)
    assert log_loss(trained.held_out, codes) > np.log(2) - 0.03


def test_state_is_data_and_predicts_the_same() -> None:
    features = mixed(150)
    model = Boosting().fit(features, four_labels(features), labels=4, groups=groups(features)).model
    state = model.state()
    read = State(arrays=dict(state.arrays), parameters=json.loads(json.dumps(state.parameters)))
    assert all(array.dtype != object for array in state.arrays.values())
    np.testing.assert_array_equal(Boosting().load(read).predict(features), model.predict(features))


def test_label_with_a_single_sample_is_scored() -> None:
    features = mixed(120)
    codes = two_labels(features)
    codes[7] = 2
    trained = Boosting().fit(features, codes, labels=3, groups=groups(features))
    assert trained.held_out.shape == (120, 3)
    np.testing.assert_allclose(trained.held_out.sum(axis=1), 1)
    assert trained.held_out[7, 2] < 0.2


def test_numbers_come_back_in_their_own_units() -> None:
    features = mixed(300)
    targets = 1e5 + 2e4 * np.nan_to_num(features.values[:, 0]).astype(np.float64)
    trained = Boosting().fit(features, targets, labels=0, groups=groups(features))
    assert np.std(trained.held_out - targets) < 0.5 * np.std(targets)
    np.testing.assert_allclose(trained.model.predict(features).mean(), targets.mean(), rtol=0.01)


def test_constant_target_is_answered() -> None:
    features = mixed(40)
    trained = Boosting().fit(features, np.full(40, 7.0), labels=0, groups=groups(features))
    np.testing.assert_allclose(trained.model.predict(features), 7)


def test_best_round_is_that_of_the_mean_curve() -> None:
    assert best_round([np.array([3.0, 2, 1, 2]), np.array([3.0, 2, 2])]) == 2
    assert best_round([]) == 0
