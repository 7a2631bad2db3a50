"""The linear head is honest about rows it has not seen, and comes back the same."""

import json

import numpy as np

from hotfit.heads.calibration import log_loss
from hotfit.heads.linear import Linear
from hotfit.types import State
from tests.heads.table_features import four_labels, mixed, two_labels

EACH = np.arange(400, dtype=np.int64)


def test_learns_two_labels_and_promises_what_it_holds() -> None:
    features, fresh = mixed(400), mixed(400, seed=5)
    trained = Linear().fit(features, two_labels(features), labels=2, groups=EACH)
    promised = log_loss(trained.held_out, two_labels(features))
    found = log_loss(trained.model.predict(fresh), two_labels(fresh, seed=5))
    assert found < 0.5
    assert abs(promised - found) < 0.1


def test_random_labels_promise_nothing() -> None:
    codes = np.random.default_rng(2).integers(0, 3, 400)
    trained = Linear().fit(mixed(400), codes, labels=3, groups=EACH)
    assert log_loss(trained.held_out, codes) > np.log(3) - 0.03


def test_rows_of_one_group_are_held_out_together() -> None:
    features = mixed(400)
    twice = features[np.tile(EACH[:200], 2)]
    codes = np.tile(np.random.default_rng(2).integers(0, 2, 200), 2)
    trained = Linear().fit(twice, codes, labels=2, groups=np.tile(EACH[:200], 2))
    assert log_loss(trained.held_out, codes) > np.log(2) - 0.03


def test_one_group_alone_still_trains() -> None:
    features = mixed(30)
    trained = Linear().fit(
        features, two_labels(features), labels=2, groups=np.zeros(30, dtype=np.int64)
    )
    np.testing.assert_allclose(trained.held_out.sum(axis=1), 1)


def test_state_is_data_and_predicts_the_same() -> None:
    features = mixed(400)
    model = Linear().fit(features, four_labels(features), labels=4, groups=EACH).model
    state = model.state()
    read = State(arrays=dict(state.arrays), parameters=json.loads(json.dumps(state.parameters)))
    np.testing.assert_array_equal(Linear().load(read).predict(features), model.predict(features))


def test_numbers_come_back_in_their_own_units() -> None:
    features = mixed(400)
    targets = 1e5 + 2e4 * np.nan_to_num(features.values[:, 0]).astype(np.float64)
    trained = Linear().fit(features, targets, labels=0, groups=EACH)
    assert np.std(trained.held_out - targets) < 0.2 * np.std(targets)
    np.testing.assert_allclose(trained.model.predict(features).mean(), targets.mean(), rtol=0.01)
