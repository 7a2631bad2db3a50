"""What to label next, more like this, the map of the samples, and where more labels would lead."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from hotfit.api.access import needs
from hotfit.api.bodies import Given, body, takes
from hotfit.api.camel import CamelModel
from hotfit.api.errors import NotFound
from hotfit.api.invoke import counted, reached
from hotfit.api.parts import Asked, Call, Right
from hotfit.api.search import contents
from hotfit.functions.forecasts import NothingToForecast, forecast
from hotfit.samples.answering import from_value
from hotfit.samples.ids import as_sample, sample_id
from hotfit.serving.curating import Guess, Point, Queued
from hotfit.serving.standing import Standing

router = APIRouter(tags=["curating"])

MOST = 100
MOST_POINTS = 20_000


class GuessShown(CamelModel):
    """A label that a sample may have."""

    label_id: str
    label_name: str
    confidence: float


class ItemShown(CamelModel):
    """A sample to label; `guess` is null before anything is known."""

    sample_id: str
    data: Any = None
    reason: str
    guess: GuessShown | None = None
    label_confidences: list[GuessShown] = Field(default_factory=list)


class QueueShown(CamelModel):
    """Samples to label next, what that is expected to add, and whether to stop."""

    items: list[ItemShown]
    expected_gain: float | None = None
    stop: bool
    sentence: str


class PointShown(CamelModel):
    """Where a sample lies, from -1 to 1."""

    sample_id: str
    x: float
    y: float
    label_id: str | None = None
    prediction_label_id: str | None = None
    confidence: float | None = None


class MapShown(BaseModel):
    """A part of the map, as of a change; oldest samples first."""

    change: int
    points: list[PointShown]


class CurveShown(BaseModel):
    """A score with its range, measured or forecast."""

    labels: int
    score: float
    low: float
    high: float


class ForecastShown(CamelModel):
    """Where more labels would lead; `labelsNeeded` is null where the target is out of reach.

    Before anything was measured there are no points, and `version` to `score` are null.
    """

    version: str | None
    metric: str | None
    labels: int | None
    score: float | None
    points: list[CurveShown]
    forecast: list[CurveShown]
    target: float
    labels_needed: int | None
    low: int | None
    high: int | None
    mostly: list[str]
    sentence: str


class LikeGiven(Given):
    """Examples of what to look for, and of what not."""

    sample_ids: list[str] = Field(min_length=1, max_length=1000)
    others: list[str] = Field(default=[], max_length=1000, alias="not")
    count: int = Field(default=10, ge=1, le=MOST)


@router.get("/functions/{function_id}/queue", response_model=QueueShown)
@needs(Right.READ)
async def read_queue(
    call: Asked, function_id: str, count: Annotated[int, Query(ge=1, le=MOST)] = 10
) -> JSONResponse:
    """Find the samples whose labels would teach most; every answer so far has been learned."""
    serving, standing = reached(call, function_id)
    async with counted(serving, standing):
        found = await serving.queue(standing, count=count)
        return await run_in_threadpool(_queued, call, standing, found)


@router.post(
    "/functions/{function_id}/more-like-this", response_model=QueueShown, **takes(LikeGiven)
)
@needs(Right.READ)
async def more_like_this(
    call: Asked, function_id: str, given: Annotated[LikeGiven, Depends(body(LikeGiven))]
) -> JSONResponse:
    """Find samples without an answer that are like some, and unlike others."""
    serving, standing = reached(call, function_id)
    async with counted(serving, standing):
        found = await serving.more_like(
            standing,
            [_number(one) for one in given.sample_ids],
            [_number(one) for one in given.others],
            count=given.count,
        )
        return await run_in_threadpool(_queued, call, standing, found)


@router.get("/functions/{function_id}/map", response_model=MapShown)
@needs(Right.READ)
async def read_map(
    call: Asked,
    function_id: str,
    start: Annotated[int, Query(alias="startIndex", ge=0)] = 0,
    count: Annotated[int, Query(ge=1, le=MOST_POINTS)] = 2000,
) -> JSONResponse:
    """Read a part of the map, on which samples that are alike lie together.

    Samples that come later move none. A map of fewer than 800 samples is laid out anew when there
    are four times as many, and any map when another encoder reads the samples.
    """
    serving, standing = reached(call, function_id)
    async with counted(serving, standing):
        points = await serving.map(standing, start=start, count=count)
    shown = [_point(one) for one in points]
    return JSONResponse({"change": standing.function.change, "points": shown})


@router.get("/functions/{function_id}/forecast", response_model=ForecastShown)
@needs(Right.READ)
def read_forecast(
    call: Asked, function_id: str, target: Annotated[float, Query(gt=0, lt=1)] = 0.95
) -> JSONResponse:
    """Tell how many labels a target asks for, of which labels, and what more would bring."""
    with call.read() as session:
        function = call.function(session, function_id)
        try:
            return JSONResponse(forecast(session, function, target=target))
        except NothingToForecast as error:
            return JSONResponse(_unmeasured(target, str(error)))


def _unmeasured(target: float, sentence: str) -> dict[str, Any]:
    """What is forecast of a function that was not measured yet: nothing, and why."""
    nothing = dict.fromkeys(["version", "metric", "labels", "score", "labelsNeeded", "low", "high"])
    return nothing | {
        "points": [],
        "forecast": [],
        "target": target,
        "mostly": [],
        "sentence": sentence,
    }


def _number(given: str) -> int:
    number = as_sample(given)
    if number is None:
        raise NotFound(noun="sample")
    return number


def _queued(call: Call, standing: Standing, found: Queued) -> JSONResponse:
    data = contents(call, standing.function, [item.sample for item in found.items])
    items = [
        {
            "sampleId": sample_id(item.sample),
            "data": data.get(item.sample),
            "reason": item.reason,
            "guess": _guess(item.guesses[0]) if item.guesses else None,
            "labelConfidences": [_guess(one) for one in item.guesses],
        }
        for item in found.items
        if item.sample in data
    ]
    return JSONResponse(
        {
            "items": items,
            "expectedGain": found.gain,
            "stop": found.stop,
            "sentence": found.sentence,
        }
    )


def _guess(guess: Guess) -> dict[str, Any]:
    return {
        "labelId": guess.label.id,
        "labelName": guess.label.name,
        "confidence": guess.confidence,
    }


def _point(point: Point) -> dict[str, Any]:
    said = from_value(point.answer)
    present = [label for label, there in said if there] if isinstance(said, list) else []
    guess = point.guess
    told = {
        "sampleId": sample_id(point.sample),
        "x": round(point.x, 5),
        "y": round(point.y, 5),
        "labelId": present[0] if present else None,
        "predictionLabelId": None if guess is None else guess.label.id,
        "confidence": None if guess is None else guess.confidence,
    }
    return {name: value for name, value in told.items() if value is not None}
