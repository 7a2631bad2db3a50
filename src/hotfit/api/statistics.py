"""Statistics: how each label fares, what is confused, what samples are like, change over time."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from hotfit.api.access import needs
from hotfit.api.camel import CamelModel
from hotfit.api.parts import Asked, Right
from hotfit.samples.statistics import statistics_of

router = APIRouter(tags=["statistics"])


class ShareShown(BaseModel):
    """A share with its 95 % range."""

    value: float
    low: float
    high: float


class LabelTold(CamelModel):
    """How a label fares; what was not measured is null."""

    label_id: str
    label_name: str
    count: int = Field(description="Samples that have it now.")
    precision: ShareShown | None = Field(description="Of those answered so, how many are.")
    recall: ShareShown | None = Field(description="Of those that are so, how many are found.")
    cost: float | None = Field(
        description="The share of all samples that is answered wrongly because the label is found "
        "less well than larger ones."
    )
    wrong: float = Field(description="About how many of them have the wrong label.")


class Confused(BaseModel):
    """Samples of one label that are taken for another."""

    from_: str = Field(alias="from")
    to: str
    count: int
    share: float = Field(description="Of all mistakes.")
    sentence: str


class Then(BaseModel):
    """A version of the past."""

    version: str
    number: int
    change: int
    created: str
    build: str
    samples: int | None
    score: dict[str, Any] | None


class StatisticsShown(CamelModel):
    """The labels as they are now; the rest as of the last examination."""

    labels: list[LabelTold]
    confusions: list[Confused]
    lengths: dict[str, dict[str, float]] | None = Field(
        description="Quantiles of `characters` and `words`, or of the `width` and `height`."
    )
    missing: dict[str, float] = Field(description="The share of empty cells, by column.")
    over_time: list[Then]


@router.get("/functions/{function_id}/statistics", response_model=StatisticsShown)
@needs(Right.READ)
def read_statistics(call: Asked, function_id: str) -> JSONResponse:
    """Read the statistics of a function."""
    with call.read() as session:
        return JSONResponse(statistics_of(session, call.function(session, function_id).id))
