"""Reads JSON and nothing else: what JSON cannot say, or a database cannot keep, is refused.

Python's parser takes NaN, Infinity, 1e999, keys given twice and half surrogate pairs; each of them
breaks something later, where nobody knows any more who sent it. Nothing that was sent is repeated
in an error.
"""

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn

from hotfit.errors import Refusal

DEEPEST = 64
"""Levels of objects and lists; samples need three."""

_DIGITS = 18
"""Digits of an integer that every database and every double keeps or rounds without overflow."""


class BadJson(Refusal):
    """The body is not JSON, or holds what cannot be kept."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(f"the body cannot be read as JSON: {reason}.")


def parse(content: bytes) -> Any:
    """Read JSON in UTF-8; raise BadJson."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise BadJson(reason=f"byte {error.start + 1} is not UTF-8") from error
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        place = f"at line {error.lineno}, column {error.colno}"
        raise BadJson(reason=f"{error.msg} {place}") from error
    except RecursionError as error:
        raise BadJson(reason=f"it nests deeper than {DEEPEST} levels") from error
    if "\\u" in text or text.count("[") + text.count("{") > DEEPEST:
        _refuse_unkeepable(value)
    return value


def _refuse_unkeepable(value: Any) -> None:
    """Raise for texts that no database keeps and for nesting that no sample needs."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [part for one in level for part in _parts(one)]
        if not level:
            return
    raise BadJson(reason=f"it nests deeper than {DEEPEST} levels")


def _parts(value: Any) -> Iterator[Any]:
    """What an object or a list holds; texts are looked at."""
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise BadJson(
                reason="a text holds a NUL character or half a surrogate pair, which no database "
                "can keep"
            )
    elif isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise BadJson(reason="an object holds one key twice")
    return made


def _constant(name: str) -> NoReturn:
    raise BadJson(reason=f"{name} is no JSON; leave the value out, or send null")


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise BadJson(reason="a number is larger than a double can hold")
    return number


def _int(text: str) -> int | float:
    return int(text) if len(text) <= _DIGITS else _float(text)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, parse_int=_int
)
