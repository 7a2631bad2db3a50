"""Samples, their features and their repeats: what heads are fitted on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hotfit.encoders.looks import LooksEncoder
from hotfit.functions.representation import Representation, represent
from hotfit.heads import heads
from hotfit.heads.base import Trained
from hotfit.inputs.looks import Looks
from hotfit.quality.evidence import Fall, Repeat
from hotfit.quality.far_off import far_off
from hotfit.similarity.groups import Duplicates, duplicate_groups, tie
from hotfit.similarity.pictures import near_pictures
from hotfit.store.vectors import CachedEncoder
from hotfit.training.bench import Bench
from hotfit.training.material import Material
from hotfit.training.timeline import Timeline, find_timeline
from hotfit.types import Features, Groups, Input


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """n samples ready for any head.

    Samples that repeat one another are held out together; along a `timeline`, stretches of time;
    where a person named a key, the rows of each of its values. `falls` is what was measured of keys
    that nobody named. Quantities too far off to be true teach nothing and are not judged by.
    """

    material: Material
    representation: Representation
    features: Features
    repeats: Duplicates
    timeline: Timeline | None = None
    looks: Looks | None = None
    falls: Mapping[str, Fall] = field(default_factory=dict)

    @cached_property
    def groups(self) -> Groups:
        """What is held out together, (n,)."""
        if self.timeline is not None:
            return self.timeline.blocks()
        keys = self.material.keys()
        return self.repeats.groups if not keys else tie(keys, otherwise=self.repeats.groups)

    @property
    def believed(self) -> NDArray[np.int64]:
        """The rows that are learned from."""
        quantities = self.material.quantities()
        if quantities is None:
            return np.arange(len(self.material))
        return np.flatnonzero(~far_off(quantities))

    @property
    def judged(self) -> NDArray[np.int64]:
        """The rows whose held-out predictions are judged: all believed, or those with a past."""
        if self.timeline is None:
            return self.believed
        return np.intersect1d(self.timeline.future(), self.believed)

    def fit(self, head: str) -> Trained:
        """Train `head`, what it says held out (n, ...) for every sample.

        Along a timeline, the past alone speaks of the future.
        """
        believed = self.believed
        trained = self._fit(head, believed)
        if self.timeline is None and len(believed) == len(self.material):
            return trained
        held_out = trained.model.predict(self.features)
        held_out[believed] = trained.held_out
        for past, future in [] if self.timeline is None else self.timeline.splits():
            known = np.intersect1d(past, believed)
            held_out[future] = self._fit(head, known).model.predict(self.features[future])
        return replace(trained, held_out=held_out)

    def _fit(self, head: str, rows: NDArray[np.int64]) -> Trained:
        return heads.get(head).fit(
            self.features[rows],
            self.material.targets[rows],
            labels=len(self.material.labels),
            groups=self.groups[rows],
        )


def encode(bench: Bench, material: Material, *, looked_at: bool = True) -> Encoded:
    """Turn samples into features, and find those that repeat one another.

    Images are `looked_at` too: what they look like is measured once and kept, and near copies of
    them are held out together.
    """
    representation = represent(
        material.input,
        material.data,
        fields=material.fields,
        encoders=bench.encoders,
        open_encoder=bench.open_encoder,
    )
    features = representation.features(
        material.data, progress=lambda done, total: bench.report("encoding", done, total)
    )
    looks = look(bench, material) if looked_at else None
    bench.report("training", 0, 1)
    pictures = () if looks is None else near_pictures(looks.thumbnails, features.values)
    return Encoded(
        material=material,
        representation=representation,
        features=features,
        repeats=duplicate_groups(material.data, pictures=pictures),
        looks=looks,
    )


def repeats_of(found: Duplicates) -> tuple[Repeat, ...]:
    """What repeats, as findings are drawn from it."""
    return tuple(
        Repeat(first=pair.first, second=pair.second, similarity=pair.similarity, exact=pair.exact)
        for pair in found.pairs
    )


def look(bench: Bench, material: Material) -> Looks | None:
    """What the images look like, measured where it is not known; None of other samples."""
    if material.input is not Input.IMAGE:
        return None
    measured = CachedEncoder(LooksEncoder(), bench.store).encode(
        material.data, progress=lambda done, total: bench.report("looking", done, total)
    )
    return Looks.of(measured)


def fit_first(encoded: Encoded, head: str) -> tuple[Encoded, Trained]:
    """Train `head`; where its errors follow time, again, so that the score follows time too.

    A key that a person named comes before time.
    """
    trained = encoded.fit(head)
    timeline = find_timeline(encoded.material, trained.held_out)
    if timeline is None or encoded.material.together:
        return encoded, trained
    encoded = replace(encoded, timeline=timeline)
    return encoded, encoded.fit(head)
