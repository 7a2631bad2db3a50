"""File locks between processes: the gate of writers and the claim on a home.

The operating system drops a lock when its holder dies, so none goes stale; the owner written
into the file only serves the sentence that names who is in the way.
"""

import json
import os
import random
import socket
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from hotfit.errors import Unavailable

if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: int) -> bool:
        try:
            os.lseek(file, 1 << 30, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: int) -> None:
        os.lseek(file, 1 << 30, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _try_lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


class GateClosed(Unavailable):
    """Another process kept writing for longer than a writer waits."""

    def __init__(self, *, path: Path, seconds: float) -> None:
        super().__init__(
            f"another process has been writing to {path.parent} for {seconds:.0f} s; "
            "wait for it to finish, or stop it, and try again."
        )


class HomeTaken(Unavailable):
    """Another process owns this home."""

    def __init__(self, *, home: Path, owner: "Owner | None") -> None:
        who = f"process {owner.pid} on {owner.host}" if owner else "another process"
        super().__init__(
            f"{home} is in use by {who}; stop it first, or give this one another home."
        )


class Gate:
    """Lets one writer in at a time, among the threads of this process and all processes."""

    def __init__(self, path: Path, *, wait: float = 30.0) -> None:
        self.path = path
        self.wait = wait
        self._thread = threading.Lock()
        self._file: int | None = None

    def __enter__(self) -> Self:
        deadline = time.monotonic() + self.wait
        if not self._thread.acquire(timeout=self.wait):
            raise GateClosed(path=self.path, seconds=self.wait)
        try:
            self._acquire(deadline)
        except BaseException:
            self._thread.release()
            raise
        return self

    def _acquire(self, deadline: float) -> None:
        if self._file is None:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        pause = 0.0005
        while not _try_lock(self._file):
            if time.monotonic() > deadline:
                raise GateClosed(path=self.path, seconds=self.wait)
            time.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(2 * pause, 0.02)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._file is not None
        _unlock(self._file)
        self._thread.release()

    def close(self) -> None:
        """Give the file back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Who holds a home; `boot` tells apart processes of equal number before and after a restart."""

    pid: int
    host: str
    boot: str


def this_process() -> Owner:
    """The process that asks."""
    return Owner(pid=os.getpid(), host=socket.gethostname(), boot=_boot_id())


def is_gone(owner: Owner) -> bool:
    """Tell whether `owner` has certainly ended; what runs elsewhere cannot be told."""
    here = this_process()
    if owner.host != here.host or not here.boot:
        return False
    if owner.boot != here.boot:
        return True
    status = Path(f"/proc/{owner.pid}/stat")
    try:
        # After the name in brackets stands the state; a zombie has ended and was not yet reaped.
        return status.read_text().rpartition(")")[2].split()[0] in {"Z", "X"}
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _boot_id() -> str:
    file = Path("/proc/sys/kernel/random/boot_id")
    return file.read_text().strip() if file.is_file() else ""


class HomeLock:
    """The claim of a long-running process on a home, from `claim` to `release` or its death.

    `previous` names the owner that died without releasing, if one did.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.path = home / "owner.lock"
        self.previous: Owner | None = None
        self._file: int | None = None

    def claim(self) -> Self:
        """Take the home; raise HomeTaken where a living process has it."""
        self.home.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        written = _read_owner(file)
        if not _try_lock(file):
            os.close(file)
            raise HomeTaken(home=self.home, owner=written)
        self.previous = _read_owner(file)
        _write(file, json.dumps(asdict(this_process())).encode())
        self._file = file
        return self

    def release(self) -> None:
        """Give the home back."""
        if self._file is None:
            return
        _write(self._file, b"")
        _unlock(self._file)
        os.close(self._file)
        self._file = None

    def __enter__(self) -> Self:
        return self.claim()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def _write(file: int, content: bytes) -> None:
    os.lseek(file, 0, os.SEEK_SET)
    os.truncate(file, 0)
    os.write(file, content)


def _read_owner(file: int) -> Owner | None:
    os.lseek(file, 0, os.SEEK_SET)
    try:
        found = json.loads(os.read(file, 4096))
        return Owner(pid=int(found["pid"]), host=str(found["host"]), boot=str(found["boot"]))
    except (ValueError, KeyError, TypeError):
        return None
