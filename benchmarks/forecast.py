"""The forecast for four times the labels against what four times the labels bring.

Each curve starts from `n` random labels of a real set: what the instant head learns from all of
them and from parts gives the forecast; the same head on 4 n labels, judged on samples that neither
has seen, gives the truth. The rival says that nothing will change.
"""

from typing import Any

import numpy as np

from benchmarks.pools import TABLES, TEXTS, Pool, points, table_pool, text_pool
from hotfit.evaluation.learning_curve import fit_curve, usual_rate
from hotfit.evaluation.reach import SHARE
from hotfit.heads.base import Head
from hotfit.heads.linear import Linear
from hotfit.types import Output

STARTS = (100, 200, 400, 800)
SEEDS = 3
TIMES = 4


def run(*, seeds: int = SEEDS) -> dict[str, Any]:
    """Median error in points, and how often the range of 80 % held."""
    pools = [text_pool(name) for name in TEXTS]
    pools += [table_pool(name, target, Output.CLASSIFICATION) for name, target in TABLES.items()]
    curves = [
        curve(pool, n, seed)
        for pool in pools
        for n in STARTS
        for seed in range(seeds)
        if n * TIMES * 1.2 < len(pool.targets) and n >= 3 * pool.labels
    ]
    errors = np.array([one["error"] for one in curves])
    return {
        "benchmark": "forecast",
        "curves": len(curves),
        "median_error_points": float(100 * np.median(errors)),
        "median_error_of_no_change_points": float(
            100 * np.median([abs(one["truth"] - one["today"]) for one in curves])
        ),
        "held": float(np.mean([one["held"] for one in curves])),
        "share_stated": SHARE,
        "each": curves,
    }


def curve(pool: Pool, n: int, seed: int) -> dict[str, Any]:
    """Forecast from n labels, and the truth at TIMES as many."""
    rng = np.random.default_rng(1000 + seed)
    order = rng.permutation(len(pool.targets))
    rows, more, test = order[:n], order[: TIMES * n], order[TIMES * n :]
    head: Head = Linear() if pool.features.categories else pool.heads[0]

    reach, curve_points = points(pool, head, rows, seed=seed)
    table = bool(pool.features.categories)
    law = fit_curve(curve_points, rate=usual_rate(n, answers=pool.labels, table=table))
    said = law.forecast(TIMES * n, share=SHARE)
    _, predict = pool.fit(head, more)
    truth = float((predict(test).argmax(axis=1) == pool.targets[test]).mean())
    return {
        "set": pool.name,
        "labels": n,
        "today": reach.estimate,
        "forecast": said.score,
        "low": said.low,
        "high": said.high,
        "truth": truth,
        "error": abs(said.score - truth),
        "held": bool(said.low <= truth <= said.high),
    }
