"""One of two versions that are compared: what it learned from, and what it said of that unseen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from hotfit.functions.functions import Function
from hotfit.functions.labels import labels_of
from hotfit.functions.reading import TagReading
from hotfit.functions.representation import OpenEncoder
from hotfit.functions.rolls import Roll, read_roll
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.versions import Version
from hotfit.heads import heads
from hotfit.heads.discriminant import DiscriminantModel, fit_discriminant
from hotfit.samples.labelled import read_data
from hotfit.samples.recalled import recall
from hotfit.serving.explaining import as_answered
from hotfit.store.artifacts import unpack
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Store
from hotfit.types import Data, Features, Label, Output, Scores

Contents = Callable[[Sequence[int]], Mapping[int, Data]]
"""Reads what the samples in these rows of a roll hold; those that are gone are left out."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """A trained function with its roll; `labels` are the names of the roll's columns.

    `name` is what it is called in sentences, `made` says by what. `held_out` (n, k) is what it
    says of each sample of the roll without having learned it, `contents` reads them.
    """

    name: str
    made: str
    labels: tuple[str, ...]
    roll: Roll = field(repr=False)
    held_out: Scores = field(repr=False)
    trained: TrainedFunction = field(repr=False)
    contents: Contents = field(repr=False)
    version: Version | None = None

    @property
    def output(self) -> Output:
        """What it answers."""
        return self.trained.output

    @property
    def thresholds(self) -> Scores | None:
        """From which score on each tag is present; None for other outputs."""
        reading = self.trained.reading
        return reading.thresholds if isinstance(reading, TagReading) else None

    def truth(self, row: int) -> Label:
        """What a sample of the roll was annotated with."""
        target = self.roll.targets[row]
        if self.output is Output.NUMBER:
            return float(target)
        if self.output is Output.TAGS:
            return tuple(self.labels[tag] for tag in np.flatnonzero(target == 1))
        return self.labels[int(target)]


def open_side(
    store: Store,
    blobs: Blobs,
    open_encoder: OpenEncoder,
    function: Function,
    version: Version,
    *,
    name: str | None = None,
) -> Side:
    """Read a version with what it learned from; raise RollMissing."""
    state = unpack(blobs.get(version.artifact))
    trained = TrainedFunction.load(state, open_encoder=open_encoder)
    with store.read() as session:
        roll = read_roll(session, blobs, version)
        known = {label.id: label.name for label in labels_of(session, function.id)}
        if roll.held_out is None:
            roll = as_answered(session, function, version, trained, roll)
    if roll.held_out is None:
        roll = _answered_again(store, blobs, trained, roll)
    assert roll.held_out is not None
    return Side(
        name=name or f"version {version.number}",
        made=f"{' + '.join(version.encoders)}, {version.head}",
        labels=_names(roll.labels, known, trained.labels),
        roll=roll,
        held_out=roll.held_out,
        trained=trained,
        contents=partial(_contents, store, blobs, roll),
        version=version,
    )


def _contents(store: Store, blobs: Blobs, roll: Roll, rows: Sequence[int]) -> dict[int, Data]:
    samples = [int(roll.ids[row]) for row in rows]
    with store.read() as session:
        found = read_data(session, samples, blobs=blobs)
    return {
        row: found[sample] for row, sample in zip(rows, samples, strict=True) if sample in found
    }


def _names(
    ids: Sequence[str], known: Mapping[str, str], answered: Sequence[str]
) -> tuple[str, ...]:
    """Labels by the name they have now; those that are gone by the one the version says."""
    return tuple(
        known.get(one, answered[place] if place < len(answered) else one)
        for place, one in enumerate(ids)
    )


def _answered_again(store: Store, blobs: Blobs, trained: TrainedFunction, roll: Roll) -> Roll:
    """A roll of samples that can still be had, with what is said of each without it."""
    recalled = recall(store, blobs, trained.representation, roll)
    rows = recalled.rows
    roll = replace(
        roll,
        ids=roll.ids[rows],
        hashes=[roll.hashes[row] for row in rows.tolist()],
        targets=roll.targets[rows],
        groups=roll.groups[rows],
        judged=roll.judged[rows],
    )
    return replace(roll, held_out=_held_out(trained, recalled.features, roll))


def _held_out(trained: TrainedFunction, features: Features, roll: Roll) -> Scores:
    labels, model = len(trained.labels), trained.model
    if isinstance(model, DiscriminantModel) and model.choice is not None:
        codes = roll.targets.astype(np.int64)
        made, _ = fit_discriminant(features.values, codes, labels, roll.groups, choice=model.choice)
    else:
        made = heads.get(model.head).fit(features, roll.targets, labels=labels, groups=roll.groups)
    return made.held_out
