"""Two versions over 10,000 rows compared, and influence held against leaving rows out.

The versions differ by labels that were turned; vectors are cached. Measured is the comparison
alone, from a program that has just started (`cold`) and again (`warm`): of two full trainings
(`full`), and with one that was learned edit by edit, whose held-out answers have to be computed
(`edited`). The rival is what it saves: training both sides again on the same vectors. `folder` is
the whole command on a folder in git, at first and with what it trained kept. Seconds of a processor
stand beside those on the clock, which other programs on the machine lengthen.

`influence` compares what the instant head's closed form says of an answer without some rows with a
fit from nothing without them, both in float64, as the largest difference of any score.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.live import DIMENSIONS, ENCODER, Wide, fill, world
from hotfit.app import App
from hotfit.functions import functions
from hotfit.heads.discriminant import Choice, fit_discriminant
from hotfit.heads.influence import LabelInfluence
from hotfit.local.comparing import diff_versions
from hotfit.local.differences import told
from hotfit.samples.annotations import annotate
from hotfit.settings import Settings
from hotfit.training.live import open_learner
from hotfit.training.run import run as train

TURNED = 60


def run(*, samples: int = 10_000, labels: int = 6, repeats: int = 5) -> dict[str, Any]:
    """Measure and return seconds, and the largest difference of any influence."""
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(1, user_api="blas"):
        return {
            "benchmark": "diff",
            "samples": samples,
            "dimensions": DIMENSIONS,
            "versions": _versions(Path(folder), samples, labels, repeats),
            "folder": _folder(Path(folder), samples),
            "influence": _influence(samples, labels),
        }


def _versions(path: Path, n: int, k: int, repeats: int) -> dict[str, Any]:
    settings = Settings(home=path / "home", text_encoder=ENCODER, rest_seconds=1e6)
    app = Wide(settings)
    rng = np.random.default_rng(0)
    vectors, codes = world(rng, n, k, apart=0.12)
    function, ids = fill(app, vectors, codes)
    _train(app, function)
    _turn(app, function, ids, codes, rng, k)
    began = time.perf_counter()
    _train(app, function)
    trained = time.perf_counter() - began
    with app.store.read() as session:
        learner = open_learner(app.bench(), functions.get(session, function))
    _turn(app, function, ids, codes, rng, k)
    learner.look()
    learner.learn()
    learner.publish()
    app.store.close()
    found: dict[str, Any] = {"training_both_s": round(2 * trained, 2)}
    for name, pair in (("full", ("1", "2")), ("edited", ("2", None))):
        fresh = Wide(settings)
        found[name] = _timed(fresh, function, pair, repeats)
        found[name]["training_over_warm"] = round(2 * trained / found[name]["warm_s"], 1)
        fresh.store.close()
    return found


def _timed(app: App, function: str, pair: tuple[str, str | None], repeats: int) -> dict[str, Any]:
    taken, busy, page = [], [], {}
    for _ in range(repeats):
        began, spent = time.perf_counter(), time.process_time()
        with app.store.read() as session:
            record = functions.get(session, function)
        page = told(diff_versions(app, record, *pair), count=20)
        taken.append(time.perf_counter() - began)
        busy.append(time.process_time() - spent)
    return {
        "cold_s": round(taken[0], 3),
        "warm_s": round(float(np.median(taken[1:])), 3),
        "processor_s": round(float(np.median(busy)), 3),
        **{word: page[word] for word in ("compared", "fixed", "broken", "moved")},
        "edits": page["edits"]["relabelled"],
    }


def _train(app: App, function: str) -> None:
    with app.store.read() as session:
        record = functions.get(session, function)
    for _ in train(app.bench(), record, tuned=False, growing=False):
        pass


def _turn(
    app: App, function: str, ids: list[int], codes: Any, rng: np.random.Generator, k: int
) -> None:
    rows = rng.permutation(len(ids))[:TURNED]
    said = [(ids[row], f"label {(codes[row] + 1) % k}") for row in rows.tolist()]
    with app.store.write() as session:
        annotate(session, function, said, author="benchmark")


def _folder(path: Path, n: int) -> dict[str, float]:
    """The whole command on a folder of texts in git, read by the encoder that needs no weights."""
    rng = np.random.default_rng(0)
    words = [f"w{number}" for number in range(400)]
    rows = [
        (" ".join(rng.choice(words[code * 60 : code * 60 + 160], 8)), f"label {code}")
        for code in rng.integers(0, 4, n).tolist()
    ]
    folder = path / "folder"
    (folder / "data").mkdir(parents=True)
    (folder / "hotfit.toml").write_text(
        '[function]\nname = "f"\ninput = "Text"\noutput = "Classification"\n'
        'target = "label"\ninputs = ["text"]\n'
    )
    _write(folder, rows)
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "one")):
        names = ("-c", "user.name=b", "-c", "user.email=b@localhost")
        subprocess.run(["git", "-C", str(folder), *names, *arguments], check=True)
    _write(folder, [(text, "label 0" if row < TURNED else label)
                    for row, (text, label) in enumerate(rows)])  # fmt: skip
    command = [sys.executable, "-m", "hotfit", "diff", str(folder), "--json"]
    environment = {**os.environ, "HOTFIT_TEXT_ENCODER": "fake.v1"}
    first, *again = [_wall(lambda: _silently(command, environment)) for _ in range(4)]
    return {
        "first_s": round(first[0], 2),
        "cached_s": round(float(np.median([wall for wall, _ in again])), 2),
        "cached_processor_s": round(float(np.median([busy for _, busy in again])), 2),
    }


def _write(folder: Path, rows: list[tuple[str, str]]) -> None:
    lines = ["text,label", *(f"{text},{label}" for text, label in rows)]
    (folder / "data" / "rows.csv").write_text("\n".join(lines) + "\n")


def _silently(command: list[str], environment: dict[str, str]) -> None:
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)


def _wall(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds that a command takes, and seconds of a processor."""
    began, spent = time.perf_counter(), _children()
    work()
    return time.perf_counter() - began, _children() - spent


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _influence(n: int, k: int, *, asked: int = 8, left_out: int = 40) -> dict[str, Any]:
    rng = np.random.default_rng(2)
    values, codes = world(rng, n, k)
    choice = fit_discriminant(values, codes, k, np.arange(n))[1]
    fit = LabelInfluence(values, codes, labels=k, choice=choice)
    queries = values[rng.permutation(n)[:asked]]
    worst = 0.0
    for count in (1, left_out):
        gone = rng.permutation(n)[:count]
        rest = np.setdiff1d(np.arange(n), gone)
        again = _refitted(values[rest], codes[rest], k, choice, queries)
        worst = max(worst, float(np.abs(fit.without(queries, gone) - again).max()))
    return {"rows": n, "largest_difference": worst, "asked_for": 1e-6}


def _refitted(
    values: NDArray[np.float32], codes: Any, k: int, choice: Choice, queries: NDArray[np.float32]
) -> NDArray[np.float64]:
    """The scores of a fit from nothing, each distance by a solve of its own."""
    rows = values.astype(np.float64)
    counts = np.bincount(codes, minlength=k)
    means = np.stack([rows[codes == label].mean(axis=0) for label in range(k)])
    residuals = rows - means[codes]
    scatter = residuals.T @ residuals + choice.penalty * np.eye(rows.shape[1])
    offsets = queries.astype(np.float64)[:, None, :] - means
    solved = np.linalg.solve(scatter, offsets.reshape(-1, rows.shape[1]).T).T.reshape(offsets.shape)
    distances = np.einsum("mkd,mkd->mk", offsets, solved)
    return np.asarray(
        -choice.weights[0] * len(rows) / 2 * distances + choice.weights[1] * np.log(counts)
    )


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=2)
