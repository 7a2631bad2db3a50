"""Read JSON objects, one a line or in one array, of any number: one object in memory at a time."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from hotfit.errors import Refusal
from hotfit.inputs.cells import to_cell
from hotfit.inputs.encoding import Encoding
from hotfit.inputs.headers import clean_headers
from hotfit.inputs.opening import EmptyFile, Opened
from hotfit.inputs.report import Report
from hotfit.types import Cell

MAX_OBJECT = 16_000_000
HEADER_OBJECTS = 1_000
BLOCK = 64 * 1024
DECODER = json.JSONDecoder(parse_constant=lambda _: None)


class BrokenJson(Refusal):
    """A line, or an element of the array, that is no JSON."""

    def __init__(self, *, name: str, where: str, why: str) -> None:
        super().__init__(
            f"{name}, {where}: not valid JSON ({why}); one object a line, such as"
            ' {"text": "...", "label": "..."}, or one array of such objects was expected'
        )


class NotAnObject(Refusal):
    """JSON that is no object, so that its values have no names."""

    def __init__(self, *, name: str, where: str, found: str) -> None:
        super().__init__(
            f"{name}, {where}: found {found}; an object such as"
            ' {"text": "...", "label": "..."} was expected'
        )


@dataclass(frozen=True, kw_only=True)
class JsonObjects:
    """Objects in a file that can be read again and again; nested objects are `outer.inner`."""

    opened: Opened
    encoding: Encoding
    array: bool
    keys: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def rows(self, report: Report) -> Iterator[tuple[int, list[Cell]]]:
        """Yield (row number from 1, cells), each as wide as `columns`."""
        known = set(self.keys)
        for number, flat in self.objects():
            if len(flat) > len(known) or not known.issuperset(flat):
                extra = next(key for key in flat if key not in known)
                report.add(
                    "late keys left out",
                    row=number,
                    what=f"late keys left out: {extra[:60]!r} is in no earlier object",
                )
            yield number, [to_cell(flat.get(key), number, report) for key in self.keys]

    def objects(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield (row number from 1, flat object); raise BrokenJson, NotAnObject."""
        found = self._elements() if self.array else self._lines()
        for number, (where, value) in enumerate(found, 1):
            if not isinstance(value, Mapping):
                raise NotAnObject(name=self.opened.name, where=where, found=_describe(value))
            yield number, _flatten(value)

    def _lines(self) -> Iterator[tuple[str, Any]]:
        with self.opened.open() as stream, self.encoding.open(stream) as text:
            number = 0
            while line := text.readline(MAX_OBJECT):
                number += 1
                where = f"line {number}"
                if len(line) >= MAX_OBJECT:
                    raise self._too_long(where)
                line = line.strip(" \t\r\n\ufeff\0")
                if line:
                    yield where, self._decode(line, where)

    def _decode(self, line: str, where: str) -> Any:
        try:
            return DECODER.decode(line)
        except RecursionError:
            raise BrokenJson(name=self.opened.name, where=where, why="nested too deep") from None
        except json.JSONDecodeError as error:
            why = f"{error.msg} at character {error.pos + 1}"
            raise BrokenJson(name=self.opened.name, where=where, why=why) from error
        except ValueError as error:
            raise BrokenJson(name=self.opened.name, where=where, why="a number too long") from error

    def _too_long(self, where: str) -> BrokenJson:
        why = f"more than {MAX_OBJECT:,} characters in one object"
        return BrokenJson(name=self.opened.name, where=where, why=why)

    def _elements(self) -> Iterator[tuple[str, Any]]:
        with self.opened.open() as stream, self.encoding.open(stream) as text:
            number, buffer, ended = 0, text.read(BLOCK).lstrip(" \t\r\n\ufeff"), False
            buffer = buffer[1:]
            while True:
                buffer = buffer.lstrip(" \t\r\n" if number == 0 else " \t\r\n,")
                if buffer.startswith("]"):
                    return
                where = f"element {number + 1}"
                step = self._next(buffer, where, ended=ended)
                if step is None:
                    more = text.read(max(BLOCK, len(buffer)))
                    ended = not more
                    buffer += more
                    if len(buffer) > 2 * MAX_OBJECT:
                        raise self._too_long(where)
                    continue
                number += 1
                value, end = step
                buffer = buffer[end:]
                yield where, value

    def _next(self, buffer: str, where: str, *, ended: bool) -> tuple[Any, int] | None:
        """Return the first value of `buffer` and its end; None where more must be read."""
        try:
            value, end = DECODER.raw_decode(buffer)
        except RecursionError:
            raise BrokenJson(name=self.opened.name, where=where, why="nested too deep") from None
        except ValueError as error:
            if ended or not isinstance(error, json.JSONDecodeError):
                why = getattr(error, "msg", "a number too long") if buffer else "the array is cut"
                raise BrokenJson(name=self.opened.name, where=where, why=why) from error
            return None
        return None if end == len(buffer) and not ended else (value, end)


def _describe(value: Any) -> str:
    names = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _flatten(value: Mapping[str, Any]) -> dict[str, Any]:
    """Lift the members of nested objects one level, as `outer.inner`."""
    if not any(isinstance(inner, dict) for inner in value.values()):
        return dict(value)
    flat: dict[str, Any] = {}
    for key, inner in value.items():
        if isinstance(inner, dict):
            flat.update({f"{key}.{name}": item for name, item in inner.items()})
        else:
            flat[key] = inner
    return flat


def open_json(opened: Opened, encoding: Encoding, *, array: bool) -> JsonObjects:
    """Read the keys of the first objects; raise BrokenJson, NotAnObject, EmptyFile."""
    probe = JsonObjects(opened=opened, encoding=encoding, array=array)
    first = islice(probe.objects(), HEADER_OBJECTS)
    keys = tuple(dict.fromkeys(key for _, flat in first for key in flat))
    if not keys:
        raise EmptyFile(path=opened.name)
    safe = [key.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for key in keys]
    columns, notes = clean_headers(safe, name=opened.name)
    return JsonObjects(
        opened=opened, encoding=encoding, array=array, keys=keys, columns=columns, notes=notes
    )
