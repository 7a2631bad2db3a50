"""What the machinery around a server asks: does it live, may it be sent calls, what was done."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from hotfit.api.access import needs
from hotfit.api.errors import answer
from hotfit.api.parts import Asked
from hotfit.errors import Unavailable
from hotfit.functions.access import Right
from hotfit.serving.serving import Serving
from hotfit.store.sessions import Store

router = APIRouter(tags=["health"])


class Healthy(BaseModel):
    """A server that lives."""

    status: str


@router.get("/healthz", response_model=Healthy)
@needs(Right.NONE)
async def healthz() -> JSONResponse:
    """Say that the process lives."""
    return JSONResponse({"status": "alive"})


@router.get("/readyz", response_model=Healthy)
@needs(Right.NONE)
async def readyz(request: Request) -> JSONResponse:
    """Say whether calls should be sent here: 503 while starting and from the moment of stopping."""
    serving: Serving = request.app.state.parts.extras["serving"]
    if not serving.ready:
        return answer(503, "this server is starting or about to stop.", "NotReady")
    try:
        await run_in_threadpool(_reads, serving.store)
    except Unavailable as error:
        return answer(503, "the database cannot be read; the log says why.", error.name)
    return JSONResponse({"status": "ready"})


@router.get("/metrics", response_class=Response)
@needs(Right.READ)
async def metrics(call: Asked) -> Response:
    """Counts of calls, queues, versions and training, as Prometheus reads them."""
    call.refuse_scoped()
    serving: Serving = call.parts.extras["serving"]
    page = await run_in_threadpool(serving.meters.page)
    return Response(page, media_type=serving.meters.content_type)


def _reads(store: Store) -> None:
    """Raise where the database cannot be read."""
    with store.read():
        pass
