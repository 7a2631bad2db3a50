"""The loop: a save is read, learned, live, and told; then the next."""

import gc
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from threadpoolctl import threadpool_limits

from hotfit.app.working import claimed
from hotfit.dev.serving import Server
from hotfit.dev.steps import Step
from hotfit.dev.watching import clock, saved_at, watch_folder
from hotfit.dev.workshop import Workshop
from hotfit.errors import HotfitError
from hotfit.local.home import Home

HALF_SAVED = 0.06
"""Seconds in which a file that cannot be read may become one that can: it was half saved."""

Tell = Callable[[Step], None]


def run_dev(
    path: Path,
    *,
    tell: Tell,
    serving: Callable[[str, str], None],
    host: str = "127.0.0.1",
    port: int = 5000,
    home: Home | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Watch a folder until `stop`; `serving` is told the function's name and the server's address.

    Raises a Refusal where there is no folder or its `hotfit.toml` cannot be read.
    """
    ending = stop or threading.Event()
    workshop = Workshop(path, home=home)
    with claimed(workshop.home.app):
        server = Server(workshop.home.app, host=host, port=port)
        # Small products of matrices are slower on several threads than on one.
        with server.running(), threadpool_limits(1, user_api="blas"):
            serving(workshop.folder.name, server.url)
            saves = watch_folder(path, stop=ending)
            next(saves, None)
            _tell(tell, workshop, server, _first(workshop), since=clock())
            # Thousands of rows stay for good: looking through them again at a save costs more
            # than the save.
            gc.freeze()
            for files in saves:
                since = saved_at(path, files, now=clock())
                names = [file.as_posix() for file in files]
                _tell(tell, workshop, server, _saved(workshop, names), since=since)


def _first(workshop: Workshop) -> Step:
    try:
        return workshop.start()
    except (HotfitError, OSError) as error:
        return Step(event="kept", message=f"{error}; it is read again when it is saved")


def _saved(workshop: Workshop, files: Sequence[str]) -> Step:
    step = workshop.save(files)
    if step.event != "kept":
        return step
    time.sleep(HALF_SAVED)
    return workshop.save(files)


def _tell(tell: Tell, workshop: Workshop, server: Server, step: Step, *, since: float) -> None:
    """Let the new version answer first; scores and flips are found while it does."""
    if step.event in {"learned", "ready"} and workshop.version is not None:
        server.serving.prepare = workshop.folder.prepare
        server.live(workshop.folder.name, workshop.version.change)
        step = replace(step, seconds={**step.seconds, "live": clock() - since})
    tell(workshop.settle(step))
