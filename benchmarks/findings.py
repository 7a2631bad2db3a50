"""Wrong labels and repeated texts that were planted in real sets, and how many are found.

Labels: a share of 3,000 labels is changed, to any other label or to the most similar one. Ours are
ranked from the instant head's held-out scores; cleanlab's from scikit-learn's logistic regression,
cross-validated five-fold on the same vectors, as its documentation shows. Both are judged by
average precision on what was planted; mistakes that the sets hold already count against both.

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
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import cross_val_predict

from benchmarks.pools import TEXTS, read, text_pool
from hotfit.heads.discriminant import Discriminant
from hotfit.quality import suspect_labels
from hotfit.similarity import duplicate_groups
from hotfit.types import Codes, Features, Vectors

SAMPLES = 3000
COPIES = 100
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SIGNATURES = ("Sent from my iPhone", "Best regards, Anna Miller", "Thanks, Tom", "Cheers!")
LEAST_WORDS = {"slip": 4, "case": 3, "punctuation": 3, "cut": 12, "signature": 6, "word": 15}


def run(
    *, sets: Sequence[str] = TEXTS, rates: Sequence[float] = (0.05, 0.1), rival: bool = True
) -> dict[str, Any]:
    """Average precision, stated and real yields and seconds; recall and precision of repeats."""
    rival = rival and importlib.util.find_spec("cleanlab") is not None
    return {
        "benchmark": "findings",
        "suspect_labels": [
            labels(name, how=how, rate=rate, rival=rival)
            for name in sets
            for how in ("any", "similar")
            for rate in rates
        ],
        "repeats": [repeats(name) for name in sets],
    }


def labels(name: str, *, how: str, rate: float, rival: bool) -> dict[str, Any]:
    """Plant wrong labels in `name` and look for them."""
    pool = text_pool(name)
    rows = np.flatnonzero(np.bincount(pool.targets)[pool.targets] >= 10)[:SAMPLES]
    _, true = np.unique(pool.targets[rows], return_inverse=True)
    vectors, groups = pool.features.values[rows], pool.groups[rows]
    codes, wrong = mislabel(vectors, true.astype(np.int64), how=how, rate=rate)
    started = time.perf_counter()
    trained = Discriminant().fit(
        Features(values=vectors), codes, labels=int(true.max()) + 1, groups=groups
    )
    found = suspect_labels(codes, trained.held_out, vectors=vectors, groups=groups)
    seconds = time.perf_counter() - started
    flagged = found.flagged
    result: dict[str, Any] = {
        "set": name,
        "planted": how,
        "rate": rate,
        "average_precision": float(average_precision_score(wrong, found.score)),
        "stated_wrong": found.wrong / len(codes),
        "flagged": len(flagged),
        "stated_yield": found.wrong_flagged / max(len(flagged), 1),
        "planted_yield": float(wrong[flagged].mean()) if len(flagged) else None,
        "seconds": seconds,
    }
    if rival:
        result["cleanlab"] = cleanlab(vectors, codes, wrong)
        result["times_faster"] = result["cleanlab"]["seconds"] / seconds
    return result


def mislabel(
    vectors: Vectors, true: Codes, *, how: str, rate: float
) -> tuple[Codes, NDArray[np.bool_]]:
    """Change a share of the labels; return the labels and which are wrong."""
    rng = np.random.default_rng(1)
    k = int(true.max()) + 1
    wrong = np.zeros(len(true), dtype=np.bool_)
    wrong[rng.choice(len(true), int(rate * len(true)), replace=False)] = True
    means = np.stack([vectors[true == code].mean(axis=0) for code in range(k)])
    distance = ((means[:, None] - means) ** 2).sum(axis=2) + np.diag(np.full(k, np.inf))
    other = (true + rng.integers(1, k, len(true))) % k
    return np.where(wrong, other if how == "any" else distance.argmin(axis=1)[true], true), wrong


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
            for method in ("self_confidence", "normalized_margin")
        }
        issues = find_label_issues(codes, held_out)
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
