import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotfit.quality.label_noise import _posterior, fit_labeller, wrong_probability
from tests.quality.worlds import world


@pytest.mark.parametrize("rate", [0.03, 0.1, 0.2])
def test_the_rate_of_mistakes_is_found(rate: float) -> None:
    made = world(rate=rate)
    found = float(wrong_probability(made.codes, made.held_out).mean())
    assert found == pytest.approx(made.wrong.mean(), abs=0.03)


def test_hard_labels_without_mistakes_are_not_called_wrong() -> None:
    made = world(rate=0.0, n=3000)
    hard = made.codes >= 2
    assert (wrong_probability(made.codes, made.held_out)[hard] > 0.5).mean() < 0.02


def test_a_labeller_who_confuses_two_labels_is_recognised() -> None:
    made = world(rate=0.0, k=5, n=2000)
    rng = np.random.default_rng(1)
    codes = made.codes.copy()
    codes[(codes == 0) & (rng.random(len(codes)) < 0.3)] = 1
    transition = fit_labeller(codes, 0.94 * made.held_out + 0.012).transition
    assert transition[0, 1] == max(transition[0, 1:])


@given(st.integers(2, 5), st.integers(1, 12), st.integers(0, 999))
def test_the_posterior_is_bayes_rule(k: int, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    sharp = rng.dirichlet(np.ones(k), n)
    transition = rng.dirichlet(np.ones(k), k)
    codes = rng.integers(0, k, n)
    posterior, log_likelihood = _posterior(sharp, codes, transition, np.zeros(k))
    for i in range(n):
        joint = [sharp[i, z] * transition[z, codes[i]] for z in range(k)]
        assert np.allclose(posterior[i], np.array(joint) / max(sum(joint), 1e-6))
        assert log_likelihood[i] == pytest.approx(np.log(max(sum(joint), 1e-6)))


@settings(max_examples=25)
@given(st.integers(2, 6), st.integers(1, 30), st.integers(0, 999))
def test_every_answer_is_a_probability(k: int, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = wrong_probability(rng.integers(0, k, n), rng.dirichlet(np.full(k, 0.05), n))
    assert ((found >= 0) & (found <= 1)).all()


def test_a_part_of_many_samples_is_enough_to_fit() -> None:
    made = world(n=9000, rate=0.1)
    found = wrong_probability(made.codes, made.held_out)
    assert len(found) == 9000
    assert found.mean() == pytest.approx(0.1, abs=0.03)
