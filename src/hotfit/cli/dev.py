"""`hotfit dev`: watch a folder, learn every save, serve it, and say in one line what changed."""

import contextlib
import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from hotfit.cli.options import HomeFolder, Json
from hotfit.cli.printing import print_json, say
from hotfit.dev.keys import keys
from hotfit.dev.program import run_dev
from hotfit.dev.steps import Flip, Step
from hotfit.local import Home

MOST = 40
"""Flips that one key shows."""


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The function's folder.")] = Path(),
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on; 0 takes a free one.")] = 5000,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Watch a function's folder: every save is learned within milliseconds and told in one line.

    The function answers on this machine meanwhile, without a key. What cannot be read is told with
    its file and line, and the last good version answers on. With --json, one object an event.
    """
    stop = threading.Event()
    screen = Screen(stop, json=json)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with contextlib.suppress(KeyboardInterrupt), keys(screen.pressed) as listening:
        screen.keys = listening
        run_dev(
            folder,
            tell=screen.tell,
            serving=screen.serving,
            host=host,
            port=port,
            home=None if home is None else Home.open(home),
            stop=stop,
        )


class Screen:
    """What is said of each step, and of the keys that ask for more."""

    def __init__(self, stop: threading.Event, *, json: bool) -> None:
        self.keys = False
        self._json = json
        self._stop = stop
        self._flips: tuple[Flip, ...] = ()
        self._failing: tuple[str, ...] = ()

    def serving(self, function: str, url: str) -> None:
        """Say where the function answers."""
        address = f"{url}/v1/functions/{function}/invoke"
        if self._json:
            print_json({"event": "serving", "function": function, "url": url, "invoke": address})
            return
        say(f"{function}: {address}")
        say(
            "Watching the folder"
            + (";  f shows the last flips, t the tests that fail, q ends" if self.keys else "")
        )

    def tell(self, step: Step) -> None:
        """Say what a save did."""
        if step.flips or step.event == "learned":
            self._flips = tuple(step.flips)
        if step.event != "kept":
            self._failing = tuple(step.failing)
        if self._json:
            print_json(step.to_json())
            return
        files = f"{', '.join(step.files[:3])}: " if step.files else ""
        say(files + step.line())
        for note in step.notes:
            say(f"  {note}")

    def pressed(self, key: str) -> None:
        """Show the last flips for `f`, the tests that fail for `t`, end for `q`."""
        if key == "q":
            self._stop.set()
        if key == "t":
            for line in self._failing or ("no test fails",):
                say(f"  {line}")
        if key == "f":
            for flip in self._flips[:MOST]:
                word = "fixed" if flip.fixed else "broke"
                say(f"  {word}  {flip.place}  {flip.before} -> {flip.now}   {flip.text}")
            more = len(self._flips) - MOST
            say(f"  and {more:,} more" if more > 0 else f"  {len(self._flips)} in all")
