"""What a caller asks, as a sample of the function: lines of text, JSON, rows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

import numpy as np

from hotfit.errors import Refusal
from hotfit.functions.functions import Function as Record
from hotfit.inputs.images_cells import small, to_data_uri
from hotfit.inputs.picture import BadPicture
from hotfit.local.picturing import picture_of
from hotfit.types import Data, Input, Kind, Label

TEXT_KEYS = ("text", "data", "input")
"""Members of a JSON object that may hold the text, after the column the function was fitted on."""

IMAGE_KEYS = ("image", "file", "path", "data", "input")
"""Members of a JSON object that may hold the path of an image or its `data:` URI."""

EXPECTED = {
    Input.TEXT: "a text",
    Input.IMAGE: "an image: a path, a data URI, bytes or an image of Pillow",
    Input.TABULAR: "a row, as a value by field name",
}


class BadCall(Refusal):
    """A call's data is not what the function is given."""

    def __init__(self, *, function: str, found: str, expected: str) -> None:
        super().__init__(f"{function} was given {found}; expected {expected}.")


def parse(record: Record, lines: Sequence[str]) -> list[Data]:
    """Read lines: a text or a JSON object or string that holds it; for a table a JSON object.

    For an image a line is the path of a file or a `data:` URI, or a JSON object that holds one.
    A JSON array of objects is as many inputs as it has objects.
    """
    reader = {
        Input.TEXT: _parse_text,
        Input.IMAGE: _parse_image,
        Input.TABULAR: _parse_row,
    }[record.input]
    return [reader(record, each) for line in lines for each in _spread(line)]


def _spread(line: str) -> list[str]:
    """The objects of a JSON array, each as a line of its own; any other line as it stands."""
    if not line.lstrip().startswith("["):
        return [line]
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return [line]
    if not values or not all(isinstance(value, dict) for value in values):
        return [line]
    return [json.dumps(value) for value in values]


def checked_many(record: Record, values: Any) -> list[Data]:
    """Return `values` as a list if the function can be asked each; raise BadCall."""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise BadCall(
            function=record.name,
            found=f"one value of type {type(values).__name__} where many are answered",
            expected="a list of them",
        )
    return [checked(record, value) for value in values]


def checked_pair(record: Record, pair: Any) -> tuple[Data, Label | None]:
    """Return a sample and its answer (None: not known); raise BadCall."""
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise BadCall(
            function=record.name,
            found=f"a sample of type {type(pair).__name__}",
            expected="pairs (data, label), the label None where it is not known",
        )
    return checked(record, pair[0]), pair[1]


def checked(record: Record, value: Any) -> Data:
    """Return `value` if the function can be asked it; raise BadCall."""
    if record.input is Input.TEXT and isinstance(value, str):
        return value
    if record.input is Input.TEXT and isinstance(value, Mapping):
        return _text_in(record, value)
    if record.input is Input.TABULAR and isinstance(value, Mapping):
        known = {field.name for field in record.fields}
        if not known & set(value):
            raise BadCall(
                function=record.name,
                found=f"a row with {_named(value)}",
                expected=f"some of {', '.join(map(repr, sorted(known)))}",
            )
        images = {field.name for field in record.fields if field.kind is Kind.IMAGE}
        return {
            str(name): _image(cell) if name in images else _cell(record, name, cell)
            for name, cell in value.items()
        }
    if record.input is Input.IMAGE and (picture := picture_of(value)) is not None:
        return picture
    raise BadCall(
        function=record.name,
        found=f"a value of type {type(value).__name__}",
        expected=EXPECTED[record.input],
    )


def _parse_image(record: Record, line: str) -> Data:
    """A line is a path or a data URI, unless it is a JSON object with one of them in it."""
    if line.lstrip().startswith("{"):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            for key in (record.plan.get("image"), *IMAGE_KEYS):
                if isinstance(value.get(key), str):
                    return checked(record, value[key])
    return checked(record, line)


def _parse_text(record: Record, line: str) -> Data:
    """A line is the text itself, unless it is a JSON string or an object with the text in it."""
    if not line.lstrip().startswith(('"', "{")):
        return line
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return line
    if isinstance(value, str):
        return value
    return _text_in(record, value)


def _text_in(record: Record, value: Mapping[Any, Any]) -> str:
    """The text that an object holds; raise BadCall."""
    for key in (record.plan.get("text"), *TEXT_KEYS):
        if isinstance(value.get(key), str):
            return str(value[key])
    expected = record.plan.get("text") or TEXT_KEYS[0]
    raise BadCall(
        function=record.name,
        found=f"an object with {_named(value)}",
        expected=f'the text itself, or an object like {{"{expected}": "..."}}',
    )


def _named(value: Mapping[Any, Any]) -> str:
    """The fields of an object in words."""
    names = ", ".join(repr(str(name)[:60]) for name in islice(value, 6))
    if not names:
        return "no fields"
    more = f" and {len(value) - 6:,} more" if len(value) > 6 else ""
    return f"the field{'s' if len(value) > 1 else ''} {names}{more}"


def _parse_row(record: Record, line: str) -> Data:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadCall(
            function=record.name,
            found=f"{line[:60]!r}, which is not JSON ({error})",
            expected="a row as a JSON object by field name",
        ) from error
    return checked(record, value)


def _image(cell: Any) -> str | None:
    """The image of a row as it is kept; raise BadPicture."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    picture = picture_of(cell)
    if picture is None:
        raise BadPicture(why=f"is a {type(cell).__name__}, no {EXPECTED[Input.IMAGE][3:]}")
    return to_data_uri(small(picture.read()))


def _cell(record: Record, name: Any, cell: Any) -> str | float | bool | None:
    if cell is None or isinstance(cell, str | float | int | bool):
        return cell
    if isinstance(cell, np.generic):
        return _cell(record, name, cell.item())
    if isinstance(cell, date):
        return cell.isoformat()
    raise BadCall(
        function=record.name,
        found=f"a value of type {type(cell).__name__} in the field {name!r}",
        expected="a text, a number, true, false or null",
    )
