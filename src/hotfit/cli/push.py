"""`hotfit push`: what changed in a folder, sent to a server."""

from pathlib import Path

from hotfit.cli.options import Json
from hotfit.cli.pull import (
    Delete,
    DryRun,
    FolderName,
    KeyGiven,
    Ours,
    Server,
    Theirs,
    address,
    key_of,
    tell,
    wish,
)
from hotfit.sync.keeping import push


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
    """Send the rows, labels and fields that changed in a folder to a server.

    A function that the server does not have is made there. What both sides changed is asked in
    conflicts.toml, and the exit status is 1 then; what the server alone changed waits for
    `hotfit pull`.
    """
    report = push(
        folder,
        url=address(folder, server, command="push"),
        key=key_of(key),
        wish=wish(theirs=theirs, ours=ours, dry_run=dry_run, delete=delete),
    )
    tell(report, json=json)
