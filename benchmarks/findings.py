"""Wrong labels and repeated texts that were planted in real sets, and how many are found.

Labels: a share of at most 3,000 labels is changed: to any other label; to the most similar one; of
each label to one other ("paired"); or where a model of the true labels doubts, to what it holds
likely next ("hard": mistakes as people make them; "reading": the doubts are those of another model,
of words alone). Ours are ranked from the instant head's held-out scores; cleanlab's from
scikit-learn's logistic regression, cross-validated five-fold on the same vectors, as its
documentation shows. Both are judged by what was planted; mistakes that the sets hold already count
against both, so a true yield lies between `planted_yield` and `planted_or_known_yield`, which takes
those for wrong that look so before anything is planted. Yields are those of the labels that look
wrong, of the first 50, and of all that are listed, the doubtful ones too.

Repeats: copies with slips of the finger, other case or punctuation, a cut end, an added signature
or one other word in a long text are planted in a set freed of its own repeats.
"""

import importlib.util
import json
import random
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import mean, median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import cross_val_predict

from benchmarks.planted import SETS, load, mislabel
from benchmarks.pools import TEXTS, read
from hotfit.quality import suspect_labels
from hotfit.quality.yields import expected_yield
from hotfit.similarity import duplicate_groups
from hotfit.types import Codes, Vectors

HOW = ("any", "similar", "paired", "hard", "reading")
RATES = (0.05, 0.1)
RIVAL_SCORES = ("self_confidence", "normalized_margin")
PARTS = ("look_wrong", "first_50", "listed")
LEAST_SAID = 20  # labels from which a share says something
COPIES = 100
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SIGNATURES = ("Sent from my iPhone", "Best regards, Anna Miller", "Thanks, Tom", "Cheers!")
LEAST_WORDS = {"slip": 4, "case": 3, "punctuation": 3, "cut": 12, "signature": 6, "word": 15}


def run(*, sets: Sequence[str] = SETS, rival: bool = True) -> dict[str, Any]:
    """Average precision, stated and real yields and seconds; recall and precision of repeats."""
    rival = rival and importlib.util.find_spec("cleanlab") is not None
    found = [row for name in sets for row in labels(name, rival=rival)]
    return {
        "benchmark": "findings",
        "suspect_labels": found,
        "in_short": in_short([row for row in found if row["planted"] != "nothing"]),
        "repeats": [repeats(name) for name in sets if name in TEXTS],
    }


def in_short(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Means for each way of planting: ours beside the better of cleanlab's two scores."""
    short: dict[str, Any] = {}
    for how in dict.fromkeys(row["planted"] for row in found):
        rows = [row for row in found if row["planted"] == how]
        short[how] = {
            "average_precision": mean(row["average_precision"] for row in rows),
            "average_precision_of_listed": mean(row["average_precision_of_listed"] for row in rows),
            "yield_within_10_points": {
                part: mean(_is_near(one) for one in said)
                for part in PARTS
                if (said := [row[part] for row in rows if row[part]["count"] >= LEAST_SAID])
            },
        }
        if all("cleanlab" in row for row in rows):
            short[how] |= {
                f"cleanlab_{name}": mean(row["cleanlab"]["average_precision"][name] for row in rows)
                for name in RIVAL_SCORES
            }
            for times in ("times_faster", "times_faster_after_training"):
                short[how][times] = median(row[times] for row in rows)
    return short


def _is_near(part: dict[str, Any]) -> bool:
    low, high = part["planted_yield"], part["planted_or_known_yield"]
    return bool(low - 0.1 <= part["stated_yield"] <= high + 0.1)


def labels(name: str, *, rival: bool) -> Iterator[dict[str, Any]]:
    """Plant wrong labels in `name` and look for them, nothing planted first."""
    task = load(name)
    known = np.zeros(len(task.true), dtype=np.bool_)
    for how, rate in (("nothing", 0.0), *((how, rate) for how in HOW for rate in RATES)):
        if how == "reading" and task.words is None:
            continue
        codes, wrong = mislabel(task, how=how, rate=rate)
        started = time.perf_counter()
        trained = task.head.fit(task.features, codes, labels=task.labels, groups=task.groups)
        fitted = time.perf_counter()
        found = suspect_labels(codes, trained.held_out, vectors=task.compared, groups=task.groups)
        done = time.perf_counter()
        if how == "nothing":
            known[found.flagged] = True
        parts = (found.flagged, found.listed[:50], found.listed)
        row: dict[str, Any] = {
            "set": name,
            "planted": how,
            "rate": rate,
            "stated_wrong": found.wrong / len(codes),
            "seconds": done - started,
            "seconds_after_training": done - fitted,
        } | {
            part: _yield(found.score[rows], wrong[rows], known[rows])
            for part, rows in zip(PARTS, parts, strict=True)
        }
        if how != "nothing":
            listed = np.zeros(len(codes))
            listed[found.listed] = found.score[found.listed]
            row["average_precision"] = float(average_precision_score(wrong, found.score))
            row["average_precision_of_listed"] = float(average_precision_score(wrong, listed))
            if rival:
                row["cleanlab"] = cleanlab(task.plain, codes, wrong)
                seconds = row["cleanlab"]["seconds"]
                row["times_faster"] = seconds / row["seconds"]
                row["times_faster_after_training"] = seconds / row["seconds_after_training"]
        yield row


def _yield(
    score: NDArray[np.float64], wrong: NDArray[np.bool_], known: NDArray[np.bool_]
) -> dict[str, Any]:
    """What is said of a list, and what is known of it."""
    stated, many = expected_yield(score.tolist()), max(len(score), 1)
    return {
        "count": len(score),
        "stated_yield": stated.expected / many,
        "stated_range": [stated.low, stated.high],
        "planted_yield": int(wrong.sum()) / many,
        "planted_or_known_yield": int((wrong | known).sum()) / many,
    }


def cleanlab(vectors: Vectors, codes: Codes, wrong: NDArray[np.bool_]) -> dict[str, Any]:
    """Rank the same labels with cleanlab, by both of its label scores."""
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        started = time.perf_counter()
        model = LogisticRegression(C=10.0, max_iter=200)
        held_out = cross_val_predict(model, vectors, codes, cv=5, method="predict_proba")
        scores = {
            method: get_label_quality_scores(codes, held_out, method=method)
            for method in RIVAL_SCORES
        }
        issues = find_label_issues(codes, held_out, n_jobs=1)
        seconds = time.perf_counter() - started
    precision = {
        method: float(average_precision_score(wrong, -score)) for method, score in scores.items()
    }
    return {
        "average_precision": precision,
        "flagged": int(issues.sum()),
        "planted_yield": float(wrong[issues].mean()) if issues.any() else None,
        "seconds": seconds,
    }


def repeats(name: str) -> dict[str, Any]:
    """Plant copies in the texts of `name`, its own repeats taken out, and look for them."""
    texts = [row["text"] for row in read(name)]
    own = duplicate_groups(texts)
    texts = [texts[row] for row in np.flatnonzero(np.bincount(own.groups)[own.groups] == 1)]
    rng = random.Random(1)
    source = list(range(len(texts)))
    kinds: dict[int, str] = {}
    originals = len(texts)
    for how, least in LEAST_WORDS.items():
        fit = [row for row in range(originals) if len(texts[row].split()) >= least]
        for row in rng.sample(fit, min(COPIES, len(fit))):
            kinds[len(texts)] = how
            source.append(row)
            texts.append(change(texts[row], how, rng))
    started = time.perf_counter()
    found = duplicate_groups(texts)
    seconds = time.perf_counter() - started
    planted = Counter(kinds.values())
    hit = Counter(
        how for row, how in kinds.items() if found.groups[row] == found.groups[source[row]]
    )
    right = sum(source[pair.first] == source[pair.second] for pair in found.pairs)
    return {
        "set": name,
        "recall": {how: hit[how] / planted[how] for how in planted},
        "recall_in_all": hit.total() / planted.total(),
        "precision_of_pairs": right / max(len(found.pairs), 1),
        "seconds_per_10000": 10_000 * seconds / len(texts),
    }


def change(text: str, how: str, rng: random.Random) -> str:
    """Make a copy of `text` of one kind."""
    words = text.split()
    match how:
        case "slip":
            return slip(text, rng)
        case "case":
            return rng.choice([text.upper(), text.lower(), text.title()])
        case "punctuation":
            return rng.choice([text.rstrip("?.!") + "!!", text.replace(" ", "  "), f"({text})"])
        case "cut":
            return " ".join(words[: max(8, int(len(words) * rng.uniform(0.5, 0.9)))])
        case "signature":
            return f"{text}\n{rng.choice(SIGNATURES)}"
        case _:
            words[rng.randrange(len(words))] = rng.choice(["really", "something", "maybe"])
            return " ".join(words)


def slip(text: str, rng: random.Random) -> str:
    """Swap, drop, add or replace one letter, or two in a text of forty characters or more."""
    for _ in range(1 if len(text) < 40 else 2):
        inner = [i for i in range(1, len(text) - 1) if text[i - 1 : i + 2].isalpha()]
        i = rng.choice(inner)
        letter = rng.choice(LETTERS)
        text = rng.choice(
            [
                text[:i] + text[i + 1] + text[i] + text[i + 2 :],
                text[:i] + text[i + 1 :],
                text[:i] + letter + text[i:],
                text[:i] + letter + text[i + 1 :],
            ]
        )
    return text


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=2)
    print()
