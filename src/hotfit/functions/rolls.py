"""The roll of a version: the samples it was trained on, and what it said of each unseen.

A roll outlives its samples, so versions can be compared, and answers traced to samples, after data
was edited or deleted: with the cached vector of each content the training can be done again. It is
one blob a full training; a version made by an edit names the blob it began from and what differs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert, select

from hotfit.errors import Refusal
from hotfit.functions.functions import Function
from hotfit.functions.labels import labels_at, labels_of
from hotfit.functions.names import name_key
from hotfit.functions.versions import Version
from hotfit.heads.base import Targets
from hotfit.store.artifacts import pack, unpack
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Reading, Writing
from hotfit.store.tables import rolls
from hotfit.types import Groups, Output, Scores, State

LIKELIEST = 5
"""Labels of a sample whose held-out probabilities are kept; the rest share what is left."""

HASH = 32
"""Bytes of a content hash."""


class RollMissing(Refusal):
    """A version does not say what it was trained on."""

    status = 409

    def __init__(self, *, version: Version) -> None:
        super().__init__(
            f"version {version.number} does not say which samples it was trained on: it was "
            "imported, or made by an older hotfit; train the function again and use the version "
            "that makes."
        )


@dataclass(frozen=True, kw_only=True)
class Roll:
    """n samples; `labels` are the k identifiers the targets speak of (empty for Number).

    `held_out` is what a fit without each sample's group says, None where it has to be computed
    again; `judged` are the rows that the score rests on.
    """

    output: Output
    labels: tuple[str, ...]
    ids: NDArray[np.int64]
    hashes: Sequence[bytes]
    targets: Targets
    groups: Groups
    judged: NDArray[np.bool_]
    held_out: Scores | None

    def __len__(self) -> int:
        return len(self.ids)


Edits = Mapping[int, tuple[bytes, str] | None]
"""Samples that differ from a roll: content and label identifier, None where it is gone."""


def label_ids(session: Reading, function: Function, names: Sequence[str], change: int) -> list[str]:
    """The identifiers of labels by the names they had at `change`."""
    known = labels_at(labels_of(session, function.id), change)
    return [known[name_key(name)].id if name_key(name) in known else name for name in names]


def pack_roll(roll: Roll) -> bytes:
    """Write a roll as one blob."""
    arrays: dict[str, NDArray[Any]] = {
        "ids": roll.ids,
        "hashes": np.frombuffer(b"".join(roll.hashes), dtype=np.uint8).reshape(-1, HASH),
        "targets": roll.targets,
        "groups": roll.groups,
        "judged": roll.judged.astype(np.uint8),
    }
    if roll.held_out is not None:
        arrays |= _shortened(roll.output, roll.held_out)
    return pack(State(arrays=arrays, parameters={"output": roll.output, "labels": roll.labels}))


def unpack_roll(content: bytes) -> Roll:
    """Read what `pack_roll` wrote."""
    state = unpack(content)
    arrays, output = state.arrays, Output(state.parameters["output"])
    labels = tuple(state.parameters["labels"])
    return Roll(
        output=output,
        labels=labels,
        ids=arrays["ids"],
        hashes=[row.tobytes() for row in arrays["hashes"]],
        targets=arrays["targets"],
        groups=arrays["groups"],
        judged=arrays["judged"].astype(np.bool_),
        held_out=_lengthened(output, arrays, labels=len(labels)),
    )


def keep_roll(session: Writing, version: str, blob: str, edits: Edits | None = None) -> None:
    """Say what a version was trained on: the roll in `blob`, but for `edits`."""
    told = None
    if edits:
        told = [
            [sample, *((None, None) if one is None else (one[0].hex(), one[1]))]
            for sample, one in edits.items()
        ]
    session.run(insert(rolls).values(version_id=version, blob=blob, edits=told))


def read_roll(session: Reading, blobs: Blobs, version: Version) -> Roll:
    """What a version was trained on; raise RollMissing."""
    row = session.first(select(rolls).where(rolls.c.version_id == version.id))
    if row is None:
        raise RollMissing(version=version)
    roll = unpack_roll(blobs.get(row.blob))
    if not row.edits:
        return roll
    return edited(
        roll,
        {
            int(sample): None if key is None else (bytes.fromhex(key), str(label))
            for sample, key, label in row.edits
        },
    )


def edited(roll: Roll, edits: Edits) -> Roll:
    """A roll of one label a sample after `edits`; samples that are new stand at its end."""
    left = [row for row, sample in enumerate(roll.ids.tolist()) if sample not in edits]
    met = {sample: one for sample, one in edits.items() if one is not None}
    labels = list(dict.fromkeys([*roll.labels, *(label for _, label in met.values())]))
    code = {label: place for place, label in enumerate(labels)}
    group = dict(zip(roll.hashes, roll.groups.tolist(), strict=True))
    first = int(roll.groups.max(initial=-1)) + 1
    new = [group.setdefault(key, first + place) for place, (key, _) in enumerate(met.values())]
    said = [code[label] for _, label in met.values()]
    return replace(
        roll,
        labels=tuple(labels),
        ids=np.concatenate([roll.ids[left], np.array(list(met), dtype=np.int64)]),
        hashes=[*(roll.hashes[row] for row in left), *(key for key, _ in met.values())],
        targets=np.concatenate([roll.targets[left], np.array(said, dtype=np.int64)]),
        groups=np.concatenate([roll.groups[left], np.array(new, dtype=np.int64)]),
        judged=np.ones(len(left) + len(met), dtype=np.bool_),
        held_out=None,
    )


def _shortened(output: Output, scores: Scores) -> dict[str, NDArray[Any]]:
    """Held-out scores as they are kept."""
    if output is not Output.CLASSIFICATION:
        return {"scores": scores.astype(np.float32)}
    top = min(LIKELIEST, scores.shape[1])
    said = np.argsort(-scores, axis=1, kind="stable")[:, :top]
    return {
        "said": said.astype(np.int32),
        "sure": np.take_along_axis(scores, said, axis=1).astype(np.float32),
    }


def _lengthened(
    output: Output, arrays: Mapping[str, NDArray[Any]], *, labels: int
) -> Scores | None:
    if output is not Output.CLASSIFICATION:
        kept = arrays.get("scores")
        return None if kept is None else np.asarray(kept, dtype=np.float64)
    if "said" not in arrays:
        return None
    said, sure = arrays["said"], arrays["sure"].astype(np.float64)
    left = np.maximum(1 - sure.sum(axis=1), 0) / max(labels - said.shape[1], 1)
    # What the rest shares can never be more than the least that is kept.
    scores: Scores = np.repeat(np.minimum(left, sure[:, -1])[:, None], labels, axis=1)
    np.put_along_axis(scores, said, sure, axis=1)
    return scores
