"""What a function did lately: calls, errors, latency, how sure it was, which labels it answered."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from hotfit.api.access import needs
from hotfit.api.camel import CamelModel
from hotfit.api.parts import Asked, Call, Right
from hotfit.functions.functions import Function
from hotfit.functions.labels import labels_of
from hotfit.functions.names import name_key
from hotfit.serving.activity import CONFIDENCES, MINUTES, OTHERS, Activity, Minute
from hotfit.serving.serving import Serving

router = APIRouter(tags=["activity"])

PARTS = 120
"""Stretches of time that a longer one is told in."""

QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


class Latency(BaseModel):
    """Milliseconds within which half, 95 % and 99 % of the calls were answered."""

    p50: float
    p95: float
    p99: float


class Happened(BaseModel):
    """What happened in a stretch of time."""

    calls: int = Field(description="Calls that were answered.")
    samples: int = Field(description="Inputs of these calls.")
    errors: int = Field(description="Calls that were refused or failed.")
    latency: Latency | None


class Stretch(Happened):
    """What happened from a time on."""

    at: str


class ConfidenceBin(BaseModel):
    """How many answers were so sure."""

    low: float
    high: float
    count: int


class LabelAnswered(CamelModel):
    """How often a label was answered; without a name, all that are not counted by name."""

    label_id: str | None = None
    label_name: str | None = None
    count: int


class ActivityShown(CamelModel):
    """What a function did in this process; stretches without calls are left out."""

    since: str = Field(description="When this process began to count, if that is later.")
    seconds: int = Field(description="How long a stretch is.")
    buckets: list[Stretch]
    total: Happened
    errors_by_status: dict[str, int]
    confidence: list[ConfidenceBin]
    labels: list[LabelAnswered] = Field(description="Most frequent first.")


@router.get("/functions/{function_id}/activity", response_model=ActivityShown)
@needs(Right.READ)
async def read_activity(
    call: Asked,
    function_id: str,
    minutes: Annotated[int, Query(ge=1, le=MINUTES, description="How far to look back.")] = 60,
) -> JSONResponse:
    """Tell what the function did in the last minutes, as this process saw it."""
    function, ids = await run_in_threadpool(_known, call, function_id)
    serving: Serving = call.parts.extras["serving"]
    return JSONResponse(_shown(serving.activity, function, ids, minutes=minutes))


def _known(call: Call, function_id: str) -> tuple[Function, dict[str, str]]:
    with call.read() as session:
        function = call.function(session, function_id)
        return function, {name_key(one.name): one.id for one in labels_of(session, function.id)}


def _shown(
    activity: Activity, function: Function, ids: dict[str, str], *, minutes: int
) -> dict[str, Any]:
    step, total = -(-minutes // PARTS), Minute()
    parts: dict[int, Minute] = {}
    for number, minute in activity.of(function.id, minutes=minutes).items():
        parts.setdefault(number // step * step, Minute()).add(minute)
        total.add(minute)
    return {
        "since": _time(activity.since),
        "seconds": 60 * step,
        "buckets": [{"at": _time(60 * at), **_happened(part)} for at, part in parts.items()],
        "total": _happened(total),
        "errorsByStatus": {str(status): n for status, n in sorted(total.errors.items())},
        "confidence": [
            {"low": place / CONFIDENCES, "high": (place + 1) / CONFIDENCES, "count": count}
            for place, count in enumerate(total.confidences)
        ],
        "labels": [_label(name, count, ids) for name, count in total.labels.most_common()],
    }


def _happened(part: Minute) -> dict[str, Any]:
    latency = {name: part.latency(share) for name, share in QUANTILES.items()}
    return {
        "calls": part.calls,
        "samples": part.samples,
        "errors": part.errors.total(),
        "latency": {
            name: round(1000 * seconds, 3)
            for name, seconds in latency.items()
            if seconds is not None
        }
        or None,
    }


def _label(name: str, count: int, ids: dict[str, str]) -> dict[str, Any]:
    if name == OTHERS:
        return {"count": count}
    told: dict[str, Any] = {"labelName": name, "count": count}
    known = ids.get(name_key(name))
    return told if known is None else told | {"labelId": known}


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
