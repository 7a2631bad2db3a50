"""What every candidate must pass before it may answer: finite, of the right width, in time."""

import numpy as np

from hotfit.errors import HotfitError
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.trials import timed
from hotfit.types import Features, Output

TRIED = 64
"""Samples a candidate is tried on."""

SLOWEST = 2.0
"""Seconds it may take for them."""


class BrokenCandidate(HotfitError):
    """A trained model cannot answer; what answered before goes on."""

    def __init__(self, *, function: str, head: str, reason: str) -> None:
        super().__init__(
            f"a new version of {function} ({head}) {reason}, so it was not put live; "
            "the version before it still answers."
        )


def refuse_broken(name: str, candidate: TrainedFunction, features: Features) -> None:
    """Try `candidate` on some of the samples it was trained on; raise BrokenCandidate."""
    tried = features[: min(TRIED, len(features))]
    scores, seconds = timed(lambda: candidate.model.predict(tried), slowest=SLOWEST)
    width = () if candidate.output is Output.NUMBER else (len(candidate.labels),)
    reason = None
    if np.shape(scores) != (len(tried), *width):
        reason = f"answers in the shape {np.shape(scores)} where {(len(tried), *width)} was due"
    elif not np.isfinite(scores).all():
        reason = "answers NaN or infinity"
    elif seconds > SLOWEST:
        reason = f"takes {seconds:.1f} s for {len(tried)} answers"
    if reason is not None:
        raise BrokenCandidate(function=name, head=candidate.model.head, reason=reason)
