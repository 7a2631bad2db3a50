import subprocess
import sys
from typing import Any

import pytest

from hotfit.functions import versions
from hotfit.functions.functions import Function
from hotfit.jobs.improving import Outdated, improve
from hotfit.jobs.leases import Lease, LeaseLost, Leases, job_of
from hotfit.jobs.resting import OUTDATED
from hotfit.store.sessions import Store
from hotfit.training import run as running
from hotfit.training.bench import Bench
from tests.jobs.bench import Clock, Publications, make_worker, relabel, settle


class Launched:
    """Starts a small program instead of an improvement, and remembers what for."""

    def __init__(self, program: str = "pass") -> None:
        self.program = program
        self.calls: list[tuple[str, int, Lease]] = []
        self.processes: list[subprocess.Popen[str]] = []

    def __call__(self, function: str, change: int, lease: Lease) -> "subprocess.Popen[str]":
        self.calls.append((function, change, lease))
        command = [sys.executable, "-c", self.program]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)
        self.processes.append(process)
        return process

    def wait(self) -> None:
        self.processes[-1].wait(120)


def _job(store: Store, function: str) -> Any:
    with store.read() as session:
        return job_of(session, function, "improve")


def test_a_function_is_improved_once_after_it_has_rested(
    bench: Bench, clock: Clock, taught: Function
) -> None:
    launch = Launched()
    worker = make_worker(bench, Publications(), clock, launch=launch)
    settle(worker)
    assert launch.calls == []
    clock.now += 1.1
    settle(worker)
    assert [call[:2] for call in launch.calls] == [(taught.id, taught.change)]
    launch.wait()
    settle(worker)
    assert (_job(bench.store, taught.id).state, _job(bench.store, taught.id).change) == (
        "idle",
        taught.change,
    )
    clock.now += 100
    settle(worker)
    assert len(launch.calls) == 1
    assert worker.close()


def test_an_edit_ends_the_improvement_under_way_and_it_is_made_up_for(
    bench: Bench, clock: Clock, taught: Function
) -> None:
    launch = Launched("import time; time.sleep(600)")
    worker = make_worker(bench, Publications(), clock, launch=launch)
    settle(worker)
    clock.now += 1.1
    settle(worker)
    change = relabel(bench.store, taught.id, 0, "blue")
    settle(worker)
    assert launch.processes[0].returncode != 0
    assert _job(bench.store, taught.id).attempts == 0
    clock.now += 1.1
    settle(worker)
    assert launch.calls[-1][:2] == (taught.id, change)
    worker.close()
    assert launch.processes[1].poll() is not None


def test_improvements_that_fail_are_parked_and_learning_goes_on(
    bench: Bench, clock: Clock, taught: Function
) -> None:
    launch, published = Launched("raise SystemExit(1)"), Publications()
    worker = make_worker(bench, published, clock, launch=launch)
    settle(worker)
    for _ in range(6):
        clock.now += 1.1
        settle(worker)
        launch.wait()
        settle(worker)
    assert len(launch.calls) == 3
    assert _job(bench.store, taught.id).state == "parked"
    change = relabel(bench.store, taught.id, 0, "blue")
    settle(worker)
    assert published.through == change


def test_an_outdated_improvement_is_no_failure(
    bench: Bench, clock: Clock, taught: Function
) -> None:
    launch = Launched(f"raise SystemExit({OUTDATED})")
    worker = make_worker(bench, Publications(), clock, launch=launch)
    settle(worker)
    clock.now += 1.1
    settle(worker)
    launch.wait()
    settle(worker)
    job = _job(bench.store, taught.id)
    assert (job.state, job.attempts, job.change) == ("idle", 0, 0)


def test_what_an_earlier_worker_left_undone_is_done(
    bench: Bench, clock: Clock, taught: Function
) -> None:
    first = make_worker(bench, Publications(), clock)
    settle(first)
    first.close()
    launch = Launched()
    second = make_worker(bench, Publications(), clock, launch=launch)
    settle(second)
    clock.now += 1.1
    settle(second)
    assert [call[:2] for call in launch.calls] == [(taught.id, taught.change)]
    launch.wait()
    second.close()


def _lease(bench: Bench, clock: Clock, function: Function) -> tuple[Leases, Lease]:
    leases = Leases(bench.store, clock=clock, gone=lambda _: True)
    lease = leases.take(function.id, "improve", change=function.change)
    assert lease is not None
    return leases, lease


def test_an_improvement_examines_the_data_without_claiming_more(
    bench: Bench, clock: Clock, taught: Function
) -> None:
    worker = make_worker(bench, Publications(), clock)
    settle(worker)
    published = Publications()
    improve(bench, _lease(bench, clock, taught)[1], published)
    assert published.all[0].scores["examined"] is True
    change = relabel(bench.store, taught.id, 0, "blue")
    settle(worker)
    with bench.store.read() as session:
        live = versions.live_version(session, taught.id)
    assert live is not None
    assert live.change == change
    assert live.scores["examined"] == published.all[-1].id
    assert live.verdict == published.all[-1].verdict


def test_an_improvement_of_older_data_is_refused(
    bench: Bench, clock: Clock, taught: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = make_worker(bench, Publications(), clock)
    settle(worker)
    examine = running.finish

    def edited(*given: Any, **more: Any) -> Any:
        relabel(bench.store, taught.id, 0, "blue")
        return examine(*given, **more)

    monkeypatch.setattr(running, "finish", edited)
    with pytest.raises(Outdated):
        improve(bench, _lease(bench, clock, taught)[1], Publications())
    settle(worker)
    with bench.store.read() as session:
        kept = versions.history(session, taught.id)
    assert [version.scores["examined"] for version in kept] == [False, False]


def test_an_improvement_whose_lease_was_taken_over_publishes_nothing(
    bench: Bench, clock: Clock, taught: Function
) -> None:
    settle(make_worker(bench, Publications(), clock))
    leases, lease = _lease(bench, clock, taught)
    leases.release(lease)
    assert leases.take(taught.id, "improve", change=taught.change) is not None
    published = Publications()
    with pytest.raises(LeaseLost):
        improve(bench, lease, published)
    assert published.all == []
