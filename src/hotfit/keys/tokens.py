"""Tokens: random words that stand for a key for an hour, and for no longer than the key itself."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from hotfit.keys.keys import Key, as_key
from hotfit.keys.sealing import fingerprint, random_secret
from hotfit.store.sessions import Reading, Writing
from hotfit.store.tables import keys, tokens

PREFIX = "hft_"
SECONDS = 3600
MOST = 1000
"""Tokens of one key at a time; the oldest go first."""


@dataclass(frozen=True, kw_only=True)
class Token:
    """A token as it is told, once."""

    word: str
    seconds: int = SECONDS


def issue(session: Writing, key: str, *, time: float) -> Token:
    """Make a token for a key; `time` is in seconds since 1970."""
    session.run(delete(tokens).where(tokens.c.expires <= int(time)))
    oldest = (
        select(tokens.c.digest)
        .where(tokens.c.key_id == key)
        .order_by(tokens.c.expires.desc(), tokens.c.digest)
        .offset(MOST - 1)
    )
    session.run(delete(tokens).where(tokens.c.digest.in_(oldest)))
    word = PREFIX + random_secret()
    session.run(
        insert(tokens).values(digest=fingerprint(word), key_id=key, expires=int(time) + SECONDS)
    )
    return Token(word=word)


def key_of(session: Reading, word: str, *, time: float) -> Key | None:
    """The key a token stands for; None for one that is unknown, over, or of a revoked key.

    A token that would last longer than any token does was made before the clock was put back;
    it is taken for expired.
    """
    row = session.first(
        select(tokens.c.expires, keys)
        .join(keys, keys.c.id == tokens.c.key_id)
        .where(tokens.c.digest == fingerprint(word), keys.c.revoked.is_(None))
    )
    if row is None or not int(time) < row.expires <= int(time) + SECONDS + SKEW:
        return None
    return as_key(row)


SKEW = 300
"""Seconds that the clocks of two servers on one database may differ."""
