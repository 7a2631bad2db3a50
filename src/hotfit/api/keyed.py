"""Keys on the wire: bearer tokens, and where they are had (OAuth 2, client credentials)."""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from hotfit.api.access import needs
from hotfit.api.bodies import MediaTypeUnknown, read_all
from hotfit.api.browsers import session_of
from hotfit.api.errors import Unauthenticated
from hotfit.api.parts import Authenticate, Right
from hotfit.errors import Refusal
from hotfit.functions.access import Identity
from hotfit.keys.door import Door, KeyRefused

URLENCODED = "application/x-www-form-urlencoded"
LARGEST = 8192
GRANT = "client_credentials"


class GrantRefused(Refusal):
    """A request for a token is not one of the kind that is answered."""

    def __init__(self, *, reason: str, error: str = "invalid_request") -> None:
        super().__init__(
            f"no token can be given: {reason}; send client_id, client_secret and grant_type={GRANT}"
            f" as {URLENCODED}."
        )
        self.error = error

    @property
    def details(self) -> Mapping[str, Any]:
        """The word that OAuth 2 has for it."""
        return {"error": self.error}


class ClientRefused(Refusal):
    """The key that asks for a token is not known, or its secret is another."""

    status: ClassVar[int] = 401

    def __init__(self) -> None:
        super().__init__(
            "this client_id and client_secret open nothing here; make a key with `hotfit keys "
            "create`, whose id and secret they are."
        )

    @property
    def details(self) -> Mapping[str, Any]:
        """The word that OAuth 2 has for it."""
        return {"error": "invalid_client"}


class TokenGiven(BaseModel):
    """A token, to be sent as `Authorization: Bearer ...`."""

    access_token: str
    token_type: str = Field(default="Bearer")
    expires_in: int = Field(description="Seconds.")


def by_key(door: Door) -> Authenticate:
    """Tell who asks from `Authorization: Bearer`, a token or a key, else from a session."""

    async def authenticate(request: Request) -> Identity:
        shown = _shown(request)
        who = None if door.is_remote else door.glance(shown)
        if who is None:
            who = await run_in_threadpool(door.identify, shown)
        door.note_use(who)
        return who

    return authenticate


def still_stands(door: Door) -> Callable[[Request, Identity], bool]:
    """Tell whether a request would be let in still, as of now."""

    def stands(request: Request, who: Identity) -> bool:
        return door.stands(_shown(request), who)

    return stands


def _shown(request: Request) -> str:
    return _bearer(request) if "authorization" in request.headers else session_of(request)


def token_router(door: Door) -> APIRouter:
    """The address where a key's id and secret are changed for a token."""
    router = APIRouter(tags=["access"])

    @router.post("/connect/token", response_model=TokenGiven, openapi_extra=_BODY)
    @needs(Right.NONE)
    async def create_token(request: Request) -> JSONResponse:
        """Change a key's id and secret for a token that lasts an hour."""
        identifier, secret = await _credentials(request)
        try:
            token = await run_in_threadpool(door.login, identifier, secret)
        except KeyRefused:
            raise ClientRefused from None
        told = TokenGiven(access_token=token.word, expires_in=token.seconds)
        return JSONResponse(told.model_dump(), headers={"Pragma": "no-cache"})

    return router


def _bearer(request: Request) -> str:
    given = request.headers.getlist("authorization")
    if len(given) != 1:
        raise Unauthenticated
    scheme, _, shown = given[0].partition(" ")
    if scheme.lower() != "bearer" or not shown.strip():
        raise Unauthenticated
    return shown.strip()


async def _credentials(request: Request) -> tuple[str, str]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != URLENCODED:
        raise MediaTypeUnknown(expected=URLENCODED)
    form = _form(await read_all(request, largest=LARGEST))
    if form.get("grant_type") != GRANT:
        raise GrantRefused(reason="grant_type is another", error="unsupported_grant_type")
    given = request.headers.get("authorization", "")
    if given[:6].lower() == "basic ":
        return _basic(given[6:])
    if not form.get("client_id") or not form.get("client_secret"):
        raise GrantRefused(reason="client_id or client_secret is missing")
    return form["client_id"], form["client_secret"]


def _form(content: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            content.decode(), keep_blank_values=True, errors="strict", max_num_fields=20
        )
    except ValueError:
        raise GrantRefused(reason="the form cannot be read") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise GrantRefused(reason="a member is given twice")
    if any("\0" in value for value in form.values()):
        raise GrantRefused(reason="a member holds a NUL character")
    return form


def _basic(given: str) -> tuple[str, str]:
    try:
        words = base64.b64decode(given.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise GrantRefused(reason="the Authorization header cannot be read") from None
    identifier, _, secret = words.partition(":")
    return unquote(identifier).replace("\0", ""), unquote(secret)


_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            URLENCODED: {
                "schema": {
                    "type": "object",
                    "properties": {
                        "grant_type": {"type": "string", "enum": [GRANT]},
                        "client_id": {"type": "string"},
                        "client_secret": {"type": "string"},
                    },
                    "required": ["grant_type", "client_id", "client_secret"],
                }
            }
        },
    },
    "security": [],
}
