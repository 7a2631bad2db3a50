"""The main job in front of you: `make run`. Every command is printed before it runs.

Everything is kept under .home in this folder; delete it and nothing is left.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

from examples import tables

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".home"
HOTFIT = (sys.executable, "-m", "hotfit")


def say(text: str) -> None:
    """Print one line of explanation before what it explains."""
    print(f"\n# {text}", flush=True)


def run(*arguments: str | Path) -> None:
    """Print a hotfit command as you would type it, and run it; stop the demo where it fails."""
    shown = [_short(argument) for argument in arguments]
    print(f"$ {shlex.join(['hotfit', *shown])}", flush=True)
    environment = {"PYTHONPATH": str(ROOT / "src"), **os.environ, "HOTFIT_HOME": str(HOME)}
    done = subprocess.run([*HOTFIT, *shown], cwd=ROOT, env=environment, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def _short(argument: str | Path) -> str:
    return str(argument.relative_to(ROOT)) if isinstance(argument, Path) else argument


def texts() -> None:
    """Messages of a shop's customers, sorted to five desks."""
    say("354 messages of customers. Can ML sort them? (The first fit fetches the text encoder.)")
    run("fit", ROOT / "examples" / "support.csv")
    say("It is a function now. Call it.")
    run("invoke", "support", "the parcel was left in the rain, in front of the wrong door")
    run("invoke", "support", "basket empties itself whenever I turn the phone")
    run("invoke", "support", "You paid back one chair. I returned two.")


def numbers() -> None:
    """Three tables, each judged on rows that the function has never seen."""
    say("Tables too. Every fifth row is kept back, and the promise is checked on those rows.")
    for name in tables.LOADERS:
        to_fit, new = tables.write(HOME / "demo", name)
        run("fit", to_fit)
        run("evaluate", name, new)


def main() -> int:
    """Run the whole demo."""
    texts()
    numbers()
    say("Your turn: .venv/bin/hotfit fit YOUR.csv")
    return 0


if __name__ == "__main__":
    sys.exit(main())
