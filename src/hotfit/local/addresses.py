"""Fetch images that tables name by address, where a setting allows it, from the public web alone.

A name is resolved once and the connection goes to the address that was judged, so that a name
cannot lead inward by changing its mind; every redirect is judged again. Nothing of the caller is
sent along, and proxies of the environment are not used. What was fetched lies in a temporary
folder until `close`, so that reading it again costs no second call and gives the same bytes.
"""

import hashlib
import http.client
import ipaddress
import socket
import ssl
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, urljoin, urlsplit

from hotfit.inputs.images_place import MOST_BYTES
from hotfit.inputs.picture import BadPicture
from hotfit.inputs.source import Source, open_source
from hotfit.settings import Settings

PATIENCE = 30.0
"""Seconds a file may take in all; a tenth of it is the longest silence."""

REDIRECTS = 3
CHUNK = 1 << 16
TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))
"""IPv6 ranges that stand for IPv4 addresses, also inward ones."""

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


@contextmanager
def opened_with(settings: Settings, source: object) -> Iterator[Source]:
    """A source opened, its images fetched where the settings allow it and dropped at the end."""
    stdin = sys.stdin.buffer if sys.stdin else None
    if not settings.image_addresses:
        yield open_source(source, stdin=stdin)
        return
    with Addresses() as fetch:
        yield open_source(source, stdin=stdin, fetch=fetch)


def is_public(ip: Ip) -> bool:
    """Whether an address lies on the public internet, and stands for no other address."""
    if isinstance(ip, ipaddress.IPv6Address):
        inward = ip.ipv4_mapped is not None or any(ip in network for network in TRANSLATED)
        if inward:
            return False
    return ip.is_global and not ip.is_multicast


class Addresses:
    """Call it with an address to get the bytes of its file; close it, or use it in a `with`."""

    def __init__(
        self,
        *,
        allowed: Callable[[Ip], bool] = is_public,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._allowed = allowed
        self._patience = patience
        self._clock = clock
        self._folder = tempfile.TemporaryDirectory(prefix="hotfit-fetched-")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop what was fetched."""
        self._folder.cleanup()

    def __call__(self, address: str) -> bytes:
        """The bytes at an address; raise BadPicture."""
        kept = Path(self._folder.name) / hashlib.sha256(address.encode()).hexdigest()
        if kept.exists():
            return kept.read_bytes()
        content = self._fetch(address)
        kept.write_bytes(content)
        return content

    def _fetch(self, address: str) -> bytes:
        until = self._clock() + self._patience
        for _ in range(REDIRECTS + 1):
            parts = _split(address)
            try:
                found = self._ask(parts, until)
            except (OSError, http.client.HTTPException, ValueError) as error:
                why = getattr(error, "strerror", None) or str(error) or type(error).__name__
                raise BadPicture(why=f"cannot be fetched ({why[:100]})") from error
            if isinstance(found, bytes):
                return found
            address = urljoin(address, found)
        raise BadPicture(why=f"leads on to other addresses more than {REDIRECTS} times")

    def _ask(self, parts: SplitResult, until: float) -> bytes | str:
        """The bytes that stand there, or the address that they are said to stand at."""
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        silence = self._patience / 10
        connection = http.client.HTTPConnection(host, port, timeout=silence)
        try:
            plain = socket.create_connection((self._resolve(host, port), port), timeout=silence)
            connection.sock = plain
            if parts.scheme == "https":
                context = ssl.create_default_context()
                connection.sock = context.wrap_socket(plain, server_hostname=host)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {"Accept": "image/*", "User-Agent": "hotfit", "Connection": "close"}
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            onward = answer.getheader("Location")
            if 300 <= answer.status < 400 and onward:
                return onward
            if answer.status != 200:
                raise BadPicture(why=f"is answered with status {answer.status}, not a file")
            return self._read(answer, until)
        finally:
            connection.close()

    def _resolve(self, host: str, port: int) -> str:
        """The first address of a host; raise BadPicture unless all of them are allowed."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        ips = [ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found]
        if not ips or not all(map(self._allowed, ips)):
            raise BadPicture(why="leads into a private network, where nothing is fetched")
        return str(ips[0])

    def _read(self, answer: http.client.HTTPResponse, until: float) -> bytes:
        content = bytearray()
        while chunk := answer.read(CHUNK):
            content += chunk
            if len(content) > MOST_BYTES:
                raise BadPicture(why=f"has more than {MOST_BYTES // 2**20} MB; make it smaller")
            if self._clock() > until:
                raise BadPicture(why=f"was not there after {self._patience:g} seconds")
        return bytes(content)


def _split(address: str) -> SplitResult:
    """The parts of an address; raise BadPicture for one that is not asked."""
    parts = _read_parts(address)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadPicture(why="is no http or https address")
    if parts.username is not None or parts.password is not None:
        raise BadPicture(why="holds a name or password, which are not sent")
    if not address.isascii() or any(c.isspace() for c in address):
        raise BadPicture(why="holds characters that addresses cannot have")
    return parts


def _read_parts(address: str) -> SplitResult | None:
    """The parts of an address; None where it or its port is none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    return None if port == 0 else parts
