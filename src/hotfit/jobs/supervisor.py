"""The supervisor: starts the worker process, restarts it when it ends, and talks to it by pipes.

Hints go to its standard input, published versions come from its standard output; its log goes
where this process's goes. When this process dies, the pipe ends and the worker with it.
"""

import logging
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from hotfit.jobs.waker import listen, say

log = logging.getLogger("hotfit.supervisor")

Heard = Callable[[dict[str, Any]], None]

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30.0
"""Seconds between the end of a worker and the next start; doubled each time."""

HEALTHY = 30.0
"""Seconds a worker must have lived for the pause to begin small again."""

PATIENCE = 10.0
"""Seconds a worker may take to finish what it is writing when it is stopped."""


class Supervisor:
    """Keeps one worker process running; `heard` is told every message of the worker."""

    def __init__(
        self,
        command: Sequence[str],
        heard: Heard,
        *,
        clock: Callable[[], float] = time.monotonic,
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        self._command = list(command)
        self._heard = heard
        self._clock = clock
        self._longest = longest_pause
        self._hint = threading.Event()
        self._stopping = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._keep, name="supervise", daemon=True),
            threading.Thread(target=self._pass_hints, name="hint", daemon=True),
        ]
        self.starts = 0

    def start(self) -> None:
        """Start the worker and return."""
        for thread in self._threads:
            thread.start()

    def wake(self, function: str = "", change: int = 0) -> None:
        """Hint that there may be work; returns at once."""
        del function, change  # the worker looks by itself
        self._hint.set()

    @property
    def pid(self) -> int | None:
        """The worker's process number while it runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def stop(self) -> None:
        """End the worker, gently first."""
        self._stopping.set()
        self._hint.set()
        with self._lock:
            process = self._process
        if process is not None:
            assert process.stdin is not None
            try:
                process.stdin.close()
            except OSError:
                log.info("the worker had ended already")
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(PATIENCE)

    def _keep(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            began = self._clock()
            status = self._run_once()
            if self._stopping.is_set():
                return
            lived = self._clock() - began
            pause = FIRST_PAUSE if lived >= HEALTHY else min(2 * pause, self._longest)
            log.error(
                "the worker ended with status %s after %.1f s; next start in %.1f s",
                status,
                lived,
                pause,
            )
            self._stopping.wait(pause)

    def _run_once(self) -> int | None:
        with self._lock:
            if self._stopping.is_set():
                return None
            try:
                process = subprocess.Popen(
                    self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            except OSError as error:
                log.error("the worker cannot be started: %s", error)  # noqa: TRY400 - no trace
                return None
            self._process = process
            self.starts += 1
        assert process.stdout is not None
        assert process.stdin is not None
        with process.stdout:
            listen(process.stdout, self._heard)
        status = process.wait()
        try:
            process.stdin.close()
        except OSError:
            log.info("a hint was lost with the worker")
        return status

    def _pass_hints(self) -> None:
        while True:
            self._hint.wait()
            self._hint.clear()
            if self._stopping.is_set():
                return
            process = self._process
            if process is not None and process.stdin is not None:
                say(process.stdin, {})
