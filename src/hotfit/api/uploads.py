"""Files that are sent: received piece by piece into a folder of their own, up to a size."""

import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from hotfit.api.bodies import FORM, BodyTooLarge
from hotfit.api.forms import BadForm
from hotfit.store.faults import explained_os

LARGEST = 4 << 30
"""Bytes of a file."""

PIECE = 1 << 20

FILE = "application/octet-stream"

RECEIVES: dict[str, Any] = {
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                FILE: {"schema": {"type": "string", "format": "binary"}},
                FORM: {
                    "schema": {
                        "type": "object",
                        "properties": {"file": {"type": "string", "format": "binary"}},
                        "required": ["file"],
                    }
                },
            },
        }
    }
}
"""Arguments of a route that takes a file, as the body itself or as the one part of a form."""


@asynccontextmanager
async def received(request: Request, *, largest: int = LARGEST) -> AsyncIterator[Path]:
    """The file of a request, alone in a folder that is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="hotfit-upload-") as folder:
        path = Path(folder) / "file"
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        with explained_os(folder):
            if kind == FORM:
                await _receive_form(request, path, largest)
            else:
                await _receive(_capped(request, largest), path)
        yield path


async def _capped(request: Request, largest: int) -> AsyncGenerator[bytes, None]:
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told[:18]) > largest:
        raise BodyTooLarge(largest=largest)
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > largest:
            raise BodyTooLarge(largest=largest)
        yield piece


async def _receive(pieces: AsyncIterator[bytes], path: Path) -> None:
    with path.open("xb") as file:
        waiting = bytearray()
        async for piece in pieces:
            waiting += piece
            if len(waiting) >= PIECE:
                await run_in_threadpool(file.write, bytes(waiting))
                waiting.clear()
        file.write(waiting)


async def _receive_form(request: Request, path: Path, largest: int) -> None:
    parser = MultiPartParser(
        request.headers, _capped(request, largest), max_files=1, max_fields=4, max_part_size=PIECE
    )
    try:
        form = await parser.parse()
    except (HTTPException, MultiPartException, KeyError) as error:
        raise BadForm(reason="it is no multipart form with one file") from error
    files = [part for _, part in form.multi_items() if isinstance(part, UploadFile)]
    if not files:
        raise BadForm(reason="it holds no file")
    try:
        await _receive(_pieces(files[0]), path)
    finally:
        await form.close()


async def _pieces(part: UploadFile) -> AsyncIterator[bytes]:
    while piece := await part.read(PIECE):
        yield piece
