"""`hotfit blame`: the training samples that pushed an answer, and who said them."""

from typing import Annotated, Any

import typer

from hotfit.cli.options import FunctionName, HomeFolder, Json
from hotfit.cli.printing import print_json, say
from hotfit.local import Home
from hotfit.local.blaming import blamed

SHOWN = 60
"""Characters of a sample that are shown."""


def command(
    name: FunctionName,
    data: Annotated[
        str, typer.Argument(metavar="DATA", help="What to ask; a row is a JSON object.")
    ],
    count: Annotated[
        int, typer.Option("-n", "--count", min=1, max=1000, help="How many samples to show.")
    ] = 10,
    label: Annotated[
        str | None,
        typer.Option("--label", help="Ask why this label is, or is not, the answer."),
    ] = None,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Show the training samples that pushed an answer, how hard, who said what they are and when.

    The weight of a sample is what it adds to the log odds of the label, or to the quantity.
    """
    function = Home.open(home).load(name)
    found = blamed(function.explain(function.parse([data])[0], label=label, count=count))
    if json:
        print_json(found)
    else:
        _show(found)


def _show(found: dict[str, Any]) -> None:
    say(found["answer_sentence"])
    say(found["sentence"])
    for reason in found["reasons"]:
        say(_line(reason))
    say(f"Of {found['trained_on']:,} samples; {found['method']}.")


def _line(reason: dict[str, Any]) -> str:
    """One reason for people: how hard, what it is labelled, what it holds, who said so."""
    copies = f" and {len(reason['samples']) - 1} like it" if len(reason["samples"]) > 1 else ""
    where = "deleted since" if reason["row"] is None else f"row {reason['row']}"
    who = f"{reason['author']} {reason['created'][:10]}" if reason["created"] else ""
    told = " ".join(str(reason["data"] or "").split())
    told = told if len(told) <= SHOWN else told[: SHOWN - 1] + "…"
    return (
        f"{reason['weight']:+9.4f}  {reason['label']:<16}  {where + copies:<12}  {who:<22}  {told}"
    ).rstrip()
