"""Keys pressed on a terminal, one at a time; without a terminal there are none."""

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator

if sys.platform == "win32":
    import msvcrt

    @contextlib.contextmanager
    def _single_keys() -> Iterator[Callable[[], str]]:
        yield msvcrt.getwch
else:
    import termios
    import tty

    @contextlib.contextmanager
    def _single_keys() -> Iterator[Callable[[], str]]:
        terminal = sys.stdin.fileno()
        before = termios.tcgetattr(terminal)
        tty.setcbreak(terminal)
        try:
            yield lambda: sys.stdin.read(1)
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)


@contextlib.contextmanager
def keys(pressed: Callable[[str], None]) -> Iterator[bool]:
    """Tell `pressed` of each key until the end of the block; yields whether there is a terminal."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        yield False
        return
    with _single_keys() as read:

        def listen() -> None:
            while key := read():
                pressed(key)

        threading.Thread(target=listen, name="hotfit-dev-keys", daemon=True).start()
        yield True
