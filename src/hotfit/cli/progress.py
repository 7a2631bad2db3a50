"""Progress for people: one line on a terminal, after a second; nothing in a pipe."""

import sys
import time
from types import TracebackType
from typing import Self

PATIENCE = 1.0
"""Seconds before the first bar is drawn: quick work needs no bar."""

WIDTH = 24


class Display:
    """A single progress line on standard error, wiped when the work is done."""

    def __init__(self) -> None:
        self._on = sys.stderr.isatty()
        self._start = time.monotonic()
        self._drawn = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._drawn:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()

    def update(self, step: str, done: int, total: int) -> None:
        """Draw `step` at `done` of `total`, ten times a second at most."""
        now = time.monotonic()
        if not self._on or now - self._start < PATIENCE or now - self._drawn < 0.1:
            return
        self._drawn = now
        share = done / total if total else 0.0
        bar = "█" * int(share * WIDTH)
        sys.stderr.write(f"\r\x1b[2K{step:<12} {bar:<{WIDTH}} {done:,} of {total:,}")
        sys.stderr.flush()
