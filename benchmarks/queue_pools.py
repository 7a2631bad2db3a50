"""Texts, pictures and rows without a label, as the program lays them before the queue."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from benchmarks import planted
from benchmarks.pools import TABLES, TEXTS, VECTORS, WEIGHTS, read, table_pool, text_pool
from hotfit import encoders
from hotfit.functions.labels import Label
from hotfit.heads.base import Head
from hotfit.heads.discriminant import Discriminant
from hotfit.heads.expansion import plan_expansion
from hotfit.heads.linear import Linear
from hotfit.serving.zero_shot import spoken
from hotfit.similarity.search import unit
from hotfit.types import Codes, Features, Output, Vectors

SPELLED = {
    "ABBR": "abbreviation",
    "DESC": "description",
    "ENTY": "entity",
    "HUM": "human",
    "LOC": "location",
    "NUM": "number",
}
"""What trec's codes stand for, since a label is looked for by its name."""


@dataclass(frozen=True, kw_only=True)
class Unlabelled:
    """n samples: `vectors` (n, d) of length 1 to choose by, `features` for `head` to learn from.

    `truth` (n,) is what a person would answer, `names` (k, d) the labels' names of texts.
    """

    vectors: Vectors
    features: Features
    truth: Codes
    labels: int
    head: Head
    names: Vectors | None


@cache
def unlabelled(name: str) -> Unlabelled:
    """A set of texts, pictures or rows; what is encoded for it is kept."""
    if name in TEXTS:
        pool = text_pool(name)
        return Unlabelled(
            vectors=unit(pool.features.values),
            features=pool.features,
            truth=pool.targets,
            labels=pool.labels,
            head=Discriminant(),
            names=_named(name),
        )
    if name in TABLES:
        pool = table_pool(name, TABLES[name], Output.CLASSIFICATION)
        features, truth = pool.features, pool.targets
        vectors, head = plan_expansion(features).expand(features), Linear()
        return Unlabelled(
            vectors=unit(vectors),
            features=features,
            truth=truth,
            labels=pool.labels,
            head=head,
            names=None,
        )
    task = planted.load(name)
    return Unlabelled(
        vectors=unit(task.features.values),
        features=task.features,
        truth=task.true,
        labels=task.labels,
        head=task.head,
        names=None,
    )


def _named(name: str) -> Vectors:
    """The labels' names as vectors (k, d), as a function of texts has them."""
    kept = VECTORS / f"{name}-names.npy"
    if not kept.exists():
        words = sorted({row["label"] for row in read(name)})
        labels = [
            Label(id=word, name=SPELLED.get(word, word), position=place)
            for place, word in enumerate(words)
        ]
        encoder = encoders.open("minilm-l6.v1", cache=WEIGHTS)
        np.save(kept, unit(encoder.encode([spoken(label) for label in labels])))
    return np.asarray(np.load(kept), dtype=np.float32)
