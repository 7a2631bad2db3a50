from hotfit.functions import functions
from hotfit.jobs.leases import Leases, job_of
from hotfit.jobs.progress import progress_of
from hotfit.jobs.telling import EVERY, Telling
from hotfit.store.sessions import Store
from hotfit.types import Input, Output
from tests.jobs.bench import Clock


def made(store: Store) -> str:
    with store.write() as w:
        return functions.create(w, name="f", input=Input.TEXT, output=Output.CLASSIFICATION).id


def told(store: Store, function: str) -> tuple[str | None, int | None, int | None]:
    with store.read() as r:
        job = job_of(r, function)
    assert job is not None
    return job.step, job.done, job.total


def test_long_work_is_told_now_and_then(store: Store) -> None:
    function, clock = made(store), Clock()
    leases = Leases(store, clock=clock)
    lease = leases.take(function, "learn", change=1)
    assert lease is not None
    telling = Telling(store, lease, clock=clock)
    telling("encoding", 1, 9)
    assert told(store, function) == (None, None, None)
    telling.begin()
    telling("encoding", 2, 9)
    assert told(store, function) == (None, None, None)
    clock.now += EVERY
    telling("encoding", 3, 9)
    telling("encoding", 4, 9)
    assert told(store, function) == ("encoding", 3, 9)
    telling.end()
    clock.now += EVERY
    telling("encoding", 5, 9)
    assert told(store, function) == ("encoding", 3, 9)
    with store.write() as w:
        leases.complete(w, lease, change=1)
    assert told(store, function) == (None, None, None)


def test_who_lost_the_lease_tells_nothing(store: Store) -> None:
    function, clock = made(store), Clock()
    leases = Leases(store, clock=clock)
    lost = leases.take(function, "learn", change=1)
    assert lost is not None
    assert leases.take(function, "learn", change=1) is not None
    telling = Telling(store, lost, clock=clock)
    telling.begin()
    clock.now += EVERY
    telling("encoding", 3, 9)
    assert told(store, function) == (None, None, None)


def test_improving_is_told_where_nothing_is_to_learn(store: Store) -> None:
    function = made(store)
    leases = Leases(store, clock=Clock())
    with store.read() as r:
        assert not progress_of(r, functions.get(r, function)).is_training
    lease = leases.take(function, "improve", change=1)
    assert lease is not None
    leases.begin(lease)
    with store.read() as r:
        found = progress_of(r, functions.get(r, function))
    assert (found.is_training, found.step, found.reason) == (True, "improving", None)
