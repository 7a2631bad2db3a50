"""`hotfit doctor`: what is sound and what is wrong with a home."""

from typing import Annotated

import typer

from hotfit.cli.options import HomeFolder, Json
from hotfit.cli.printing import print_json, say
from hotfit.local.checkup import State, look_over
from hotfit.settings import Settings

SIGNS = {State.OK: "ok    ", State.NOTE: "note  ", State.WRONG: "WRONG "}


def command(
    full: Annotated[
        bool, typer.Option("--full", help="Read the whole database and every file.")
    ] = False,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Look over a home without changing it; exit status 1 where something is wrong."""
    checks = list(look_over(Settings() if home is None else Settings(home=home), full=full))
    wrong = [check for check in checks if check.state is State.WRONG]
    if json:
        print_json({"ok": not wrong, "checks": [check.to_json() for check in checks]})
    else:
        for check in checks:
            say(f"{SIGNS[check.state]}{check.name:<9} {check.sentence}")
        said = "; ".join(dict.fromkeys(check.name for check in wrong))
        say(f"Something is wrong: {said}." if wrong else "Nothing is wrong.")
    raise typer.Exit(1 if wrong else 0)
