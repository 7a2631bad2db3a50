"""`hotfit.toml` edited where labels and fields changed on a server; every other line stays.

After an edit the text is read again: where it does not say what was meant, nothing is written.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from hotfit.errors import Refusal
from hotfit.folders.spec import NAME
from hotfit.folders.whole import write_whole


class CannotWrite(Refusal):
    """`hotfit.toml` is written in a way that an edit cannot keep."""

    def __init__(self, *, table: str, name: str, do: str) -> None:
        super().__init__(
            f"{NAME}: [{table}] is written in a way that cannot be edited; {do}: {name!r}"
        )


Wanted = Mapping[str, str | None]
"""What each label or field of this name is to say; None takes it away."""

KEY = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)\s*=""")
HEADER = re.compile(r"\[(?!\[)(.+)\]\s*(?:#.*)?")
KEYS = {"labels": "description", "fields": "kind"}


def edited(
    text: str, *, labels: Wanted, fields: Wanted, inputs: Sequence[str] | None = None
) -> str:
    """The text of a `hotfit.toml` with other labels, fields and inputs; raise CannotWrite."""
    if inputs is not None:
        text = _with_inputs(text, inputs)
    for table, wanted in (("labels", labels), ("fields", fields)):
        for name, value in wanted.items():
            text = _one(text, table, name, value)
    return text


def write_spec(
    folder: Path, *, labels: Wanted, fields: Wanted, inputs: Sequence[str] | None = None
) -> None:
    """Edit the `hotfit.toml` of a folder; the file changes whole or not at all."""
    path = folder / NAME
    before = path.read_bytes().decode("utf-8-sig")
    after = edited(before, labels=labels, fields=fields, inputs=inputs)
    if after != before:
        write_whole(path, after.encode())


def _one(text: str, table: str, name: str, value: str | None) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    new = _without(lines, table, name)
    if value is not None:
        told = [f"[{table}.{_text(name)}]{end}", f"{KEYS[table]} = {_text(value)}{end}"]
        at = _place(lines, table, name)
        if at is None:
            if new and not new[-1].endswith(("\n", "\r")):
                new[-1] += end
            new += [end, *told] if new and new[-1].strip() else told
        else:
            new[at:at] = [*told, end] if at < len(new) else told
    after = "".join(new)
    if _says(after, table, name) != value:
        wanted = "delete it" if value is None else f"write {KEYS[table]} = {value!r} for it"
        raise CannotWrite(table=table, name=name, do=wanted)
    return after


def _with_inputs(text: str, inputs: Sequence[str]) -> str:
    told = f"inputs = {json.dumps(list(inputs), ensure_ascii=False)}"
    new, count = re.subn(r"(?m)^inputs\s*=\s*\[[^\]]*\]", lambda _: told, text, count=1)
    if not count:
        new = re.sub(r"(?m)^(output\s*=.*)$", lambda found: f"{found[1]}\n{told}", text, count=1)
    if tomllib.loads(new).get("function", {}).get("inputs") != list(inputs):
        raise CannotWrite(table="function", name="inputs", do=f"write {told} there")
    return new


def _says(text: str, table: str, name: str) -> str | None:
    try:
        there = tomllib.loads(text).get(table, {})
    except tomllib.TOMLDecodeError:
        return "?"
    value = there.get(name)
    return value.get(KEYS[table]) if isinstance(value, dict) else value


def _block(lines: list[str], table: str, name: str) -> tuple[int, int] | None:
    """The lines of `[table.name]`: its header, and all up to the next header or comment block."""
    for start, line in enumerate(lines):
        if _names(line) == [table, name]:
            end = start + 1
            while end < len(lines) and not lines[end].lstrip().startswith(("[", "#")):
                end += 1
            return start, end
    return None


def _inline(lines: list[str], table: str, name: str) -> int | None:
    """The line of `name = ...` below `[table]`."""
    inside = False
    for at, line in enumerate(lines):
        if line.lstrip().startswith("["):
            inside = _names(line) == [table]
        elif inside and (found := KEY.match(line)) and _name(found[1]) == name:
            return at
    return None


def _without(lines: list[str], table: str, name: str) -> list[str]:
    if (block := _block(lines, table, name)) is not None:
        return [*lines[: block[0]], *lines[block[1] :]]
    if (at := _inline(lines, table, name)) is not None:
        return [*lines[:at], *lines[at + 1 :]]
    return [*lines]


def _place(lines: list[str], table: str, name: str) -> int | None:
    block = _block(lines, table, name)
    return None if block is None else block[0]


def _names(line: str) -> list[str]:
    """The dotted name of a table's header."""
    found = HEADER.fullmatch(line.strip())
    if found is None:
        return []
    return [
        _name(part) for part in re.findall(r"""("(?:[^"\\]|\\.)*"|'[^']*'|[^.\s]+)""", found[1])
    ]


def _name(part: str) -> str:
    if part.startswith('"'):
        return str(json.loads(part))
    return part.strip("'")


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
