"""Browsers on the wire: a session in a cookie that no script reads and no other site sends.

A page cannot set headers on an image or an event stream, so a cookie stands for the key there. A
browser adds it by itself, so it counts for less than a key: a call that changes something must
come from a page of this very server, which proves it by `Origin` and by a header that a foreign
page cannot set. Ports share cookies, so the cookie's name holds the port.
"""

from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from hotfit.api.access import needs
from hotfit.api.bodies import Given, body, takes
from hotfit.api.edge import SAFE
from hotfit.api.errors import Forbidden, Unauthenticated
from hotfit.api.parts import Asked, Right
from hotfit.functions.access import Identity
from hotfit.keys.door import Door
from hotfit.keys.tokens import BROWSER

SIGN = "Hotfit-Console"
"""Header that a page of this server sends with whatever changes something."""

SECURE_COOKIE = "__Host-hotfit-session"
"""The cookie where the browser speaks TLS: browsers keep this name for this host alone."""

OWN = frozenset({"", "none", "same-origin"})
"""What `Sec-Fetch-Site` says of calls from this server's pages, and of addresses typed in."""


class SessionGiven(Given):
    """Who wants to sign in."""

    key: str = Field(description="A key's secret `hf_...`, or `ID:SECRET`.", max_length=1000)


class SessionShown(BaseModel):
    """Who is signed in."""

    id: str = Field(description="The key's id.")
    role: str
    functions: list[str] | None = Field(description="The only functions it reaches; null: all.")


def session_of(request: Request) -> str:
    """The session that a browser sends; raise Unauthenticated, Forbidden where it may not count."""
    word = _sent(request)
    if word is None:
        raise Unauthenticated
    if request.headers.get("sec-fetch-site", "").lower() not in OWN:
        raise Forbidden(reason="a session counts for pages of this server alone; send a key")
    if request.method not in SAFE:
        _refuse_strangers(request)
    return word


def session_router(door: Door) -> APIRouter:
    """The address where a browser signs in and out."""
    router = APIRouter(tags=["access"])

    @router.post("/connect/session", response_model=SessionShown, **takes(SessionGiven))
    @needs(Right.NONE)
    async def sign_in(
        request: Request, given: Annotated[SessionGiven, Depends(body(SessionGiven))]
    ) -> JSONResponse:
        """Sign a browser in with a key, for a week after it was last here."""
        token, who = await run_in_threadpool(door.sign_in, given.key)
        told = JSONResponse(_shown(who))
        _keep(request, told, token.word, seconds=token.seconds)
        return told

    @router.get("/connect/session", response_model=SessionShown)
    @needs(Right.INVOKE)
    async def read_session(call: Asked) -> JSONResponse:
        """Tell who is signed in; a browser's week begins anew."""
        told = JSONResponse(_shown(call.who))
        word = _sent(call.request)
        if word is not None and "authorization" not in call.request.headers:
            await run_in_threadpool(door.renew, word)
            _keep(call.request, told, word, seconds=BROWSER.seconds)
        return told

    @router.delete("/connect/session")
    @needs(Right.NONE)
    async def sign_out(request: Request) -> JSONResponse:
        """Sign a browser out; without a session this does nothing."""
        told = JSONResponse({})
        if _sent(request) is not None:
            word = session_of(request)
            await run_in_threadpool(door.sign_out, word)
            _keep(request, told, "", seconds=0)
        return told

    return router


def _sent(request: Request) -> str | None:
    cookies = request.cookies
    return cookies.get(SECURE_COOKIE) or cookies.get(_plain_cookie(request)) or None


def _refuse_strangers(request: Request) -> None:
    """Raise Forbidden where it is not certain that a page of this server sent the call."""
    origin = urlsplit(request.headers.get("origin", "").lower()).netloc
    if origin != request.headers["host"].lower():
        raise Forbidden(reason="a session changes things from pages of this server alone")
    if request.headers.get(SIGN) != "1":
        raise Forbidden(reason=f"with a session, send the header `{SIGN}: 1`, or send a key")


def _plain_cookie(request: Request) -> str:
    _, colon, port = request.headers["host"].rpartition(":")
    return f"hotfit-session-{port}" if colon and port.isdigit() else "hotfit-session"


def _keep(request: Request, told: JSONResponse, word: str, *, seconds: int) -> None:
    """Let the browser keep a session for so many seconds; 0 lets it forget it."""
    secure = _speaks_tls(request)
    told.set_cookie(
        SECURE_COOKIE if secure else _plain_cookie(request),
        word,
        max_age=seconds,
        path="/",
        secure=secure,
        httponly=True,
        samesite="strict",
    )


def _speaks_tls(request: Request) -> bool:
    """Whether the browser speaks TLS, to this server or to a proxy before it."""
    return (
        SECURE_COOKIE in request.cookies
        or request.url.scheme == "https"
        or request.headers.get("x-forwarded-proto", "").lower() == "https"
        or request.headers.get("origin", "").lower().startswith("https://")
    )


def _shown(who: Identity) -> dict[str, Any]:
    bound = None if who.functions is None else sorted(who.functions)
    return {"id": who.name, "role": who.role.value, "functions": bound}
