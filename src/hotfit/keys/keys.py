"""Making, listing, finding and revoking keys."""

import re
import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from hotfit.errors import Refusal
from hotfit.functions import functions
from hotfit.functions.access import Identity, Role
from hotfit.keys import sealing
from hotfit.store.columns import now
from hotfit.store.ids import new_id
from hotfit.store.sessions import Reading, Writing
from hotfit.store.tables import keys

PREFIX = "hf_"
"""How a secret made here begins, so that scanners find one that was published by mistake."""

HINT = 12
"""Signs after the prefix by which a key is found and told apart; they are no secret."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")
_ALPHABET = string.ascii_lowercase + string.digits


class KeyIdRefused(Refusal):
    """An identifier cannot name a key."""

    def __init__(self) -> None:
        super().__init__(
            "this cannot be the id of a key; give 1 to 100 letters, digits, dots, dashes, "
            "underscores or @, the first a letter or digit."
        )


class KeyTaken(Refusal):
    """Another key has this identifier, or had it."""

    status = 409

    def __init__(self, *, identifier: str) -> None:
        super().__init__(
            f"a key {identifier!r} already exists, or was revoked and is remembered; choose "
            "another id."
        )


class KeyUnknown(Refusal):
    """No key has this identifier."""

    status = 404

    def __init__(self, *, identifier: str) -> None:
        super().__init__(f"no key has the id {identifier!r}; see `hotfit keys list`.")


class LimitRefused(Refusal):
    """A limit of calls is no positive number."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(f"a key cannot be limited to {limit} calls a minute; give 1 or more.")


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key as it is kept.

    `functions` are the identifiers of the only functions it reaches, None for all; `limit` its
    calls a minute, None for any number. `hint` is how its secret goes on after `hf_`.
    """

    id: str
    role: Role
    functions: tuple[str, ...] | None
    limit: int | None
    hint: str | None
    sealed: str
    created: str
    used: str | None
    revoked: str | None

    def identity(self) -> Identity:
        """Who asks with this key."""
        bound = None if self.functions is None else frozenset(self.functions)
        return Identity(name=self.id, role=self.role, functions=bound)


@dataclass(frozen=True, kw_only=True)
class NewKey:
    """A key that was just made, with the secret that is told this once."""

    key: Key
    secret: str


def create(
    session: Writing,
    *,
    identifier: str | None = None,
    secret: str | None = None,
    role: Role = Role.ADMIN,
    bound_to: Sequence[str] = (),
    limit: int | None = None,
) -> NewKey:
    """Make a key; without `secret` a random one. `bound_to` names the functions it may reach.

    Raises KeyIdRefused, KeyTaken, SecretRefused, LimitRefused, FunctionUnknown.
    """
    if identifier is not None and not _ID.fullmatch(identifier):
        raise KeyIdRefused
    if limit is not None and limit < 1:
        raise LimitRefused(limit=limit)
    name = identifier or new_id("key")
    hint = None if secret is not None else "".join(secrets.choice(_ALPHABET) for _ in range(HINT))
    told = sealing.checked(secret) if hint is None and secret is not None else _random(hint)
    reach = [functions.get(session, each).id for each in bound_to]
    row = {
        "id": name,
        "sealed": sealing.seal(told, chosen=hint is None),
        "hint": hint,
        "role": role.value,
        "functions": reach or None,
        "per_minute": limit,
        "created": now(),
    }
    if find(session, name) is not None:
        raise KeyTaken(identifier=name)
    try:
        session.run(insert(keys).values(**row))
    except IntegrityError as error:
        raise KeyTaken(identifier=name) from error
    made = find(session, name)
    assert made is not None
    return NewKey(key=made, secret=told)


def word_of(made: NewKey) -> str:
    """A new key as one word, as a bearer header and a client take it."""
    return made.secret if made.key.hint else f"{made.key.id}:{made.secret}"


def create_first(session: Writing) -> NewKey | None:
    """Make the first key of a home, an administrator's; None where there has been one."""
    if session.scalar(select(func.count()).select_from(keys)):
        return None
    return create(session, role=Role.ADMIN)


def list_all(session: Reading) -> list[Key]:
    """Every key, the newest last; revoked ones too, as annotations name them."""
    return [as_key(row) for row in session.rows(select(keys).order_by(keys.c.created, keys.c.id))]


def find(session: Reading, identifier: str) -> Key | None:
    """The key of this identifier, None if there is none."""
    row = session.first(select(keys).where(keys.c.id == identifier))
    return None if row is None else as_key(row)


def find_by_hint(session: Reading, hint: str) -> Key | None:
    """The key whose secret goes on with `hint` after its prefix."""
    row = session.first(select(keys).where(keys.c.hint == hint))
    return None if row is None else as_key(row)


def revoke(session: Writing, identifier: str) -> Key:
    """Let a key, and every token made with it, open nothing any more; raise KeyUnknown."""
    session.run(
        update(keys).where(keys.c.id == identifier, keys.c.revoked.is_(None)).values(revoked=now())
    )
    found = find(session, identifier)
    if found is None:
        raise KeyUnknown(identifier=identifier)
    return found


def touch(session: Writing, identifier: str) -> None:
    """Write down that a key was used."""
    session.run(update(keys).where(keys.c.id == identifier).values(used=now()))


def _random(hint: str | None) -> str:
    return f"{PREFIX}{hint}{sealing.random_secret()}"


def as_key(row: Row[Any]) -> Key:
    """A row of the table as a key."""
    return Key(
        id=row.id,
        role=Role(row.role),
        functions=None if row.functions is None else tuple(row.functions),
        limit=row.per_minute,
        hint=row.hint,
        sealed=row.sealed,
        created=row.created,
        used=row.used,
        revoked=row.revoked,
    )
