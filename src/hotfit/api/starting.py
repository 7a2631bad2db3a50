"""A function from a file: see how the file would be read, then let it be one."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from hotfit.api.access import needs
from hotfit.api.camel import CamelModel
from hotfit.api.functions import FunctionShown
from hotfit.api.functions import shown as function_shown
from hotfit.api.importing import FileImported
from hotfit.api.importing import shown as import_shown
from hotfit.api.parts import Asked, Right
from hotfit.api.uploads import RECEIVES, received
from hotfit.functions.names import name_after
from hotfit.inputs.images_cells import to_data_uri
from hotfit.inputs.images_loading import Pictures
from hotfit.inputs.picture import BadPicture
from hotfit.inputs.plan import Plan
from hotfit.samples.starting import Look, Wishes, look_at, start
from hotfit.store.thumbnails import shrink
from hotfit.types import Cell, Output

router = APIRouter(tags=["functions"])

LONGEST_CELL = 2000
MOST_LABELS = 200
SIDE = 128
"""Characters of a cell, labels of a target, and pixels of an image, as far as they are shown."""


class ColumnSeen(BaseModel):
    """A column of a file, as far as it was looked at."""

    name: str
    kind: str = Field(description="Text, Number, Category, Date, Boolean, Identifier, Constant.")
    role: Literal["target", "input", "id", "split", "ignored"]
    reason: str | None = Field(default=None, description="Why it is left out.")
    filled: int
    distinct: int


class RowSeen(BaseModel):
    """A row of a file."""

    row: int = Field(description="Counted from 1 in the order of the file.")
    cells: dict[str, Any]
    image: str | None = Field(default=None, description="A small copy, as a data URI.")


class LabelSeen(BaseModel):
    """A label of a file, and how often it was seen."""

    name: str
    count: int


class FileSeen(CamelModel):
    """How a file would be read."""

    name: str = Field(description="What the function would be called.")
    format: str
    input: str
    output: str
    target: str | None
    inputs: list[str]
    columns: list[ColumnSeen]
    labels: list[LabelSeen] = Field(description="The most frequent ones, of the rows looked at.")
    label_count: int
    rows_seen: int = Field(description="Rows that were looked at.")
    rows: list[RowSeen] = Field(description="The first of them.")
    notes: list[str] = Field(description="Every guess, in a sentence.")
    problem: str | None = Field(description="What keeps it from being trained as it is.")


class FunctionStarted(FunctionShown):
    """A function that was made of a file, and what became of the rows."""

    imported: FileImported


class Wished:
    """What a person says about a file, in the query."""

    def __init__(
        self,
        *,
        target: Annotated[
            str | None, Query(description="The column with the true answer (default: guessed).")
        ] = None,
        inputs: Annotated[
            list[str] | None,
            Query(alias="input", description="A column to predict from; may come several times."),
        ] = None,
        output: Annotated[
            Literal["Classification", "Tags", "Number"] | None,
            Query(description="What is answered (default: guessed)."),
        ] = None,
        label_later: Annotated[
            bool, Query(alias="labelLater", description="Take rows that have no answers yet.")
        ] = False,
    ) -> None:
        self.wishes = Wishes(
            target=target,
            inputs=inputs,
            output=None if output is None else Output(output),
            label_later=label_later,
        )


FileName = Annotated[
    str, Query(alias="fileName", description="What the file is called.", max_length=1000)
]


@router.post("/preview", response_model=FileSeen, **RECEIVES)
@needs(Right.WRITE)
async def preview_file(
    call: Asked, wished: Annotated[Wished, Depends()], file_name: FileName = ""
) -> JSONResponse:
    """See how a file would be read: its columns, what they are taken for, its first rows."""
    async with received(call.request) as file:
        told = await run_in_threadpool(lambda: _seen(look_at(file, wished.wishes), file_name))
    return JSONResponse(told)


@router.post("/functions/from-file", response_model=FunctionStarted, **RECEIVES)
@needs(Right.WRITE)
async def create_function_from_file(
    call: Asked,
    wished: Annotated[Wished, Depends()],
    name: Annotated[
        str | None, Query(description="The function's name (default: after the file).")
    ] = None,
    file_name: FileName = "",
) -> JSONResponse:
    """Make a function of the samples of a file; it is trained at once."""
    call.refuse_scoped()
    async with received(call.request) as file:
        made, brought = await run_in_threadpool(
            start,
            call.parts.store,
            file,
            name=name_after(file_name) if name is None else name,
            wishes=wished.wishes,
            author=call.who.name,
            blobs=call.parts.blobs,
        )
    told = function_shown(made) | {"imported": import_shown(brought)}
    return call.written(told, function=made.id, change=made.change)


def _seen(look: Look, file_name: str) -> dict[str, Any]:
    """A look at a file as JSON."""
    reading = look.plan
    labels = _labels(reading)
    return {
        "name": name_after(file_name),
        "format": look.source.format,
        "input": reading.input.value,
        "output": reading.output.value,
        "target": reading.target,
        "inputs": _inputs(reading),
        "columns": _columns(reading),
        "labels": [{"name": name, "count": n} for name, n in labels.most_common(MOST_LABELS)],
        "labelCount": len(labels),
        "rowsSeen": max((column.rows for column in reading.columns), default=0),
        "rows": _rows(look),
        "notes": [_in_words(note) for note in reading.notes],
        "problem": None if look.problem is None else _in_words(look.problem),
    }


def _inputs(reading: Plan) -> list[str]:
    lone = reading.text or reading.image
    return [lone] if lone is not None else [one.name for one in reading.fields]


def _columns(reading: Plan) -> list[dict[str, Any]]:
    roles = dict.fromkeys(_inputs(reading), "input")
    named = {reading.id: "id", reading.split: "split", reading.target: "target"}
    roles |= {name: role for name, role in named.items() if name is not None}
    reasons = {one.name: one.reason for one in reading.ignored}
    return [
        {
            "name": column.name,
            "kind": column.kind.value,
            "role": roles.get(column.name, "ignored"),
            "reason": None if column.name in roles else reasons.get(column.name),
            "filled": column.filled,
            "distinct": column.distinct,
        }
        for column in reading.columns
    ]


def _labels(reading: Plan) -> Counter[str]:
    """The labels among the rows looked at; none for a quantity."""
    found: Counter[str] = Counter()
    if reading.target is not None and reading.output is not Output.NUMBER:
        for text, count in reading.column(reading.target).counts.items():
            for name in reading.rules.names_in([text]):
                found[name] += count
    return found


def _rows(look: Look) -> list[dict[str, Any]]:
    names, image = look.source.columns, look.plan.image
    told = []
    for number, cells in look.rows:
        row: dict[str, Any] = {"row": number, "cells": dict(zip(names, _cells(cells), strict=True))}
        if image is not None:
            assert look.source.pictures is not None
            row["image"] = _small(look.source.pictures, cells[names.index(image)])
        told.append(row)
    return told


def _cells(cells: Sequence[Cell]) -> list[Cell]:
    return [_cell(cell) for cell in cells]


def _cell(cell: Cell) -> Cell:
    """A cell as JSON can hold it, not too long."""
    if isinstance(cell, str):
        return cell[:LONGEST_CELL].encode(errors="replace").decode()
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell


def _small(pictures: Pictures, cell: Cell) -> str | None:
    """A small copy of an image; None for one that cannot be read."""
    try:
        return to_data_uri(shrink(pictures.read(str(cell)), SIDE))
    except BadPicture:
        return None


def _in_words(sentence: str) -> str:
    """A sentence that names choices as these addresses do, not as the command line does."""
    return (
        sentence.replace("--target", "target")
        .replace("--input", "input")
        .replace("--output", "output")
    )
