"""`hotfit encoders`: the networks that read samples, which are on this machine, how to get one."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from hotfit.cli.options import HomeFolder, Json
from hotfit.cli.printing import print_json, say
from hotfit.encoders.adding import IMAGENET_DEVIATION, IMAGENET_MEAN, Wanted
from hotfit.local import Home
from hotfit.types import Input

program = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The encoder's name.")]


class Kind(StrEnum):
    """What an encoder reads, as typed on the command line."""

    TEXT = "text"
    IMAGE = "image"


class Pooling(StrEnum):
    """How the vectors of tokens or patches become one."""

    MEAN = "mean"
    FIRST = "first"


class Order(StrEnum):
    """In which order a network takes colours."""

    RGB = "RGB"
    BGR = "BGR"


OwnName = Annotated[
    str | None, typer.Option("--name", help="Its name (default: the file's name and .v1).")
]
KindOption = Annotated[
    Kind | None, typer.Option("--kind", help="What it reads (default: as its input says).")
]
Tokenizer = Annotated[
    Path | None,
    typer.Option("--tokenizer", help="Its tokenizer.json (default: beside the network)."),
]
Hash = Annotated[
    str | None, typer.Option("--sha256", help="Refuse the network if its hash is another.")
]
InputSize = Annotated[
    int | None, typer.Option("--input-size", help="Pixels a side (default: as its input says).")
]
Mean = Annotated[
    tuple[float, float, float],
    typer.Option("--mean", help="Subtracted from channels of 0 to 1."),
]
Deviation = Annotated[
    tuple[float, float, float],
    typer.Option("--deviation", help="Channels are divided by this."),
]
OrderOption = Annotated[Order, typer.Option("--order", help="Order of the channels.")]
Cut = Annotated[
    str, typer.Option("--cut", help="The value inside an image network that is the vector.")
]
OutputName = Annotated[
    str, typer.Option("--output", help="The output to read (default: the first).")
]
PoolingOption = Annotated[
    Pooling, typer.Option("--pooling", help="How vectors of tokens or patches become one.")
]
Normalise = Annotated[bool, typer.Option("--normalise/--plain", help="Scale vectors to length 1.")]
Prefix = Annotated[str, typer.Option("--prefix", help="Put before every text.")]
MaxTokens = Annotated[int, typer.Option("--max-tokens", help="Tokens read at a time.", min=8)]
Licence = Annotated[str, typer.Option("--licence", help="Its licence, to be shown.")]


@program.callback(invoke_without_command=True)
def listing(context: typer.Context, home: HomeFolder = None, json: Json = False) -> None:
    """List the encoders: what they read, how large they are, whether they are on this machine.

    An encoder marked `no hash` is used only after `fetch NAME --trust`.
    """
    if context.invoked_subcommand is not None:
        return
    rows = Home.open(home).encoders.listing()
    if json:
        for row in rows:
            print_json(row)
        return
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        say(_line(row, width))


@program.command("fetch")
def fetch(
    name: Name,
    trust: Annotated[
        bool,
        typer.Option(
            "--trust",
            help="Take files whose hash nobody published, and record it: trust on first use.",
        ),
    ] = False,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Get an encoder's weights, verify them and measure what it costs on this machine."""
    row = Home.open(home).encoders.fetch(name, trust=trust)
    if json:
        print_json(row)
    else:
        said = "; its hash was recorded, nobody vouches for it" if row["trusted"] else ""
        say(f"{name} is here ({_cost(row)}); licence: {row['licence']}{said}.")


@program.command("remove")
def remove(name: Name, home: HomeFolder = None) -> None:
    """Delete an encoder's weights from this machine, and an added encoder from this home."""
    Home.open(home).encoders.remove(name)
    say(f"{name} is removed.")


@program.command("add")
def add(
    model: Annotated[Path, typer.Argument(metavar="MODEL.onnx", help="A network in one file.")],
    name: OwnName = None,
    kind: KindOption = None,
    tokenizer: Tokenizer = None,
    sha256: Hash = None,
    input_size: InputSize = None,
    mean: Mean = IMAGENET_MEAN,
    deviation: Deviation = IMAGENET_DEVIATION,
    order: OrderOption = Order.RGB,
    cut: Cut = "",
    output: OutputName = "",
    pooling: PoolingOption = Pooling.MEAN,
    normalise: Normalise = True,
    prefix: Prefix = "",
    max_tokens: MaxTokens = 512,
    licence: Licence = "not stated",
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Add a network of your own to this home; it is tried on samples before it is kept."""
    wanted = Wanted(
        name=name,
        input=None if kind is None else Input(kind.value.capitalize()),
        tokenizer=tokenizer,
        sha256=sha256,
        side=input_size,
        mean=mean,
        deviation=deviation,
        order="RGB" if order is Order.RGB else "BGR",
        cut=cut,
        output=output,
        pooling="mean" if pooling is Pooling.MEAN else "first",
        normalised=normalise,
        prefix=prefix,
        max_tokens=max_tokens,
        licence=licence,
    )
    row = Home.open(home).encoders.add(model, wanted)
    if json:
        print_json(row)
    else:
        facts = f"{row['kind'].lower()}s to {row['dimensions']} numbers ({_cost(row)})"
        say(f"{row['name']} is added: {facts}.")


def _line(row: Mapping[str, Any], width: int) -> str:
    size = "-" if row["size"] is None else f"{row['size'] / 1e6:,.0f} MB"
    where = "here" if row["here"] else "-" if row["pinned"] else "no hash"
    return (
        f"{row['name']:<{width}}  {row['kind'].lower():<5}  {row['dimensions'] or '-':>5}  "
        f"{size:>8}  {where:<7}  {_cost(row):<14}  {row['licence']}: {row['summary']}"
    )


def _cost(row: Mapping[str, Any]) -> str:
    return "not measured" if row["latency_ms"] is None else f"{row['latency_ms']:.1f} ms a call"
