"""Votes weigh as much as they are right, and gold answers stay."""

import numpy as np
import pytest

from hotfit.labeling.weak import ABSTAIN, combine


def test_better_rules_weigh_more_and_gold_stays() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 2000)
    votes = np.full((2000, 3), ABSTAIN)
    for rule, right in enumerate((0.95, 0.6, 0.6)):
        speaks = rng.random(2000) < 0.7
        said = np.where(rng.random(2000) < right, truth, 1 - truth)
        votes[speaks, rule] = said[speaks]
    gold = np.where(np.arange(2000) < 100, truth, ABSTAIN)
    found = combine(votes, gold, labels=2, names=["good", "poor", "poorer"])
    accuracy = [rule.accuracy for rule in found.rules]
    assert accuracy[0] == pytest.approx(0.95, abs=0.05)
    assert accuracy[1] == pytest.approx(0.6, abs=0.1)
    voted = found.voted & (gold == ABSTAIN)
    majority = np.array([np.bincount(row[row >= 0], minlength=2).argmax() for row in votes[voted]])
    ours = (found.scores[voted].argmax(axis=1) == truth[voted]).mean()
    assert ours > (majority == truth[voted]).mean()
    assert np.allclose(found.scores.sum(axis=1), 1)


def test_a_rule_that_never_votes_is_worth_nothing() -> None:
    votes = np.array([[0, ABSTAIN], [1, ABSTAIN], [ABSTAIN, ABSTAIN]])
    gold = np.array([0, ABSTAIN, ABSTAIN])
    found = combine(votes, gold, labels=2, names=["one", "silent"])
    assert found.rules[1].accuracy is None
    assert found.voted.tolist() == [True, True, False]
    assert found.rules[0].judged == 1
