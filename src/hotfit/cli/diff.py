"""`hotfit diff`: what a change does to the answers, before it is merged or let live."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from hotfit.cli.difference import print_difference
from hotfit.cli.options import HomeFolder, Json
from hotfit.cli.printing import print_json
from hotfit.cli.progress import Display
from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.functions import functions
from hotfit.local import Home
from hotfit.local.comparing import Compared, diff_folder, diff_versions
from hotfit.local.differences import told
from hotfit.local.folders import is_function_folder, open_home
from hotfit.local.markdown import markdown

TOO_MANY_BROKEN = 1
"""Exit status where more answers broke than were allowed."""

SHORTEST = 4
"""Letters of the shortest abbreviation of a commit; fewer digits are the number of a version."""


class TwoForms(Refusal):
    """Two forms of output were asked for at once."""

    def __init__(self) -> None:
        super().__init__("--json and --markdown were both given; give one of them")


def command(
    name: Annotated[
        str, typer.Argument(metavar="NAME|FOLDER", help="A function, or a function's folder.")
    ],
    older: Annotated[
        str | None,
        typer.Argument(
            metavar="[REV|VERSION]",
            help="What to compare with: of a folder a git revision (default: HEAD) or two "
            "(main..HEAD), of a function a version (default: the one before).",
        ),
    ] = None,
    newer: Annotated[
        str | None,
        typer.Argument(metavar="[VERSION]", help="The newer version (default: what answers)."),
    ] = None,
    max_broken: Annotated[
        int | None,
        typer.Option("--max-broken", min=0, help="Exit with 1 where more answers broke."),
    ] = None,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print Markdown, for a pull request.")
    ] = False,
    count: Annotated[
        int, typer.Option("-n", "--count", min=1, help="How many changed answers to show.")
    ] = 20,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Show which answers a change fixed and broke, on samples that neither side had learned.

    A folder is compared with its state in git, by training both sides with the same encoder and
    head; two versions by what they learned and said. Nothing that answers is touched.
    """
    if json and as_markdown:
        raise TwoForms
    compared = _compare(name, older, newer, home)
    found = told(compared, count=None if json else count)
    if json:
        print_json(found)
    elif as_markdown:
        sys.stdout.write(markdown(found, count=count))
    else:
        print_difference(found, count=count)
    if max_broken is not None and found["broken"] > max_broken:
        sys.stderr.write(_refused(found, max_broken))
        raise typer.Exit(TOO_MANY_BROKEN)


def _compare(name: str, older: str | None, newer: str | None, home: Path | None) -> Compared:
    if not is_function_folder(name):
        return _of_versions(Home.open(home), name, older, newer)
    folder = Folder.open(name)
    here = open_home(folder) if home is None else Home.open(home)
    if newer is not None or (older is not None and _is_version(older)):
        return _of_versions(here, folder.name, older, newer)
    with Display() as display:
        return diff_folder(folder, older or "HEAD", home=here, progress=display.update)


def _of_versions(home: Home, name: str, older: str | None, newer: str | None) -> Compared:
    with home.app.store.read() as session:
        record = functions.get(session, name)
    return diff_versions(home.app, record, older, newer)


def _is_version(given: str) -> bool:
    """Whether a word names a version: its number, or its identifier."""
    return (given.isascii() and given.isdigit() and len(given) < SHORTEST) or given.startswith(
        "version_"
    )


def _refused(found: dict[str, Any], most: int) -> str:
    told = f"{found['to']['name']} broke {found['broken']:,} answers of {found['from']['name']}"
    return f"hotfit: {told}; --max-broken allows {most:,}. Look at them above, or allow more\n"
