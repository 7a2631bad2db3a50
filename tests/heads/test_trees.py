"""Trees as arrays score as scikit-learn does, whatever the table holds."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier

from hotfit.heads.calibration import softmax
from hotfit.heads.growing import Grown, Recipe, grow, harvest
from hotfit.heads.trees import average, constant
from hotfit.types import Codes, Features
from tests.heads.table_features import four_labels, mixed, two_labels

RECIPE = Recipe(leaves=6, leaf_samples=5)


def grown_on(features: Features, targets: Codes, *, rounds: int = 8, seed: int = 0) -> Grown:
    watched = (features[:20], targets[:20])
    return grow(
        features, targets, RECIPE, rounds=rounds, watched=watched, patience=rounds, seed=seed
    )


@settings(max_examples=10)
@given(seed=st.integers(0, 1000), four=st.booleans())
def test_scores_equal_scikit_learn_also_for_gaps_and_unseen_codes(seed: int, four: bool) -> None:
    features = mixed(150, seed=seed)
    targets = four_labels(features) if four else two_labels(features, seed=seed)
    grown = grown_on(features, targets, seed=seed)
    fresh = mixed(80, seed=seed + 1).values
    fresh[:5, 4] = 200
    fresh[5:9, 0] = [np.nan, 1e30, -1e30, 0]
    raw = harvest(grown.estimator, rounds=99).raw(Features(values=fresh))
    if raw.shape[1] == 1:
        raw = np.concatenate([np.zeros_like(raw), raw], axis=1)
    np.testing.assert_allclose(softmax(raw), grown.estimator.predict_proba(fresh), atol=1e-6)


def test_numbers_equal_scikit_learn() -> None:
    features = mixed(200)
    targets = np.nan_to_num(features.values[:, 0]).astype(np.float64)
    watched = (features[:20], targets[:20])
    grown = grow(features, targets, RECIPE, rounds=8, watched=watched, patience=8)
    raw = harvest(grown.estimator, rounds=99).raw(features)[:, 0]
    np.testing.assert_allclose(raw, grown.estimator.predict(features.values), atol=1e-6)


def test_fewer_rounds_are_the_first_rounds() -> None:
    features = mixed(200)
    grown = grown_on(features, two_labels(features))
    staged = list(grown.estimator.staged_predict_proba(features.values))
    raw = harvest(grown.estimator, rounds=3).raw(features)[:, 0]
    np.testing.assert_allclose(1 / (1 + np.exp(-raw)), staged[2][:, 1], atol=1e-6)


def test_average_of_forests_scores_their_mean() -> None:
    features = mixed(200)
    forests = [
        harvest(grown_on(features, two_labels(features, seed=s), seed=s).estimator, rounds=s + 2)
        for s in range(3)
    ]
    mean = np.mean([forest.raw(features) for forest in forests], axis=0)
    np.testing.assert_allclose(average(forests).raw(features), mean, atol=1e-9)


@pytest.mark.parametrize("present", [[1, 3], [0, 1, 2, 4]])
def test_labels_a_fold_never_saw_keep_their_prior(present: list[int]) -> None:
    features = mixed(200)
    codes = two_labels(features) if len(present) == 2 else four_labels(features)
    grown = grown_on(features, np.array(present)[codes])
    prior = np.log([0.1, 0.2, 0.3, 0.2, 0.2])
    forest = harvest(grown.estimator, rounds=99)
    raw = forest.widened(present=grown.estimator.classes_, prior=prior).raw(features)
    expected = grown.estimator.predict_proba(features.values)
    np.testing.assert_allclose(softmax(raw[:, present]), expected, atol=1e-6)
    absent = [label for label in range(5) if label not in present]
    assert np.ptp(raw[:, absent], axis=0).max() == 0


def test_forest_without_trees_answers_its_baseline() -> None:
    raw = constant(np.array([0.5, -0.5])).raw(mixed(3))
    np.testing.assert_array_equal(raw, [[0.5, -0.5]] * 3)


@pytest.mark.parametrize("step", ["_preprocess_X", "_bin_data"])
def test_folds_beside_each_other_prepare_one_after_the_other(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What scikit-learn does there with warnings is of the whole process."""
    meeting, together = threading.Barrier(2), list[str]()
    work = getattr(HistGradientBoostingClassifier, step)

    def met(*given: Any, **named: Any) -> Any:
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(0.3)
            together.append(step)
        return work(*given, **named)

    monkeypatch.setattr(HistGradientBoostingClassifier, step, met)
    features = mixed(150)
    with ThreadPoolExecutor(2) as pool:
        folds = [pool.submit(grown_on, features, two_labels(features)) for _ in range(2)]
    assert all(fold.result().losses.size for fold in folds)
    assert together == []
