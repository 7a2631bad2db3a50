"""What every request passes first: the names of this server, foreign pages, headers for browsers.

A page of another site can make a browser call a server on the same machine, by a form, by fetch
or by pointing a name of its own at 127.0.0.1. So the Host must be a name this server has, and an
unsafe method with an Origin must come from this server or from a page that was allowed.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hotfit.api.errors import SECURITY, answer

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing; every other one is unsafe, whatever it is called."""


class Edge:
    """The outermost middleware of the API."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], origins: Iterable[str] = ()) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)
        self.origins = frozenset(origin.lower().rstrip("/") for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what may not pass, and pass on the rest."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = None
        if not self._knows(headers):
            refused = answer(
                421, "this server has another name; list this one in HOTFIT_HOSTS.", "WrongHost"
            )
        elif self._foreign(scope, headers):
            refused = answer(
                403,
                "a page of another site may not do that; list its origin in HOTFIT_ORIGINS.",
                "ForeignOrigin",
            )

        async def decorated(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    sent.setdefault(name, value)
            await send(message)

        await (refused or self.app)(scope, receive, decorated)

    def _knows(self, headers: Headers) -> bool:
        given = headers.getlist("host")
        if len(given) != 1:
            return False
        host = given[0].lower()
        return host in self.hosts or _without_port(host) in self.hosts

    def _foreign(self, scope: Scope, headers: Headers) -> bool:
        if scope["type"] == "http" and scope["method"] in SAFE:
            return False
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site", "none") == "cross-site"
        if origin.lower() in self.origins:
            return False
        return urlsplit(origin.lower()).netloc != headers["host"].lower()


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host
