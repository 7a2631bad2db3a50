"""`hotfit promote`: let one version answer until another is promoted."""

from typing import Annotated

import typer

from hotfit.cli.options import FunctionName, HomeFolder, Json
from hotfit.cli.printing import print_json, say
from hotfit.local import Home

NEWEST = "newest"

VersionName = Annotated[
    str,
    typer.Argument(
        metavar="VERSION",
        help=f"Its number or id, or `{NEWEST}`: let every newer one answer as it comes.",
    ),
]


def command(
    name: FunctionName, version: VersionName, home: HomeFolder = None, json: Json = False
) -> None:
    """Let one version of a function answer, however many newer ones are made."""
    function = Home.open(home).load(name)
    if version == NEWEST:
        function.unpin()
    else:
        function.promote(version)
    tell(function.version_reports(), name, json=json)


def tell(versions: list[dict[str, object]], name: str, *, json: bool) -> None:
    """Say which of the versions answers now."""
    live = next((each for each in versions if each["live"]), None)
    if json:
        print_json(live)
    elif live is None:
        say(f"{name} has no version yet.")
    elif live["pinned"]:
        say(f"Version {live['number']} of {name} answers until another is promoted.")
    else:
        say(f"Version {live['number']} of {name} answers until a newer one is made.")
