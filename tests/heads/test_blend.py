"""The blend keeps what the held-out scores ask for."""

import json

import numpy as np

from hotfit.heads.blend import Blend, choose, mix
from hotfit.heads.boosting import affordable
from hotfit.types import Features, State
from tests.heads.table_features import mixed, two_labels


def test_state_is_data_and_predicts_the_same() -> None:
    features = mixed(200)
    trained = Blend().fit(features, two_labels(features), labels=2, groups=np.arange(200))
    state = trained.model.state()
    read = State(arrays=dict(state.arrays), parameters=json.loads(json.dumps(state.parameters)))
    again = Blend().load(read).predict(features)
    np.testing.assert_array_equal(again, trained.model.predict(features))


def test_a_head_that_knows_is_kept_alone() -> None:
    codes = np.array([0, 1] * 50)
    knows = np.where(codes[:, None] == [0, 1], 0.98, 0.02)
    guesses = np.random.default_rng(0).dirichlet([1, 1], 100)
    assert choose({"a": knows, "b": guesses}, codes, number=False) == {"a": 1.0}
    assert choose({"a": guesses, "b": knows}, codes, number=False) == {"b": 1.0}


def test_heads_that_err_apart_are_mixed() -> None:
    codes = np.zeros(200, dtype=np.int64)
    one, two = np.full((200, 2), [0.95, 0.05]), np.full((200, 2), [0.95, 0.05])
    one[:20], two[20:40] = [0.1, 0.9], [0.1, 0.9]
    weights = choose({"a": one, "b": two}, codes, number=False)
    assert 0.2 < weights["a"] < 0.8
    assert weights["a"] + weights["b"] == 1


def test_numbers_are_mixed_by_their_mean() -> None:
    scores = {"a": np.array([1.0, 2.0]), "b": np.array([3.0, 6.0])}
    mixed_scores = mix(scores, {"a": 0.5, "b": 0.5}, number=True)
    np.testing.assert_array_equal(mixed_scores, [2, 4])


def test_with_very_many_labels_the_linear_head_stands_alone() -> None:
    rng = np.random.default_rng(0)
    assert affordable(Features(values=rng.normal(size=(2_000, 20)).astype(np.float32)), labels=10)
    assert not affordable(Features(values=np.zeros((20_000, 20), dtype=np.float32)), labels=1_000)
    assert choose({"linear.v1": np.full((4, 2), 0.5)}, np.zeros(4, np.int64), number=False) == {
        "linear.v1": 1.0
    }
