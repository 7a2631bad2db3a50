"""A difference as JSON: what `hotfit diff --json` prints."""

from collections.abc import Mapping, Sequence
from typing import Any

from hotfit.local.comparing import Compared
from hotfit.samples.ids import sample_id
from hotfit.serving.comparing import Difference, Flip
from hotfit.serving.edits import Edit
from hotfit.serving.telling import sentence, slice_told, tested_told
from hotfit.types import Data, Picture, label_json


def told(compared: Compared, *, count: int | None = None) -> dict[str, Any]:
    """A difference as JSON; at most `count` changed answers and as many edits."""
    found = compared.difference
    flips, edits = found.flips[:count], found.edits[:count]
    page = _Page(compared, flips, edits)
    return {
        "function": compared.function,
        "from": {"name": found.older.name, "made": found.older.made},
        "to": {"name": found.newer.name, "made": found.newer.made},
        "compared": found.compared,
        "left_out": found.left_out,
        **found.counts,
        "sentence": sentence(found),
        "comparison": tested_told(found),
        "per_label": {one.name: slice_told(one) for one in found.slices if one.kind == "label"},
        "slices": [
            {"kind": one.kind, "name": one.name, **slice_told(one)}
            for one in found.slices
            if one.kind != "label"
        ],
        "flips": [page.flip(one) for one in flips],
        "edits": {**found.edited(), "rows": [page.edit(one) for one in edits]},
        "notes": list(compared.notes),
    }


class _Page:
    """The flips and edits that are shown, with what their samples hold."""

    def __init__(self, compared: Compared, flips: Sequence[Flip], edits: Sequence[Edit]) -> None:
        self._compared = compared
        self._held: Mapping[bool, Mapping[int, Data]] = {}
        if compared.where is None:
            shown = [*edits, *(edit for flip in flips for edit in flip.edits)]
            gone = [edit.row for edit in shown if edit.kind == "removed"]
            there = [edit.row for edit in shown if edit.kind != "removed"]
            found: Difference = compared.difference
            self._held = {
                True: found.older.contents(gone),
                False: found.newer.contents([*there, *(flip.row for flip in flips)]),
            }

    def flip(self, one: Flip) -> dict[str, Any]:
        sure = one.confidences
        return {
            **self._stands(one.hash, one.row),
            "sample": None if self._compared.where else sample_id(one.sample),
            "became": one.became,
            "from": label_json(one.older),
            "to": label_json(one.newer),
            "truth": label_json(one.truth),
            "confidence": None if sure is None else {"from": sure[0], "to": sure[1]},
            "edits": [{**self.edit(each), "weight": each.weight} for each in one.edits],
            "turned": one.turned,
            "relabelled": one.relabelled,
        }

    def edit(self, one: Edit) -> dict[str, Any]:
        return {
            **self._stands(one.hash, one.row, gone=one.kind == "removed"),
            "kind": one.kind,
            "from": label_json(one.older),
            "to": label_json(one.newer),
        }

    def _stands(self, key: bytes, row: int, *, gone: bool = False) -> dict[str, Any]:
        """Where a sample stands, and what it holds."""
        if self._compared.where is not None:
            place, data = self._compared.where(key) or (None, None)
        else:
            place, data = None, self._held[gone].get(row)
        return {"place": place, "data": None if data is None else _shown(data)}


def _shown(data: Data) -> Any:
    """A sample as JSON; an image by the SHA-256 of its file."""
    if isinstance(data, Picture):
        return data.sha256
    return data if isinstance(data, str) else dict(data)
