"""Loads a version and tries it before it may answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import select

from hotfit.errors import HotfitError
from hotfit.functions.functions import Function
from hotfit.functions.representation import Frozen, OpenEncoder
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.trials import timed
from hotfit.functions.versions import Version
from hotfit.samples.rows import read_data
from hotfit.serving.live import Live, label_ids
from hotfit.serving.standing import Standing
from hotfit.store.artifacts import unpack
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Store
from hotfit.store.tables import samples
from hotfit.store.vectors import get_many
from hotfit.types import Data, Features, Input, Output, Scores

PROBES = 4
"""Samples that a version is tried on."""

TRIAL_SECONDS = 1.0
"""What the probes may take once they are encoded."""


class Broken(HotfitError):
    """A version was loaded and does not answer as a model must."""

    def __init__(self, *, version: str, found: str) -> None:
        super().__init__(f"version {version} must not answer: {found}.")


@dataclass(kw_only=True)
class Loader:
    """Loads versions; used by several threads at once."""

    store: Store
    blobs: Blobs
    open_encoder: OpenEncoder
    _probes: dict[str, "_Probes"] = field(default_factory=dict)

    def load(self, standing: Standing, version: Version) -> Live:
        """Load, warm and try a version; raise Broken, or what reading it raises."""
        state = unpack(self.blobs.get(version.artifact))
        trained = TrainedFunction.load(state, open_encoder=self.open_encoder)
        self._try(standing.function, version.id, trained)
        return Live(
            standing=standing,
            version=version,
            trained=trained,
            label_ids=label_ids(trained.labels, standing, change=version.change),
            change=version.change,
        )

    def forget(self, function: str) -> None:
        """Drop the probes of a function that is no longer in memory."""
        self._probes.pop(function, None)

    def _try(self, function: Function, version: str, trained: TrainedFunction) -> None:
        probes = self._probes.get(function.id)
        if probes is None:
            probes = self._probes[function.id] = self._choose(function)
        features = probes.features(trained)
        if not len(features):
            return
        (scores, answers), seconds = timed(lambda: _asked(trained, features), slowest=TRIAL_SECONDS)
        fault = _fault(trained, scores, rows=len(features))
        if fault is None and answers != len(features):
            fault = f"{len(features)} samples gave {answers} answers"
        if fault is None and seconds > TRIAL_SECONDS:
            fault = f"{len(features)} samples took {seconds:.1f} s"
        if fault is not None:
            raise Broken(version=version, found=fault)

    def _choose(self, function: Function) -> "_Probes":
        with self.store.read() as session:
            rows = session.rows(
                select(samples.c.data, samples.c.blob, samples.c.content_hash)
                .where(samples.c.function_id == function.id)
                .order_by(samples.c.id)
                .limit(PROBES)
            )
        data = read_data([row.data for row in rows], [row.blob for row in rows], self.blobs)
        if not data and function.input is Input.TEXT:
            data = ["a text to try"]
        hashes = [bytes(row.content_hash) for row in rows]
        return _Probes(store=self.store, data=data, hashes=hashes)


@dataclass(kw_only=True)
class _Probes:
    """Samples to try versions on; those of a frozen encoder are encoded once."""

    store: Store
    data: Sequence[Data]
    hashes: Sequence[bytes]
    _encoded: dict[str, Features] = field(default_factory=dict)

    def features(self, trained: TrainedFunction) -> Features:
        representation = trained.representation
        if not self.data:
            return Features(values=np.zeros((0, 1), dtype=np.float32))
        if not isinstance(representation, Frozen):
            return representation.features(self.data)
        encoder = representation.encoder
        if encoder.name not in self._encoded:
            self._encoded[encoder.name] = self._cached(encoder.name) or representation.features(
                self.data
            )
        return self._encoded[encoder.name]

    def _cached(self, encoder: str) -> Features | None:
        with self.store.read() as session:
            found = get_many(session, self.hashes, encoder)
        if not self.hashes or len(found) < len(set(self.hashes)):
            return None
        return Features(values=np.stack([found[key] for key in self.hashes]))


def _asked(trained: TrainedFunction, features: Features) -> tuple[Scores, int]:
    """The scores of the probes, and how many answers they gave."""
    scores = trained.model.predict(features)
    return scores, len(trained.reading.answers(scores, features))


def _fault(trained: TrainedFunction, scores: Scores, *, rows: int) -> str | None:
    """What is wrong with the scores of the probes, None where nothing is."""
    if trained.output is Output.NUMBER:
        expected: tuple[int, ...] = (rows,)
    else:
        expected = (rows, len(trained.labels))
    if scores.shape != expected:
        return f"its scores have the shape {scores.shape}, where {expected} was expected"
    if not np.isfinite(scores).all():
        return "a score is not a finite number"
    if trained.output is not Output.NUMBER and (scores.min() < -1e-6 or scores.max() > 1 + 1e-6):
        return "a probability lies outside 0 to 1"
    return None
