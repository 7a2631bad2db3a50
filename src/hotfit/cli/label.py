"""`hotfit label`: let Python functions and patterns beside the data vote on labels."""

from pathlib import Path
from typing import Annotated

import typer

from hotfit.cli.options import FunctionName, HomeFolder, Json
from hotfit.cli.printing import print_json, print_ruling
from hotfit.errors import Refusal
from hotfit.local import Home


class SoftWithoutJson(Refusal):
    """Soft labels were asked for where they are not printed."""

    def __init__(self) -> None:
        super().__init__("--soft prints a line of JSON per sample; give --json beside it.")


def command(
    name: FunctionName,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A Python file of label functions; it is run.")
    ],
    keep: Annotated[
        bool,
        typer.Option(
            "--keep", help="Give the sure ones as answers, where nobody gave one, and train."
        ),
    ] = False,
    soft: Annotated[
        bool, typer.Option("--soft", help="With --json: a line per sample, with its soft label.")
    ] = False,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Let label functions vote: how right each is, and what they say together."""
    if soft and not json:
        raise SoftWithoutJson
    ruling = Home.open(home).load(name).label(file, keep=keep)
    if json and soft:
        for each in ruling.soft:
            print_json(each)
    elif json:
        print_json(ruling.to_json())
    else:
        print_ruling(ruling.to_json())
