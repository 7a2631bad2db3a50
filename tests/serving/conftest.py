"""A world for each test, on a SQLite file and where it matters on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hotfit.store.sessions import Store
from tests.serving.worlds import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with Store.open(f"sqlite:///{tmp_path / 'home' / 'hotfit.db'}") as store:
        yield World(store=store)
