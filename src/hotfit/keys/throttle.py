"""How often somebody may do something: a window of a minute, in memory or for all servers.

Wrong secrets are counted in the database, so that a second server, or a restart, gives nobody five
more guesses. Calls are counted in memory where one server owns the database; where several share
one, each draws a tenth of the minute's calls at a time.
"""

import math
from collections import OrderedDict
from threading import Lock
from typing import ClassVar

from sqlalchemy import and_, case, select
from sqlalchemy.dialects import postgresql, sqlite

from hotfit.errors import Refusal
from hotfit.store.sessions import Reading, Store, Writing
from hotfit.store.tables import throttles

WINDOW = 60.0
REMEMBERED = 10_000
"""Names kept in memory; the ones that were seen longest ago go first."""


class TooMany(Refusal):
    """Somebody asks more often than they may."""

    status: ClassVar[int] = 429

    def __init__(self, *, what: str, limit: int, seconds: float) -> None:
        self.seconds = max(1, math.ceil(seconds))
        super().__init__(
            f"more than {limit} {what} in a minute; try again in {self.seconds} seconds."
        )

    @property
    def headers(self) -> dict[str, str]:
        """When to try again."""
        return {"Retry-After": str(self.seconds)}


class Windows:
    """Counts by name within a minute that starts with the first count."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = Lock()

    def count(self, name: str, *, time: float) -> int:
        """How often `name` was added in its present minute."""
        with self._lock:
            return self._current(name, time)[1]

    def left(self, name: str, *, time: float) -> float:
        """Seconds until the present minute of `name` is over."""
        with self._lock:
            return self._current(name, time)[0] + WINDOW - time

    def add(self, name: str, by: int = 1, *, time: float) -> int:
        """Count `name`; return the count of its present minute."""
        with self._lock:
            started, count = self._current(name, time)
            self._counts[name] = (started, count + by)
            self._counts.move_to_end(name)
            while len(self._counts) > REMEMBERED:
                self._counts.popitem(last=False)
            return count + by

    def _current(self, name: str, time: float) -> tuple[float, int]:
        started, count = self._counts.get(name, (time, 0))
        return (started, count) if 0 <= time - started < WINDOW else (time, 0)


def counted(session: Reading, name: str, *, time: float) -> tuple[int, float]:
    """How often `name` was counted in the present minute, and the seconds until it is over."""
    row = session.first(select(throttles).where(throttles.c.name == name))
    if row is None or not 0 <= time - row.started / 1000 < WINDOW:
        return 0, WINDOW
    return row.times, row.started / 1000 + WINDOW - time


def count(session: Writing, name: str, by: int = 1, *, time: float) -> tuple[int, float]:
    """Count `name` for all servers; return what `counted` then would."""
    make = sqlite.insert if session.dialect == "sqlite" else postgresql.insert
    milliseconds = int(time * 1000)
    age = milliseconds - throttles.c.started
    present = and_(age >= 0, age < int(WINDOW * 1000))
    statement = make(throttles).values(name=name, started=milliseconds, times=by)
    statement = statement.on_conflict_do_update(
        index_elements=[throttles.c.name],
        set_={
            "started": case((present, throttles.c.started), else_=milliseconds),
            "times": case((present, throttles.c.times + by), else_=by),
        },
    )
    session.run(statement)
    return counted(session, name, time=time)


class Allowance:
    """The calls a minute that each key has."""

    def __init__(self, store: Store, *, shared: bool) -> None:
        self._store = store
        self._shared = shared
        self._calls = Windows()
        self._drawn = Windows()

    def spend(self, key: str, limit: int, *, time: float) -> None:
        """Take one call from the key's minute; raise TooMany where none is left."""
        if not self._shared:
            self._take(key, limit, time)
            return
        used = self._calls.add(key, time=time)
        if used > self._drawn.count(key, time=time):
            self._draw(key, limit, time)

    def _take(self, key: str, limit: int, time: float) -> None:
        if self._calls.add(key, time=time) > limit:
            raise TooMany(what="calls", limit=limit, seconds=self._calls.left(key, time=time))

    def _draw(self, key: str, limit: int, time: float) -> None:
        part = max(1, limit // 10)
        with self._store.read() as session:
            total, left = counted(session, f"calls {key}", time=time)
        if total >= limit:
            raise TooMany(what="calls", limit=limit, seconds=left)
        with self._store.write() as session:
            total, left = count(session, f"calls {key}", part, time=time)
        if total - part >= limit:  # another server was faster
            raise TooMany(what="calls", limit=limit, seconds=left)
        self._drawn.add(key, min(part, limit - (total - part)), time=time)
