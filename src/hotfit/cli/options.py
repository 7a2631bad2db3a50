"""Arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[
    bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")
]
HomeFolder = Annotated[
    Path | None,
    typer.Option(
        "--home", help="Where everything lives (default: $HOTFIT_HOME, else your data folder)."
    ),
]
FunctionName = Annotated[str, typer.Argument(metavar="NAME", help="The function's name or id.")]
