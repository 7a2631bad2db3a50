"""What a trained function says of its own samples, each scored without itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.evaluation.judge import judge
from hotfit.functions.reading import TagReading
from hotfit.training.publishing import Outcome
from hotfit.types import Label, Output, Scores, label_names


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """By sample identifier: what is said, what is true, and whether that is right.

    `score` is the share said right; of a Number, R2, where nothing is simply right or wrong.
    """

    said: Mapping[int, Label]
    truth: Mapping[int, Label]
    score: float

    def right(self, sample: int) -> bool:
        """Whether the function says the truth of a sample."""
        said, truth = self.said[sample], self.truth[sample]
        if isinstance(said, tuple):
            return set(said) == set(label_names(truth))
        return said == truth


def classified(
    ids: Sequence[int], codes: NDArray[np.int64], scores: Scores, names: Sequence[str]
) -> HeldOut:
    """Held-out probabilities (n, k) of a classification, labels by their code."""
    guessed = scores.argmax(axis=1)
    return HeldOut(
        said={one: names[code] for one, code in zip(ids, guessed.tolist(), strict=True)},
        truth={one: names[code] for one, code in zip(ids, codes.tolist(), strict=True)},
        score=float((guessed == codes).mean()) if len(codes) else 0.0,
    )


def held_out_of(outcome: Outcome) -> HeldOut:
    """What a fitted head says of the samples it is judged on."""
    encoded, scores = outcome.encoded, outcome.trained.held_out
    material, rows = encoded.material, encoded.judged
    ids = [int(one) for one in material.ids[rows]]
    if material.output is Output.CLASSIFICATION:
        return classified(
            ids, material.targets[rows].astype(np.int64), scores[rows], material.labels
        )
    truth = [material.answers()[row] for row in rows]
    said: list[Label]
    if material.output is Output.NUMBER:
        said = [float(value) for value in scores[rows]]
        judged = judge(
            material.output, material.targets[rows], scores[rows], encoded.groups[rows], ()
        )
        score = judged.range.estimate
    else:
        reading = outcome.reading
        assert isinstance(reading, TagReading)
        present = scores[rows] >= reading.thresholds
        said = [tuple(material.labels[k] for k in np.flatnonzero(row)) for row in present]
        pairs = zip(said, truth, strict=True)
        score = float(np.mean([set(label_names(a)) == set(label_names(b)) for a, b in pairs]))
    return HeldOut(
        said=dict(zip(ids, said, strict=True)),
        truth=dict(zip(ids, truth, strict=True)),
        score=score,
    )
