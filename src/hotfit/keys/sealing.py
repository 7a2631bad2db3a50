"""Secrets as they are kept: a salted digest from which the secret cannot be had back.

A secret made here has 256 random bits, which nobody guesses, so one SHA-256 is enough and checking
it costs microseconds. A secret that a person chose may be guessable, however long it looks; it is
stretched by scrypt (RFC 7914, N = 2^14, r = 8, p = 1: 16 MB and some 50 ms for each guess).
"""

import hashlib
import hmac
import secrets

from hotfit.errors import Refusal

SHORTEST = 8
"""Signs below which a chosen secret could be tried out in days, even at five guesses a minute."""

LONGEST = 512

_COST = {"n": 1 << 14, "r": 8, "p": 1, "maxmem": 1 << 26}


class SecretRefused(Refusal):
    """A chosen secret is too short or too long, or cannot be sent in a header."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(
            f"this secret cannot be used: it {reason}. Give {SHORTEST} to {LONGEST} visible ASCII "
            "characters, or leave --secret out and get a random one."
        )


def checked(secret: str) -> str:
    """Return a secret that a person chose; raise SecretRefused."""
    if not SHORTEST <= len(secret) <= LONGEST:
        raise SecretRefused(reason=f"has {len(secret)} characters")
    if not all("!" <= sign <= "~" for sign in secret):
        raise SecretRefused(reason="holds a space or a sign that no header can carry")
    return secret


def random_secret() -> str:
    """43 signs that hold 256 random bits."""
    return secrets.token_urlsafe(32)


def seal(secret: str, *, chosen: bool) -> str:
    """What is kept of a secret: the way, the salt, the digest."""
    salt = secrets.token_bytes(16)
    way = "scrypt" if chosen else "sha256"
    return f"{way}${salt.hex()}${_digest(way, salt, secret).hex()}"


def is_stretched(sealed: str) -> bool:
    """Whether checking takes the time of a stretched secret."""
    return sealed.startswith("scrypt$")


def matches(sealed: str, secret: str) -> bool:
    """Whether `secret` is the one that was sealed, in time that does not depend on how near."""
    way, salt, digest = sealed.split("$")
    found = _digest(way, bytes.fromhex(salt), secret)
    return hmac.compare_digest(found, bytes.fromhex(digest))


def fingerprint(token: str) -> bytes:
    """What a random token is found again by; it holds 256 bits, so it needs no salt."""
    return hashlib.sha256(token.encode()).digest()


def _digest(way: str, salt: bytes, secret: str) -> bytes:
    if way == "scrypt":
        return hashlib.scrypt(secret.encode(), salt=salt, **_COST)
    return hashlib.sha256(salt + secret.encode()).digest()
