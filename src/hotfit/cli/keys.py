"""`hotfit keys`: make, list and revoke the keys that open a server."""

import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from hotfit.cli.options import HomeFolder, Json
from hotfit.cli.printing import print_json, say
from hotfit.functions.access import Role
from hotfit.functions.functions import all_functions
from hotfit.keys import keys
from hotfit.keys.keys import Key, NewKey
from hotfit.local import Home

program = typer.Typer(
    help="Make, list and revoke the keys that open a server.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@program.command("create")
def create(
    identifier: Annotated[
        str | None, typer.Option("--id", help="The key's id, a client_id (default: a random one).")
    ] = None,
    secret: Annotated[
        str | None,
        typer.Option(
            "--secret", help="A secret of your own, - to read it from stdin (default: random)."
        ),
    ] = None,
    role: Annotated[Role, typer.Option("--role", help="What the key may do.")] = Role.ADMIN,
    functions: Annotated[
        list[str] | None,
        typer.Option("--function", help="The only function it reaches; repeat for several."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", help="Calls a minute (default: any number).")
    ] = None,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Make a key; its secret is shown this once."""
    told = sys.stdin.readline().rstrip("\r\n") if secret == "-" else secret  # noqa: S105 - a dash
    with Home.open(home).app.store.write() as session:
        made = keys.create(
            session,
            identifier=identifier,
            secret=told,
            role=role,
            bound_to=functions or (),
            limit=limit,
        )
    if json:
        print_json(new_key_json(made))
    else:
        print_new_key(made)


@program.command("list")
def list_keys(home: HomeFolder = None, json: Json = False) -> None:
    """List the keys, revoked ones too; with --json one object per line."""
    with Home.open(home).app.store.read() as session:
        found = keys.list_all(session)
        names = {each.id: each.name for each in all_functions(session)}
    if json:
        for key in found:
            print_json(key_json(key))
        return
    if not found:
        say("No keys yet. Make one:  hotfit keys create")
    for key in found:
        say(_line(key, names))


@program.command("revoke")
def revoke(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="The key's id.")],
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Let a key, and every token made with it, open nothing any more."""
    with Home.open(home).app.store.write() as session:
        key = keys.revoke(session, identifier)
    if json:
        print_json(key_json(key))
    else:
        say(f"The key {key.id} opens nothing any more.")


def key_json(key: Key) -> dict[str, Any]:
    """A key as JSON, without what is kept of its secret."""
    return {name: value for name, value in asdict(key).items() if name != "sealed"}


def new_key_json(made: NewKey) -> dict[str, Any]:
    """A new key as JSON; `key` is what `hotfit.Client` and a bearer header take."""
    return key_json(made.key) | {"secret": made.secret, "key": keys.word_of(made)}


def print_new_key(made: NewKey) -> None:
    """Print a new key with what can be done with it."""
    say(f"id      {made.key.id}")
    say(f"secret  {made.secret}")
    say(f"role    {made.key.role.value}")
    say("The secret is not kept and cannot be shown again. Use it as:")
    say(f"  Authorization: Bearer {keys.word_of(made)}")
    say("or as client_id and client_secret at /connect/token.")
    # A server runs on after this: in a pipe the lines would wait for its end.
    sys.stdout.flush()


def _line(key: Key, names: Mapping[str, str]) -> str:
    reach = "every function"
    if key.functions is not None:
        reach = ", ".join(names.get(each, "a deleted function") for each in key.functions)
    state = f"revoked {key.revoked[:16]}" if key.revoked else f"used {(key.used or 'never')[:16]}"
    limit = f"   {key.limit} calls a minute" if key.limit else ""
    return f"{key.id}   {key.role.value}   {reach}{limit}   {state}"
