"""Identifiers: a word for the kind, an underscore, 16 random lowercase letters and digits."""

import hashlib
import re
import secrets
import string

_ALPHABET = string.ascii_lowercase + string.digits
_DIGITS = string.digits + string.ascii_lowercase
_SHAPE = re.compile(r"[a-z0-9]{16}")


def new_id(kind: str) -> str:
    """Make an identifier such as `function_4fz0q81k2m7v9x3c`."""
    return f"{kind}_" + "".join(secrets.choice(_ALPHABET) for _ in range(16))


def derived_id(kind: str, source: str) -> str:
    """Make the identifier that follows from `source`, the same for ever."""
    return f"{kind}_{letters(int.from_bytes(hashlib.sha256(source.encode()).digest()))}"


def letters(number: int) -> str:
    """The last 16 digits of a number in base 36."""
    signs = []
    for _ in range(16):
        number, place = divmod(number, 36)
        signs.append(_DIGITS[place])
    return "".join(reversed(signs))


def as_id(kind: str, text: str) -> str | None:
    """Read an identifier with or without its kind in front; None where `text` is no such thing."""
    bare = text.removeprefix(f"{kind}_")
    return f"{kind}_{bare}" if _SHAPE.fullmatch(bare) else None
