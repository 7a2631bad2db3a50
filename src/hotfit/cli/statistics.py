"""`hotfit statistics`: how each label fares, what is confused, and what samples are like."""

from collections.abc import Mapping
from typing import Any

from hotfit.cli.options import FunctionName, HomeFolder, Json
from hotfit.cli.printing import print_json, say
from hotfit.local import Home

CONFUSIONS = 10
"""Confusions printed for people."""


def command(name: FunctionName, home: HomeFolder = None, json: Json = False) -> None:
    """Show how each label fares, what is confused, and what the samples are like."""
    told = Home.open(home).load(name).statistics()
    if json:
        print_json(told)
        return
    for label in told["labels"]:
        say(
            f"{label['labelName']}: {label['count']:,} samples, found {_range(label['recall'])}, "
            f"right when said {_range(label['precision'])}{_cost(label['cost'])}"
            f"{_wrong(label['wrong'])}"
        )
    for one in told["confusions"][:CONFUSIONS]:
        say(f"Confused          {one['sentence']}")
    for what, parts in (told["lengths"] or {}).items():
        say(
            f"{what.capitalize():<18}{parts['middle']:,.0f}, nine in ten between "
            f"{parts['low']:,.0f} and {parts['high']:,.0f}"
        )
    for column, share in told["missing"].items():
        if share:
            say(f"Missing           {column}: {100 * share:.1f} %")


def _range(share: Mapping[str, Any] | None) -> str:
    if share is None:
        return "-"
    low, high = 100 * share["low"], 100 * share["high"]
    return f"{100 * share['value']:.0f} % ({low:.0f} to {high:.0f})"


def _wrong(expected: float) -> str:
    return f", about {expected:,.0f} labelled so by mistake" if expected >= 1 else ""


def _cost(cost: float | None) -> str:
    return f", costs {100 * cost:.1f} points" if cost and cost >= 0.0005 else ""
