"""Findings: list what is worth a look in the data, and accept, dismiss or reopen it."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from hotfit.api.access import needs
from hotfit.api.bodies import BodyInvalid, Given, body, takes
from hotfit.api.errors import NotFound
from hotfit.api.paging import Paged
from hotfit.api.parts import Asked, Call, Right
from hotfit.functions.findings import Finding, Status, as_finding, list_findings
from hotfit.quality.kinds import Action
from hotfit.samples import repairing
from hotfit.samples.answering import Stated
from hotfit.samples.findings import check_kind, shown, summary
from hotfit.samples.ids import as_sample

router = APIRouter(tags=["findings"])

FINDINGS = "/functions/{function_id}/findings"
ONE = "/functions/{function_id}/findings/{finding_id}"


class FixShown(BaseModel):
    """What accepting a finding does."""

    action: Action
    sentence: str


class FindingShown(BaseModel):
    """One thing worth a look; `rows` count from 1 in the order of the source."""

    id: str
    kind: str
    sample: str | None
    row: int | None
    file: str | None = Field(description="What the source of an image calls its file.")
    label: str | None
    suggested: str | None
    column: str | None
    score: float = Field(description="Orders the findings of one kind, from 0 to 1.")
    severity: Literal["certain", "likely", "hint"] | None
    evidence: str | None
    samples: list[str]
    rows: list[int]
    files: list[str]
    status: Status
    author: str | None = Field(description="Who settled it.")
    settled: str | None = Field(description="When it was settled.")
    fix: FixShown
    done: str | None = Field(description="What accepting it changed, as long as it is accepted.")


class KindSummed(BaseModel):
    """The findings of one kind; a look confirms `expected` of the `open` ones (`low` to `high`).

    Where the `first` are asked about, that and the sentence speak of these.
    """

    kind: str
    title: str
    open: int
    accepted: int
    dismissed: int
    expected: float
    low: float
    high: float
    sentence: str


class RightLabel(Given):
    """The label that is right where it is not the one suggested; other members are refused."""

    model_config = ConfigDict(extra="forbid")

    label_name: str | None = None
    label_id: str | None = None


@router.get(FINDINGS, response_model=list[FindingShown])
@needs(Right.READ)
def read_findings(
    call: Asked,
    function_id: str,
    page: Paged,
    *,
    kind: str | None = None,
    status: Status | None = None,
    sample_id: Annotated[str | None, Query(alias="sampleId")] = None,
) -> JSONResponse:
    """List the findings by kind, the surest of each kind first."""
    if kind is not None:
        check_kind(kind)
    with call.read() as session:
        function = call.function(session, function_id)
        found = list_findings(session, function.id, kind=kind, status=status)
        if sample_id is not None:
            number = as_sample(sample_id)
            found = [one for one in found if number in one.samples]
        told = shown(session, found[page.start : page.start + page.size])
    more = page.start + page.size < len(found)
    return page.reply(told, then={"startIndex": page.start + page.size} if more else None)


@router.get(f"{FINDINGS}/summary", response_model=list[KindSummed])
@needs(Right.READ)
def sum_findings(
    call: Asked,
    function_id: str,
    first: Annotated[
        int | None, Query(ge=1, description="Speak of this many open ones of each kind.")
    ] = None,
) -> JSONResponse:
    """Count the findings of each kind, and say how many of the open ones are really wrong."""
    with call.read() as session:
        found = summary(session, call.function(session, function_id).id, first=first)
    return JSONResponse(found)


async def _right_label(request: Request) -> RightLabel:
    """The body, which may be left out."""
    if request.headers.get("content-length", "0") == "0" and (
        "transfer-encoding" not in request.headers
    ):
        return RightLabel()
    given: RightLabel = await body(RightLabel)(request)
    if given.label_name is not None and given.label_id is not None:
        raise BodyInvalid(place="", reason="give one of labelName and labelId")
    return given


@router.post(f"{ONE}/accept", response_model=FindingShown, **takes(RightLabel))
@needs(Right.WRITE)
def accept_finding(
    call: Asked,
    function_id: str,
    finding_id: str,
    given: Annotated[RightLabel, Depends(_right_label)],
) -> JSONResponse:
    """Make the fix of a finding; a label in the body is said in place of the suggested one."""
    name, label = given.label_name, given.label_id
    said = None if name is None and label is None else Stated(name=name, label=label)
    return _settled(call, function_id, finding_id, repairing.accept, said=said)


@router.post(f"{ONE}/dismiss", response_model=FindingShown)
@needs(Right.WRITE)
def dismiss_finding(call: Asked, function_id: str, finding_id: str) -> JSONResponse:
    """Say that a finding is none; it stays so through every training."""
    return _settled(call, function_id, finding_id, repairing.dismiss)


@router.post(f"{ONE}/undo", response_model=FindingShown)
@needs(Right.WRITE)
def undo_finding(call: Asked, function_id: str, finding_id: str) -> JSONResponse:
    """Open a finding again; what its fix changed is as before."""
    return _settled(call, function_id, finding_id, repairing.undo)


def _settled(
    call: Call,
    function_id: str,
    finding_id: str,
    how: Callable[..., tuple[Finding, int]],
    **said: Any,
) -> JSONResponse:
    number = as_finding(finding_id)
    with call.write() as session:
        function = call.function(session, function_id)
        if number is None:
            raise NotFound(noun="finding")
        found, change = how(session, function, number, author=call.who.name, **said)
        (told,) = shown(session, [found])
    return call.written(told, function=function.id, change=change)
