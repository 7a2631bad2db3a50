"""`hotfit serve`: answer calls, and learn what changes while doing so."""

import logging
import sys
from enum import StrEnum
from importlib import import_module
from typing import Annotated
from urllib.parse import quote

import typer

from hotfit.app import App
from hotfit.cli.keys import print_new_key
from hotfit.cli.options import HomeFolder
from hotfit.cli.printing import say
from hotfit.keys.keys import NewKey, word_of
from hotfit.settings import Settings


class Role(StrEnum):
    """What this process does; `improve` is what a worker starts for itself."""

    ALL = "all"
    API = "api"
    WORKER = "worker"
    IMPROVE = "improve"


WORKING = (Role.WORKER, Role.IMPROVE)


def command(
    role: Annotated[
        Role,
        typer.Option(
            help="all: answers and learns; api or worker: one of both, for several machines."
        ),
    ] = Role.ALL,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 5000,
    supervised: Annotated[
        bool, typer.Option("--supervised", hidden=True, help="Started by a server.")
    ] = False,
    job: Annotated[str, typer.Option(hidden=True, help="FUNCTION:FENCE to improve.")] = "",
    home: HomeFolder = None,
) -> None:
    """Serve the functions of a home over HTTP, and learn every change within milliseconds."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(message)s"
    )
    app = App(Settings() if home is None else Settings(home=home))
    # A worker answers no calls: it starts sooner and stays smaller without the web framework.
    module = import_module(f"hotfit.app.{'working' if role in WORKING else 'serving'}")
    if role is Role.IMPROVE:
        function, _, fence = job.rpartition(":")
        raise typer.Exit(module.run_improvement(app, function=function, fence=int(fence)))
    if role is Role.WORKER:
        module.run_worker(app, supervised=supervised)
    else:
        all_in_one = role is Role.ALL
        module.run_server(app, host=host, port=port, worker=all_in_one, greet=_greet)


def _greet(address: str, first: NewKey | None) -> None:
    """Say where to look; a browser sends nothing of what follows the # to anybody."""
    if first is None:
        say(f"open    {address}/")
        sys.stdout.flush()
        return
    say(f"open    {address}/#key={quote(word_of(first))}")
    print_new_key(first)
