"""TOML whose values know their line, so that a refusal can name it."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotfit.errors import Refusal

_TABLE = re.compile(r"^\s*\[{1,2}([^\]]+)\]")
_KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[\w-]+)\s*=""")
_SYNTAX = re.compile(r"^(.*) \(at (?:line (\d+), column \d+|end of document)\)$", re.DOTALL)


class BadToml(Refusal):
    """A TOML file says something that cannot be kept; `line` counts from 1."""

    def __init__(self, *, file: str, line: int, found: str, expected: str) -> None:
        super().__init__(f"{file}, line {line}: {found}; {expected}")
        self.line = line


@dataclass(frozen=True, kw_only=True)
class Toml:
    """A TOML document: its values, and where each stands."""

    file: str
    text: str
    values: Mapping[str, Any]

    def table(self, name: str) -> Mapping[str, Any]:
        """The table of this name, empty where there is none; raise BadToml."""
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            raise self.bad(name, found=f"{name!r} is {_kind(value)}", expected=f"write [{name}]")
        return value

    def get(self, table: str, key: str, kind: type | tuple[type, ...], expected: str) -> Any:
        """A value of one kind, None where it is not given; raise BadToml."""
        value = self.table(table).get(key)
        allowed = kind if isinstance(kind, tuple) else (kind,)
        wrong = isinstance(value, bool) and bool not in allowed
        if value is not None and (wrong or not isinstance(value, allowed)):
            raise self.bad(table, key, found=f"{key} is {_kind(value)}", expected=expected)
        return value

    def refuse_unknown(self, table: str | None, known: Iterable[str]) -> None:
        """Raise BadToml for a key, or without `table` a table, that means nothing."""
        names = list(known)
        for key in self.values if table is None else self.table(table):
            if key not in names:
                path = (key,) if table is None else (table, key)
                raise self.bad(
                    *path,
                    found=f"{'.'.join(path)!r} means nothing here",
                    expected=f"known are {', '.join(names)}",
                )

    def bad(self, *path: str, found: str, expected: str) -> BadToml:
        """A refusal that names the line of a value."""
        return BadToml(file=self.file, line=self.line(*path), found=found, expected=expected)

    def line(self, *path: str) -> int:
        """The line on which a value, or the nearest table above it, begins; 1 where none does."""
        table: tuple[str, ...] = ()
        nearest = (0, 1)
        for number, line in enumerate(self.text.splitlines(), 1):
            if found := _TABLE.match(line):
                table = _parts(found[1])
                here = table
            elif found := _KEY.match(line):
                here = (*table, found[1].strip("\"'"))
            else:
                continue
            if here == path[: len(here)] and len(here) > nearest[0]:
                nearest = (len(here), number)
        return nearest[1]


def read_toml(path: Path, *, name: str | None = None) -> Toml:
    """Read a TOML file; raise BadToml where it is none, OSError where it cannot be read."""
    file = name or str(path)
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
        return Toml(file=file, text=text, values=tomllib.loads(text))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadToml(
            file=file, line=line, found="it is not UTF-8", expected="save it as UTF-8"
        ) from error
    except tomllib.TOMLDecodeError as error:
        said = _SYNTAX.match(str(error))
        lines = content.count(b"\n") + 1
        line = int(said[2]) if said and said[2] else lines
        why = said[1] if said else str(error)
        raise BadToml(
            file=file, line=line, found=f"not valid TOML ({why})", expected="correct this line"
        ) from error


def _parts(dotted: str) -> tuple[str, ...]:
    found = re.findall(r"""\s*("[^"]*"|'[^']*'|[^.]+)\s*\.?""", dotted)
    return tuple(part.strip().strip("\"'") for part in found)


def _kind(value: object) -> str:
    names = {dict: "a table", list: "a list", str: "a text", bool: "true or false"}
    return names.get(type(value), "a number" if isinstance(value, int | float) else "a date")
