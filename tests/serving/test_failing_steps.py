"""A write that breaks off at any of its statements leaves everything as it was.

Each is tried again and again, failing one statement later each time, until it goes through.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select

from hotfit.functions import functions
from hotfit.functions.labels import add_label
from hotfit.functions.versions import history
from hotfit.samples.annotations import annotate
from hotfit.store import tables
from tests.serving.worlds import World

Write = Callable[[World, str], object]


class Broken(Exception):
    """The step that was to fail."""


def publish(world: World, function: str) -> object:
    return world.publish(function)


def relabel(world: World, function: str) -> object:
    with world.store.write() as session:
        sample = session.scalar(
            select(func.min(tables.samples.c.id)).where(tables.samples.c.function_id == function)
        )
        return annotate(session, function, [(int(sample), "ham")], author="me")


def label(world: World, function: str) -> object:
    with world.store.write() as session:
        return add_label(session, function, "other")


WRITES: dict[str, Write] = {"publish": publish, "relabel": relabel, "add a label": label}


@contextmanager
def failing(world: World, at: int) -> Iterator[None]:
    """Fail at the statement of this number, from 0."""
    left = [at]

    def step(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Broken(statement)

    event.listen(world.store.engine, "before_cursor_execute", step)
    try:
        yield
    finally:
        event.remove(world.store.engine, "before_cursor_execute", step)


def breaks_off(world: World, write: Write, function: str, at: int) -> bool:
    """Whether a write that fails at a statement had that many."""
    with failing(world, at):
        try:
            write(world, function)
        except Broken:
            return True
    return False


def state(world: World, function: str) -> tuple[object, ...]:
    """What a reader may see of a function."""
    with world.store.read() as session:
        known = [
            session.rows(select(table).order_by(*table.primary_key.columns))
            for table in (tables.labels, tables.samples, tables.annotations, tables.changes)
        ]
        return (
            functions.get(session, function),
            [one.id for one in history(session, function)],
            [[tuple(row) for row in rows] for rows in known],
        )


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_write_that_breaks_off_anywhere_leaves_all_as_it_was(world: World, write: Write) -> None:
    function = world.trained("sms")
    before, steps = state(world, function), 0
    while breaks_off(world, write, function, steps):
        assert state(world, function) == before
        steps += 1
    assert steps >= 3
    assert state(world, function) != before
