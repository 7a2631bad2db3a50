"""The samples that pushed an answer, under each head."""

import numpy as np
import pytest
from numpy.typing import NDArray

from hotfit.heads import heads
from hotfit.heads.base import Model, Targets
from hotfit.heads.discriminant import fit_discriminant
from hotfit.heads.neighbours import Memory, NeighboursModel
from hotfit.heads.reasons import Explainer
from hotfit.types import Features, Groups, Output

N = 240


def vectors(seed: int = 0) -> tuple[Features, NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 3, N)
    values = rng.normal(size=(N, 16)) + 0.8 * rng.normal(size=(3, 16))[codes]
    return Features(values=values.astype(np.float32)), codes


def table() -> Features:
    """Quantities with gaps and a category."""
    rng = np.random.default_rng(2)
    values = rng.normal(size=(N, 4)).astype(np.float32)
    values[:, 3] = rng.integers(0, 3, N)
    values[::7, 1] = np.nan
    return Features(values=values, categories=(0, 0, 0, 3))


def explainer(
    head: str, features: Features, targets: Targets, output: Output, groups: Groups
) -> tuple[Explainer, Model]:
    labels = 0 if output is Output.NUMBER else 3
    family = heads.get(head)
    trained = family.fit(features, targets, labels=labels, groups=groups)
    model = family.load(trained.model.state())
    made = Explainer(features, targets, output=output, labels=labels, groups=groups, model=model)
    return made, model


def test_reasons_of_the_instant_head_equal_training_again() -> None:
    features, codes = vectors()
    groups = np.arange(N)
    groups[10:14] = 10
    made, model = explainer("discriminant.v1", features, codes, Output.CLASSIFICATION, groups)
    query = features[np.array([11])]
    found = made.explain(query, label=None, count=8)
    assert found.exact
    np.testing.assert_allclose(found.scores, model.predict(query)[0], atol=1e-6)
    together = next(each for each in found.reasons if 11 in each.rows)
    assert together.rows.tolist() == [10, 11, 12, 13]
    choice = model.choice  # type: ignore[attr-defined]
    for reason in found.reasons:
        left = np.setdiff1d(np.arange(N), reason.rows)
        again = fit_discriminant(
            features.values[left], codes[left], 3, groups[left], choice=choice
        )[0].model.predict(query)[0]
        np.testing.assert_allclose(reason.without, again, atol=1e-6)
        odds = [p[found.label] / (1 - p[found.label]) for p in (found.scores, reason.without)]
        assert reason.weight == pytest.approx(np.log(odds[0] / odds[1]), abs=1e-6)
    weights = [abs(each.weight) for each in found.reasons]
    assert weights == sorted(weights, reverse=True)


def test_reasons_under_neighbours_equal_counting_the_votes_again() -> None:
    features, codes = vectors(3)
    groups = np.arange(N)
    made, model = explainer("neighbours.v1", features, codes, Output.CLASSIFICATION, groups)
    assert isinstance(model, NeighboursModel)
    query = features[np.array([5])]
    found = made.explain(query, label=None, count=6)
    assert found.exact
    np.testing.assert_allclose(found.scores, model.predict(query)[0], atol=1e-5)
    for reason in found.reasons:
        left = np.setdiff1d(np.arange(N), reason.rows)
        base = fit_discriminant(
            features.values[left], codes[left], 3, left, choice=model.discriminant.choice
        )[0].model
        memory = Memory(
            vectors=features.values[left] - base.centre,  # type: ignore[attr-defined]
            codes=codes[left],
            unit=model.memory.unit,
        )
        again = NeighboursModel(discriminant=base, memory=memory, weights=model.weights)  # type: ignore[arg-type]
        np.testing.assert_allclose(reason.without, again.predict(query)[0], atol=1e-5)


def test_the_samples_that_turn_an_answer_turn_it() -> None:
    features, codes = vectors(4)
    made, model = explainer("discriminant.v1", features, codes, Output.CLASSIFICATION, np.arange(N))
    scores = model.predict(features)
    unsure = int(np.argmin(scores.max(axis=1)))
    found = made.explain(features[np.array([unsure])], label=None, count=3)
    assert found.turning is not None
    assert int(np.argmax(found.turning.without)) != found.label
    assert found.turning.weight > 0


@pytest.mark.parametrize("head", ["logistic.v1", "mixture.v1", "linear.v1", "blend.v1"])
def test_a_head_without_a_closed_form_is_stood_in_for_and_says_so(head: str) -> None:
    vectorised = head in {"logistic.v1", "mixture.v1"}
    features, codes = vectors() if vectorised else (table(), None)
    if codes is None:
        values = np.nan_to_num(features.values)
        codes = (values[:, 0] > 0).astype(np.int64) + (values[:, 3] == 1)
    made, _ = explainer(head, features, codes, Output.CLASSIFICATION, np.arange(N))
    found = made.explain(features[np.array([0])], label=None, count=5)
    assert not found.exact
    assert len(found.reasons) == 5
    for reason in found.reasons:
        odds = [p[found.label] / (1 - p[found.label]) for p in (found.scores, reason.without)]
        assert reason.weight == pytest.approx(np.log(odds[0] / odds[1]), abs=1e-6)
        assert reason.weight != 0


@pytest.mark.parametrize(("head", "exact"), [("tag-ridge.v1", True), ("tag-blend.v1", False)])
def test_reasons_of_tags_are_asked_for_tag_by_tag(head: str, exact: bool) -> None:
    features, codes = vectors(5)
    tags = np.eye(3, dtype=np.int8)[codes]
    tags[::9, 1] = -1
    made, model = explainer(head, features, tags, Output.TAGS, np.arange(N))
    query = features[np.array([3])]
    found = made.explain(query, label=2, count=4)
    assert found.exact is exact
    assert found.label == 2
    if exact:
        np.testing.assert_allclose(found.scores, model.predict(query)[0], atol=1e-5)


@pytest.mark.parametrize(("head", "exact"), [("ridge.v1", True), ("stacked-ridge.v1", False)])
def test_reasons_of_a_quantity_are_in_its_unit(head: str, exact: bool) -> None:
    features, _ = vectors(6)
    targets = features.values[:, 0] * 10.0 + features.values[:, 1].astype(np.float64) + 100
    made, model = explainer(head, features, targets.astype(np.float64), Output.NUMBER, np.arange(N))
    query = features[np.array([3])]
    found = made.explain(query, label=None, count=4)
    assert found.exact is exact
    assert found.turning is None
    for reason in found.reasons:
        assert reason.weight == pytest.approx(float(found.scores[0] - reason.without[0]))
    if exact:
        np.testing.assert_allclose(found.scores, model.predict(query), atol=1e-5)


def test_copies_beyond_what_is_left_out_together_stand_alone() -> None:
    features, codes = vectors(7)
    made, _ = explainer(
        "discriminant.v1", features, codes, Output.CLASSIFICATION, np.zeros(N, dtype=np.int64)
    )
    found = made.explain(features[np.array([0])], label=None, count=3)
    assert all(len(reason.rows) == 1 for reason in found.reasons)
