"""How often statistical tests cry wolf, beside the rate that they state: at most 20 % off.

Functions exactly at their floor, and pairs of equal worth, are drawn by chance and tested as
`hotfit test` does. A count has steps, so a test states the exact rate at its cut-off (`stated`),
which is near the rate that was asked for (`asked`). Its rival is the test that never exceeds the
asked rate (`strict`: the largest cut-off of an exact tail within it).

The last part draws whole worlds: samples, a head fitted on them, its leave-one-out predictions, and
thousands of fresh samples that say what the served function is really worth. There the floor is
that worth, and what is measured is what a user meets.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.stats import binom

from hotfit.behaviour import run_checks
from hotfit.behaviour.deciding import hold_floor
from hotfit.behaviour.fake import FakeSubject
from hotfit.behaviour.floors import Floor
from hotfit.behaviour.pairing import hold_pace, surely_below
from hotfit.heads import heads
from hotfit.types import Features

RUNS = 20_000
DRAWS = 400_000
"""Functions drawn for each setting of the grid."""
SIZES = (20, 50, 100, 300, 1000, 3000)
FLOORS = (0.6, 0.8, 0.9, 0.95)
ALARMS = (0.05, 0.01)
WHOLE = 10_000
"""Runs through the check itself, rows and all."""

WORLDS = ((100, 2, 16, 0.5), (200, 3, 16, 0.5), (400, 5, 64, 0.4))
"""Samples, labels, dimensions, distance of the labels."""

WORLD_RUNS = 700
FRESH = 8_000


def floors() -> Iterator[dict[str, Any]]:
    """Functions exactly at a floor, by size, floor and rate."""
    chance = np.random.default_rng(0)
    for alarm in ALARMS:
        for floor in FLOORS:
            for n in SIZES:
                hits, counts = np.unique(chance.binomial(n, floor, DRAWS), return_counts=True)
                decided = [hold_floor(int(k), n, floor, alarm=alarm) for k in hits]
                failed = np.array([one.outcome == "fail" for one in decided])
                strict = binom.cdf(binom.ppf(alarm, n, floor) - 1, n, floor)
                yield {
                    "n": n,
                    "floor": floor,
                    "asked": alarm,
                    "stated": decided[0].stated,
                    "measured": float(counts[failed].sum() / DRAWS),
                    "strict": float(strict),
                }


def mixed(alarm: float) -> dict[str, Any]:
    """Functions at floors of every height, with rows of every number, as users have them."""
    chance = np.random.default_rng(1)
    failed, stated = 0, 0.0
    for _ in range(RUNS):
        n = int(np.exp(chance.uniform(np.log(20), np.log(3000))))
        floor = float(chance.uniform(0.5, 0.97))
        decision = hold_floor(int(chance.binomial(n, floor)), n, floor, alarm=alarm)
        failed += decision.outcome == "fail"
        stated += decision.stated
    return _rates(failed, stated, RUNS, alarm)


def whole(alarm: float) -> dict[str, Any]:
    """The check itself on rows, 120 of them, of a function exactly at 85 %."""
    chance = np.random.default_rng(2)
    check = Floor(name="floor", place="tests/a.toml:1", measure="accuracy", floor=0.85, alarm=alarm)
    failed, stated = 0, 0.0
    for _ in range(WHOLE):
        said = np.where(chance.random(120) < 0.85, "yes", "no").tolist()
        (result,) = run_checks([check], FakeSubject(rows=[(one, "yes") for one in said]))
        assert result.decision is not None
        failed += result.outcome == "fail"
        stated += result.decision.stated
    return _rates(failed, stated, WHOLE, alarm)


def pairs(alarm: float) -> dict[str, Any]:
    """Versions of equal worth that differ on 2 to 20 % of the rows."""
    chance = np.random.default_rng(3)
    failed, stated = 0, 0.0
    for _ in range(RUNS):
        n = int(np.exp(chance.uniform(np.log(200), np.log(3000))))
        differ = int(chance.binomial(n, chance.uniform(0.02, 0.2)))
        won = int(chance.binomial(differ, 0.5))
        decision = hold_pace(won, differ - won, n, margin=0.01, alarm=alarm)
        failed += decision.outcome == "fail"
        stated += decision.stated
    return _rates(failed, stated, RUNS, alarm)


def margins(alarm: float) -> dict[str, Any]:
    """Versions that lose exactly the margin, which should be called surely better so rarely."""
    chance = np.random.default_rng(4)
    passed = 0
    for _ in range(RUNS):
        n = int(np.exp(chance.uniform(np.log(500), np.log(10_000))))
        win = chance.uniform(0.005, 0.05)
        won, lost, _ = chance.multinomial(n, [win, win + 0.01, 1 - 2 * win - 0.01])
        passed += surely_below(int(won), int(lost), n, margin=0.01, alarm=alarm)
    return {"asked": alarm, "runs": RUNS, "measured": passed / RUNS}


def worlds(alarm: float) -> Iterator[dict[str, Any]]:
    """Heads fitted on drawn samples, judged by leaving them out, against what they are worth."""
    head = heads.get("discriminant.v1")
    for n, labels, width, apart in WORLDS:
        chance = np.random.default_rng([5, n])
        failed, passed, stated = 0, 0, 0.0
        for _ in range(WORLD_RUNS):
            means = chance.normal(size=(labels, width)) * apart
            codes = chance.integers(0, labels, n + FRESH)
            values = (means[codes] + chance.normal(size=(n + FRESH, width))).astype(np.float32)
            made = head.fit(
                Features(values=values[:n]), codes[:n], labels=labels, groups=np.arange(n)
            )
            hits = int((made.held_out.argmax(axis=1) == codes[:n]).sum())
            answers = made.model.predict(Features(values=values[n:])).argmax(axis=1)
            worth = float((answers == codes[n:]).mean())
            decision = hold_floor(hits, n, min(worth, 1 - 1e-6), alarm=alarm)
            failed += decision.outcome == "fail"
            passed += decision.outcome == "pass"
            stated += decision.stated
        told = _rates(failed, stated, WORLD_RUNS, alarm)
        yield {"samples": n, "labels": labels, **told, "passed": passed / WORLD_RUNS}


def _rates(failed: int, stated: float, runs: int, alarm: float) -> dict[str, Any]:
    return {
        "asked": alarm,
        "runs": runs,
        "stated": stated / runs,
        "measured": failed / runs,
        "measured_over_stated": failed / stated,
    }


def run() -> dict[str, Any]:
    """Measured false-alarm rates by kind of test."""
    grid = list(floors())
    told = [one for one in grid if one["stated"] >= 0.002]
    off = [abs(one["measured"] / one["stated"] - 1) for one in told]
    every = list(worlds(0.05))
    return {
        "target": "measured within 20 % of stated, over >= 1,000 runs",
        "floors": {
            "runs_each": DRAWS,
            "settings": len(grid),
            "worst_off_stated": max(off),
            "mean_measured_at_5": _mean(grid, 0.05, "measured"),
            "mean_strict_at_5": _mean(grid, 0.05, "strict"),
            "mean_measured_at_1": _mean(grid, 0.01, "measured"),
            "mean_strict_at_1": _mean(grid, 0.01, "strict"),
            "grid": grid,
        },
        "floors_mixed": [mixed(alarm) for alarm in ALARMS],
        "floor_check": whole(0.05),
        "no_worse": [pairs(alarm) for alarm in ALARMS],
        "surely_below_margin": margins(0.05),
        "leave_one_out_worlds": {
            "runs": WORLD_RUNS * len(every),
            "measured": sum(one["measured"] for one in every) / len(every),
            "stated": sum(one["stated"] for one in every) / len(every),
            "each": every,
        },
    }


def _mean(grid: list[dict[str, Any]], alarm: float, what: str) -> float:
    return float(np.mean([one[what] for one in grid if one["asked"] == alarm]))
