"""What training works with: the database, the blobs, the encoders at hand and a clock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hotfit.encoders.base import Cost
from hotfit.functions.representation import OpenEncoder
from hotfit.functions.versions import Candidate
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Store, Writing
from hotfit.types import Input

Report = Callable[[str, int, int], None]
"""Called with (step, done, total) while training runs; the step is a word for people."""


Guard = Callable[[Writing, Candidate], None]
"""Called in the transaction that publishes, before anything is written; may raise to stop it."""


def silent(step: str, done: int, total: int) -> None:
    """Report to nobody."""


def trusting(session: Writing, candidate: Candidate) -> None:
    """Let everything be published."""


def alone(kind: Input) -> Sequence[str]:  # noqa: ARG001 - the signature of `Bench.rivals`
    """No encoder but the one in use."""
    return ()


def free(name: str) -> Cost:  # noqa: ARG001 - the signature of `Bench.cost`
    """Nothing is known to cost anything."""
    return Cost(latency=0.0, each=0.0)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """The tools of one training run.

    `encoders` names the encoder to use for each kind of input, `open_encoder` opens one by name,
    behind the cache of vectors. `rivals` names the encoders at hand for a kind, cheapest first, and
    `cost` is what one costs on this machine; `fixed` are the kinds whose encoder a setting decides.
    `clock` counts seconds.
    """

    store: Store
    blobs: Blobs
    encoders: Mapping[Input, str]
    open_encoder: OpenEncoder
    clock: Callable[[], float]
    report: Report = silent
    guard: Guard = trusting
    rivals: Callable[[Input], Sequence[str]] = alone
    cost: Callable[[str], Cost] = free
    fixed: frozenset[Input] = frozenset()


class Stopwatch:
    """Seconds since the work began, and when its first result was there."""

    def __init__(self, clock: Callable[[], float], *, since: float | None = None) -> None:
        self._clock = clock
        self._since = clock() if since is None else since
        self.first: float | None = None

    def lap(self) -> float:
        """Seconds since the start; the first lap is remembered as `first`."""
        passed = self._clock() - self._since
        if self.first is None:
            self.first = passed
        return passed
