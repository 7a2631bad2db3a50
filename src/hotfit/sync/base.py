"""`hotfit.sync`: what a folder and a server had in common last, beside `hotfit.toml`.

It belongs to the rows, so it is kept in git with them: on another branch, or in a colleague's copy,
it says what that state of the folder had in common with the server. One line a row, in the order
of keys, so that git merges it line by line; where git could not, both lines stay and count as
nothing known, which turns a difference into a question and never into a deletion.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hotfit.errors import Refusal
from hotfit.folders.whole import keep_whole
from hotfit.sync.states import State

NAME = "hotfit.sync"
FORMAT = 1
HEADER = (
    "# Written by `hotfit pull` and `hotfit push`; keep it in git. What this folder and the\n"
    "# server had in common last: one line a row, by its id or its content.\n"
)
MARKERS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


class BadBase(Refusal):
    """The file cannot be read; `line` counts from 1."""

    def __init__(self, *, file: Path, line: int, found: str) -> None:
        super().__init__(
            f"{file}, line {line}: {found}; take the file as git has it, or delete it: without it, "
            "rows that differ become conflicts and nothing is deleted"
        )
        self.line = line


@dataclass(frozen=True, kw_only=True)
class Base:
    """What both sides had in common: the server's address, the function's id, and each thing."""

    server: str
    function: str
    rows: Mapping[str, State] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


def read_base(folder: Path) -> Base | None:
    """Read `hotfit.sync`, None where there is none; raise BadBase."""
    path = folder / NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise BadBase(file=path, line=1, found="it is not UTF-8") from error
    found: dict[str, dict[str, Any]] = {"server": {}, "function": {}, "row": {}, "label": {}}
    found["field"] = {}
    twice: set[tuple[str, str]] = set()
    for number, kind, key, value in _lines(path, text):
        if kind == "format" and value != FORMAT:
            raise BadBase(file=path, line=number, found=f"format {value} is not known here")
        kept = found.setdefault(kind, {})
        if kept.get(key, value) != value:
            twice.add((kind, key))
        kept[key] = value
    for kind, key in twice:
        del found[kind][key]
    server, function = found["server"].get(""), found["function"].get("")
    if not server or not function:
        raise BadBase(file=path, line=1, found="it names no server and function")
    return Base(
        server=server,
        function=function,
        rows=found["row"],
        labels=found["label"],
        fields=found["field"],
    )


def _lines(path: Path, text: str) -> Iterator[tuple[int, str, str, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith(("#", *MARKERS)):
            continue
        kind, _, rest = line.partition("\t")
        try:
            if kind in {"format", "server", "function"}:
                yield number, kind, "", json.loads(rest)
            elif kind in {"label", "field"}:
                name, _, value = rest.partition("\t")
                yield number, kind, json.loads(name), json.loads(value)
            else:
                label, _, given = rest.partition("\t")
                json.loads(label)
                key = kind if not given else f"id:{json.loads(given)}"
                yield number, "row", key, State(data=kind, label=label)
        except ValueError as error:
            raise BadBase(file=path, line=number, found="it is not a line of this file") from error


def write_base(folder: Path, base: Base) -> None:
    """Write `hotfit.sync` whole or not at all; where nothing changed it stays."""
    keep_whole(folder / NAME, render(base))


def render(base: Base) -> str:
    """The file's text, one fact a line in a fixed order."""
    lines = [f"format\t{FORMAT}", f"server\t{_text(base.server)}"]
    lines.append(f"function\t{_text(base.function)}")
    for kind, facts in (("label", base.labels), ("field", base.fields)):
        lines += [f"{kind}\t{_text(name)}\t{_text(facts[name])}" for name in sorted(facts)]
    for key in sorted(base.rows):
        state = base.rows[key]
        line = f"{state.data}\t{state.label}"
        lines.append(f"{line}\t{_text(key[3:])}" if key.startswith("id:") else line)
    return HEADER + "\n".join(lines) + "\n"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
