"""The door: tells from what a caller shows who it is, and keeps those out who only guess.

Wrong secrets are counted for each key, five a minute. A random secret cannot be guessed, so the
right one passes even while others guess at its key; a chosen one could be, so nobody is looked at
until the minute is over. A chosen secret that was right is remembered for five minutes in memory,
as a keyed digest, since stretching it takes 50 ms; that the key still stands is looked up anew
for every call, or, where `news` tells whether anything was written since, once a second.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import ClassVar, NoReturn

from hotfit.errors import Refusal, Unavailable
from hotfit.functions.access import Identity
from hotfit.keys import sealing, tokens
from hotfit.keys.keys import HINT, PREFIX, Key, find, find_by_hint, touch
from hotfit.keys.throttle import REMEMBERED, WINDOW, Allowance, TooMany, Windows, count, counted
from hotfit.keys.tokens import Token
from hotfit.store.sessions import Store

GUESSES = 5
"""Wrong secrets a minute that a key, or an id that no key has, is given."""

TOUCH_SECONDS = 60.0
"""How exact the time of last use is."""

TRUST_SECONDS = 300.0

GLANCE_SECONDS = 1.0
"""How long it is remembered who showed what, while nothing is written: tokens end by the clock."""

News = Callable[[], int]
"""A number that has grown whenever anything may have been written."""


class KeyRefused(Refusal):
    """What was shown opens nothing."""

    status: ClassVar[int] = 401

    def __init__(self) -> None:
        super().__init__(
            "this key or token is not known here, or is no longer valid; make a key with `hotfit "
            "keys create`, or ask for a new token at /connect/token."
        )


@dataclass(frozen=True, kw_only=True)
class _Trust:
    digest: bytes
    sealed: str
    until: float


@dataclass(frozen=True, kw_only=True)
class _Glanced:
    key: Key
    until: float


class Door:
    """Who asks, by key or token; safe to share by threads, but for `glance`."""

    def __init__(
        self, store: Store, *, clock: Callable[[], float] = time.time, news: News | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._news = news
        self._heard: int | None = None
        self._glanced: dict[bytes, _Glanced] = {}
        self._secret = secrets.token_bytes(32)
        self._trusted: dict[str, _Trust] = {}
        self._strangers = Windows()
        self._touched = Windows()
        self._clerk = ThreadPoolExecutor(1, thread_name_prefix="hotfit-keys")
        self._closed = False
        self._allowance = Allowance(store, shared=self.is_remote)

    @property
    def is_remote(self) -> bool:
        """Whether looking somebody up waits for a network."""
        return self._store.engine.dialect.name != "sqlite"

    def login(self, identifier: str, secret: str) -> Token:
        """Give a token for an hour to who knows the key's secret; raise KeyRefused, TooMany."""
        key = self._prove(identifier, secret)
        with self._store.write() as session:
            return tokens.issue(session, key.id, time=self._clock())

    def sign_in(self, shown: str) -> tuple[Token, Identity]:
        """A browser's token for who shows a key; raise KeyRefused, TooMany.

        A token opens no session: it would outlast itself.
        """
        if tokens.kind_of(shown) is not None:
            raise KeyRefused
        key = self._key_of(shown, prove=True)
        assert key is not None
        who = self._admit(key)
        with self._store.write() as session:
            return tokens.issue(session, key.id, time=self._clock(), kind=tokens.BROWSER), who

    def renew(self, word: str) -> None:
        """Let a browser's token last a week from now, where anything can be written."""
        if self._store.writable:
            with self._store.write() as session:
                tokens.renew(session, word, time=self._clock())

    def sign_out(self, word: str) -> None:
        """End a token, where it is one."""
        with self._store.write() as session:
            tokens.end(session, word)

    def glance(self, shown: str) -> Identity | None:
        """Who shows it, where that takes one look at the database; None where `identify` must.

        Never writes and never stretches, so an event loop may call it where the database is near.
        """
        if self._news is None:
            key = self._key_of(shown, prove=False)
        else:
            key = self._remembered(shown, self._news())
        return None if key is None else self._admit(key)

    def identify(self, shown: str) -> Identity:
        """Who shows a token, a secret `hf_...`, or `ID:SECRET`; raise KeyRefused, TooMany."""
        key = self._key_of(shown, prove=True)
        assert key is not None
        return self._admit(key)

    def stands(self, shown: str, identity: Identity) -> bool:
        """Whether what opened the door would open it still; counts as no call."""
        with self._store.read() as session:
            if tokens.kind_of(shown) is not None:
                return tokens.key_of(session, shown, time=self._clock()) is not None
            key = find(session, identity.name)
        return key is not None and not key.revoked

    def note_use(self, identity: Identity) -> None:
        """Let it be written down, once a minute, that a key was used; does not wait for that."""
        due = self._touched.add(identity.name, time=self._clock()) == 1
        if due and self._store.writable and not self._closed:
            self._clerk.submit(self._touch, identity.name)

    def close(self) -> None:
        """Wait until what is to be written down is."""
        self._closed = True
        self._clerk.shutdown()

    def _touch(self, key: str) -> None:
        try:
            with self._store.write() as session:
                touch(session, key)
        except Unavailable:
            return  # the time of last use is not worth a failed call

    def _admit(self, key: Key) -> Identity:
        if key.limit is not None:
            self._allowance.spend(key.id, key.limit, time=self._clock())
        return key.identity()

    def _key_of(self, shown: str, *, prove: bool) -> Key | None:
        with self._store.read() as session:
            if tokens.kind_of(shown) is not None:
                standing = tokens.key_of(session, shown, time=self._clock())
                if standing is None:
                    raise KeyRefused
                return standing
            if shown.startswith(PREFIX):
                found = find_by_hint(session, shown[len(PREFIX) : len(PREFIX) + HINT])
                identifier, secret = "", shown
                if found is None:
                    raise KeyRefused
            else:
                identifier, colon, secret = shown.partition(":")
                if not colon:
                    raise KeyRefused
                found = find(session, identifier)
        if prove:
            return self._stranger(identifier) if found is None else self._check(found, secret)
        known = found is not None and self._knows(found, secret)
        return found if known else None

    def _remembered(self, shown: str, news: int) -> Key | None:
        """The key as it was looked up lately, where nobody has written since."""
        if news != self._heard or len(self._glanced) >= REMEMBERED:
            self._glanced.clear()
            self._heard = news
        digest, now = self._digest(shown), self._clock()
        seen = self._glanced.get(digest)
        if seen is not None and 0 < seen.until - now <= GLANCE_SECONDS:
            return seen.key
        key = self._key_of(shown, prove=False)
        if key is not None:
            self._glanced[digest] = _Glanced(key=key, until=now + GLANCE_SECONDS)
        return key

    def _knows(self, key: Key, secret: str) -> bool:
        """Whether the secret is certainly the key's, and the key stands."""
        if key.revoked or len(secret) > sealing.LONGEST:
            return False
        if sealing.is_stretched(key.sealed):
            return self._trusts(key, secret)
        return sealing.matches(key.sealed, secret)

    def _prove(self, identifier: str, secret: str) -> Key:
        with self._store.read() as session:
            key = find(session, identifier)
        return self._stranger(identifier) if key is None else self._check(key, secret)

    def _stranger(self, identifier: str) -> NoReturn:
        now, name = self._clock(), identifier[:200]
        if self._strangers.add(name, time=now) > GUESSES:
            left = self._strangers.left(name, time=now)
            raise TooMany(what="wrong secrets", limit=GUESSES, seconds=left)
        raise KeyRefused

    def _check(self, key: Key, secret: str) -> Key:
        if self._knows(key, secret):
            return key
        self._refuse_guessers(key)
        chosen = sealing.is_stretched(key.sealed) and len(secret) <= sealing.LONGEST
        if chosen and sealing.matches(key.sealed, secret) and not key.revoked:
            self._trust(key, secret)
            return key
        with self._store.write() as session:
            count(session, f"wrong {key.id}", time=self._clock())
        raise KeyRefused

    def _refuse_guessers(self, key: Key) -> None:
        with self._store.read() as session:
            wrong, left = counted(session, f"wrong {key.id}", time=self._clock())
        if wrong >= GUESSES:
            raise TooMany(what="wrong secrets", limit=GUESSES, seconds=min(left, WINDOW))

    def _digest(self, secret: str) -> bytes:
        return hmac.digest(self._secret, secret.encode(errors="replace"), hashlib.sha256)

    def _trusts(self, key: Key, secret: str) -> bool:
        kept = self._trusted.get(key.id)
        if (
            kept is None
            or kept.sealed != key.sealed
            or not 0 < kept.until - self._clock() <= (TRUST_SECONDS)
        ):
            return False
        return hmac.compare_digest(kept.digest, self._digest(secret))

    def _trust(self, key: Key, secret: str) -> None:
        if len(self._trusted) >= REMEMBERED:
            self._trusted.clear()
        self._trusted[key.id] = _Trust(
            digest=self._digest(secret), sealed=key.sealed, until=self._clock() + TRUST_SECONDS
        )
