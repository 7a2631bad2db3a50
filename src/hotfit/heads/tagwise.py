"""Tags by a head for two labels: one model a tag, each trained on the samples that state the tag.

A tag that all stated samples agree on is answered with its share, (p + 1/2) / (n + 1). Samples
that do not state a tag are no part of its training, so what its model says of them is held out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.base import Head, Model, Targets, Trained
from hotfit.heads.boosting import Boosting
from hotfit.heads.linear import Linear
from hotfit.types import Features, Groups, Output, Scores, State


@dataclass(frozen=True, kw_only=True)
class TagwiseModel:
    """A model for every tag, None where all samples agreed; `shares` (k,) answer there."""

    head: str
    members: Sequence[Model | None]
    shares: NDArray[np.float64]

    def predict(self, features: Features) -> Scores:
        """Probabilities (m, k)."""
        scores: Scores = np.tile(self.shares, (len(features), 1))
        for tag, member in enumerate(self.members):
            if member is not None:
                scores[:, tag] = member.predict(features)[:, 1]
        return scores

    def state(self) -> State:
        """The members' states, array names prefixed by the tag's number."""
        arrays: dict[str, NDArray[Any]] = {"shares": self.shares}
        parameters: dict[str, Any] = {}
        for tag, member in enumerate(self.members):
            if member is not None:
                state = member.state()
                arrays |= {f"{tag}/{name}": array for name, array in state.arrays.items()}
                parameters[str(tag)] = dict(state.parameters)
        return State(arrays=arrays, parameters=parameters)


class Tagwise:
    """The closed-form head for tags of tables."""

    name: ClassVar[str] = "tag-linear.v1"
    outputs: ClassVar[frozenset[Output]] = frozenset({Output.TAGS})
    member: ClassVar[Head] = Linear()

    def fit(self, features: Features, targets: Targets, *, labels: int, groups: Groups) -> Trained:
        """Train on n samples; `targets` (n, k) hold 1 present, 0 absent, -1 not stated."""
        members: list[Model | None] = []
        shares = np.empty(labels)
        held_out: Scores = np.empty(targets.shape)
        for tag in range(labels):
            stated = np.flatnonzero(targets[:, tag] >= 0)
            codes = targets[stated, tag].astype(np.int64)
            shares[tag] = (codes.sum() + 0.5) / (len(codes) + 1)
            held_out[:, tag] = shares[tag]
            members.append(None)
            if len(np.unique(codes)) == 2:
                members[tag] = self._fit_one(features, stated, codes, groups, held_out[:, tag])
        model = TagwiseModel(head=self.name, members=tuple(members), shares=shares)
        return Trained(model=model, held_out=held_out)

    def _fit_one(
        self,
        features: Features,
        stated: NDArray[np.int64],
        codes: NDArray[np.int64],
        groups: Groups,
        held_out: Scores,
    ) -> Model:
        """Fit one tag and write its held-out scores."""
        trained = self.member.fit(features[stated], codes, labels=2, groups=groups[stated])
        unstated = np.ones(len(held_out), dtype=np.bool_)
        unstated[stated] = False
        held_out[stated] = trained.held_out[:, 1]
        if unstated.any():
            held_out[unstated] = trained.model.predict(features[unstated])[:, 1]
        return trained.model

    def load(self, state: State) -> TagwiseModel:
        """Rebuild from `state`."""
        shares = state.arrays["shares"]
        members = tuple(self._load_one(tag, state) for tag in range(len(shares)))
        return TagwiseModel(head=self.name, members=members, shares=shares)

    def _load_one(self, tag: int, state: State) -> Model | None:
        if str(tag) not in state.parameters:
            return None
        prefix = f"{tag}/"
        arrays = {
            name.removeprefix(prefix): array
            for name, array in state.arrays.items()
            if name.startswith(prefix)
        }
        return self.member.load(State(arrays=arrays, parameters=state.parameters[str(tag)]))


class TagwiseBoosting(Tagwise):
    """The tuned head for tags of tables."""

    name: ClassVar[str] = "tag-boosting.v1"
    member: ClassVar[Head] = Boosting()
