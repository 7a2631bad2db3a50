"""A function as one file and back, and its samples as a table."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from typing import IO, Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from hotfit.api.access import needs
from hotfit.api.functions import FunctionShown, shown
from hotfit.api.parts import Asked, Right
from hotfit.api.uploads import FILE, PIECE, RECEIVES, received
from hotfit.archives.reading import import_function
from hotfit.archives.tables import TableFormat, table_of
from hotfit.archives.writing import export_function
from hotfit.samples.rows import read_rows
from hotfit.store.faults import explained_os

router = APIRouter(tags=["functions"])

KINDS = {TableFormat.CSV: "text/csv; charset=utf-8", TableFormat.JSONL: "application/x-ndjson"}

BINARY: dict[int | str, dict[str, Any]] = {
    200: {"content": {FILE: {"schema": {"type": "string", "format": "binary"}}}}
}
TEXTS: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {"schema": {"type": "string"}} for kind in KINDS.values()}}
}


@router.get("/functions/{function_id}/export", response_class=StreamingResponse, responses=BINARY)
@needs(Right.READ)
def export(call: Asked, function_id: str) -> StreamingResponse:
    """Download the function with its samples, labels, annotations and live version."""
    with call.read() as session:
        function = call.function(session, function_id)
    file = tempfile.TemporaryFile(prefix="hotfit-export-")  # noqa: SIM115 - the answer closes it
    try:
        with explained_os(tempfile.gettempdir()):
            export_function(call.parts.store, call.parts.blobs, function.id, file)
            size = file.tell()
            file.seek(0)
    except BaseException:
        file.close()
        raise
    headers = {
        "Content-Disposition": f'attachment; filename="{function.id}.hotfit"',
        "Content-Length": str(size),
    }
    return StreamingResponse(_pieces(file), media_type=FILE, headers=headers)


@router.post("/functions/import", response_model=FunctionShown, **RECEIVES)
@needs(Right.WRITE)
async def import_exported(
    call: Asked,
    name: Annotated[
        str | None, Query(description="The function's name (default: the one it had).")
    ] = None,
) -> JSONResponse:
    """Make the function that an exported file holds; it answers as it did where it was."""
    call.refuse_scoped()
    async with received(call.request) as file:
        made = await run_in_threadpool(
            import_function, call.parts.store, call.parts.blobs, file, name=name, shared=True
        )
    return call.written(shown(made), function=made.id, change=made.change)


@router.get(
    "/functions/{function_id}/samples/export",
    response_class=StreamingResponse,
    responses=TEXTS,
)
@needs(Right.READ)
def export_samples(
    call: Asked,
    function_id: str,
    form: Annotated[TableFormat, Query(alias="format")] = TableFormat.CSV,
    *,
    raw: Annotated[
        bool, Query(description="CSV cells as they are; a spreadsheet may run them as formulas.")
    ] = False,
) -> StreamingResponse:
    """Download the samples with their labels; images by the SHA-256 of their file."""
    with call.read() as session:
        function = call.function(session, function_id)
        rows = read_rows(session, function.id, blobs=call.parts.blobs)
    headers = {"Content-Disposition": f'attachment; filename="{function.id}.{form.value}"'}
    lines = table_of(function, rows, format=form, raw=raw)
    return StreamingResponse(lines, media_type=KINDS[form], headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with closing(file):
        while piece := file.read(PIECE):
            yield piece
