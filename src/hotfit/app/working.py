"""A worker put together: its bench, leases, hints, and the processes that improve what rests."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from threadpoolctl import threadpool_limits

from hotfit.app.app import App
from hotfit.functions.versions import Version
from hotfit.jobs.improving import Outdated, improve
from hotfit.jobs.leases import Lease, LeaseLost, Leases
from hotfit.jobs.resting import OUTDATED, Launch, Resting
from hotfit.jobs.telling import Telling
from hotfit.jobs.waker import Waker, listen, say
from hotfit.jobs.worker import Limits, Published, Worker
from hotfit.serving.watch import Watch
from hotfit.store.locks import HomeLock

log = logging.getLogger("hotfit.worker")

LEARNING = 1
"""How much nicer a worker is than the server: an edit waits for little, answers still go first."""

IMPROVING = 10
"""How much nicer the search for better models is: it takes what nobody else wants."""

ALONE = {"beat": 20.0, "patience": 90.0}
SEVERAL = {"beat": 2.0, "patience": 10.0}
"""Seconds; a SQLite home has one worker, whose death is seen from its process number."""


def build_worker(
    app: App, waker: Waker, published: Published, *, launch: Launch | None = None
) -> Worker:
    """The worker of a home; `launch` starts improvements, without it there are none."""
    times = ALONE if app.store.engine.dialect.name == "sqlite" else SEVERAL
    leases = Leases(
        app.store,
        clock=time.monotonic,
        patience=times["patience"],
        attempts=app.settings.training_attempts,
    )
    resting = Resting(
        app.store, app.blobs, leases, launch, clock=time.monotonic, rest=app.settings.rest_seconds
    )
    limits = Limits(live=app.settings.live_functions, beat=times["beat"])
    return Worker(app.bench(), leases, waker, resting, published=published, limits=limits)


def run_worker(app: App, *, supervised: bool) -> None:
    """Work until told to stop: by the end of standard input where a server started this process.

    What is published is told on standard output then, a line of JSON a version.
    """
    lower_priority(LEARNING)
    waker = Waker(Watch(app.store, clock=time.monotonic))
    speaking = threading.Lock()

    def published(function: str, version: Version) -> None:
        if supervised:
            with speaking:
                say(sys.stdout, announcement(function, version))

    signal.signal(signal.SIGTERM, lambda *_: waker.end())
    if supervised:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server hears Ctrl-C, and ends this one
        _in_background(lambda: _hear(sys.stdin, waker))
    # Small products of matrices are slower on several threads than on one.
    with claimed(app, needed=not supervised), threadpool_limits(1, user_api="blas"):
        finished = build_worker(app, waker, published, launch=_launcher(app)).run()
    if not finished:
        os._exit(0)  # long work is under way; what it would publish counts no more


@contextmanager
def claimed(app: App, *, needed: bool = True) -> Iterator[None]:
    """Own a SQLite home while serving it; raise HomeTaken where another server does."""
    if not needed or app.store.engine.dialect.name != "sqlite":
        yield
        return
    with HomeLock(app.settings.home.expanduser()):
        yield


def run_improvement(app: App, *, function: str, fence: int) -> int:
    """Improve one function under the lease of the worker that started this; the exit status."""
    lower_priority(IMPROVING)
    _in_background(lambda: _end_with(sys.stdin))
    lease = Lease(function=function, kind="improve", fence=fence)

    def published(function: str, version: Version) -> None:
        say(sys.stdout, announcement(function, version))

    try:
        telling = Telling(app.store, lease, clock=time.monotonic)
        telling.begin()
        improve(app.bench(telling), lease, published)
    except (Outdated, LeaseLost) as error:
        log.info("%s", error)
        return OUTDATED
    return 0


def announcement(function: str, version: Version) -> dict[str, object]:
    """What is told of a published version."""
    return {
        "published": version.id,
        "function": function,
        "change": version.change,
        "build": version.build,
    }


def lower_priority(by: int) -> None:
    """Let other processes go first, where the system knows priorities."""
    if hasattr(os, "nice"):
        os.nice(by)


def own_command(app: App, *arguments: str) -> Sequence[str]:
    """The command that starts this program anew on the same home."""
    home = str(app.settings.home.expanduser().absolute())
    return [sys.executable, "-m", "hotfit", *arguments, "--home", home]


def _launcher(app: App) -> Launch:
    def launch(function: str, _change: int, lease: Lease) -> "subprocess.Popen[str]":
        command = own_command(
            app, "serve", "--role", "improve", "--job", f"{function}:{lease.fence}"
        )
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=sys.stdout, text=True)

    return launch


def _hear(hints: TextIO, waker: Waker) -> None:
    listen(hints, lambda _: waker.wake())
    waker.end()


def _end_with(stream: TextIO) -> None:
    """End this process when the one that holds the other end of the stream does."""
    listen(stream, lambda _: None)
    os._exit(1)


def _in_background(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True).start()
