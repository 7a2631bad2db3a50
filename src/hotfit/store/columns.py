"""Column types that hold the same on SQLite and PostgreSQL, and refuse what either cannot keep."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text, TypeDecorator

from hotfit.errors import Refusal

Key = BigInteger().with_variant(Integer, "sqlite")
"""A row key; SQLite numbers rows by itself only where the column is called INTEGER."""


class UnstorableText(Refusal):
    """A text holds a character that no database keeps."""

    def __init__(self, *, text: str, position: int) -> None:
        found = "a NUL character" if text[position] == "\0" else "half a surrogate pair"
        super().__init__(
            f"the text {text[:40]!r} holds {found} at character {position + 1}, "
            "which no database can keep; remove it and try again."
        )


class UnstorableNumber(Refusal):
    """A number is NaN or infinite, which JSON cannot say."""

    def __init__(self) -> None:
        super().__init__(
            "a value is NaN or infinite, where a finite number or nothing was expected; "
            "leave the cell empty instead."
        )


def storable(text: str) -> str:
    """Return `text` unchanged; raise UnstorableText for NUL and lone surrogates."""
    position = text.find("\0")
    if position < 0:
        try:
            text.encode()
        except UnicodeEncodeError as error:
            position = error.start
        else:
            return text
    raise UnstorableText(text=text, position=position)


def to_json(value: Any) -> str:
    """Write `value` as compact JSON in UTF-8; raise for NaN, infinities, NUL and surrogates."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError as error:
        raise UnstorableNumber from error
    if "\\u0000" in text:
        _refuse_nul(value)
    return storable(text)


def _refuse_nul(value: Any) -> None:
    """Raise where a text inside `value` holds NUL (`\\u0000` may also be six typed characters)."""
    if isinstance(value, str):
        storable(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_nul(key)
            _refuse_nul(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_nul(item)


def now() -> str:
    """The time for people to read, UTC; order comes from sequence numbers, never from this."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Words(TypeDecorator[str]):
    """Text without NUL and lone surrogates."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Refuse what PostgreSQL or SQLite could not keep."""
        return None if value is None else storable(value)


class Json(TypeDecorator[Any]):
    """Strict JSON kept as text: the order of keys stays, NaN is refused."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Write the value as JSON; None stays NULL."""
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """Read the value back."""
        return None if value is None else json.loads(value)
