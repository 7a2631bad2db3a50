"""The images of samples, made anew: no byte that somebody sent reaches a browser as it was."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from hotfit.api.access import needs
from hotfit.api.errors import NotFound
from hotfit.api.parts import Asked, Call, Right
from hotfit.api.samples import ONE, kept_of
from hotfit.inputs.picture import BadPicture
from hotfit.store.thumbnails import SIDE, Thumbnails

router = APIRouter(tags=["samples"])

LARGEST_SIDE = 2048
KIND = "image/jpeg"
SECONDS = 3600
"""How long a browser shows an image before it asks whether the sample still has it."""

RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {KIND: {"schema": {"type": "string", "format": "binary"}}}},
    304: {"description": "The image is the one that was sent before."},
}


@router.get(f"{ONE}/thumbnail", response_class=Response, responses=RESPONSES)
@needs(Right.READ)
def read_thumbnail(
    call: Asked,
    function_id: str,
    sample_id: str,
    side: Annotated[int, Query(ge=16, le=512, description="Pixels of the longer side.")] = SIDE,
) -> Response:
    """A small JPEG of a sample's image."""
    return _image(call, function_id, sample_id, side=side)


@router.get(f"{ONE}/image", response_class=Response, responses=RESPONSES)
@needs(Right.READ)
def read_image(call: Asked, function_id: str, sample_id: str) -> Response:
    """A sample's image as a JPEG of at most 2048 pixels a side."""
    return _image(call, function_id, sample_id, side=LARGEST_SIDE)


def _image(call: Call, function_id: str, sample_id: str, *, side: int) -> Response:
    with call.read() as session:
        function = call.function(session, function_id)
        kept = kept_of(session, function.id, sample_id)
    if kept.blob is None:
        raise NotFound(noun="image")
    tag = f'"{kept.blob[:32]}-{side}"'
    headers = {"ETag": tag, "Cache-Control": f"private, max-age={SECONDS}"}
    if tag in call.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    thumbnails: Thumbnails = call.parts.extras["thumbnails"]
    try:
        content = thumbnails.get(kept.blob, side=_step(side))
    except BadPicture:
        raise NotFound(noun="image") from None
    headers["Content-Disposition"] = f'inline; filename="{kept.name}.jpg"'
    return Response(content, media_type=KIND, headers=headers)


def _step(side: int) -> int:
    """The next of a few sizes, so that nobody fills the cache with copies of every size."""
    return next(step for step in (64, 128, SIDE, 512, LARGEST_SIDE) if step >= side)
