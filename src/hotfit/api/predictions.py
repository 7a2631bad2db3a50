"""What a version says about samples; computed when read, from the vectors that are kept.

Storing them would mean rewriting each sample's row at each version. Computing them is one product
of two matrices, and what is read always belongs to the version that answers now.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Protocol

from hotfit.functions.representation import Frozen
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.versions import Version
from hotfit.store.content import content_hash
from hotfit.store.sessions import Store
from hotfit.store.vectors import missing
from hotfit.types import Answer, Data

OpenVersion = Callable[[Version], TrainedFunction]
"""Loads the trained function of a version."""

ENCODED = 64
"""Samples that one request encodes."""

RESIDENT = 16
"""Versions that are kept in memory."""


class Predictions(Protocol):
    """Answers of a version to samples of its function."""

    def of(self, version: Version, data: Sequence[Data]) -> Sequence[Answer | None]:
        """Answer n samples in order; None where the answer would take long."""
        ...


class Computed:
    """Predictions that are computed when asked for.

    `open_version` should give functions whose encoders keep what they encoded, so that a sample
    that was learned from is not encoded again. Of texts and images that nothing is kept for, the
    first ENCODED are encoded: whoever reads a list must not set the server encoding a whole import
    that a worker is about to encode.
    """

    def __init__(self, open_version: OpenVersion, store: Store) -> None:
        self._load = open_version
        self._store = store
        self._loaded: OrderedDict[str, TrainedFunction] = OrderedDict()
        self._loading = Lock()

    def of(self, version: Version, data: Sequence[Data]) -> Sequence[Answer | None]:
        """Answer n samples in order; None where too many had to be encoded first."""
        if not data:
            return []
        trained = self._open(version)
        rows = self._ready(trained, data)
        if len(rows) == len(data):
            return trained.answer(data)
        answers: list[Answer | None] = [None] * len(data)
        for row, answer in zip(rows, trained.answer([data[row] for row in rows]), strict=True):
            answers[row] = answer
        return answers

    def _ready(self, trained: TrainedFunction, data: Sequence[Data]) -> list[int]:
        """The places of the samples that are answered now."""
        if not isinstance(trained.representation, Frozen):
            return list(range(len(data)))
        hashes = [content_hash(one) for one in data]
        with self._store.read() as session:
            new = missing(session, hashes, trained.representation.encoder.name)
        waiting = set(new[ENCODED:])
        return [row for row, key in enumerate(hashes) if key not in waiting]

    def _open(self, version: Version) -> TrainedFunction:
        """The trained function of a version; loaded once, not once a caller."""
        with self._loading:
            if version.id not in self._loaded:
                self._loaded[version.id] = self._load(version)
            self._loaded.move_to_end(version.id)
            if len(self._loaded) > RESIDENT:
                self._loaded.popitem(last=False)
            return self._loaded[version.id]
