"""`hotfit types`: a typed module, so that editors know a function's labels and fields."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from hotfit.cli.options import HomeFolder, Json
from hotfit.cli.printing import print_json, say
from hotfit.errors import HotfitError
from hotfit.folders import Folder
from hotfit.local import Home
from hotfit.local.folders import is_function_folder
from hotfit.local.loaded import SUFFIX, load_file
from hotfit.local.moving import whole
from hotfit.local.typed import Signature, is_current, module_of, signature_in, signature_of


class Stale(HotfitError):
    """A typed module is not what it would be now."""

    def __init__(self, *, file: Path, name: str) -> None:
        super().__init__(
            f"{file} is not as `hotfit types {name}` would write it now: labels or fields have "
            f"changed; write it anew (hotfit types {name} -o {file}) and see what no longer fits"
        )


def command(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME|FOLDER|FILE", help="A function, its folder, or its model."),
    ],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="The module to write (default: print it).")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 where FILE is not current.")
    ] = False,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Write a module of types for a function: its labels as Literal, its fields, its answers.

    With it a label that was removed or renamed is an error of the type checker, not of a customer.
    """
    signature, source = _signature(name, home)
    if check and out is not None:
        if not is_current(signature, out, source=source):
            raise Stale(file=out, name=name)
        say(f"{out} is current")
        return
    module = module_of(signature, source=source)
    if out is None:
        sys.stdout.write(module)
        return
    with whole(out) as stream:
        stream.write(module.encode())
    told = {"function": signature.name, "file": str(out), "labels": list(signature.labels)}
    if json:
        print_json(told)
    else:
        say(f"{signature.name}: {len(signature.labels):,} labels written to {out}")


def _signature(name: str, home: Path | None) -> tuple[Signature, str]:
    """What a function is given and answers, and what it is found by."""
    if is_function_folder(name):
        signature = signature_in(Folder.open(name))
        return signature, signature.name
    function = load_file(Path(name)) if name.endswith(SUFFIX) else Home.open(home).load(name)
    return signature_of(function), name if name.endswith(SUFFIX) else function.name
