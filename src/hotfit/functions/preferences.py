"""Which encoder reads a function's samples: what the user wants, training kept, and it offers.

It is kept with the plan of the function and survives a new plan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import update

from hotfit.functions.functions import CARRIED, Function, get
from hotfit.store import outbox
from hotfit.store.sessions import Writing
from hotfit.store.tables import functions


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """`pinned` is the user's choice, `kept` training's; the names of joined encoders hold a `+`.

    `max_latency_ms` is what an encoder may take for one call. `tried` says how others fared, and
    `offer` is the one of them that would be better.
    """

    pinned: str | None = None
    max_latency_ms: float | None = None
    kept: str | None = None
    tried: Sequence[Mapping[str, Any]] = ()
    offer: Mapping[str, Any] | None = None


def preferences(function: Function) -> Preferences:
    """What is kept about a function's encoder."""
    return Preferences(**function.plan.get(CARRIED, {}))


def prefer(
    session: Writing, function: str, *, encoder: str | None, max_latency_ms: float | None
) -> Function:
    """Keep what the user wants; `auto` as encoder leaves the choice to training again."""
    kept = preferences(get(session, function))
    if encoder == "auto":
        kept = replace(kept, pinned=None, kept=None, offer=None)
    elif encoder is not None:
        kept = replace(kept, pinned=encoder, kept=encoder, offer=None)
    if max_latency_ms is not None:
        kept = replace(kept, max_latency_ms=max_latency_ms)
    _write(session, function, kept)
    outbox.record(session, function, "function.described", {})
    return get(session, function)


def settle(
    session: Writing,
    function: str,
    *,
    kept: str,
    tried: Sequence[Mapping[str, Any]],
    offer: Mapping[str, Any] | None,
) -> None:
    """Keep what training found out; there is nothing to learn from it."""
    now = preferences(get(session, function))
    _write(session, function, replace(now, kept=kept, tried=list(tried), offer=offer))
    outbox.record(session, function, "version.compared", {"encoder": kept})


def _write(session: Writing, function: str, kept: Preferences) -> None:
    plan = {**get(session, function).plan, CARRIED: asdict(kept)}
    session.run(update(functions).where(functions.c.id == function).values(plan=plan))
