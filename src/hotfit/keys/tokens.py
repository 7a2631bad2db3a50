"""Tokens: random words that stand for a key for a while, and for no longer than the key itself.

A program's token lasts an hour. A browser's lasts a week from when it was last renewed, and is
kept in a cookie that no script can read.
"""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from hotfit.keys.keys import Key, as_key
from hotfit.keys.sealing import fingerprint, random_secret
from hotfit.store.sessions import Reading, Writing
from hotfit.store.tables import keys, tokens

MOST = 1000
"""Tokens of one key at a time; the oldest go first."""

SKEW = 300
"""Seconds that the clocks of two servers on one database may differ."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How the words of a kind begin, and the seconds they last."""

    prefix: str
    seconds: int


PROGRAM = Kind(prefix="hft_", seconds=3600)
BROWSER = Kind(prefix="hfs_", seconds=7 * 24 * 3600)
KINDS = (PROGRAM, BROWSER)


@dataclass(frozen=True, kw_only=True)
class Token:
    """A token as it is told, once."""

    word: str
    seconds: int


def kind_of(word: str) -> Kind | None:
    """The kind of a token by how it begins; None for what is no token."""
    return next((kind for kind in KINDS if word.startswith(kind.prefix)), None)


def issue(session: Writing, key: str, *, time: float, kind: Kind = PROGRAM) -> Token:
    """Make a token for a key; `time` is in seconds since 1970."""
    session.run(delete(tokens).where(tokens.c.expires <= int(time)))
    oldest = (
        select(tokens.c.digest)
        .where(tokens.c.key_id == key)
        .order_by(tokens.c.expires.desc(), tokens.c.digest)
        .offset(MOST - 1)
    )
    session.run(delete(tokens).where(tokens.c.digest.in_(oldest)))
    word = kind.prefix + random_secret()
    expires = int(time) + kind.seconds
    session.run(insert(tokens).values(digest=fingerprint(word), key_id=key, expires=expires))
    return Token(word=word, seconds=kind.seconds)


def key_of(session: Reading, word: str, *, time: float) -> Key | None:
    """The key a token stands for; None for one that is unknown, over, or of a revoked key.

    A token that would last longer than any of its kind was made before the clock was put back;
    it is taken for expired.
    """
    kind = kind_of(word)
    row = session.first(
        select(tokens.c.expires, keys)
        .join(keys, keys.c.id == tokens.c.key_id)
        .where(tokens.c.digest == fingerprint(word), keys.c.revoked.is_(None))
    )
    if kind is None or row is None:
        return None
    if not int(time) < row.expires <= int(time) + kind.seconds + SKEW:
        return None
    return as_key(row)


def renew(session: Writing, word: str, *, time: float) -> None:
    """Let a browser's token last from now on; what is no longer there stays away."""
    expires = int(time) + BROWSER.seconds
    session.run(update(tokens).where(tokens.c.digest == fingerprint(word)).values(expires=expires))


def end(session: Writing, word: str) -> None:
    """Let a token open nothing any more."""
    session.run(delete(tokens).where(tokens.c.digest == fingerprint(word)))
