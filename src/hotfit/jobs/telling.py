"""Tells now and then how far long work has come, so that whoever asks can see it move."""

import logging
from collections.abc import Callable

from hotfit.errors import HotfitError
from hotfit.jobs.leases import Lease, tell
from hotfit.store.sessions import Store

log = logging.getLogger("hotfit.worker")

EVERY = 0.5
"""Seconds between two tellings: each is a commit, and nobody reads faster."""


class Telling:
    """The progress of one lease; called as training reports, it writes down some of it."""

    def __init__(self, store: Store, lease: Lease, *, clock: Callable[[], float]) -> None:
        self._store = store
        self._lease = lease
        self._clock = clock
        self._told: float | None = None

    def begin(self) -> None:
        """Long work starts: from now on it is told."""
        self._told = self._clock()

    def end(self) -> None:
        """Work that takes milliseconds is not told."""
        self._told = None

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take in a report of training; a database that cannot be written to stops no work."""
        now = self._clock()
        if self._told is None or now - self._told < EVERY:
            return
        self._told = now
        try:
            with self._store.write() as session:
                tell(session, self._lease, step=step, done=done, total=total)
        except HotfitError as error:
            log.info("%s", error)
