"""Boosting and the linear head together: their held-out scores decide how much each counts.

    ln p = w ln p_boosting + (1 - w) ln p_linear + const,        Number: the same mean of answers

One weight, chosen on held-out scores of which both heads make the same folds apart; ends of the
scale mean that one head alone was best, and then only that one is kept. A mixture has to beat the
better head by more than choosing the weight could by luck.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from hotfit.heads.base import Head, Model, Targets, Trained
from hotfit.heads.boosting import Boosting, affordable
from hotfit.heads.calibration import as_scores, log_loss
from hotfit.heads.linear import Linear
from hotfit.types import Features, Groups, Output, Scores, State

WEIGHTS = np.linspace(0, 1, 11)
FLOOR = 1e-7
LUCK = 0.5
"""Log loss per data set (not per sample) by which one free weight looks better than it is."""

MEMBERS: tuple[Head, ...] = (Boosting(), Linear())


@dataclass(frozen=True, kw_only=True)
class BlendModel:
    """The members that count, by name, and how much."""

    head: ClassVar[str] = "blend.v1"
    members: Mapping[str, Model]
    weights: Mapping[str, float]
    number: bool

    def predict(self, features: Features) -> Scores:
        """Score m rows: probabilities (m, k), or predictions (m,) for Number."""
        scores = {name: member.predict(features) for name, member in self.members.items()}
        return mix(scores, self.weights, number=self.number)

    def state(self) -> State:
        """Return the members' states, array names prefixed by the member's name."""
        arrays: dict[str, Any] = {}
        parameters: dict[str, Any] = {}
        for name, member in self.members.items():
            state = member.state()
            arrays |= {f"{name}/{array}": value for array, value in state.arrays.items()}
            parameters[name] = dict(state.parameters)
        blend = {"weights": dict(self.weights), "number": self.number, "members": parameters}
        return State(arrays=arrays, parameters=blend)


def mix(scores: Mapping[str, Scores], weights: Mapping[str, float], *, number: bool) -> Scores:
    """Return the weighted mean of answers, of log probabilities for Classification."""
    if number:
        return np.asarray(sum(weights[name] * each for name, each in scores.items()))
    if len(scores) == 1:
        return next(iter(scores.values()))
    logs = [weights[name] * np.log(np.maximum(each, FLOOR)) for name, each in scores.items()]
    return as_scores(np.asarray(sum(logs)))


class Blend:
    """The tuned head of tables: boosting, linear, or both."""

    name: ClassVar[str] = "blend.v1"
    outputs: ClassVar[frozenset[Output]] = frozenset({Output.CLASSIFICATION, Output.NUMBER})

    def fit(self, features: Features, targets: Targets, *, labels: int, groups: Groups) -> Trained:
        """Fit both heads and keep what their held-out scores ask for.

        With so many labels that boosting would take many minutes, the linear head stands alone.
        """
        members = MEMBERS if affordable(features, labels=labels) else (Linear(),)
        trained = {
            head.name: head.fit(features, targets, labels=labels, groups=groups) for head in members
        }
        number = targets.dtype.kind == "f"
        held_out = {name: each.held_out for name, each in trained.items()}
        weights = choose(held_out, targets, number=number)
        kept_models = {name: trained[name].model for name in weights}
        model = BlendModel(members=kept_models, weights=weights, number=number)
        kept = {name: held_out[name] for name in weights}
        return Trained(model=model, held_out=mix(kept, weights, number=number))

    def load(self, state: State) -> Model:
        """Rebuild the model that `state` was taken from."""
        members: dict[str, Model] = {}
        for head in MEMBERS:
            if head.name not in state.parameters["members"]:
                continue
            prefix = f"{head.name}/"
            arrays = {
                name.removeprefix(prefix): array
                for name, array in state.arrays.items()
                if name.startswith(prefix)
            }
            own = State(arrays=arrays, parameters=state.parameters["members"][head.name])
            members[head.name] = head.load(own)
        return BlendModel(
            members=members,
            weights=state.parameters["weights"],
            number=state.parameters["number"],
        )


def choose(
    held_out: Mapping[str, Scores], targets: Targets, *, number: bool
) -> Mapping[str, float]:
    """Return the weight of each head that counts, from held-out scores of one or two heads."""
    if len(held_out) == 1:
        return dict.fromkeys(held_out, 1.0)
    first, second = held_out
    losses = np.array(
        [
            _loss(mix(held_out, {first: w, second: 1 - w}, number=number), targets, number=number)
            for w in WEIGHTS
        ]
    )
    best = float(WEIGHTS[int(np.argmin(losses))])
    alone = min(losses[0], losses[-1])
    margin = LUCK / len(targets) * (2 * alone if number else 1)
    if losses.min() > alone - margin:
        return {first: 1.0} if losses[-1] <= losses[0] else {second: 1.0}
    weights = {first: best, second: 1 - best}
    return {name: weight for name, weight in weights.items() if weight > 0}


def _loss(scores: Scores, targets: Targets, *, number: bool) -> float:
    if number:
        return float(np.mean((scores - targets) ** 2))
    return log_loss(scores, targets.astype(np.int64))
