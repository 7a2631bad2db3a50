"""What is labelled next against random picks: labels until 95 % of the full-data accuracy.

Both start from nothing and are judged on samples held out, by the head that a function has at once.
`rare` are pools in which one label is 1 % of the samples: labels until five examples of it are
found, by the names of the labels; `unnamed` are such pools where names say nothing, as of pictures,
rows and codes. `next` is how long the next sample takes after an answer. It all takes about half an
hour of two cores; pictures have long vectors, so of theirs fewer seeds are drawn for `sets`.
"""

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.queue_pools import Unlabelled, unlabelled
from hotfit.labeling.desk import UNKNOWN, Desk
from hotfit.similarity.search import unit

PICTURES = {"flowers17": 10, "fashion_mnist_sample": 10, "trashnet": 20, "cifar10_sample": 20}
ROWS = {"adult": 5, "telco_churn": 5, "bank_marketing": 5}
SETS = {"trec": 20, "sms_spam": 5, "ag_news": 5, "banking77": 50} | ROWS | PICTURES
"""Samples that are labelled at a time."""

RARE = {"ag_news": 4, "sms_spam": 2, "banking77": 10, "trec": 6}
"""Labels in the pools of which one is rare."""

UNNAMED = RARE | {
    "adult": 2,
    "telco_churn": 2,
    "bank_marketing": 2,
    "flowers17": 10,
    "fashion_mnist_sample": 10,
    "trashnet": 6,
    "cifar10_sample": 10,
}
"""The same where names are not looked at."""

SEEDS = 20
PICTURE_SEEDS = 10

POOL = 3000
WANTED = 5
MANY = 20_000
ANSWERS = 100
STRIDE = 4

Race = Callable[[str, int], tuple[int, int]]


def run() -> dict[str, Any]:
    """Labels needed by the queue and at random, and their ratio, set by set."""
    for name in SETS:
        unlabelled(name)  # encoded once, before two processes want it
    with (
        threadpool_limits(1),
        ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=_alone) as races,
    ):
        return {
            "benchmark": "queue",
            "sets": [
                _raced(races, compare, name, seeds=PICTURE_SEEDS if name in PICTURES else SEEDS)
                for name in SETS
            ],
            "rare": [_raced(races, rare, name) for name in RARE],
            "unnamed": [_raced(races, unnamed, name) for name in UNNAMED],
            "next": races.submit(ready).result(),
        }


def _alone() -> None:
    """One thread a process: two of them share two cores."""
    threadpool_limits(1)


def _raced(
    races: ProcessPoolExecutor, race: Race, name: str, *, seeds: int = SEEDS
) -> dict[str, Any]:
    """Run a race of the queue against random picks once for each seed."""
    counts = np.array(list(races.map(race, [name] * seeds, range(seeds))), dtype=float)
    queue, random = counts.T
    ratio = queue.sum() / random.sum()
    # How far the ratio may be off by the draw of the seeds: the jackknife.
    others = (queue.sum() - queue) / (random.sum() - random)
    error = float(np.sqrt((seeds - 1) * ((others - others.mean()) ** 2).mean()))
    told = {
        "set": name,
        "seeds": seeds,
        "commonest": float(np.bincount(unlabelled(name).truth).max() / len(unlabelled(name).truth)),
        "queue": float(queue.mean()),
        "random": float(random.mean()),
        "ratio": float(ratio),
        "ratio_error": error,
        "worse_seeds": int((queue > random).sum()),
    }
    print(told, flush=True)
    return told


def compare(name: str, seed: int) -> tuple[int, int]:
    """Labels until the goal, by the queue and at random."""
    pool, batch = unlabelled(name), SETS[name]
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(pool.truth))
    test, train = order[: len(order) // 4], order[len(order) // 4 :][:POOL]
    goal = 0.95 * _accuracy(pool, train, test)
    desk = Desk(
        pool.vectors[train],
        np.full(len(train), UNKNOWN),
        _numbered(pool),
        names=pool.names,
        seed=seed,
    )

    def queued(known: NDArray[np.int64]) -> NDArray[np.int64]:
        for row in known[-batch:]:
            desk.answer(int(row), int(pool.truth[train[row]]))
        return np.array([pick.row for pick in desk.next(batch).picks], dtype=np.int64)

    shuffled = rng.permutation(len(train))

    def random(known: NDArray[np.int64]) -> NDArray[np.int64]:
        return shuffled[len(known) : len(known) + batch]

    def reached(known: NDArray[np.int64]) -> bool:
        return _accuracy(pool, train[known], test) >= goal

    queue, chance = (_labels(choose, reached, batch) for choose in (queued, random))
    return queue, chance


def _labels(
    choose: Callable[[NDArray[np.int64]], NDArray[np.int64]],
    reached: Callable[[NDArray[np.int64]], bool],
    batch: int,
) -> int:
    """Labels until the goal: looked at after every STRIDE batches, then after those between."""
    known = np.empty(0, dtype=np.int64)
    while True:  # at the latest, all labels reach what all labels reach
        before = len(known)
        for _ in range(STRIDE):
            known = np.concatenate([known, choose(known)])
        if reached(known):
            between = range(before + batch, len(known), batch)
            return next((size for size in between if reached(known[:size])), len(known))


def _accuracy(pool: Unlabelled, rows: NDArray[np.int64], test: NDArray[np.int64]) -> float:
    present, codes = np.unique(pool.truth[rows], return_inverse=True)
    if len(present) < 2:
        return float((pool.truth[test] == present[0]).mean())
    trained = pool.head.fit(
        pool.features[rows],
        codes.astype(np.int64),
        labels=len(present),
        groups=np.arange(len(rows)),
    )
    said = trained.model.predict(pool.features[test]).argmax(axis=1)
    return float((present[said] == pool.truth[test]).mean())


def rare(name: str, seed: int) -> tuple[int, int]:
    """Labels until WANTED samples of a label that is 1 % of the pool are found.

    Random picks need as many as drawing without putting back does on average.
    """
    return _found(unlabelled(name), seed, others=RARE[name] - 1)


def unnamed(name: str, seed: int) -> tuple[int, int]:
    """The same where names say nothing."""
    return _found(replace(unlabelled(name), names=None), seed, others=UNNAMED[name] - 1)


def _found(pool: Unlabelled, seed: int, *, others: int) -> tuple[int, int]:
    rng = np.random.default_rng(seed)
    label = int(rng.integers(pool.labels))
    while (pool.truth == label).sum() < POOL // 99:
        label = int(rng.integers(pool.labels))
    more = rng.permutation(np.setdiff1d(np.arange(pool.labels), label))[:others]
    kept = np.sort(np.append(more, label))
    common = rng.permutation(np.flatnonzero(np.isin(pool.truth, more)))[:POOL]
    mine = rng.permutation(np.flatnonzero(pool.truth == label))[: max(WANTED, len(common) // 99)]
    rows = rng.permutation(np.concatenate([common, mine]))
    truth = np.searchsorted(kept, pool.truth[rows])
    desk = Desk(
        pool.vectors[rows],
        np.full(len(rows), UNKNOWN),
        [str(code) for code in kept],
        names=None if pool.names is None else pool.names[kept],
        seed=seed,
    )
    asked, hits = 0, 0
    while hits < WANTED and asked < len(rows):
        for pick in desk.next(5).picks:
            asked += 1
            hits += int(kept[truth[pick.row]] == label)
            desk.answer(pick.row, int(truth[pick.row]))
            if hits == WANTED:
                break
    return asked, round(WANTED * (len(rows) + 1) / (len(mine) + 1))


def ready() -> dict[str, float]:
    """Milliseconds from an answer to the next sample, with MANY samples of 384 numbers.

    Both by the clock, which other work on the machine slows, and of one processor.
    """
    pool = unlabelled("banking77")
    rng = np.random.default_rng(0)
    rows = rng.integers(len(pool.truth), size=MANY)
    noise = 0.02 * rng.standard_normal((MANY, pool.vectors.shape[1]))
    vectors = unit((pool.vectors[rows] + noise).astype(np.float32))
    codes = np.where(np.arange(MANY) < 4 * ANSWERS, pool.truth[rows], UNKNOWN)
    desk = Desk(vectors, codes, _numbered(pool), names=pool.names)
    (pick,) = desk.next(1).picks
    waits = []
    for _ in range(ANSWERS):
        started, worked = time.perf_counter(), time.process_time()
        desk.answer(pick.row, int(pool.truth[rows[pick.row]]))
        (pick,) = desk.next(1).picks
        waits.append((time.perf_counter() - started, time.process_time() - worked))
    (p50, p99), (busy50, busy99) = (
        1000 * np.percentile(one, [50, 99]) for one in zip(*waits, strict=True)
    )
    return {
        "samples": MANY,
        "labels": pool.labels,
        "p50_ms": float(p50),
        "p99_ms": float(p99),
        "processor_p50_ms": float(busy50),
        "processor_p99_ms": float(busy99),
    }


def _numbered(pool: Unlabelled) -> list[str]:
    return [f"label {code}" for code in range(pool.labels)]
