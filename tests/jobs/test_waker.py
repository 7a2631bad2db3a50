import io
import threading
import time
from typing import Any

from hotfit.functions.functions import Function
from hotfit.jobs.waker import Waker, listen, say
from hotfit.serving.watch import Watch
from hotfit.store.sessions import Store
from tests.jobs.bench import relabel


def _waker(store: Store) -> Waker:
    waker = Waker(Watch(store, clock=time.monotonic))
    waker.wait(0.05)
    return waker


def test_a_hint_wakes_from_another_thread(store: Store) -> None:
    waker = _waker(store)
    threading.Timer(0.05, waker.wake).start()
    waker.wait(60)


def test_a_write_of_another_connection_wakes_without_a_hint(store: Store, taught: Function) -> None:
    waker = _waker(store)
    writer = threading.Timer(0.05, lambda: relabel(store, taught.id, 0, "blue"))
    writer.start()
    waker.wait(60)
    writer.join()


def test_the_end_wakes_and_stays(store: Store) -> None:
    waker = _waker(store)
    waker.end()
    waker.wait(60)
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
