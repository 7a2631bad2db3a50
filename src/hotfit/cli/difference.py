"""How a difference between two versions looks on a terminal."""

import json
from collections.abc import Mapping
from typing import Any

from hotfit.cli.printing import say
from hotfit.local.wording import edited, label_words, moved, turned

SHOWN = 70
"""Letters of a sample that are shown."""

TOLD = 3
"""Edits that are named below a changed answer."""


def print_difference(found: Mapping[str, Any], *, count: int) -> None:
    """Print what changed, whether that is better, where, and which answers."""
    before, now = found["from"], found["to"]
    sides = f"{before['name']} -> {now['name']}"
    say(f"{found['function']}: {sides}      {found['compared']:,} samples compared")
    say(
        f"+{found['fixed']:,} fixed   -{found['broken']:,} broke   {found['moved']:,} moved   "
        f"{found['shifted']:,} surer or less sure"
    )
    say(found["comparison"]["sentence"])
    if before["made"] != now["made"]:
        say(f"Made by           {before['made']}  ->  {now['made']}")
    say(f"Edits             {edited(found['edits'])}")
    for one in _worst(found)[:5]:
        where = f"{one['kind']} {one['name']}"
        say(f"{where:<32} -{one['broken']} +{one['fixed']} of {one['n']:,}")
    for note in found["notes"]:
        say(f"Note              {note}")
    for flip in found["flips"][:count]:
        _print_flip(flip)
    total = sum(found[word] for word in ("broken", "fixed", "moved", "shifted"))
    if total > count:
        say(f"and {total - count:,} more: -n {total}, or --json")


def _worst(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The slices in which something changed, labels first, the worst first."""
    labels = [{"kind": "label", "name": name, **one} for name, one in found["per_label"].items()]
    return [*labels, *found["slices"]]


def _print_flip(flip: Mapping[str, Any]) -> None:
    place = f"{flip['place'] or flip['sample'] or ''}"
    say(f"  {flip['became']:<8} {place:<24} {moved(flip)}   {shortly(flip['data'])}")
    for edit in flip["edits"][:TOLD]:
        what = f"{edit['kind']} {edit['place'] or ''} {_turn(edit)}"
        say(f"           by {what}   {shortly(edit['data'])}")
    if flip["edits"]:
        say(f"           {turned(flip)}")


def _turn(edit: Mapping[str, Any]) -> str:
    said = [label_words(edit[side]) for side in ("from", "to") if edit[side] is not None]
    return " -> ".join(said)


def shortly(data: Any) -> str:
    """What a sample holds on one line."""
    if data is None:
        return ""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
