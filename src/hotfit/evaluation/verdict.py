"""Can ML do this? The honest answer, why, and the cheapest next step.

All scores are turned into a skill: the part of the trivial baseline's error that is removed,
    skill = (score - baseline) / (1 - baseline),
so that 86.6 % among 87 % ham is no skill at all. For labels a second view counts: balanced skill,
(balanced accuracy - 1/k) / (1 - 1/k). USEFUL = 0.2 is a fifth of the trivial errors.

yes          skill surely >= USEFUL, or sure and likely >= USEFUL where balanced skill is surely
             so and one label is FREQUENT; no goal missed, and little left to gain where
             skill < 0.5
not yet      surely above the baseline, but less than useful, or more labels are forecast to help
             much, or a goal is within the forecast but not reached
no           no sign of signal, less than USEFUL with 80 % confidence, and enough labels that a
             useful one would have shown with 80 % probability (power, Cohen 1988); or a signal
             surely below USEFUL that more labels will not lift; or a goal beyond the forecast for
             five times the labels
cannot tell  everything else: too few labels for the question
"""

from dataclasses import dataclass
from typing import Literal

from hotfit.evaluation.baseline import Baseline
from hotfit.evaluation.intervals import HELD_OUT, Range
from hotfit.evaluation.learning_curve import Curve, More

Answer = Literal["yes", "not yet", "no", "cannot tell"]

USEFUL = 0.2
FREQUENT = 0.8
"""Share of one label from which the others count for little in rightness."""

MATERIAL = 0.3
"""A forecast for five times the labels that removes this part of today's errors is worth it."""

LITTLE = 0.1
"""A forecast for five times the labels that removes less of today's errors is not worth it."""

WORTH_SAYING = 0.0005
"""A gain below this rounds to nothing in the sentence that would promise it."""

BELIEVABLE = 0.2
"""Share of suspect labels above which correcting them all is no forecast but a guess."""

_POWER = (1.959964 + 0.841621) ** 2
_FEWEST = 20


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer with its evidence; scores from 0 to 1, `next_steps` and `reasons` sentences.

    `ceiling` is the best score that the labels as they stand allow.
    """

    answer: Answer
    metric: str
    estimate: float
    low: float
    high: float
    baseline: float
    ceiling: float
    next_steps: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a verdict rests on: n samples in `groups` groups, `suspects` of them suspect.

    `skill` and `balanced` are parts of the trivial error removed; `more` the cheapest labels.
    """

    metric: str
    score: Range
    skill: Range
    balanced: Range | None
    baseline: Baseline
    groups: int
    n: int
    suspects: int
    curve: Curve
    more: More | None
    goal: float | None


def percent(share: float) -> str:
    """A share as people read it: 98.6 %."""
    return f"{100 * share:.1f} %"


def decide(evidence: Evidence) -> Verdict:
    """Weigh the evidence."""
    answer, reason = _answer(evidence)
    return Verdict(
        answer=answer,
        metric=evidence.metric,
        estimate=evidence.score.estimate,
        low=evidence.score.low,
        high=evidence.score.high,
        baseline=evidence.baseline.score,
        ceiling=1 - evidence.suspects / evidence.n,
        next_steps=_next_steps(evidence, answer),
        reasons=(reason,),
    )


def needed(baseline: float) -> float:
    """Independent samples after which a useful signal would show with 80 % probability.

    A head with skill s differs from a baseline that scores b on at least s (1 - b) of the samples,
    so the paired difference has at least that variance: 7.85 * widening / (s (1 - b)).
    """
    return _POWER * HELD_OUT / (USEFUL * max(1 - baseline, 1e-3))


def surely_useless(view: Range) -> bool:
    """Whether a skill is under USEFUL with 80 % confidence: estimate + 0.84 standard errors."""
    standard_error = (view.high - view.low) / (2 * 1.959964)
    return view.estimate + 0.841621 * standard_error < USEFUL


def _answer(evidence: Evidence) -> tuple[Answer, str]:
    views = [evidence.skill] if evidence.balanced is None else [evidence.skill, evidence.balanced]
    if evidence.groups < _FEWEST:
        return "cannot tell", f"{evidence.groups} different examples are too few to judge by"
    if all(view.low <= 0 for view in views):
        return _without_signal(evidence, views)
    hopeful = evidence.curve.gain(5)
    reach = evidence.skill.estimate + hopeful * (1 - evidence.skill.estimate)
    if all(view.high < USEFUL for view in views) and reach < USEFUL:
        start = "better than" if evidence.skill.low > 0 else "right hardly more often than"
        return "no", (
            f"{start} {_trivial(evidence)}: too little to be of use, and five times the labels "
            "are not forecast to change that"
        )
    if evidence.goal is not None:
        return _against_goal(evidence, evidence.goal)
    return _useful(evidence, hopeful)


def _without_signal(evidence: Evidence, views: list[Range]) -> tuple[Answer, str]:
    seen = evidence.groups >= needed(evidence.baseline.score)
    if seen and all(surely_useless(view) for view in views):
        return "no", (
            f"no better than {_trivial(evidence)}, although {evidence.n:,} labels are "
            "enough to show a useful signal"
        )
    return "cannot tell", (
        f"not surely better than {_trivial(evidence)}; {evidence.n:,} labels are too few to say"
    )


def _against_goal(evidence: Evidence, goal: float) -> tuple[Answer, str]:
    score = evidence.score
    if score.low >= goal:
        return "yes", f"surely above the goal of {percent(goal)}"
    if score.high >= goal:
        return "cannot tell", f"the goal of {percent(goal)} lies within the range"
    far = evidence.curve.forecast(5 * evidence.n)
    if far.high < goal:
        return "no", (
            f"the goal of {percent(goal)} is beyond the {percent(far.high)} that five times the "
            "labels could bring at best"
        )
    return "not yet", f"below the goal of {percent(goal)}, which more labels may reach"


def _useful(evidence: Evidence, hopeful: float) -> tuple[Answer, str]:
    skill = evidence.skill
    settled = skill.estimate >= 0.5 or hopeful < MATERIAL
    if skill.low >= USEFUL and settled:
        return "yes", f"{_lead(evidence, percent(skill.low))} {_trivial(evidence)}"
    if _tells_rare_ones(evidence) and settled:
        return "yes", (
            f"surely better than {_trivial(evidence)}, and the rarer labels are told apart too"
        )
    if hopeful >= MATERIAL:
        far = evidence.curve.forecast(5 * evidence.n)
        return "not yet", (
            f"the signal is real, and five times the labels are forecast to bring "
            f"{percent(far.score)}"
        )
    return "not yet", "the signal is real, but not yet surely strong enough to be of use"


def _tells_rare_ones(evidence: Evidence) -> bool:
    """Whether labels of all frequencies are told apart, at a gain that is sure and likely useful.

    One label in eight leaves so little to gain in rightness that its range tells little.
    """
    skill, balanced = evidence.skill, evidence.balanced
    likely = skill.low > 0 and skill.estimate >= USEFUL
    rare = evidence.baseline.score >= FREQUENT
    return rare and likely and balanced is not None and balanced.low >= USEFUL


def _lead(evidence: Evidence, part: str) -> str:
    if evidence.metric == "r2":
        return f"at least {part} of the squared error is gone that is left by"
    return f"makes at least {part} fewer mistakes than"


def _trivial(evidence: Evidence) -> str:
    if evidence.metric == "r2":
        return f"always answering the mean ({evidence.baseline.says})"
    return f'always saying "{evidence.baseline.says}" ({percent(evidence.baseline.score)})'


def _next_steps(evidence: Evidence, answer: Answer) -> tuple[str, ...]:
    fix = [_fix(evidence)] if evidence.suspects else []
    if answer == "yes":
        return ("; ".join(["nothing needed", *_grow(evidence, answer)]), *fix)
    if answer == "no":
        return (*fix, "give each example more to learn from, or check that the labels are right")
    if answer == "cannot tell":
        return (*fix, f"label about {_short(evidence):,} more examples, then ask again")
    return (*fix, *_grow(evidence, answer))


def _fix(evidence: Evidence) -> str:
    part = evidence.suspects / evidence.n
    one = evidence.suspects == 1
    noun, nouns = ("quantity", "quantities") if evidence.metric == "r2" else ("label", "labels")
    those = f"{noun} that looks" if one else f"{evidence.suspects:,} {nouns} that look"
    check = f"check the {those} wrong"
    best = min(1.0, evidence.score.estimate + part)
    gain = best - evidence.score.estimate
    if evidence.metric == "r2" or gain < WORTH_SAYING or part > BELIEVABLE:
        return check
    return (
        f"{check}: {'it caps' if one else 'they cap'} any score at {percent(1 - part)}, and "
        f"correcting {'it' if one else 'them'} could add up to {_points(gain)}"
    )


def _points(gain: float) -> str:
    """A gain in percentage points as people read it."""
    points = f"{100 * gain:.1f}"
    return f"{points} {'point' if points == '1.0' else 'points'}"


def _short(evidence: Evidence) -> int:
    """How many more samples the question needs; the range narrows with their square root."""
    goal, score = evidence.goal, evidence.score
    wanted = max(needed(evidence.baseline.score), 1.5 * evidence.groups, evidence.groups + 20.0)
    if goal is not None and score.low < goal <= score.high:
        distance = max(abs(score.estimate - goal), 0.1 * score.width)
        wanted = evidence.groups * max(1.2, (score.width / 2 / distance) ** 2)
    return max(10, int(10 * round((wanted - evidence.groups) / 10)))


def _grow(evidence: Evidence, answer: Answer) -> list[str]:
    steps = []
    if evidence.more is not None:
        steps.append(
            f'about {evidence.more.labels:,} more labels of "{evidence.more.name}" would add about '
            f"{_points(evidence.more.gain)}"
        )
    if answer == "not yet" and evidence.curve.gain(5) < LITTLE:
        steps.append("more labels would add little: give each example more to learn from")
    elif answer == "not yet":
        far = evidence.curve.forecast(2 * evidence.n)
        steps.append(
            f"twice the labels ({far.labels:,} in all) would bring about {percent(far.score)} "
            f"({percent(far.low)} to {percent(far.high)})"
        )
    return steps
