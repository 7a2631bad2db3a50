"""Ends a folder's own code that goes on for ever, so that who waits for it can say so.

One thread looks at what runs and raises TookTooLong inside whatever is over its time. Python does
that between two steps of a program: code that waits inside a library is ended when it comes back.
"""

import ctypes
import itertools
import threading
import time
from dataclasses import dataclass

LOOK_SECONDS = 0.1


class TookTooLong(BaseException):
    """Code was over its time; no Exception, so that code that catches those cannot go on."""


@dataclass(kw_only=True)
class Run:
    """Code that runs in a thread until `until`, on the clock of `time.monotonic`."""

    number: int
    thread: int
    until: float


class Watch:
    """Who runs, and the thread that looks at them while anybody does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._running: dict[int, Run] = {}
        self._looking = False

    def begin(self, seconds: float) -> Run:
        """Code begins in this thread and has so many seconds."""
        until = time.monotonic() + seconds
        run = Run(number=next(self._numbers), thread=threading.get_ident(), until=until)
        with self._lock:
            self._running[run.number] = run
            if not self._looking:
                self._looking = True
                threading.Thread(target=self._look, name="hotfit-patience", daemon=True).start()
        return run

    def end(self, run: Run) -> None:
        """The code has ended; what was raised for it and did not arrive is taken back."""
        with self._lock:
            self._running.pop(run.number, None)
            if time.monotonic() > run.until:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(run.thread), None)

    def _look(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            with self._lock:
                if not self._running:
                    self._looking = False
                    return
                now = time.monotonic()
                for run in self._running.values():
                    if now > run.until:
                        ctypes.pythonapi.PyThreadState_SetAsyncExc(
                            ctypes.c_ulong(run.thread), ctypes.py_object(TookTooLong)
                        )


WATCH = Watch()
