"""Counts of a function's samples, and how far its training is."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from hotfit.api.access import needs
from hotfit.api.camel import CamelModel
from hotfit.api.parts import Asked, Call, Right
from hotfit.functions.functions import Function
from hotfit.functions.labels import labels_of
from hotfit.functions.learning import is_behind
from hotfit.store.sessions import Reading
from hotfit.types import Output

router = APIRouter(tags=["counts"])


class Summary(CamelModel):
    """How many samples a function has; by label, those it is present in."""

    sample_count: int
    annotated_sample_count: int
    annotated_sample_count_by_label_id: dict[str, int]


class Metrics(CamelModel):
    """How far training is; a Tags function has `positiveAnnotatedLabelCounts` instead."""

    is_training: bool
    sample_count: int
    prediction_count: int
    annotated_sample_count: int
    annotated_label_counts: dict[str, int] | None = None
    positive_annotated_label_counts: dict[str, int] | None = None


@router.get("/functions/{function_id}/summary", response_model=Summary)
@needs(Right.READ)
def read_summary(call: Asked, function_id: str) -> JSONResponse:
    """Count the samples, by label."""
    with call.read() as session:
        return JSONResponse(_counted(call, session, call.function(session, function_id)))


@router.get("/functions/{function_id}/metrics", response_model=Metrics)
@needs(Right.READ)
def read_metrics(call: Asked, function_id: str) -> JSONResponse:
    """Tell how far training is.

    Predictions are computed when they are read, so with a live version every sample has one. What
    only searches is never trained, and is always done.
    """
    with call.read() as session:
        function = call.function(session, function_id)
        counted = _counted(call, session, function)
        searches = function.output is Output.SEARCH
        training = not searches and is_behind(session, function.id)
    tags = function.output is Output.TAGS
    counts = "positiveAnnotatedLabelCounts" if tags else "annotatedLabelCounts"
    return JSONResponse(
        {
            "isTraining": training,
            "sampleCount": counted["sampleCount"],
            "predictionCount": counted["sampleCount"] if function.live or searches else 0,
            "annotatedSampleCount": counted["annotatedSampleCount"],
            counts: counted["annotatedSampleCountByLabelId"],
        }
    )


def _counted(call: Call, session: Reading, function: Function) -> dict[str, Any]:
    counts = call.parts.counts.of(session, function)
    ids = {label.name: label.id for label in labels_of(session, function.id)}
    return {
        "sampleCount": counts.samples,
        "annotatedSampleCount": counts.samples - counts.unlabelled,
        "annotatedSampleCountByLabelId": {
            ids[name]: count for name, count in counts.by_label.items()
        },
    }
