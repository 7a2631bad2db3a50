"""`hotfit queue`: the samples whose labels would teach most."""

from typing import Annotated

import typer

from hotfit.cli.options import FunctionName, HomeFolder, Json, named
from hotfit.cli.printing import print_json, print_queue
from hotfit.local import Home


def command(
    name: FunctionName,
    count: Annotated[int, typer.Option("-n", min=1, max=1000, help="How many to list.")] = 10,
    like: Annotated[
        list[str] | None,
        typer.Option("--like", help="More like this sample (id or row); give it for each example."),
    ] = None,
    unlike: Annotated[
        list[str] | None,
        typer.Option("--not", help="With --like: a sample that is not what is looked for."),
    ] = None,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """List what to label next, the most useful first."""
    function = Home.open(home).load(name)
    if like or unlike:
        found = function.more_like(
            [named(function, one) for one in like or []],
            others=[named(function, one) for one in unlike or []],
            count=count,
        )
    else:
        found = function.queue(count)
    if json:
        for each in found:
            print_json({**each.to_json(), "gain": found.gain, "stop": found.stop})
    else:
        print_queue(found.sentence, [each.to_json() for each in found])
