"""Calls kept for review: list them, and forget one."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from hotfit.api.access import needs
from hotfit.api.camel import CamelModel
from hotfit.api.content import shown
from hotfit.api.errors import NotFound
from hotfit.api.paging import Paged
from hotfit.api.parts import Asked, Right
from hotfit.samples.captures import Reason, as_capture, discard, list_captures

router = APIRouter(tags=["captures"])

LARGEST = 100
"""Captures on a page; each may hold an image."""


class CaptureShown(CamelModel):
    """A call that was kept; `labelId` and `confidence` are what was answered."""

    id: str
    data: Any
    reason: Reason
    label_id: str | None = None
    confidence: float | None = None
    version: str
    external_id: str | None = None
    created: str


@router.get("/functions/{function_id}/captures", response_model=list[CaptureShown])
@needs(Right.READ)
def captured_calls(
    call: Asked,
    function_id: str,
    page: Paged,
    reason: Annotated[Reason | None, Query(description="Only those kept for this reason.")] = None,
) -> JSONResponse:
    """List calls worth a label, least certain first; those that became samples are left out."""
    size = min(page.size, LARGEST)
    with call.read() as session:
        function = call.function(session, function_id)
        found = list_captures(
            session,
            function.id,
            call.parts.blobs,
            reason=reason,
            limit=size + 1,
            offset=page.start,
        )
    told = [
        {
            "id": one.name,
            "data": shown(function, one.data),
            "reason": one.reason,
            "labelId": one.label,
            "confidence": one.confidence,
            "version": one.version,
            "externalId": one.external_id,
            "created": one.created,
        }
        for one in found[:size]
    ]
    kept = [{name: value for name, value in one.items() if value is not None} for one in told]
    then = {"startIndex": page.start + size} if len(found) > size else None
    return page.reply(kept, then=then)


@router.delete("/functions/{function_id}/captures/{capture_id}")
@needs(Right.WRITE)
def forget_capture(call: Asked, function_id: str, capture_id: str) -> JSONResponse:
    """Forget a call that was kept."""
    number = as_capture(capture_id)
    with call.write() as session:
        function = call.function(session, function_id)
        if number is None or not discard(session, function.id, number):
            raise NotFound(noun="capture")
    return JSONResponse({})
