"""Between a sample's data as callers send it and as it is kept: texts, images, rows."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from hotfit.errors import Refusal
from hotfit.functions.functions import Function
from hotfit.functions.names import name_key
from hotfit.inputs.images_cells import to_data_uri
from hotfit.inputs.picture import BadPicture, check
from hotfit.types import Cell, Data, Field, Input, Kind, Picture

_URI = re.compile(r"data:([\w.+/-]*)((?:;[\w.+=-]+)*?);base64,", re.ASCII)


class DataRefused(Refusal):
    """A sample's data is not what the function is given."""

    def __init__(self, *, found: str, expected: str) -> None:
        super().__init__(f"the data {found}; expected {expected}.")


def read_data(function: Function, given: Any) -> Data:
    """The data of a sample or a call; raise DataRefused."""
    if function.input is Input.IMAGE:
        return _picture(given)
    if function.input is Input.TEXT:
        if isinstance(given, Picture):
            given = _file_text(given)
        if not isinstance(given, str):
            raise DataRefused(found="is no text", expected="a JSON string")
        return given
    if not isinstance(given, dict):
        raise DataRefused(found="is no row", expected="an object, values by field id or name")
    return _row(function, given)


def shown(function: Function, data: Data) -> Any:
    """The data of a sample as JSON; rows by field id, images as data URIs."""
    if isinstance(data, Picture):
        return to_data_uri(data.read())
    if isinstance(data, Mapping):
        ids = {one.name: key for one, key in zip(function.fields, function.field_ids, strict=True)}
        return {ids[name]: cell for name, cell in data.items() if name in ids}
    return data


def _file_text(given: Picture) -> str:
    try:
        text = given.read().decode()
    except UnicodeDecodeError as error:
        raise DataRefused(found="is no UTF-8", expected="a text") from error
    if "\0" in text:
        raise DataRefused(found="holds a NUL character", expected="a text")
    return text


def _picture(given: Any) -> Picture:
    expected = "an image file as a data URI (data:image/jpeg;base64,...) or in a multipart form"
    content: bytes
    if isinstance(given, Picture):
        content = given.read()
    elif not isinstance(given, str):
        raise DataRefused(found="is no image", expected=expected)
    else:
        content = _from_uri(given, expected)
    try:
        check(content)
    except BadPicture as error:
        raise DataRefused(found=f"is an image that {error.why}", expected=expected) from error
    return Picture.of(content)


def _from_uri(given: str, expected: str) -> bytes:
    if given[:8].lower().startswith(("http://", "https://")):
        raise DataRefused(
            found="is the address of an image, which is not fetched", expected=expected
        )
    match = _URI.match(given[:200])
    if match is None:
        raise DataRefused(found="is a text", expected=expected)
    try:
        return base64.b64decode(given[match.end() :], validate=True)
    except (binascii.Error, ValueError) as error:
        raise DataRefused(
            found="is a data URI whose base64 is broken", expected=expected
        ) from error


def _row(function: Function, given: Mapping[str, Any]) -> dict[str, Cell]:
    by_id = dict(zip(function.field_ids, function.fields, strict=True))
    by_name = {name_key(one.name): one for one in function.fields}
    row: dict[str, Cell] = {}
    for key, cell in given.items():
        known = by_id.get(key) or by_id.get(f"field_{key}") or by_name.get(name_key(key))
        if known is None:
            names = ", ".join(repr(one.name) for one in function.fields[:20]) or "none yet"
            raise DataRefused(
                found="names a field that the function does not have",
                expected=f"the ids or names of its fields: {names}",
            )
        if known.name in row:
            raise DataRefused(found=f"gives the field {known.name!r} twice", expected="it once")
        row[known.name] = _cell(known, cell)
    return row


def _cell(known: Field, cell: Any) -> Cell:
    if cell is None:
        return None
    number = isinstance(cell, int | float) and not isinstance(cell, bool)
    if known.kind is Kind.NUMBER:
        if not number:
            raise DataRefused(found=f"has no number in {known.name!r}", expected="a JSON number")
        return cell if isinstance(cell, float) else int(cell)
    if isinstance(cell, dict | list):
        raise DataRefused(found=f"has no value in {known.name!r}", expected="a text or a number")
    if known.kind is Kind.IMAGE:
        return to_data_uri(_picture(cell).read())
    if known.kind is Kind.TEXT and number:
        return str(cell)
    return cell if isinstance(cell, str | bool) or number else None
