"""`hotfit statistics`: how each label fares, what is confused, and what samples are like."""

from collections.abc import Iterator, Mapping
from typing import Any

from hotfit.cli.options import FunctionName, HomeFolder, Json
from hotfit.cli.printing import print_json, say
from hotfit.evaluation.reach import with_range
from hotfit.local import Home

MOST = 30
"""Labels printed for people."""

CONFUSIONS = 10
"""Confusions printed for people."""

PAST = 5
"""Versions printed for people, the newest ones."""


def command(name: FunctionName, home: HomeFolder = None, json: Json = False) -> None:
    """Show how each label fares, the costliest first, what is confused, and what changed."""
    told = Home.open(home).load(name).statistics()
    if json:
        print_json(told)
        return
    for line in _lines(told):
        say(line)


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    labels = sorted(told["labels"], key=lambda label: -(label["cost"] or 0))
    for label in labels[:MOST]:
        yield (
            f"{label['labelName']}: {_samples(label['count'])}, found {_range(label['recall'])}, "
            f"right when said {_range(label['precision'])}{_cost(label['cost'])}"
            f"{_wrong(label['wrong'])}"
        )
    if len(labels) > MOST:
        yield f"... and {len(labels) - MOST:,} more labels, which cost less: --json tells them all"
    for one in told["confusions"][:CONFUSIONS]:
        yield f"Confused          {one['sentence']}"
    for what, parts in (told["lengths"] or {}).items():
        yield (
            f"{what.capitalize():<18}{parts['middle']:,.0f} in the middle, nine in ten between "
            f"{parts['low']:,.0f} and {parts['high']:,.0f}"
        )
    for column, share in told["missing"].items():
        if share:
            yield f"Missing           {column}: {100 * share:.1f} %"
    past = [one for one in told["overTime"] if one["score"] is not None]
    for one in past[-PAST:] if len(past) > 1 else []:
        yield f"Over time         {_then(one)}"


def _samples(count: int) -> str:
    return "1 sample" if count == 1 else f"{count:,} samples"


def _then(version: Mapping[str, Any]) -> str:
    score = version["score"]
    told = with_range(score["estimate"], score["low"], score["high"], score["metric"])
    day = version["created"][:16].replace("T", " ")
    return f"{day}  {version['samples'] or 0:,} samples learned: {told}"


def _range(share: Mapping[str, Any] | None) -> str:
    if share is None:
        return "-"
    low, high = 100 * share["low"], 100 * share["high"]
    return f"{100 * share['value']:.0f} % ({low:.0f} to {high:.0f})"


def _wrong(expected: float) -> str:
    return f", about {expected:,.0f} labelled so by mistake" if expected >= 1 else ""


def _cost(cost: float | None) -> str:
    return f", costs {100 * cost:.1f} points" if cost and cost >= 0.0005 else ""
