"""`hotfit evaluate`: score a function on labelled examples it has not seen."""

from typing import Annotated

import typer

from hotfit.cli.options import FunctionName, HomeFolder, Json
from hotfit.cli.printing import print_json, print_score
from hotfit.local import Home


def command(
    name: FunctionName,
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="Labelled examples, in any form `fit` reads.")
    ],
    target: Annotated[
        str | None, typer.Option("--target", help="The column with the true answer.")
    ] = None,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Score a function on labelled examples; of a file with a split column, the test rows."""
    score = Home.open(home).load(name).evaluate(source, target=target)
    if json:
        print_json(score)
    else:
        print_score(name, score)
