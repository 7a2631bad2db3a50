"""What is labelled next against random picks: labels until 95 % of the full-data accuracy.

Both start from nothing and are judged by the instant head on samples held out. `rare` is a pool in
which one label is 1 % of the samples: labels until its first five examples are found.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.pools import Pool, text_pool
from hotfit.heads.discriminant import Discriminant
from hotfit.labeling.desk import UNKNOWN, Desk
from hotfit.similarity.search import unit
from hotfit.types import Codes, Features, Vectors

SETS = {"trec": (20, 1200), "sms_spam": (5, 200), "banking77": (50, 1500), "ag_news": (5, 300)}
"""Batch and most labels of each set."""

SEEDS = 20
POOL = 3000
WANTED = 5


def run(*, sets: Sequence[str] = tuple(SETS), seeds: int = SEEDS) -> dict[str, Any]:
    """Labels needed by the queue and at random, and their ratio, set by set."""
    return {
        "benchmark": "queue",
        "sets": [compare(text_pool(name), seeds) for name in sets],
        "rare": [rare(text_pool(name), seeds) for name in ("trec", "ag_news", "banking77")],
    }


def compare(pool: Pool, seeds: int) -> dict[str, Any]:
    """Race the queue against random picks."""
    batch, most = SETS[pool.name]
    races = [_race(pool, seed, batch, most) for seed in range(seeds)]
    queue, random = (np.array(one, dtype=float) for one in zip(*races, strict=True))
    return {
        "set": pool.name,
        "seeds": seeds,
        "queue": float(queue.mean()),
        "random": float(random.mean()),
        "ratio": float(queue.mean() / random.mean()),
        "worse_seeds": int((queue > random).sum()),
    }


def _race(pool: Pool, seed: int, batch: int, most: int) -> tuple[int, int]:
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(pool.targets))
    test, train = order[: len(order) // 4], order[len(order) // 4 :][:POOL]
    vectors, truth = unit(pool.features.values), pool.targets
    goal = 0.95 * _accuracy(vectors, truth, train, test)
    desk = Desk(vectors[train], np.full(len(train), UNKNOWN), _names(pool), seed=seed)

    def queued(known: NDArray[np.int64]) -> NDArray[np.int64]:
        for row in known[-batch:]:
            desk.answer(int(row), int(truth[train[row]]))
        return np.array([pick.row for pick in desk.next(batch).picks], dtype=np.int64)

    shuffled = rng.permutation(len(train))

    def random(known: NDArray[np.int64]) -> NDArray[np.int64]:
        return shuffled[len(known) : len(known) + batch]

    counts = []
    for choose in (queued, random):
        known = np.empty(0, dtype=np.int64)
        while len(known) < most:
            known = np.concatenate([known, choose(known)])
            if _accuracy(vectors, truth, train[known], test) >= goal:
                break
        counts.append(len(known))
    return counts[0], counts[1]


def _accuracy(
    vectors: Vectors, truth: Codes, rows: NDArray[np.int64], test: NDArray[np.int64]
) -> float:
    present, codes = np.unique(truth[rows], return_inverse=True)
    if len(present) < 2:
        return float((truth[test] == present[0]).mean())
    trained = Discriminant().fit(
        Features(values=vectors[rows]),
        codes.astype(np.int64),
        labels=len(present),
        groups=np.arange(len(rows)),
    )
    said = trained.model.predict(Features(values=vectors[test])).argmax(axis=1)
    return float((present[said] == truth[test]).mean())


def rare(pool: Pool, seeds: int) -> dict[str, Any]:
    """Labels until WANTED samples of a label that is 1 % of the pool are found."""
    found = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        label = int(rng.integers(pool.labels))
        others = rng.permutation(np.flatnonzero(pool.targets != label))[:POOL]
        mine = rng.permutation(np.flatnonzero(pool.targets == label))[: len(others) // 99]
        rows = rng.permutation(np.concatenate([others, mine]))
        truth = pool.targets[rows]
        desk = Desk(
            unit(pool.features.values[rows]),
            np.full(len(rows), UNKNOWN),
            _names(pool),
            seed=seed,
        )
        asked, hits = 0, 0
        while hits < min(WANTED, len(mine)) and asked < len(rows):
            for pick in desk.next(5).picks:
                asked += 1
                hits += int(truth[pick.row] == label)
                desk.answer(pick.row, int(truth[pick.row]))
        expected = min(WANTED, len(mine)) * (len(rows) + 1) / (len(mine) + 1)
        found.append((asked, expected))
    queue, random = (float(np.mean(one)) for one in zip(*found, strict=True))
    return {"set": pool.name, "queue": queue, "random": random, "ratio": queue / random}


def _names(pool: Pool) -> list[str]:
    return [f"label {code}" for code in range(pool.labels)]
