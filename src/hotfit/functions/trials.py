"""How long a trained model takes, measured where the machine may be busy."""

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def timed(work: Callable[[], Result], *, slowest: float) -> tuple[Result, float]:
    """What `work` gives and the seconds it took; done once more where these are over `slowest`.

    Only what is slow twice is slow: the first time something else may have had the processor.
    """
    result, seconds = _once(work)
    return _once(work) if seconds > slowest else (result, seconds)


def _once(work: Callable[[], Result]) -> tuple[Result, float]:
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began
