from dataclasses import replace

import numpy as np
import pytest

from hotfit.quality import Evidence, NotApplicable, Severity, noise_ceiling, suspect_labels
from hotfit.quality.kinds import is_counted
from hotfit.quality.suspect_label import SuspectLabel
from hotfit.types import Output
from tests.quality.worlds import world


def average_precision(truth: np.ndarray, score: np.ndarray) -> float:
    ranked = truth[np.argsort(-score, kind="stable")]
    return float((np.cumsum(ranked) / np.arange(1, len(ranked) + 1))[ranked].mean())


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_wrong_labels_rank_before_hard_ones(seed: int) -> None:
    made = world(seed=seed)
    found = suspect_labels(made.codes, made.held_out)
    own = made.held_out[np.arange(len(made.codes)), made.codes]
    assert average_precision(made.wrong, found.score) >= average_precision(made.wrong, -own) - 0.01


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.1])
def test_says_how_many_are_wrong(rate: float) -> None:
    made = world(rate=rate, n=2500)
    found = suspect_labels(made.codes, made.held_out)
    assert found.wrong / 2500 == pytest.approx(made.wrong.mean(), abs=0.03)
    if rate:
        really = made.wrong[found.flagged].mean()
        assert found.wrong_flagged / len(found.flagged) == pytest.approx(really, abs=0.1)


@pytest.mark.parametrize("rate", [0.05, 0.1])
def test_a_second_opinion_never_makes_it_promise_too_much(rate: float) -> None:
    made = world(rate=rate, n=2500)
    found = suspect_labels(made.codes, made.held_out, vectors=made.vectors)
    assert found.wrong / 2500 == pytest.approx(made.wrong.mean(), abs=0.03)
    assert found.wrong_flagged / len(found.flagged) < made.wrong[found.flagged].mean() + 0.05


def test_neighbours_that_know_nothing_hardly_sway_the_order() -> None:
    made = world(rate=0.1)
    noise = np.random.default_rng(0).normal(size=made.vectors.shape).astype(np.float32)
    alone = suspect_labels(made.codes, made.held_out)
    found = suspect_labels(made.codes, made.held_out, vectors=noise)
    before = average_precision(made.wrong, alone.score)
    assert average_precision(made.wrong, found.score) >= before - 0.02


def test_neighbours_that_know_more_than_the_head_are_heard() -> None:
    made = world(rate=0.1, spread=0.4)
    guesses = np.random.default_rng(0).dirichlet(np.ones(4), len(made.codes))
    blunt = 0.1 * made.held_out + 0.9 * guesses
    alone = suspect_labels(made.codes, blunt)
    found = suspect_labels(made.codes, blunt, vectors=made.vectors)
    before = average_precision(made.wrong, alone.score)
    assert average_precision(made.wrong, found.score) >= before + 0.2


def test_suggests_the_label_that_the_content_says() -> None:
    made = world(rate=0.05, spread=0.4)
    found = suspect_labels(made.codes, made.held_out)
    flagged = found.flagged
    assert (found.suggested[flagged] == made.held_out[flagged].argmax(axis=1)).all()


def test_samples_without_a_label_are_never_suspect() -> None:
    made = world()
    codes = made.codes.copy()
    codes[::3] = -1
    found = suspect_labels(codes, made.held_out, vectors=made.vectors)
    assert not found.score[::3].any()
    assert found.score.any()


def test_a_label_with_two_samples_is_thin_not_wrong() -> None:
    made = world(k=4, rate=0.0)
    codes = made.codes.copy()
    codes[codes == 3] = 2
    codes[:2] = 3
    assert not set(suspect_labels(codes, made.held_out).flagged.tolist()) & {0, 1}


def test_copies_of_two_texts_are_not_wrong() -> None:
    codes = np.repeat([0, 1], 60)
    without_own = np.where(np.eye(2, dtype=bool)[codes], 0.02, 0.98)
    assert suspect_labels(codes, without_own, groups=codes).flagged.tolist() == []


def test_copies_do_not_vouch_for_each_other() -> None:
    made = world(rate=0.0, spread=0.4)
    vectors = np.concatenate([made.vectors, np.repeat(made.vectors[:1], 5, axis=0)])
    false = (made.codes[0] + 1) % 4
    codes = np.concatenate([made.codes, np.full(5, false)])
    codes[0] = false
    held_out = np.concatenate([made.held_out, np.repeat(made.held_out[:1], 5, axis=0)])
    groups = np.concatenate([np.arange(len(made.codes)), np.zeros(5, dtype=np.int64)])
    kept = suspect_labels(codes, held_out, vectors=vectors, groups=groups)
    loose = suspect_labels(codes, held_out, vectors=vectors)
    assert kept.score[0] > loose.score[0]


@pytest.mark.parametrize("n", [0, 1])
def test_next_to_nothing_is_no_trouble(n: int) -> None:
    found = suspect_labels(np.zeros(n, dtype=np.int64), np.full((n, 2), 0.5))
    assert found.flagged.tolist() == []


def test_the_ceiling_falls_with_the_mistakes() -> None:
    clean, noisy = world(rate=0.0), world(rate=0.15)
    assert noise_ceiling(clean.codes, clean.held_out).accuracy > 0.97
    assert noise_ceiling(noisy.codes, noisy.held_out).accuracy == pytest.approx(0.85, abs=0.04)


def test_the_finding_names_both_labels_and_no_content() -> None:
    made = world(rate=0.05, spread=0.4)
    found = SuspectLabel().find(
        Evidence(
            output=Output.CLASSIFICATION, labels="abcd", codes=made.codes, held_out=made.held_out
        )
    )
    assert not isinstance(found, NotApplicable)
    row = found[0].samples[0]
    assert made.wrong[row]
    assert found[0].label == "abcd"[made.codes[row]]
    assert found[0].suggested == "abcd"[made.held_out[row].argmax()]
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)


def test_doubtful_labels_are_listed_after_those_that_look_wrong() -> None:
    made = world(rate=0.08)
    evidence = Evidence(
        output=Output.CLASSIFICATION, labels="abcd", codes=made.codes, held_out=made.held_out
    )
    found = SuspectLabel().find(evidence)
    assert not isinstance(found, NotApplicable)
    looks_wrong = [is_counted(each.kind, each.score) for each in found]
    assert looks_wrong == sorted(looks_wrong, reverse=True)
    assert set(looks_wrong) == {True, False}
    assert {each.severity for each in found if not is_counted(each.kind, each.score)} == {
        Severity.HINT
    }
    listed = [each.samples[0] for each in found]
    assert made.wrong[listed].sum() > made.wrong[listed[: sum(looks_wrong)]].sum()


def test_another_head_that_agrees_with_the_label_takes_a_doubt_back() -> None:
    made = world(rate=0.05, spread=0.4)
    evidence = Evidence(
        output=Output.CLASSIFICATION, labels="abcd", codes=made.codes, held_out=made.held_out
    )
    alone = SuspectLabel().find(evidence)
    assert not isinstance(alone, NotApplicable)
    (row,) = alone[0].samples
    second = made.held_out.copy()
    second[row] = np.eye(4)[made.codes[row]]
    both = SuspectLabel().find(replace(evidence, second=second))
    assert not isinstance(both, NotApplicable)
    scores = {each.samples[0]: each.score for each in both}
    assert scores.get(row, 0.0) < alone[0].score


def test_does_not_apply_without_held_out_scores() -> None:
    found = SuspectLabel().find(Evidence(output=Output.CLASSIFICATION, codes=np.zeros(3, np.int64)))
    assert isinstance(found, NotApplicable)


def test_few_samples_of_many_labels_are_not_called_wrong() -> None:
    codes = np.arange(60) % 20
    sure = np.full((60, 20), 0.001)
    sure[np.arange(60), (codes + 1) % 20] = 0.981
    assert suspect_labels(codes, sure).flagged.tolist() == []


def test_the_same_evidence_weighs_more_for_a_label_of_many_samples() -> None:
    many = world(n=2000, rate=0.08, spread=0.4)
    few = np.concatenate(
        [np.flatnonzero((many.codes == 0) & (many.wrong == wrong))[:4] for wrong in (True, False)]
    )
    codes = many.codes.copy()
    codes[codes == 0] = 1
    codes[few] = 0
    whole, thin = (suspect_labels(one, many.held_out).score[few] for one in (many.codes, codes))
    assert (thin[:4] < whole[:4]).all()
