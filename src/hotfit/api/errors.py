"""One shape for every answer that is not a success: `{"message": ..., "name": ...}`.

`message` is a sentence for people, `name` is stable for programs; some errors add members of their
own. What was sent is not repeated, and what broke inside is told by a number that the log has too.

    Refused
    ├── BadRequest 400        the request itself, see hotfit.api.strict and hotfit.api.bodies
    ├── Unauthenticated 401
    ├── Forbidden 403
    ├── NotFound 404
    └── ...                   each domain's own: NameTaken 409, SampleExists 409, DiskFull 507
"""

import logging
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from hotfit.errors import HotfitError, Refusal

LOG = logging.getLogger("hotfit.api")

RETRY_SECONDS = {429: "1", 503: "1"}
"""What `Retry-After` says where the error itself does not."""


SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cache-Control": "no-store",
}
"""Headers of every answer that sets none of its own: JSON is data, never a page."""


class Error(BaseModel):
    """What went wrong."""

    message: str = Field(description="One sentence: what was found, expected, and what to do.")
    name: str = Field(description="The stable name of the error, for programs.")


class BadRequest(Refusal):
    """A path, a query or a header is not what the route takes."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(f"the request cannot be read: {reason}.")


class Unauthenticated(Refusal):
    """Nobody, or nobody known, is asking."""

    status: ClassVar[int] = 401

    def __init__(self, *, reason: str = "this server asks for a key") -> None:
        super().__init__(
            f"{reason}; send `Authorization: Bearer KEY`, with a key from `hotfit keys create`."
        )


class Forbidden(Refusal):
    """Somebody known asks for more than their key may do."""

    status: ClassVar[int] = 403

    def __init__(self, *, reason: str) -> None:
        super().__init__(f"{reason}.")


class NotFound(Refusal):
    """There is no such thing, or none within reach of the key."""

    status: ClassVar[int] = 404

    def __init__(self, *, noun: str) -> None:
        super().__init__(f"there is no such {noun}, or none that this key may see.")


def answer(
    status: int,
    message: str,
    name: str,
    *,
    headers: Mapping[str, str] | None = None,
    details: Mapping[str, Any] | None = None,
) -> JSONResponse:
    """An error as a response; `message` leaves as a finished sentence."""
    sent = dict(headers or {})
    if status in RETRY_SECONDS:
        sent.setdefault("Retry-After", RETRY_SECONDS[status])
    if status == 401:
        sent.setdefault("WWW-Authenticate", "Bearer")
    sentence = message if message.endswith((".", "!", "?")) else f"{message}."
    content = {"message": sentence, "name": name, **(details or {})}
    return JSONResponse(content, status_code=status, headers=sent)


def install(app: FastAPI) -> None:
    """Let every error of `app` leave in the one shape."""
    app.add_exception_handler(HotfitError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _routing)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unforeseen)


def _ours(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HotfitError)
    if error.status == 500:
        return _told_by_number(error)
    return answer(
        error.status, str(error), error.name, headers=error.headers, details=error.details
    )


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = " ".join(str(part) for part in first["loc"])
    refusal = BadRequest(reason=f"{place}: {first['msg']}")
    return answer(400, str(refusal), refusal.name)


def _routing(_request: Request, error: Exception) -> JSONResponse:
    """What the router says: no such path, another method, a body cut short."""
    assert isinstance(error, HTTPException)
    said = {
        404: "there is nothing at this address; the paths are listed in /openapi.json.",
        405: "this address does not take this method.",
    }
    phrase = HTTPStatus(error.status_code).phrase
    message = said.get(error.status_code, f"{phrase}.")
    name = phrase.title().replace(" ", "")
    return answer(error.status_code, message, name, headers=error.headers)


def _gone(_request: Request, _error: Exception) -> JSONResponse:
    """The caller left before the body was whole; nobody reads this."""
    return answer(400, "the connection ended before the body did.", "BodyCutShort")


def _unforeseen(_request: Request, error: Exception) -> JSONResponse:
    return _told_by_number(error)


def _told_by_number(error: Exception) -> JSONResponse:
    number = secrets.token_hex(6)
    LOG.error("error %s", number, exc_info=error)
    message = f"something broke inside the server; its log tells more under {number}."
    return answer(500, message, "InternalError", headers=SECURITY)
