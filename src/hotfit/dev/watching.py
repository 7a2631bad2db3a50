"""What is saved in a folder: names of files, a moment after the last of them was written."""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from hotfit.folders.folder import HOME
from hotfit.folders.lock import NAME as LOCK

WRITTEN = (LOCK, "hotfit.sync", "conflicts.toml")
"""Files beside the rows that commands write and that say nothing of what is learned."""

QUIET_MS = 8
"""A burst of writes ends when nothing was written for so long."""

LONGEST_MS = 400
"""A burst that goes on is looked at after so long."""

WAKE_MS = 250
"""How soon the end is noticed where nothing is written."""


def watch_folder(folder: Path, *, stop: Event) -> Iterator[list[Path]]:
    """Yield the files of each save, relative to the folder, until `stop`.

    The first are yielded as soon as anything that is saved from then on will be seen, none as a
    rule: who reads the folder after that misses nothing.
    """
    from watchfiles import watch

    root = folder.resolve()

    def wanted(_change: object, path: str) -> bool:
        return is_watched(Path(path), root)

    begun = False
    for changes in watch(
        root,
        yield_on_timeout=True,
        watch_filter=wanted,
        debounce=LONGEST_MS,
        step=QUIET_MS,
        rust_timeout=WAKE_MS,
        stop_event=stop,
        raise_interrupt=False,
    ):
        if changes or not begun:
            yield sorted({Path(path).relative_to(root) for _, path in changes})
        begun = True


def is_watched(path: Path, root: Path) -> bool:
    """Whether a file may have a say: not what is made again, hidden, or left by editors."""
    try:
        parts = path.relative_to(root).parts
    except ValueError:
        return False
    if not parts or parts[0] == HOME or path.name in WRITTEN:
        return False
    if any(part.startswith(".") or part == "__pycache__" for part in parts):
        return False
    return not path.name.endswith(("~", ".swp", ".swx", ".part", ".tmp"))


def saved_at(folder: Path, files: list[Path], *, now: float) -> float:
    """When the newest of the files was written, on the clock of `time.time`; at most 5 s ago."""
    times = []
    for file in files:
        try:
            times.append((folder / file).stat().st_mtime)
        except OSError:
            continue
    newest = max(times, default=now)
    return newest if 0 <= now - newest < 5 else now


def clock() -> float:
    """The time that files are stamped by."""
    return time.time()
