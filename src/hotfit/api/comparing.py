"""What changed from one version to another: fixed, broken, moved, and by which edits."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from hotfit.api.access import needs
from hotfit.api.camel import CamelModel
from hotfit.api.content import shown
from hotfit.api.errors import NotFound
from hotfit.api.parts import Asked, Call, Right
from hotfit.functions.functions import Function
from hotfit.functions.versions import Version, find_version
from hotfit.samples.ids import sample_id
from hotfit.serving.comparing import Difference, Flip, compare
from hotfit.serving.edits import Edit
from hotfit.serving.responsible import with_edits
from hotfit.serving.serving import Serving
from hotfit.serving.sides import Side, open_side
from hotfit.serving.telling import sentence, slice_told, tested_told
from hotfit.types import Data, Picture, label_json

router = APIRouter(tags=["versions"])

WEIGHED = 20
"""Changed answers for which the edits that answer for them are looked for."""


class SideShown(CamelModel):
    """One of the two versions, and by what it was made."""

    id: str
    number: int
    made: str


class ChangeShown(CamelModel):
    """What changed among some of the samples; `clear` holds where chance does not explain it."""

    n: int
    fixed: int
    broken: int
    p: float
    clear: bool


class SliceShown(ChangeShown):
    """What changed among samples that have something in common; `kind` says what that is of."""

    kind: str
    name: str


class EditShown(CamelModel):
    """A sample that was added, removed or annotated otherwise between the versions."""

    kind: str
    sample_id: str
    from_: Any = Field(alias="from", description="How it was annotated.")
    to: Any = Field(description="How it is annotated now.")
    data: Any = Field(default=None, description="Left out for images, and where it is gone.")
    weight: float | None = Field(
        default=None, description="What it adds to the lead of the newer answer over the older."
    )


class FlipShown(CamelModel):
    """A sample that is answered otherwise; each answer was given without having learned it."""

    sample_id: str
    became: str = Field(description="fixed, broken, or moved: both are wrong and differ.")
    from_: Any = Field(alias="from")
    to: Any
    truth: Any
    confidences: list[float] | None
    data: Any = Field(default=None, description="Left out for images, and where it is gone.")
    edits: list[EditShown] = Field(description="Those that answer for it, the strongest first.")
    turned: bool | None = Field(
        description="Whether these edits alone turn the answer; null where none were weighed."
    )
    relabelled: bool = Field(description="Whether what is true of it changed in between.")


class ComparisonShown(CamelModel):
    """The paired test on samples that neither had learned."""

    better: str | None = Field(description="newer, older, or null: neither is shown to be.")
    p: float
    gain: float = Field(description="What the newer adds to the share right.")
    low: float
    high: float
    sentence: str


class EditsShown(CamelModel):
    """How many samples were edited between the versions."""

    added: int
    removed: int
    relabelled: int


class DiffShown(CamelModel):
    """What changed from one version to another."""

    from_: SideShown = Field(alias="from")
    to: SideShown
    compared: int = Field(description="Samples that both were asked.")
    fixed: int
    broken: int
    moved: int
    shifted: int = Field(description="Equal answers whose confidence moved by 0.2 or more.")
    sentence: str
    comparison: ComparisonShown
    per_label: dict[str, ChangeShown]
    slices: list[SliceShown]
    edits: EditsShown
    flips: list[FlipShown]


@router.get(
    "/functions/{function_id}/versions/{version_id}/diff/{other_id}", response_model=DiffShown
)
@needs(Right.READ)
async def diff_versions(
    call: Asked,
    function_id: str,
    version_id: str,
    other_id: str,
    count: Annotated[int, Query(ge=1, le=1000, description="Flips to tell.")] = 300,
) -> JSONResponse:
    """Say which answers changed from one version to another, by identifier or number.

    Broken ones come first. Both are asked the samples of the newer, each as if it had not learned
    that sample.
    """
    serving: Serving = call.parts.extras["serving"]
    function, pair = await run_in_threadpool(_found, call, function_id, (version_id, other_id))
    found = await serving.beside(partial(_compared, call, serving, function, pair))
    flips = [one for one in found.flips if one.became != "shifted"][:count]
    return JSONResponse(await run_in_threadpool(_told, function, found, pair, flips))


def _found(
    call: Call, function_id: str, given: tuple[str, str]
) -> tuple[Function, tuple[Version, Version]]:
    with call.read() as session:
        function = call.function(session, function_id)
        older, newer = (find_version(session, function.id, one) for one in given)
    if older is None or newer is None:
        raise NotFound(noun="version")
    return function, (older, newer)


def _compared(
    call: Call, serving: Serving, function: Function, pair: tuple[Version, Version]
) -> Difference:
    store, blobs = call.parts.store, call.parts.blobs
    older, newer = (
        open_side(store, blobs, serving.open_encoder, function, version) for version in pair
    )
    return with_edits(store, compare(store, older, newer), most=WEIGHED)


def _told(
    function: Function, found: Difference, pair: tuple[Version, Version], flips: Sequence[Flip]
) -> dict[str, Any]:
    named = [edit for flip in flips for edit in flip.edits]
    here = found.newer.contents(
        [*(flip.row for flip in flips), *(e.row for e in named if e.kind != "removed")]
    )
    gone = found.older.contents([edit.row for edit in named if edit.kind == "removed"])
    return {
        "from": _side(found.older, pair[0]),
        "to": _side(found.newer, pair[1]),
        "compared": found.compared,
        **found.counts,
        "sentence": sentence(found),
        "comparison": tested_told(found),
        "perLabel": {one.name: slice_told(one) for one in found.slices if one.kind == "label"},
        "slices": [
            {"kind": one.kind, "name": one.name, **slice_told(one)}
            for one in found.slices
            if one.kind != "label"
        ],
        "edits": dict(found.edited()),
        "flips": [
            {
                "sampleId": sample_id(flip.sample),
                "became": flip.became,
                "from": label_json(flip.older),
                "to": label_json(flip.newer),
                "truth": label_json(flip.truth),
                "confidences": None if flip.confidences is None else list(flip.confidences),
                **_data(function, here.get(flip.row)),
                "edits": [_edit(function, found, edit, here, gone) for edit in flip.edits],
                "turned": flip.turned,
                "relabelled": flip.relabelled,
            }
            for flip in flips
        ],
    }


def _side(side: Side, version: Version) -> dict[str, Any]:
    return {"id": version.id, "number": version.number, "made": side.made}


def _edit(
    function: Function,
    found: Difference,
    edit: Edit,
    here: Mapping[int, Data],
    gone: Mapping[int, Data],
) -> dict[str, Any]:
    removed = edit.kind == "removed"
    roll = (found.older if removed else found.newer).roll
    return {
        "kind": edit.kind,
        "sampleId": sample_id(int(roll.ids[edit.row])),
        "from": label_json(edit.older),
        "to": label_json(edit.newer),
        **_data(function, (gone if removed else here).get(edit.row)),
        "weight": edit.weight,
    }


def _data(function: Function, data: Data | None) -> dict[str, Any]:
    """What a sample holds; nothing for images, which have an address of their own."""
    if data is None or isinstance(data, Picture):
        return {}
    return {"data": shown(function, data)}
