"""`hotfit init`: a folder, from nothing, a pattern, a data file, a server or a home."""

from pathlib import Path
from typing import Annotated

import typer

from hotfit.cli.options import HomeFolder, Json
from hotfit.cli.printing import print_json, say
from hotfit.cli.pull import KeyGiven, key_of
from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.folders.making import copy_folder, from_source, patterns
from hotfit.functions.names import name_after
from hotfit.inputs.plan import plan
from hotfit.inputs.source import open_source
from hotfit.local import Home
from hotfit.sync.starting import from_home, from_server

KNOWN = ", ".join(patterns())


class TooManyOrigins(Refusal):
    """A folder is to be made from two things at once."""

    def __init__(self, *, given: list[str]) -> None:
        super().__init__(f"{' and '.join(given)} were given; a folder is made from one of them")


def command(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="The folder to make.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--from", help="A file or folder of examples to start from.")
    ] = None,
    pattern: Annotated[
        str | None,
        typer.Option(
            "--pattern", help=f"A finished folder to start from: {', '.join(patterns())}."
        ),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option("--from-server", help="The address of a server with the function."),
    ] = None,
    function: Annotated[
        str | None,
        typer.Option("--from-function", help="A function of this home, by name or id."),
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", help="With --from: the column with the answer.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="The function's name.")] = None,
    key: KeyGiven = None,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Make a folder that is an ML function: what it is, its rows, its tests, in git.

    Without options it holds a small function that fits and passes at once.
    """
    given = {"--from": source, "--pattern": pattern}
    _refuse_two(given | {"--from-server": server, "--from-function": function})
    path = folder or Path(name_after(name or source or pattern or function or "desk"))
    if source is not None:
        opened = open_source(source)
        reading = plan(opened, target=target)
        from_source(path, opened, reading, name=name or name_after(source))
    elif server is not None:
        wanted = name or path.resolve().name
        from_server(path, url=server.rstrip("/"), key=key_of(key), name=wanted)
    elif function is not None:
        from_home(path, Home.open(home), function)
    else:
        copy_folder(path, pattern=pattern, name=name)
    _tell(Folder.open(path), json=json)


def _refuse_two(given: dict[str, str | None]) -> None:
    named = [option for option, value in given.items() if value is not None]
    if len(named) > 1:
        raise TooManyOrigins(given=named)


def _tell(made: Folder, *, json: bool) -> None:
    """Say what was made, and what to do with it."""
    path, rows = made.path, len(made.rows)
    if json:
        print_json({"folder": str(path), "function": made.name, "rows": rows})
        return
    say(f"{path}: {made.name}, {rows:,} rows in {len(made.tables)} file(s)")
    say(f"Next   hotfit test {path}   then, to edit it: hotfit dev {path}")
