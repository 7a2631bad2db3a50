import numpy as np
import pytest

from hotfit.evaluation.judge import judge
from hotfit.evaluation.learning_curve import CurvePoint
from hotfit.evaluation.verdict import Verdict, needed
from hotfit.types import Output
from tests.evaluation.simulated import alone, classes

JARGON = ("tensor", "epoch", "embedding", "hyperparameter", "regulari", "logit", "gradient")


def _verdict(n: int, k: int, signal: float, *, seed: int = 0, **more: object) -> Verdict:
    codes, scores = classes(n, k, signal=signal, seed=seed)
    names = [f"label {i}" for i in range(k)]
    return judge(Output.CLASSIFICATION, codes, scores, alone(n), names, **more).verdict  # type: ignore[arg-type]


def _guess(n: int, k: int, seed: int) -> Verdict:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, k, n)
    scores = rng.dirichlet(np.ones(k), n)
    return judge(Output.CLASSIFICATION, codes, scores, alone(n), [str(i) for i in range(k)]).verdict


@pytest.mark.parametrize("k", [2, 5, 20])
def test_random_labels_are_a_no_with_many_and_never_a_yes_with_few(k: int) -> None:
    answers = [_guess(500, k, seed).answer for seed in range(40)]
    assert answers.count("no") >= 36
    few = [_guess(40, k, seed).answer for seed in range(40)]
    assert few.count("cannot tell") + few.count("no") >= 36
    assert "yes" not in answers + few


def test_a_strong_signal_is_a_yes() -> None:
    for seed in range(10):
        found = _verdict(400, 4, 4.0, seed=seed)
        assert found.answer == "yes"
        assert found.next_steps[0].split(";")[0] == "nothing needed"


def test_a_weak_signal_with_few_labels_is_not_a_yes_or_no() -> None:
    answers = {_verdict(60, 3, 0.7, seed=seed).answer for seed in range(20)}
    assert answers <= {"not yet", "cannot tell"}


def test_accuracy_that_only_repeats_the_frequent_label_is_a_no() -> None:
    rng = np.random.default_rng(0)
    codes = (rng.random(4000) < 0.13).astype(np.int64)
    spam = rng.beta(1, 9, 4000)
    scores = np.stack([1 - spam, spam], axis=1)
    found = judge(Output.CLASSIFICATION, codes, scores, alone(4000), ["ham", "spam"]).verdict
    assert found.estimate > 0.85
    assert found.answer == "no"
    assert 'always saying "ham"' in found.reasons[0]


def test_a_goal_decides() -> None:
    reached = _verdict(2000, 3, 3.0, goal=0.8)
    assert reached.answer == "yes"
    missed = _verdict(500, 3, 1.5, goal=reached.high)
    assert missed.answer in {"not yet", "no"}
    near = _verdict(300, 3, 1.5)
    unsure = _verdict(300, 3, 1.5, goal=near.estimate)
    assert unsure.answer == "cannot tell"
    assert "more examples" in unsure.next_steps[-1]


def test_a_goal_beyond_a_flat_curve_is_a_no() -> None:
    codes, scores = classes(2000, 3, signal=1.0)
    today = float(np.mean(scores.argmax(axis=1) == codes))
    points = [CurvePoint(labels=n, score=today, spread=0.003) for n in (250, 500, 1000)]
    found = judge(
        Output.CLASSIFICATION, codes, scores, alone(2000), list("abc"), curve=points, goal=0.99
    ).verdict
    assert found.answer == "no"


def test_suspect_labels_set_the_ceiling_and_are_named() -> None:
    found = _verdict(1000, 3, 3.0, suspects=11)
    assert found.ceiling == pytest.approx(0.989)
    step = next(step for step in found.next_steps if "wrong" in step)
    assert step.startswith("check the 11 labels that look wrong")
    assert "98.9 %" in step


def test_next_steps_name_a_label_and_a_gain() -> None:
    found = _verdict(150, 3, 1.0)
    assert found.answer == "not yet"
    assert any('more labels of "label' in step and "point" in step for step in found.next_steps)


def test_the_words_are_plain() -> None:
    for verdict in (_verdict(60, 3, 0.7), _verdict(400, 4, 4.0), _guess(500, 2, 1)):
        for sentence in (*verdict.reasons, *verdict.next_steps):
            assert not any(word in sentence.lower() for word in JARGON)


def test_numbers_are_judged_by_what_they_explain() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(size=300)
    good = judge(Output.NUMBER, truth, truth + rng.normal(size=300) * 0.4, alone(300), []).verdict
    assert (good.answer, good.metric, good.baseline) == ("yes", "r2", 0.0)
    useless = judge(Output.NUMBER, truth, rng.normal(size=300) * 0.1, alone(300), []).verdict
    assert useless.answer == "no"


def test_tags_are_judged_by_micro_f1() -> None:
    rng = np.random.default_rng(0)
    tags = (rng.random((400, 5)) < 0.2).astype(np.int8)
    good = np.clip(0.7 * tags + rng.random(tags.shape) * 0.4, 0, 1)
    found = judge(Output.TAGS, tags, good, alone(400), list("abcde")).verdict
    assert (found.answer, found.metric) == ("yes", "micro_f1")


def test_the_rarer_the_other_labels_the_more_labels_a_no_needs() -> None:
    assert needed(0.5) < needed(0.87) < needed(0.99)


def test_a_rare_label_that_is_told_apart_is_a_yes() -> None:
    rng = np.random.default_rng(0)
    codes = (rng.random(9000) < 0.12).astype(np.int64)
    said = np.clip(rng.normal(0.15 + 0.3 * codes, 0.18), 0.01, 0.99)
    scores = np.stack([1 - said, said], axis=1)
    found = judge(
        Output.CLASSIFICATION,
        codes,
        scores,
        alone(9000),
        ["no", "yes"],
        curve=[CurvePoint(labels=4500, score=0.909, spread=0.004)],
    ).verdict
    skill = (found.estimate - found.baseline) / (1 - found.baseline)
    low = (found.low - found.baseline) / (1 - found.baseline)
    assert 0.1 < low < 0.2 < skill < 0.3
    assert found.answer == "yes"
    assert "rarer labels" in found.reasons[0]
