"""What several heads say together, and when the nearest samples are worth asking."""

import numpy as np

from hotfit.heads.calibration import log_loss
from hotfit.heads.discriminant import Discriminant
from hotfit.heads.logistic import Logistic
from hotfit.heads.mixture import Mixture, MixtureModel, weights_of
from hotfit.heads.neighbours import Neighbours, remember
from hotfit.testing.heads import HeadContract
from hotfit.types import Features


class TestMixture(HeadContract):
    head = Mixture()
    tolerance = 0.02  # a member stops at a loss, not at a point


def corners(*, apart: float) -> tuple[Features, np.ndarray]:
    """Two labels in four clusters: opposite corners share one."""
    rng = np.random.default_rng(0)
    corner = rng.integers(0, 4, 400)
    values = np.stack([corner % 2, corner // 2], axis=1) * apart + rng.normal(size=(400, 2))
    return Features(values=values.astype(np.float32)), (corner % 2 ^ corner // 2).astype(np.int64)


def shells(d: int = 30) -> tuple[Features, np.ndarray]:
    """Three labels that planes tell apart, in more dimensions than nearness can judge."""
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 3, 200)
    values = 3 * np.eye(3, d)[codes] + rng.normal(size=(200, d))
    return Features(values=values.astype(np.float32)), codes


def test_it_is_no_worse_than_the_best_of_its_members() -> None:
    for features, codes in (corners(apart=6), shells()):
        labels = int(codes.max()) + 1
        lost = {
            head.name: log_loss(
                head.fit(features, codes, labels=labels, groups=np.arange(len(codes))).held_out,
                codes,
            )
            for head in (Discriminant(), Logistic(), Neighbours(), Mixture())
        }
        assert lost.pop("mixture.v1") < min(lost.values()) + 0.005


def test_votes_are_asked_only_where_they_help() -> None:
    for features, codes, asked in ((*corners(apart=6), True), (*shells(), False)):
        labels = int(codes.max()) + 1
        model = Mixture().fit(features, codes, labels=labels, groups=np.arange(len(codes))).model
        assert isinstance(model, MixtureModel)
        assert (model.memory is not None) is asked
        assert (model.share > 0) is asked


def test_the_linear_members_are_one_linear_model() -> None:
    features, codes = shells()
    groups = np.arange(len(codes))
    members = [
        head.fit(features, codes, labels=3, groups=groups) for head in (Discriminant(), Logistic())
    ]
    votes = remember(features.values - features.values.mean(axis=0), codes, 3, groups)[1]
    terms = [*(np.log(np.maximum(each.held_out, 1e-30)) for each in members), votes]
    weights = weights_of(terms, codes)
    logits = sum(
        weight * np.log(each.model.predict(features))
        for weight, each in zip(weights, members, strict=False)
    )
    naive = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    model = Mixture().fit(features, codes, labels=3, groups=groups).model
    np.testing.assert_allclose(model.predict(features), naive, atol=2e-4)


def test_a_label_without_a_sample_stays_impossible() -> None:
    features, codes = corners(apart=6)
    trained = Mixture().fit(features, codes, labels=3, groups=np.arange(len(codes)))
    assert (trained.model.predict(features)[:, 2] == 0).all()
    assert (trained.held_out[:, 2] == 0).all()
