"""Import of samples by file: CSV, JSONL, Parquet, or a zip of images."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from hotfit.api.access import needs
from hotfit.api.camel import CamelModel
from hotfit.api.parts import Asked, Right
from hotfit.api.uploads import RECEIVES, received
from hotfit.samples.bulk import Brought, bring_in
from hotfit.samples.screening import Told

router = APIRouter(tags=["samples"])


class Problem(CamelModel):
    """What became of a row that was not simply added."""

    row: int = Field(description="Counted from 1 in the order of the file.")
    reason: str
    sample_id: str | None = Field(default=None, description="The sample that is there already.")


class FileImported(BaseModel):
    """What became of the rows of a file; the first 1000 that were not simply added by name."""

    rows: int
    added: int
    known: int = Field(description="Rows that are there already.")
    labelled: int = Field(description="Of those, how many had no label and took the file's.")
    refused: int
    notes: list[str] = Field(description="How the file was read.")
    problems: list[Problem]


@router.post(
    "/functions/{function_id}/samples/import",
    response_model=FileImported,
    **RECEIVES,
)
@needs(Right.WRITE)
async def import_samples(
    call: Asked,
    function_id: str,
    target: Annotated[
        str | None, Query(description="The column with the true answer (default: guessed).")
    ] = None,
) -> JSONResponse:
    """Add the samples of a file; rows that cannot be kept are told one by one."""
    with call.read() as session:
        function = call.function(session, function_id)
    async with received(call.request) as file:
        brought = await run_in_threadpool(
            bring_in,
            call.parts.store,
            function,
            file,
            author=call.who.name,
            blobs=call.parts.blobs,
            target=target,
        )
    return call.written(shown(brought), function=function.id, change=brought.change)


def shown(brought: Brought) -> dict[str, Any]:
    """What became of a file, as JSON."""
    return {
        "rows": brought.rows,
        "added": brought.added,
        "known": brought.known,
        "labelled": brought.labelled,
        "refused": brought.refused,
        "notes": list(brought.notes),
        "problems": [_problem(each) for each in brought.problems],
    }


def _problem(told: Told) -> dict[str, Any]:
    found: dict[str, Any] = {"row": told.row, "reason": told.reason}
    return found if told.sample is None else found | {"sampleId": told.sample}
