"""Wakes a worker: by hints of the process that wrote, else by looking at short intervals.

Hints are lines of JSON on a pipe and may be lost; they only shorten the wait. The end of the pipe
means that the process which started this one is gone.
"""

import json
import threading
from collections.abc import Callable
from typing import IO, Any

from hotfit.errors import Unavailable
from hotfit.serving.watch import Watch

LOOK = 0.02
"""Seconds between two looks at the database."""

SURE = 1.0
"""Seconds after which there is work to look for whatever was seen."""


class Waker:
    """Lets one thread sleep until there may be work."""

    def __init__(self, watch: Watch, *, look: float = LOOK) -> None:
        self._watch = watch
        self._look = look
        self._hinted = threading.Event()
        self.ended = threading.Event()

    def wake(self) -> None:
        """There may be work; may be called from any thread."""
        self._hinted.set()

    def end(self) -> None:
        """There will be no more work."""
        self.ended.set()
        self._hinted.set()

    def wait(self, most: float = SURE) -> None:
        """Return when there may be work, at the latest after `most` seconds."""
        for _ in range(max(1, round(most / self._look))):
            if self._hinted.wait(self._look):
                break
            try:
                if self._watch.moved():
                    break
            except Unavailable:
                continue
        self._hinted.clear()


def listen(stream: IO[str], heard: Callable[[dict[str, Any]], None]) -> None:
    """Pass on every line of JSON until the stream ends; other lines are let go."""
    for line in stream:
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if isinstance(message, dict):
            heard(message)


def say(stream: IO[str], message: dict[str, Any]) -> bool:
    """Write one line of JSON; False where nobody reads any more."""
    try:
        stream.write(json.dumps(message) + "\n")
        stream.flush()
    except (OSError, ValueError):
        return False
    return True
