"""How probable it is that each label is wrong: a model of the labeller, fitted by EM.

A sample of true label z was labelled y with probability T[z, y] (Dawid and Skene 1979; Natarajan
et al. 2013). With q_i(z) the probability of z given the content of sample i,

    P(label i wrong) = 1 - T[y, y] q_i(y) / sum_z T[z, y] q_i(z),
    T = (1 - e) I + e R

where e is the share of wrong labels and R[z, .] says what z is mistaken for. R is pulled to a
prior: half any label, half the labels that z resembles. Held-out probabilities p are calibrated
to the labels as they are, mistakes included, so they are sharpened, q ~ p^b, with the mildest b
within one standard error of the likeliest: certainty that the labels contradict is what separates
mistakes from samples that are hard. What every sample gives a label whatever its content (a low
quantile of p over samples of other labels) is a trace of mistakes too, and is taken off first.
Where mistakes turn out to be confusions of like labels, q_i(y) is given a floor, so that a sample
about which nothing is known does not outrank a clear mistake.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Codes, Scores

Floats = NDArray[np.float64]

_SHARPENINGS = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0)
_FIRST_RATE = 0.05
_MOST_RATE = 0.45
_RATE_PULL = (0.4, 20.0)  # as if 0.4 of 20 labels had been wrong
_PRIOR_MISTAKES = 3.0
_PRIOR_SHARE = 0.02  # of the samples of a label, added to that
_STEPS = 12
_ROUGH_STEPS = 5
_MOST_FITTED = 4000
_FLOOR = 0.1
_CHANCE_MARGIN = 0.15
_BLOCK = 8192
_TINY = 1e-6
_GROUND_PART = 0.05
_MOST_GROUND = 0.2


@dataclass(frozen=True, kw_only=True)
class Labeller:
    """How labels came about: T (k, k), the sharpening b, and the floor under q_i(y), (k,)."""

    transition: Floats
    sharpening: float
    floor: Floats

    @property
    def rate(self) -> float:
        """The share of labels that are wrong."""
        return float(1 - self.transition[0, 0])


def wrong_probability(codes: Codes, probabilities: Scores, *, seed: int = 0) -> Floats:
    """Give the probability that each of n labels is wrong from (n, k) held-out probabilities."""
    n = len(codes)
    rows = np.arange(n)
    if n > _MOST_FITTED:
        rows = np.sort(np.random.default_rng(seed).choice(n, _MOST_FITTED, replace=False))
    ground = _ground(codes[rows], probabilities[rows])
    labeller = fit_labeller(codes[rows], _above(probabilities[rows], ground))
    wrong = np.empty(n)
    for start in range(0, n, _BLOCK):
        part = slice(start, start + _BLOCK)
        sharp = _sharpen(_above(probabilities[part], ground), labeller.sharpening)
        posterior, _ = _posterior(sharp, codes[part], labeller.transition, labeller.floor)
        wrong[part] = 1 - posterior[np.arange(len(posterior)), codes[part]]
    return wrong


def fit_labeller(codes: Codes, probabilities: Scores) -> Labeller:
    """Fit T and b to n labels and (n, k) held-out probabilities."""
    k = probabilities.shape[1]
    nothing = np.zeros(k)
    transitions, likelihoods = [], []
    for b in _SHARPENINGS:
        sharp = _sharpen(probabilities, b)
        transition = _fit_transition(
            sharp, codes, _prior_mistakes(sharp, codes), nothing, steps=_ROUGH_STEPS
        )
        transitions.append(transition)
        likelihoods.append(_posterior(sharp, codes, transition, nothing)[1])
    chosen = _mildest(likelihoods)
    sharp = _sharpen(probabilities, _SHARPENINGS[chosen])
    frequency = np.bincount(codes, minlength=k) / len(codes)
    floor = _FLOOR * _confusion(sharp, codes, transitions[chosen]) * frequency
    transition = _fit_transition(sharp, codes, _prior_mistakes(sharp, codes), floor, steps=_STEPS)
    return Labeller(transition=transition, sharpening=_SHARPENINGS[chosen], floor=floor)


def _ground(codes: Codes, probabilities: Scores) -> Floats:
    """Return what each label is given whatever the content is, (k,): a trace of mistakes."""
    k = probabilities.shape[1]
    ground = np.zeros(k)
    for code in range(k):
        others = probabilities[codes != code, code]
        if len(others):
            ground[code] = min(float(np.quantile(others, _GROUND_PART)), _MOST_GROUND / k)
    return ground


def _above(probabilities: Scores, ground: Floats) -> Floats:
    """Take off the ground and let each row sum to 1."""
    raised: Floats = np.maximum(probabilities - ground, _TINY)
    raised /= raised.sum(axis=1, keepdims=True)
    return raised


def _mildest(likelihoods: list[Floats]) -> int:
    """Pick the first candidate whose log likelihoods are within one standard error of the best."""
    best = int(np.argmax([values.mean() for values in likelihoods]))
    for index, values in enumerate(likelihoods[:best]):
        lead = likelihoods[best] - values
        if lead.mean() <= lead.std() / np.sqrt(len(lead)):
            return index
    return best


def _sharpen(probabilities: Scores, b: float) -> Floats:
    logits = b * np.log(np.maximum(probabilities, _TINY))
    sharp: Floats = np.exp(logits - logits.max(axis=1, keepdims=True))
    sharp /= sharp.sum(axis=1, keepdims=True)
    return sharp


def _prior_mistakes(sharp: Floats, codes: Codes) -> Floats:
    """Guess what each label is mistaken for, (k, k), before any mistake was seen."""
    k = sharp.shape[1]
    frequency = np.bincount(codes, minlength=k) / len(codes)
    anything = np.tile((frequency + 1 / k) / 2, (k, 1))
    alike = sharp.T @ sharp
    return (_off_diagonal(anything) + _off_diagonal(alike)) / 2


def _off_diagonal(weights: Floats) -> Floats:
    """Clear the diagonal and let each row sum to 1."""
    np.fill_diagonal(weights, 0.0)
    shares: Floats = weights / np.maximum(weights.sum(axis=1, keepdims=True), _TINY)
    return shares


def _fit_transition(
    sharp: Floats, codes: Codes, prior: Floats, floor: Floats, *, steps: int
) -> Floats:
    """Alternate between who was mislabelled as what (E) and T (M)."""
    n, k = sharp.shape
    weight = _PRIOR_MISTAKES + _PRIOR_SHARE * n / k
    transition = _transition(_FIRST_RATE, prior)
    order = np.argsort(codes, kind="stable")
    present, starts = np.unique(codes[order], return_index=True)
    for _ in range(steps):
        posterior, _ = _posterior(sharp, codes, transition, floor)
        mistakes = np.zeros((k, k))
        mistakes[:, present] = np.add.reduceat(posterior[order], starts, axis=0).T
        np.fill_diagonal(mistakes, 0.0)
        rate = min((mistakes.sum() + _RATE_PULL[0]) / (n + _RATE_PULL[1]), _MOST_RATE)
        seen = mistakes.sum(axis=1, keepdims=True) + weight
        transition = _transition(rate, (mistakes + weight * prior) / seen)
    return transition


def _transition(rate: float, mistakes: Floats) -> Floats:
    transition = rate * mistakes
    np.fill_diagonal(transition, 1 - rate)
    return transition


def _posterior(
    sharp: Floats, codes: Codes, transition: Floats, floor: Floats
) -> tuple[Floats, Floats]:
    """P(true label | content, given label), (n, k), and the log likelihood of each label, (n,)."""
    rows = np.arange(len(codes))
    joint = sharp * transition.T[codes]
    joint[rows, codes] += floor[codes] * transition[codes, codes]
    likelihood = np.maximum(joint.sum(axis=1), _TINY)
    return joint / likelihood[:, None], np.log(likelihood)


def _confusion(sharp: Floats, codes: Codes, transition: Floats) -> float:
    """Tell from 0 (any label) to 1 (always the runner-up) what clear mistakes say instead."""
    k = sharp.shape[1]
    if k < 3:
        return 0.0
    rows = np.arange(len(codes))
    posterior, _ = _posterior(sharp, codes, transition, np.zeros(k))
    wrong = 1 - posterior[rows, codes]
    above = (sharp > sharp[rows, codes][:, None]).sum(axis=1)
    clear = (wrong > 0.5) & (above > 0)
    share = float(wrong[clear & (above == 1)].sum() / max(wrong[clear].sum(), _TINY))
    chance = 1 / (k - 1) + _CHANCE_MARGIN
    return max(0.0, (share - chance) / (1 - chance)) if chance < 1 else 0.0
