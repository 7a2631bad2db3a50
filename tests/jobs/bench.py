"""A bench without weights, a clock that tests move, and a function with samples of two labels."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from hotfit.encoders.fake import FakeEncoder
from hotfit.functions import functions
from hotfit.functions.functions import Function
from hotfit.functions.versions import Version
from hotfit.jobs.leases import Leases
from hotfit.jobs.resting import Launch, Resting
from hotfit.jobs.waker import Waker
from hotfit.jobs.worker import Limits, Worker
from hotfit.samples.annotations import annotate
from hotfit.samples.imports import add
from hotfit.samples.rows import read_rows
from hotfit.serving.watch import Watch
from hotfit.store.blobs import MemoryBlobs
from hotfit.store.sessions import Store
from hotfit.store.vectors import CachedEncoder
from hotfit.training.bench import Bench
from hotfit.types import Input, Output, Sample

WORDS = {"red": ("rose", "ruby", "blood", "brick"), "blue": ("sea", "sky", "denim", "ice")}


@dataclass
class Clock:
    """Seconds that pass when a test says so."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Publications:
    """What a worker said it published."""

    all: list[Version] = field(default_factory=list)

    def __call__(self, _function: str, version: Version) -> None:
        self.all.append(version)

    @property
    def through(self) -> int:
        return max((version.change for version in self.all), default=0)


def colours(count: int) -> list[Sample]:
    """Texts that name a colour by its things."""
    return [
        Sample(number=n + 1, data=f"{WORDS[label][n % 4]} like {n} things", label=label)
        for n in range(count)
        for label in [("red", "blue")[n // 4 % 2]]
    ]


def teach(store: Store, name: str = "colours", count: int = 60) -> Function:
    """A function with samples and no version."""
    with store.write() as session:
        made = functions.create(session, name=name, input=Input.TEXT, output=Output.CLASSIFICATION)
        add(session, made.id, colours(count))
        return functions.get(session, made.id)


def relabel(store: Store, function: str, row: int, label: str | None) -> int:
    """Say what the sample in place `row` is; the change it was."""
    with store.write() as session:
        ids = read_rows(session, function).ids
        return annotate(session, function, [(ids[row], label)], author="test")


def make_worker(
    bench: Bench,
    published: Publications,
    clock: Clock,
    *,
    launch: Launch | None = None,
    attempts: int = 3,
    live: int = 4,
) -> Worker:
    """A worker whose seconds are those of `clock`."""
    leases = Leases(bench.store, clock=clock, attempts=attempts, gone=lambda _: False)
    return Worker(
        bench,
        leases,
        Waker(Watch(bench.store, clock=clock)),
        Resting(bench.store, bench.blobs, leases, launch, clock=clock, rest=1.0),
        published=published,
        limits=Limits(live=live, beat=1e9, retry=1.0),
    )


def settle(*workers: Worker) -> None:
    """Let the workers work until none has anything to do."""
    while True:
        worked = [worker.step() for worker in workers]
        waited = [worker.finish_long_work() for worker in workers]
        if not any((*worked, *waited)):
            return


def counted(versions: Sequence[Version]) -> list[int]:
    """The changes of versions, in order."""
    return [version.change for version in versions]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bench(store: Store, clock: Clock) -> Bench:
    return Bench(
        store=store,
        blobs=MemoryBlobs(),
        encoders={Input.TEXT: "fake.v1"},
        open_encoder=lambda name: CachedEncoder(FakeEncoder(name=name, dimensions=32), store),
        clock=clock,
    )


@pytest.fixture
def taught(store: Store) -> Function:
    return teach(store)
