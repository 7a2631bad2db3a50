"""A function's samples as the rows of a folder: listed whole, and changed a batch at a time.

Rows speak of labels and fields by name, of images by the SHA-256 of their file, so that a folder
and a server can be compared without moving either.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

from hotfit.api.access import needs
from hotfit.api.bodies import Given, body, takes
from hotfit.api.camel import CamelModel
from hotfit.api.content import DataRefused, read_data
from hotfit.api.errors import BadRequest
from hotfit.api.parts import CHANGE, Asked, Right
from hotfit.functions.functions import Function
from hotfit.samples.ids import as_sample, sample_id
from hotfit.samples.rows import Rows, read_rows
from hotfit.samples.screening import Told
from hotfit.samples.stepping import Edit, step
from hotfit.types import Data, Input, Kind, Label, Output, Picture, Sample, Split

router = APIRouter(tags=["samples"])

ROWS = "/functions/{function_id}/rows"
LINES = "application/x-ndjson"

FORMAT = "Hotfit-Rows"
"""Header of the list: the number of the format, which grows when older programs cannot read it."""

MOST = 2000
"""Rows of one step."""

SHOWN: dict[int | str, dict[str, Any]] = {200: {"content": {LINES: {"schema": {"type": "string"}}}}}

Answer = str | float | list[str] | None
"""A label, a quantity, the tags present; null where nothing is said."""


class RowAdded(Given):
    """A row to be added."""

    data: Any = Field(description="A text, a data URI of an image, or values by field name.")
    label: Answer = None
    split: Split | None = None
    external_id: str | None = None


class RowEdited(Given):
    """A sample whose label is to be another; `was` is the one that the caller saw."""

    id: str
    label: Answer = None
    was: Answer = None


class RowRemoved(Given):
    """A sample to be removed; `was` is the label that the caller saw."""

    id: str
    was: Answer = None


class StepGiven(Given):
    """One step: what is to be removed, labelled and added."""

    remove: list[RowRemoved] = Field(default=[], max_length=MOST)
    relabel: list[RowEdited] = Field(default=[], max_length=MOST)
    add: list[RowAdded] = Field(default=[], max_length=MOST)


class RowRefused(CamelModel):
    """A row of a step that was not done."""

    row: int = Field(description="Counted from 1 in its list.")
    reason: str
    sample_id: str | None = Field(default=None, description="The sample that is there already.")


class RowsRefused(BaseModel):
    """The rows of each list that were not done."""

    remove: list[RowRefused]
    relabel: list[RowRefused]
    add: list[RowRefused]


class StepDone(BaseModel):
    """What a step did."""

    removed: int
    relabelled: int
    added: int
    refused: RowsRefused


@router.get(ROWS, response_class=StreamingResponse, responses=SHOWN)
@needs(Right.READ)
def list_rows(call: Asked, function_id: str) -> StreamingResponse:
    """List every sample as a line of JSON: `id`, `data`, `label`, `split`, `externalId`."""
    with call.read() as session:
        function = call.function(session, function_id)
        rows = read_rows(session, function.id, blobs=call.parts.blobs)
    headers = {CHANGE: str(rows.change), FORMAT: "1"}
    return StreamingResponse(_lines(function, rows), media_type=LINES, headers=headers)


@router.post(ROWS, response_model=StepDone, **takes(StepGiven))
@needs(Right.WRITE)
def change_rows(
    call: Asked, function_id: str, given: Annotated[StepGiven, Depends(body(StepGiven))]
) -> JSONResponse:
    """Remove, label and add rows in one step; a row that somebody else changed is left and told."""
    with call.read() as session:
        function = call.function(session, function_id)
    adding = [_sample(function, one, at) for at, one in enumerate(given.add, 1)]
    for one in adding:
        if isinstance(one.data, Picture):
            call.parts.blobs.put(one.data.read())
    with call.write() as session:
        function = call.function(session, function_id)
        done = step(
            session,
            function,
            removing=[
                Edit(sample=_number(one.id), was=_label(function, one.was)) for one in given.remove
            ],
            relabelling=[
                Edit(
                    sample=_number(one.id),
                    was=_label(function, one.was),
                    label=_label(function, one.label),
                )
                for one in given.relabel
            ],
            adding=adding,
            author=call.who.name,
            blobs=call.parts.blobs,
        )
    told = {
        "removed": done.removed,
        "relabelled": done.relabelled,
        "added": done.added,
        "refused": {name: [_told(one) for one in found] for name, found in done.refused.items()},
    }
    return call.written(told, function=function.id, change=done.change)


def _lines(function: Function, rows: Rows) -> Iterator[str]:
    names = {one.name for one in function.fields}
    for sample, data, answer, split, external in zip(
        rows.ids, rows.data, rows.answers, rows.splits, rows.external_ids, strict=True
    ):
        told = {
            "id": sample_id(sample),
            "data": _shown(data, names),
            "label": answer,
            "split": split,
            "externalId": external,
        }
        kept = {name: value for name, value in told.items() if value is not None}
        yield json.dumps(kept, ensure_ascii=False, allow_nan=False) + "\n"


def _shown(data: Data, names: set[str]) -> Any:
    if isinstance(data, Picture):
        return data.sha256
    if isinstance(data, Mapping):
        return {name: cell for name, cell in data.items() if name in names and cell is not None}
    return data


def _sample(function: Function, given: RowAdded, at: int) -> Sample:
    data = (
        _row(function, given.data)
        if function.input is Input.TABULAR
        else read_data(function, given.data)
    )
    return Sample(
        number=at,
        data=data,
        label=_label(function, given.label),
        split=given.split,
        external_id=given.external_id or None,
    )


def _row(function: Function, given: Any) -> dict[str, Any]:
    """A row by the names of its fields, cells as they are: as a file's are read."""
    if not isinstance(given, dict):
        raise DataRefused(found="is no row", expected="an object, values by field name")
    fields = {one.name: one for one in function.fields}
    for name, cell in given.items():
        if name not in fields:
            known = ", ".join(map(repr, list(fields)[:20])) or "none yet"
            raise DataRefused(
                found="names a field that the function does not have",
                expected=f"the names of its fields: {known}",
            )
        if fields[name].kind is Kind.IMAGE or not isinstance(cell, str | int | float | bool | None):
            raise DataRefused(found=f"has no value in {name!r}", expected="a text or a number")
    return {name: given.get(name) for name in fields}


def _label(function: Function, given: Answer) -> Label | None:
    """An answer as the function learns it; raise BadRequest."""
    if given is None:
        return None
    if function.output is Output.TAGS and isinstance(given, list):
        return tuple(given)
    if function.output is Output.NUMBER and isinstance(given, int | float):
        return float(given)
    if function.output is Output.CLASSIFICATION and isinstance(given, str):
        return given
    wanted = {Output.TAGS: "a list of tags", Output.NUMBER: "a number"}
    expected = wanted.get(function.output, "the name of one label")
    raise BadRequest(reason=f"a row's label is not what was expected, {expected}")


def _number(given: str) -> int:
    number = as_sample(given)
    if number is None:
        raise BadRequest(reason="the identifier of a sample is expected in a row")
    return number


def _told(told: Told) -> dict[str, Any]:
    found: dict[str, Any] = {"row": told.row, "reason": told.reason}
    return found if told.sample is None else found | {"sampleId": told.sample}
