"""`hotfit similar`: the samples of a function most like an input or a sample, or most unlike."""

from typing import Annotated

import typer

from hotfit.cli.options import FunctionName, HomeFolder, Json, named
from hotfit.cli.printing import print_json, print_similar
from hotfit.local import Home


def command(
    name: FunctionName,
    data: Annotated[
        str | None,
        typer.Argument(metavar="[DATA]", help="What to search near to; a row is a JSON object."),
    ] = None,
    sample: Annotated[
        str | None,
        typer.Option("--sample", help="Search near to this sample instead: its id, or its row."),
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many to find.")] = 10,
    label: Annotated[
        str | None, typer.Option("--label", help="Only samples of this label.")
    ] = None,
    sample_set: Annotated[
        str | None, typer.Option("--set", help="Only samples of this sample set.")
    ] = None,
    annotated: Annotated[
        bool | None,
        typer.Option("--labelled/--unlabelled", help="Only samples with a label, or without."),
    ] = None,
    unlike: Annotated[
        bool,
        typer.Option("--unlike", help="The most different samples: from DATA, or of all."),
    ] = False,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Find the samples nearest to an input or to another sample."""
    function = Home.open(home).load(name)
    given = None if data is None else function.parse([data])[0]
    found = function.similar(
        given,
        sample=None if sample is None else named(function, sample),
        k=k,
        label=label,
        sample_set=sample_set,
        annotated=annotated,
        unlike=unlike,
    )
    if json:
        for each in found:
            print_json(each.to_json())
    else:
        print_similar([each.to_json() for each in found])
