import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hotfit.functions.functions import Function
from hotfit.jobs.waker import LOOK, Waker, listen, say
from hotfit.serving.watch import Watch
from hotfit.store.sessions import Store
from tests.jobs.bench import relabel


def _waker(store: Store, *, look: float = LOOK) -> Waker:
    """One that has seen all there is, and looks that often."""
    watch = Watch(store, clock=time.monotonic)
    watch.moved()
    return Waker(watch, look=look)


@contextmanager
def _waiting(waker: Waker) -> Iterator[None]:
    """A thread that waits for long; at the end it has been woken."""
    thread = threading.Thread(target=waker.wait, args=(1e6,), daemon=True)
    thread.start()
    yield
    thread.join(60)
    assert not thread.is_alive()


def test_a_hint_wakes_from_another_thread(store: Store) -> None:
    waker = _waker(store, look=1e6)
    with _waiting(waker):
        waker.wake()


def test_a_write_of_another_connection_wakes_without_a_hint(store: Store, taught: Function) -> None:
    with _waiting(_waker(store)):
        relabel(store, taught.id, 0, "blue")


def test_the_end_wakes_and_stays(store: Store) -> None:
    waker = _waker(store, look=1e6)
    with _waiting(waker):
        waker.end()
    assert waker.ended.is_set()


def test_only_objects_are_passed_on() -> None:
    heard: list[dict[str, Any]] = []
    listen(io.StringIO('{"a": 1}\nlog line\n[1]\n{"b": 2}\n{"cut'), heard.append)
    assert heard == [{"a": 1}, {"b": 2}]


def test_what_nobody_reads_is_let_go() -> None:
    stream = io.StringIO()
    assert say(stream, {"a": 1})
    assert stream.getvalue() == '{"a": 1}\n'
    stream.close()
    assert not say(stream, {"a": 1})
