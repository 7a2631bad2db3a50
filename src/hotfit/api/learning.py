"""What a function has learned, and how far it is with it."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import Field

from hotfit.api.access import needs
from hotfit.api.camel import CamelModel
from hotfit.api.parts import Asked, Right
from hotfit.functions.findings import open_counts
from hotfit.functions.functions import Function
from hotfit.functions.verdicts import learned
from hotfit.functions.versions import live_version
from hotfit.jobs.progress import Progress, progress_of

router = APIRouter(tags=["learning"])

FROM_REPORT = ("verdict", "score", "test", "findings", "notes")
"""The members of what `hotfit show --json` prints that a verdict is made of."""


class VerdictShown(CamelModel):
    """Can ML do this? Null before the first version."""

    version: str | None
    trained_on: int | None = Field(description="Samples learned from.")
    verdict: dict[str, Any] | None = Field(
        description="`answer`, `estimate`, `low`, `high`, `baseline`, `sentence`, `next_steps`, ..."
    )
    score: dict[str, Any] | None = Field(description="Of samples held out, with its 95 % range.")
    test: dict[str, Any] | None = Field(description="Of the samples declared as test.")
    findings: dict[str, int] = Field(description="What is worth a look, counted by kind.")
    notes: list[str]


class ProgressShown(CamelModel):
    """How far the learning has come."""

    change: int = Field(description="The last write.")
    trained_through: int = Field(description="The last write that the live version knows.")
    version: str | None
    is_training: bool
    step: str | None = Field(description="What is being done, in words.")
    done: int | None = Field(description="Parts of the step that are done, where known.")
    total: int | None
    reason: str | None = Field(description="Why nothing is learned although something changed.")


@router.get("/functions/{function_id}/verdict", response_model=VerdictShown)
@needs(Right.READ)
def read_verdict(call: Asked, function_id: str) -> JSONResponse:
    """Read the verdict on the data as of the live version."""
    with call.read() as session:
        function = call.function(session, function_id)
        live = live_version(session, function.id)
        found = open_counts(session, function.id)
    if live is None:
        return JSONResponse(_untrained(function))
    return JSONResponse(_verdict(learned(function, live) | {"findings": found}))


@router.get("/functions/{function_id}/progress", response_model=ProgressShown)
@needs(Right.READ)
def read_progress(call: Asked, function_id: str) -> JSONResponse:
    """Read how far the learning has come."""
    with call.read() as session:
        found = progress_of(session, call.function(session, function_id))
    return JSONResponse(progress_shown(found))


def progress_shown(progress: Progress) -> dict[str, Any]:
    """Progress as JSON."""
    told = asdict(progress)
    return {
        "change": told.pop("change"),
        "trainedThrough": told.pop("trained_through"),
        "version": told.pop("version"),
        "isTraining": told.pop("is_training"),
        **told,
    }


def _verdict(report: dict[str, Any]) -> dict[str, Any]:
    kept = {name: report[name] for name in FROM_REPORT}
    return {"version": report["version"], "trainedOn": report["trained_on"], **kept}


def _untrained(function: Function) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(("version", "trainedOn", *FROM_REPORT))
    return empty | {"findings": {}, "notes": list(function.plan.get("notes", ()))}
