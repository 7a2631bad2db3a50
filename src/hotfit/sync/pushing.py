"""What the folder changed written to the server, a batch at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hotfit.client.content import sendable
from hotfit.folders import Row
from hotfit.sync.standing import Standing, short
from hotfit.sync.states import Remote
from hotfit.types import Label, Picture, Sample, label_json

BATCH = 500
"""Rows of one step."""

LETTERS = 4 << 20
"""Letters of a step's data, so that images fit into a body."""

Step = dict[str, list[dict[str, Any]]]


@dataclass(kw_only=True)
class Sent:
    """Counts of what the server did, and what it would not do."""

    added: int = 0
    relabelled: int = 0
    removed: int = 0
    labels: int = 0
    fields: int = 0
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """What one row needs, in one step: a row that holds something else is removed and added."""

    key: str
    remove: Sequence[dict[str, Any]] = ()
    relabel: Sequence[dict[str, Any]] = ()
    add: Sequence[dict[str, Any]] = ()
    size: int = 0


def send(standing: Standing, *, each: Callable[[Sequence[str]], None]) -> Sent:
    """Write what goes out; `each` is told the keys of every batch that the server has kept."""
    rows, sent = standing.there.function.rows, Sent()
    for name, field_ in standing.fields.outgoing.items():
        if field_.folder is not None:
            rows.put_field(name, field_.folder)
            sent.fields += 1
    for key, label in standing.labels.outgoing.items():
        if label.folder is not None:
            rows.describe(standing.names[key], label.folder)
            sent.labels += 1
    for batch in batches(units(standing)):
        done = rows.step(
            remove=[one for unit in batch for one in unit.remove],
            relabel=[one for unit in batch for one in unit.relabel],
            add=[one for unit in batch for one in unit.add],
        )
        _count(sent, done, batch)
        if not any(done["refused"].values()):
            each([unit.key for unit in batch])
    return sent


def forget(standing: Standing, *, used: set[str]) -> Sent:
    """Delete labels and fields that the folder has no more, once no row there has them."""
    rows, sent = standing.there.function.rows, Sent()
    for key, label in standing.labels.outgoing.items():
        if label.folder is None and key not in used:
            rows.forget_label(standing.names[key])
            sent.labels += 1
    for name, field_ in standing.fields.outgoing.items():
        if field_.folder is None:
            rows.forget_field(name)
            sent.fields += 1
    return sent


def units(standing: Standing) -> Iterator[Unit]:
    """What each row needs, in the order of the folder's rows."""
    for key, each in standing.rows.outgoing.items():
        here = standing.here.rows.get(key, ())
        there = standing.server.rows.get(key, ())
        if each.folder is None:
            yield Unit(key=key, remove=[_seen(one) for one in there])
        elif each.server is None:
            yield _adding(key, here)
        elif each.folder.data != each.server.data:
            yield _adding(key, here, remove=[_seen(one) for one in there])
        else:
            label = label_json(answer_of(here))
            yield Unit(key=key, relabel=[_seen(one) | {"label": label} for one in there])


def batches(found: Iterator[Unit]) -> Iterator[list[Unit]]:
    """Units in steps that the server takes."""
    batch: list[Unit] = []
    size = count = 0
    for unit in found:
        more = len(unit.remove) + len(unit.relabel) + len(unit.add)
        if batch and (count + more > BATCH or size + unit.size > LETTERS):
            yield batch
            batch, size, count = [], 0, 0
        batch.append(unit)
        size, count = size + unit.size, count + more
    if batch:
        yield batch


def answer_of(rows: Sequence[Row]) -> Label | None:
    """The answer of rows that hold the same."""
    return next((row.sample.label for row in rows if row.sample.label is not None), None)


def _adding(key: str, rows: Sequence[Row], remove: Sequence[dict[str, Any]] = ()) -> Unit:
    sample = rows[0].sample
    row: dict[str, Any] = {"data": _data(sample), "label": label_json(answer_of(rows))}
    row |= {"split": sample.split, "externalId": sample.external_id}
    size = len(str(row["data"]))
    return Unit(key=key, add=[row], remove=remove, size=size)


def _data(sample: Sample) -> Any:
    if isinstance(sample.data, Picture):
        return sendable(sample.data.read())
    return dict(sample.data) if isinstance(sample.data, Mapping) else sample.data


def _seen(sample: Remote) -> dict[str, Any]:
    return {"id": sample.id, "was": label_json(sample.label)}


def _count(sent: Sent, done: Mapping[str, Any], batch: Sequence[Unit]) -> None:
    sent.added += done["added"]
    sent.relabelled += done["relabelled"]
    sent.removed += done["removed"]
    listed = {
        name: [(unit, one) for unit in batch for one in getattr(unit, name)]
        for name in ("remove", "relabel", "add")
    }
    for name, refused in done["refused"].items():
        for one in refused:
            unit, given = listed[name][one["row"] - 1]
            if name != "add" or "stays" not in one["reason"]:
                what = short(given["data"]) if "data" in given else unit.key
                sent.refused.append(f"{what}: {one['reason']}")
