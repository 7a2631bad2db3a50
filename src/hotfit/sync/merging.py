"""Three states of each thing, and who changed it: nobody, the folder, the server, or both.

For every key there is the state both sides had in common last, the folder's and the server's; None
where there is none. Equal states are in step; a state that one side alone changed goes to the
other; what both changed differently is a conflict.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

S = TypeVar("S")

Side = Literal["folder", "server"]


@dataclass(frozen=True, kw_only=True)
class Difference(Generic[S]):
    """One thing on both sides, and what it was when they were in step."""

    was: S | None
    folder: S | None
    server: S | None


@dataclass(frozen=True, kw_only=True)
class Merge(Generic[S]):
    """What is to be done, by key; `settled` are conflicts that somebody decided for a side."""

    outgoing: dict[str, Difference[S]] = field(default_factory=dict)
    incoming: dict[str, Difference[S]] = field(default_factory=dict)
    conflicts: dict[str, Difference[S]] = field(default_factory=dict)
    settled: dict[str, Side] = field(default_factory=dict)


Settle = Callable[[str, Difference[S]], Side | None]
"""Whose state holds where both changed it; None where nobody said."""


def nobody(_key: str, _difference: Difference[S]) -> Side | None:
    """Settle nothing."""
    return None


def merge(
    was: Mapping[str, S],
    folder: Mapping[str, S],
    server: Mapping[str, S],
    *,
    settle: Settle[S] = nobody,
) -> Merge[S]:
    """Say of each thing whose change it is."""
    found: Merge[S] = Merge()
    for key in dict.fromkeys([*folder, *server]):
        each = Difference(was=was.get(key), folder=folder.get(key), server=server.get(key))
        if each.folder == each.server:
            continue
        if each.folder == each.was:
            found.incoming[key] = each
        elif each.server == each.was:
            found.outgoing[key] = each
        elif (side := settle(key, each)) is not None:
            found.settled[key] = side
            (found.outgoing if side == "folder" else found.incoming)[key] = each
        else:
            found.conflicts[key] = each
    return found


def in_common(
    was: Mapping[str, S],
    folder: Mapping[str, S],
    server: Mapping[str, S],
    *,
    settled: Mapping[str, Side] | None = None,
) -> dict[str, S]:
    """What both sides have in common now; where they differ, what they had in common before.

    A conflict that was settled for a side is in common as the other side has it, so that the
    settled state counts as a change of its own side alone from now on.
    """
    found: dict[str, S] = {}
    for key in dict.fromkeys([*folder, *server, *was]):
        here, there = folder.get(key), server.get(key)
        state = here if here == there else was.get(key)
        if here != there and settled and key in settled:
            state = there if settled[key] == "folder" else here
        if state is not None:
            found[key] = state
    return found
