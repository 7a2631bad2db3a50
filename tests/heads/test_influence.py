"""What is said of an answer without some samples equals training again without them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotfit.heads.discriminant import Choice, Discriminant, fit_discriminant
from hotfit.heads.influence import LabelInfluence, Move
from hotfit.types import Codes, Features, Vectors

ABSENT = -1e6


def around_means(
    rows: NDArray[np.float64], codes: Codes, labels: int, choice: Choice
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The means of the labels, and the scatter around them with the penalty."""
    means = np.stack(
        [
            rows[codes == c].mean(axis=0) if (codes == c).any() else rows.mean(axis=0)
            for c in range(labels)
        ]
    )
    residuals = rows - means[codes]
    return means, residuals.T @ residuals + choice.penalty * np.eye(rows.shape[1])


def digits(values: NDArray[np.floating], codes: Codes, labels: int, choice: Choice) -> float:
    """How far two ways to the same scores may differ: as the scatter is ill-conditioned."""
    _, scatter = around_means(values.astype(np.float64), codes, labels, choice)
    return 1e-9 + 1e4 * float(np.finfo(np.float64).eps * np.linalg.cond(scatter))


def refitted(
    values: NDArray[np.floating], codes: Codes, labels: int, choice: Choice, queries: Vectors
) -> NDArray[np.float64]:
    """The scores of a discriminant computed from nothing, each distance by a solve of its own."""
    rows = values.astype(np.float64)
    counts = np.bincount(codes, minlength=labels)
    means, scatter = around_means(rows, codes, labels, choice)
    distances = np.array(
        [[(x - m) @ np.linalg.solve(scatter, x - m) for m in means] for x in queries.astype(float)]
    )
    with np.errstate(divide="ignore"):
        prior = choice.weights[1] * np.maximum(np.log(counts), ABSENT)
    return np.asarray(-choice.weights[0] * len(rows) / 2 * distances + prior)


def drawn(seed: int, n: int, d: int, labels: int) -> tuple[Vectors, Codes, Choice]:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, labels, n)
    values = rng.normal(size=(n, d)).astype(np.float32) + 0.5
    values += rng.normal(size=(labels, d)).astype(np.float32)[codes]
    scale = float(rng.uniform(0.01, 5) * n / d)
    weights = np.array([rng.uniform(0.2, 1.5), rng.uniform(0.2, 1.5)])
    return values, codes, Choice(penalty=scale, weights=weights)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(8, 60),
    d=st.integers(2, 70),
    labels=st.integers(2, 5),
    share=st.floats(0.02, 0.5),
)
def test_leaving_samples_out_equals_a_fit_without_them(
    seed: int, n: int, d: int, labels: int, share: float
) -> None:
    values, codes, choice = drawn(seed, n, d, labels)
    fit = LabelInfluence(values, codes, labels=labels, choice=choice)
    queries = values[:2] + 0.1
    rng = np.random.default_rng(seed)
    gone = np.sort(rng.permutation(n)[: max(1, int(share * n))])
    left = np.setdiff1d(np.arange(n), gone)
    got = fit.without(queries, gone)
    expected = refitted(values[left], codes[left], labels, choice, queries)
    # A label without samples has no mean to be far from: only that it is ruled out counts.
    there = np.bincount(codes[left], minlength=labels) > 0
    rtol = digits(values[left], codes[left], labels, choice)
    np.testing.assert_allclose(got[:, there], expected[:, there], atol=1e-6, rtol=rtol)
    assert (got[:, ~there] < -1e4).all()


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), n=st.integers(8, 40), d=st.integers(2, 40))
def test_relabelled_and_added_samples_equal_a_fit_with_them(seed: int, n: int, d: int) -> None:
    values, codes, choice = drawn(seed, n, d, 3)
    fit = LabelInfluence(values, codes, labels=3, choice=choice)
    other = int((codes[0] + 1) % 3)
    new = values[1].astype(np.float64) + 0.3
    moves = [
        Move(vector=fit.vector(0), code=int(codes[0])),
        Move(vector=fit.vector(0), code=other, enters=True),
        Move(vector=new, code=2, enters=True),
    ]
    changed = codes.copy()
    changed[0] = other
    moved, said = np.vstack([values, new]), np.append(changed, 2)
    after = refitted(moved, said, 3, choice, values[:2])
    there = np.bincount(said, minlength=3) > 0
    got = fit.after(values[:2], moves)
    rtol = digits(moved, said, 3, choice)
    np.testing.assert_allclose(got[:, there], after[:, there], atol=1e-6, rtol=rtol)


def test_the_lead_each_sample_adds_is_the_lead_less_that_without_it() -> None:
    values, codes, choice = drawn(3, 80, 24, 4)
    fit = LabelInfluence(values, codes, labels=4, choice=choice)
    query = values[:1] + 0.2
    now = fit.raw(query)[0]
    effects = fit.effects(query[0], 1, 2)
    for row in range(80):
        left = fit.without(query, np.array([row]))[0]
        lost = (now[1] - now[2]) - (left[1] - left[2])
        assert abs(effects[row] - lost) < 1e-4 * max(1, abs(lost))


def test_the_fit_is_that_of_the_head() -> None:
    values, codes, _ = drawn(5, 120, 30, 3)
    trained, choice = fit_discriminant(values, codes, 3, np.arange(120))
    raw = LabelInfluence(values, codes, labels=3, choice=choice).raw(values)
    scores = np.exp(raw - raw.max(axis=1, keepdims=True))
    scores /= scores.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(scores, trained.model.predict(Features(values=values)), atol=1e-5)


def test_a_saved_model_remembers_what_its_fit_chose() -> None:
    values, codes, _ = drawn(6, 50, 10, 2)
    trained, choice = fit_discriminant(values, codes, 2, np.arange(50))
    loaded = Discriminant().load(trained.model.state())
    assert loaded.choice is not None
    assert loaded.choice.penalty == choice.penalty
    np.testing.assert_array_equal(loaded.choice.weights, choice.weights)
