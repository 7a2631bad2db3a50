import pytest

from hotfit.functions import functions
from hotfit.functions.functions import Function
from hotfit.jobs.leases import LeaseLost, Leases, check, job_of, retry
from hotfit.store.sessions import Store
from tests.jobs.bench import Clock


def _leases(store: Store, clock: Clock, *, gone: bool = False, attempts: int = 3) -> Leases:
    return Leases(store, clock=clock, patience=10, attempts=attempts, gone=lambda _: gone)


def test_one_worker_at_a_time_holds_a_lease(store: Store, clock: Clock, taught: Function) -> None:
    first, second = _leases(store, clock), _leases(store, clock)
    assert first.take(taught.id, "learn", change=2) is not None
    assert second.take(taught.id, "learn", change=2) is None
    assert second.take(taught.id, "improve", change=2) is not None


def test_a_lease_given_back_is_free(store: Store, clock: Clock, taught: Function) -> None:
    first, second = _leases(store, clock), _leases(store, clock)
    lease = first.take(taught.id, "learn", change=2)
    assert lease is not None
    first.release(lease)
    taken = second.take(taught.id, "learn", change=2)
    assert taken is not None
    assert taken.fence > lease.fence


def test_a_silent_holder_is_replaced_after_the_watchers_own_patience(
    store: Store, clock: Clock, taught: Function
) -> None:
    first, second = _leases(store, clock), _leases(store, clock)
    lease = first.take(taught.id, "learn", change=2)
    assert lease is not None
    assert second.take(taught.id, "learn", change=2) is None
    clock.now += 9.9
    assert second.take(taught.id, "learn", change=2) is None
    clock.now += 0.2
    assert second.take(taught.id, "learn", change=2) is not None
    with pytest.raises(LeaseLost), store.write() as session:
        first.complete(session, lease, change=2)


def test_a_holder_that_beats_keeps_its_lease(store: Store, clock: Clock, taught: Function) -> None:
    first, second = _leases(store, clock), _leases(store, clock)
    lease = first.take(taught.id, "learn", change=2)
    assert lease is not None
    for _ in range(5):
        assert second.take(taught.id, "learn", change=2) is None
        clock.now += 9
        first.beat()
    with store.write() as session:
        first.complete(session, lease, change=2)


@pytest.mark.parametrize("jump", [-7200.0, 86_400.0])
def test_a_jump_of_the_holders_clock_takes_nothing_from_it(
    store: Store, clock: Clock, taught: Function, jump: float
) -> None:
    elsewhere = Clock()
    first, second = _leases(store, elsewhere), _leases(store, clock)
    lease = first.take(taught.id, "learn", change=2)
    assert lease is not None
    elsewhere.now += jump
    assert second.take(taught.id, "learn", change=2) is None
    clock.now += 1
    assert second.take(taught.id, "learn", change=2) is None
    with store.write() as session:
        first.complete(session, lease, change=2)


def test_a_watchers_clock_that_jumps_cannot_make_two_publish(
    store: Store, clock: Clock, taught: Function
) -> None:
    first, second = _leases(store, Clock()), _leases(store, clock)
    lease = first.take(taught.id, "learn", change=2)
    assert second.take(taught.id, "learn", change=2) is None
    clock.now += 86_400
    other = second.take(taught.id, "learn", change=2)
    assert lease is not None
    assert other is not None
    with store.write() as session:
        second.complete(session, other, change=2)
    with pytest.raises(LeaseLost), store.write() as session:
        first.complete(session, lease, change=2)


def test_a_holder_that_has_ended_is_replaced_at_once(
    store: Store, clock: Clock, taught: Function
) -> None:
    assert _leases(store, clock).take(taught.id, "learn", change=2) is not None
    assert _leases(store, clock, gone=True).take(taught.id, "learn", change=2) is not None


def test_work_that_ends_its_process_is_parked_until_the_function_changes(
    store: Store, clock: Clock, taught: Function
) -> None:
    for _ in range(3):
        leases = _leases(store, clock, gone=True)
        lease = leases.take(taught.id, "learn", change=2)
        assert lease is not None
        leases.begin(lease)
    leases = _leases(store, clock, gone=True)
    assert leases.take(taught.id, "learn", change=2) is None
    with store.read() as session:
        job = job_of(session, taught.id)
    assert job is not None
    assert job.state == "parked"
    assert job.reason is not None
    assert "ended 3 times" in job.reason
    assert leases.take(taught.id, "learn", change=2) is None
    assert leases.take(taught.id, "learn", change=3) is not None


def test_a_parked_function_can_be_tried_again(store: Store, clock: Clock, taught: Function) -> None:
    leases = _leases(store, clock, attempts=1)
    lease = leases.take(taught.id, "learn", change=2)
    assert lease is not None
    assert leases.fail(lease, change=2, reason="it broke")
    leases.release(lease)
    assert leases.take(taught.id, "learn", change=2) is None
    with store.write() as session:
        retry(session, taught.id)
    assert leases.take(taught.id, "learn", change=2) is not None


def test_a_helper_works_under_the_fence_of_its_lease(
    store: Store, clock: Clock, taught: Function
) -> None:
    leases = _leases(store, clock)
    lease = leases.take(taught.id, "improve", change=2)
    assert lease is not None
    with store.write() as session:
        check(session, lease)
    assert _leases(store, clock, gone=True).take(taught.id, "improve", change=2) is not None
    with pytest.raises(LeaseLost), store.write() as session:
        check(session, lease)


def test_a_function_that_is_gone_has_no_lease(store: Store, clock: Clock, taught: Function) -> None:
    leases = _leases(store, clock)
    lease = leases.take(taught.id, "learn", change=2)
    assert lease is not None
    with store.write() as session:
        functions.remove(session, taught.id)
    assert leases.take(taught.id, "learn", change=2) is None
    leases.release(lease)
    assert leases.fail(lease, change=2, reason="gone")
