"""Every test here runs on each database, and the clock stands where it was put."""

import pytest

from tests.store.databases import dialect, store, url

__all__ = ["dialect", "store", "url"]


class Clock:
    """A clock that goes when told."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def __call__(self) -> float:
        """The time, in seconds since 1970."""
        return self.time


@pytest.fixture
def clock() -> Clock:
    """A clock that goes when told."""
    return Clock()
