"""One `[[must]]`, `[[floor]]`, ... of a test file: its values, checked, and where it stands."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotfit.folders.located import BadToml, Toml

_HEADER = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[\w-]+)\s*=""")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The table number `at` (from 0) of those called `kind` in a file."""

    document: Toml
    kind: str
    at: int
    values: Mapping[str, Any]

    @property
    def place(self) -> str:
        """Where it begins: `tests/refunds.toml:12`."""
        return f"{self.document.file}:{self.line()}"

    def line(self, key: str | None = None) -> int:
        """The line of a key, or of the header."""
        seen, inside, begun = -1, False, 1
        for number, text in enumerate(self.document.text.splitlines(), 1):
            if header := _HEADER.match(text):
                seen += header[1].strip("\"'") == self.kind
                inside = seen == self.at and header[1].strip("\"'") == self.kind
                begun = number if inside else begun
            elif inside and (found := _KEY.match(text)) and found[1].strip("\"'") == key:
                return number
        return begun

    def bad(self, key: str | None, *, found: str, expected: str) -> BadToml:
        """A refusal that names the line of a key."""
        return BadToml(file=self.document.file, line=self.line(key), found=found, expected=expected)

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Raise BadToml for a key that means nothing."""
        names = list(known)
        for key in self.values:
            if key not in names:
                raise self.bad(
                    key,
                    found=f"{key!r} means nothing in [[{self.kind}]]",
                    expected=f"known are {', '.join(names)}",
                )

    def text(self, key: str) -> str | None:
        """A text, None where it is not given; raise BadToml."""
        value = self.values.get(key)
        if value is not None and (not isinstance(value, str) or not value):
            raise self.bad(key, found=f"{key} is {value!r}", expected="a text was expected")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Texts, or one, none where it is not given; raise BadToml."""
        value = self.values.get(key, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            expected = f'a text or a list of them was expected: {key} = ["...", "..."]'
            raise self.bad(key, found=f"{key} is {value!r}", expected=expected)
        return tuple(listed)

    def number(self, key: str) -> float | None:
        """A number, None where it is not given; raise BadToml."""
        value = self.values.get(key)
        if value is None:
            return None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value):
            raise self.bad(key, found=f"{key} is {value!r}", expected="a number was expected")
        return float(value)

    def positive(self, key: str) -> float | None:
        """A number above 0; raise BadToml."""
        value = self.number(key)
        if value is not None and not value > 0:
            raise self.bad(
                key, found=f"{key} is {value:g}", expected="a number above 0 was expected"
            )
        return value

    def share(self, key: str) -> float | None:
        """A number between 0 and 1, both excluded; raise BadToml."""
        value = self.number(key)
        if value is not None and not 0 < value < 1:
            expected = "a share between 0 and 1 was expected, such as 0.9"
            if key in {"accuracy", "recall", "precision"} and value == 1:
                expected = "below 1: no number of rows proves that all are right; use [[must]]"
            raise self.bad(key, found=f"{key} is {value:g}", expected=expected)
        return value

    def whole(self, key: str) -> int | None:
        """A whole number from 1 on; raise BadToml."""
        value = self.number(key)
        if value is not None and (value < 1 or not value.is_integer()):
            expected = "a whole number from 1 on was expected"
            raise self.bad(key, found=f"{key} is {value:g}", expected=expected)
        return None if value is None else int(value)

    def one_of(self, keys: Sequence[str]) -> str:
        """The one of these keys that is given; raise BadToml where none or several are."""
        given = [key for key in keys if key in self.values]
        if len(given) != 1:
            named = " and ".join(given) or "neither"
            expected = f"one of {', '.join(keys)}"
            raise self.bad(
                given[1] if given else None,
                found=f"[[{self.kind}]] has {named}",
                expected=expected,
            )
        return given[0]

    def named(self, made: str, *, of: int = 1, at: object = "") -> str:
        """The name that is given, told apart where it is that of several tests; else `made`."""
        name = self.text("name")
        if name is None:
            return made
        return name if of == 1 else f"{name} ({at})"
