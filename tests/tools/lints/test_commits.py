"""Only the edges commit."""

import pytest

from tools.lints.base import Source
from tools.lints.commits import EDGES, check


def test_finds_a_commit_in_the_middle() -> None:
    (found,) = check(Source("src/hotfit/samples/rows.py", "def f(s):\n    s.commit()\n"))
    assert found.line == 2


@pytest.mark.parametrize(
    "line", ["connection.begin()", "self.engine.begin()", "s.begin_nested()", "run('commit')"]
)
def test_finds_every_way_to_begin_or_end_a_transaction(line: str) -> None:
    assert list(check(Source("src/hotfit/samples/rows.py", line + "\n")))


def test_other_things_may_begin() -> None:
    assert not list(check(Source("src/hotfit/jobs/worker.py", "telling.begin()\n")))


def test_accepts_the_edges_and_reading_the_name() -> None:
    for path in EDGES:
        assert not list(check(Source(path, "session.commit()\n")))
    assert not list(check(Source("src/hotfit/a.py", "hook = session.commit\n")))
