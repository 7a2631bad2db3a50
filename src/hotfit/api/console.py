"""The console's pages: files from memory, under a policy that lets nothing else run.

Every address that is none of the API's and is asked for as a page answers with the one page there
is, which finds out by itself what it should show.
"""

import secrets
from collections.abc import Mapping
from typing import ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.convertors import Convertor, register_url_convertor

from hotfit.api.access import needs
from hotfit.api.errors import NotFound
from hotfit.console import NONCE, File
from hotfit.console.files import INDEX
from hotfit.functions.access import Right

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""What the page may load and run."""

PAGE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
SCRIPT_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"
"""What a script may do that runs as a worker, where the page's own policy does not hold."""

FOREVER = "public, max-age=31536000, immutable"


class PageConvertor(Convertor[str]):
    """Addresses that are none of the API's."""

    regex: ClassVar[str] = (
        r"(?!(?:v1|v0\.9|connect)(?:/|$)|(?:healthz|readyz|metrics|openapi\.json)$).*"
    )

    def convert(self, value: str) -> str:
        """The address as it is."""
        return value

    def to_string(self, value: str) -> str:
        """The address as it is."""
        return value


register_url_convertor("page", PageConvertor())


def console_router(files: Mapping[str, File]) -> APIRouter:
    """The pages over a table of files."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/{address:page}", methods=["GET", "HEAD"], response_class=Response)
    @needs(Right.NONE)
    async def read_page(request: Request, address: str) -> Response:
        """A file of the console, or its page."""
        file = files.get(address)
        if file is not None and address != INDEX:
            return _file(request, file)
        if address in {"", INDEX} or "text/html" in request.headers.get("accept", ""):
            return _page(files[INDEX])
        raise NotFound(noun="page")

    return router


def _page(index: File) -> Response:
    """The page, whose scripts and styles are known by a word of this one answer."""
    nonce = secrets.token_urlsafe(18)
    headers = {**PAGE, "Content-Security-Policy": POLICY.format(nonce=nonce)}
    content = index.content.replace(NONCE, nonce.encode())
    return Response(content, headers=headers, media_type=index.kind)


def _file(request: Request, file: File) -> Response:
    headers = {
        "Cache-Control": FOREVER if file.lasting else "no-cache",
        "ETag": f'"{file.tag}"',
        "Vary": "Accept-Encoding",
    }
    if "javascript" in file.kind:
        headers["Content-Security-Policy"] = SCRIPT_POLICY
    if f'"{file.tag}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    content = file.content
    if file.packed is not None and _takes_gzip(request):
        content = file.packed
        headers["Content-Encoding"] = "gzip"
    return Response(content, headers=headers, media_type=file.kind)


def _takes_gzip(request: Request) -> bool:
    given = request.headers.get("accept-encoding", "").lower().replace(" ", "")
    return any(part in {"gzip", "*"} for part in given.split(",")) or "gzip;q=1" in given
