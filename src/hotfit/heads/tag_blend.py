"""Tags by ridge and logistic regression together.

    logit p_j = a_j (logit r_j + logit l_j) / 2 + c_j

Both are linear in the same features but err differently: ridge shrinks a rare tag less than the
one penalty of all logistic tags does. Slope and shift of each tag are fitted to the held-out mean
(Platt 1999). The answer is a linear model again, so a call costs what one head costs.
"""

from typing import ClassVar

import numpy as np

from hotfit.heads.base import Targets, Trained
from hotfit.heads.calibration import sigmoid
from hotfit.heads.logistic import Logistic, LogisticModel
from hotfit.heads.tag_ridge import TagRidge, TagRidgeModel, calibrate
from hotfit.types import Features, Groups, Output, Scores, State

EDGE = 1e-6
"""Probabilities nearer to 0 or 1 count as this near."""


class TagBlendModel(TagRidgeModel):
    """Log odds of each tag: `weights` (d, k), `bias` (k,)."""

    head: ClassVar[str] = "tag-blend.v1"


class TagBlend:
    """The tuned head for tags of vectors."""

    name: ClassVar[str] = "tag-blend.v1"
    outputs: ClassVar[frozenset[Output]] = frozenset({Output.TAGS})

    def fit(self, features: Features, targets: Targets, *, labels: int, groups: Groups) -> Trained:
        """Train both on n samples; `targets` (n, k) hold 1 present, 0 absent, -1 not stated."""
        ridge, logistic = (
            head.fit(features, targets, labels=labels, groups=groups)
            for head in (TagRidge(), Logistic())
        )
        assert isinstance(ridge.model, TagRidgeModel)
        assert isinstance(logistic.model, LogisticModel)
        raw = (logit(ridge.held_out) + logit(logistic.held_out)) / 2
        slope, shift = calibrate(raw, targets.astype(np.int8))
        own = logistic.model
        weights = slope * (ridge.model.weights + own.weights.astype(np.float64)) / 2
        inner = ridge.model.bias + own.bias - own.centre.astype(np.float64) @ own.weights
        model = TagBlendModel(weights=weights.astype(np.float32), bias=slope * inner / 2 + shift)
        return Trained(model=model, held_out=sigmoid(slope * raw + shift))

    def load(self, state: State) -> TagBlendModel:
        """Rebuild from `state`."""
        return TagBlendModel(weights=state.arrays["weights"], bias=state.arrays["bias"])


def logit(scores: Scores) -> Scores:
    """Log odds of probabilities."""
    kept = np.clip(scores, EDGE, 1 - EDGE)
    return np.asarray(np.log(kept / (1 - kept)))
