"""`hotfit pull`: what changed on a server, taken over into a folder."""

from pathlib import Path
from typing import Annotated

import typer

from hotfit.cli.options import Json
from hotfit.cli.printing import print_json, say
from hotfit.errors import Refusal
from hotfit.settings import Settings
from hotfit.sync.base import read_base
from hotfit.sync.keeping import Wish, pull
from hotfit.sync.remote import NoServer
from hotfit.sync.reporting import Report

FolderName = Annotated[Path, typer.Argument(metavar="DIR", help="The function's folder.")]
Server = Annotated[
    str | None,
    typer.Argument(
        metavar="URL", help="The server (default: the one of last time, else $HOTFIT_SERVER)."
    ),
]
KeyGiven = Annotated[
    str | None, typer.Option("--key", help="The key that opens it (default: $HOTFIT_KEY).")
]
Theirs = Annotated[
    bool, typer.Option("--theirs", help="Where both sides changed a row, the server's holds.")
]
Ours = Annotated[
    bool, typer.Option("--ours", help="Where both sides changed a row, the folder's holds.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
Delete = Annotated[bool, typer.Option("--delete", help="Let most rows be deleted at once.")]


class BothSides(Refusal):
    """Conflicts cannot be decided for both sides."""

    def __init__(self) -> None:
        super().__init__("--theirs and --ours were given; decide conflicts for one of them")


def command(
    folder: FolderName = Path(),
    server: Server = None,
    key: KeyGiven = None,
    theirs: Theirs = False,
    ours: Ours = False,
    dry_run: DryRun = False,
    delete: Delete = False,
    json: Json = False,
) -> None:
    """Take over into a folder the rows, labels and fields that changed on a server.

    What both sides changed stays as it is and is asked in conflicts.toml; the exit status is 1
    then. What the folder alone changed waits for `hotfit push`.
    """
    report = pull(
        folder,
        url=address(folder, server, command="pull"),
        key=key_of(key),
        wish=wish(theirs=theirs, ours=ours, dry_run=dry_run, delete=delete),
    )
    tell(report, json=json)


def address(folder: Path, given: str | None, *, command: str) -> str:
    """The server that is named, else that of last time, else the one that is set; or NoServer."""
    base = read_base(folder)
    url = given or (base.server if base else None) or Settings().server
    if not url:
        raise NoServer(command=command)
    return url.rstrip("/")


def key_of(given: str | None) -> str | None:
    """The key that is given, else the one that is set."""
    kept = Settings().key
    return given or (kept.get_secret_value() if kept else None)


def wish(*, theirs: bool, ours: bool, dry_run: bool, delete: bool) -> Wish:
    """The options as they are meant; raise BothSides."""
    if theirs and ours:
        raise BothSides
    prefer = "server" if theirs else "folder" if ours else None
    return Wish(prefer=prefer, dry_run=dry_run, delete=delete)  # type: ignore[arg-type] # one of the two


def tell(report: Report, *, json: bool) -> None:
    """Print a report; exit 1 where something is left to decide."""
    if json:
        print_json(report.to_json())
    else:
        for line in report.lines():
            say(line)
    if not report.clean:
        raise typer.Exit(1)
