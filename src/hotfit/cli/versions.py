"""`hotfit versions`: what was trained for a function, and which of it answers."""

from collections.abc import Mapping
from typing import Any

from hotfit.cli.options import FunctionName, HomeFolder, Json
from hotfit.cli.printing import print_json, say
from hotfit.local import Home


def command(name: FunctionName, home: HomeFolder = None, json: Json = False) -> None:
    """List the versions of a function, newest first; with --json one object per line."""
    found = Home.open(home).load(name).version_reports()
    if not found and not json:
        say(f"{name} has no version yet.")
    for version in found:
        if json:
            print_json(version)
        else:
            say(line(version))


def line(version: Mapping[str, Any]) -> str:
    """One version for people: `*` stands before the one that answers."""
    score = version["score"]
    told = "not scored"
    if score is not None:
        low, high = score["low"], score["high"]
        told = f"{score['metric']} {score['estimate']:.3f} ({low:.3f} to {high:.3f})"
    pinned = "   pinned" if version["pinned"] else ""
    return (
        f"{'*' if version['live'] else ' '} {version['number']:>4}   {told}   "
        f"{version['encoder']} + {version['head']} ({version['build']})   "
        f"{version['created']}{pinned}"
    )
