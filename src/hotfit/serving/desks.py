"""What to label next in a function's samples: a desk per function, kept up to date by its answers.

Belongs to the thread of searches. A desk learns an answer when it is next asked, by one low-rank
update; it is set up afresh where samples or labels came or went.
"""

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hotfit.encoders.base import Encoder
from hotfit.functions.functions import Function
from hotfit.functions.labels import Label
from hotfit.heads.tag_ridge import TagRidge
from hotfit.labeling.desk import APART, UNKNOWN, Desk
from hotfit.labeling.names import tell_apart
from hotfit.serving.gallery import Gallery
from hotfit.serving.zero_shot import spoken
from hotfit.similarity.search import unit
from hotfit.types import Codes, Features, Input, Output, Scores, Vectors

RESIDENT = 8
"""Desks kept in memory at most."""

GROWN = 1.05
"""Times as many answers as at the last fit at which tags are learned anew."""


@dataclass(kw_only=True)
class _Kept:
    """A desk, and what it was set up from."""

    desk: Desk
    gallery: Gallery
    labels: tuple[tuple[str, str, str | None], ...]
    learned: int
    codes: dict[str, int] = field(default_factory=dict)


class Desks:
    """The desks of one process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def desk(
        self, function: Function, labels: Sequence[Label], gallery: Gallery, encoder: Encoder
    ) -> Desk:
        """The desk of a function, which has learned every answer in `gallery`."""
        stated = tuple((one.id, one.name, one.description) for one in labels)
        kept = self._kept.get(function.id)
        if kept is None or not _follows(kept, gallery, stated, function.output):
            kept = _set_up(function, labels, gallery, encoder, stated)
            self._kept[function.id] = kept
        elif kept.gallery is not gallery:
            _learn(kept, gallery, function.output)
        self._kept.move_to_end(function.id)
        while len(self._kept) > RESIDENT:
            self._kept.popitem(last=False)
        return kept.desk


def _follows(
    kept: _Kept, gallery: Gallery, labels: tuple[tuple[str, str, str | None], ...], output: Output
) -> bool:
    """Whether only answers have changed since the desk was set up."""
    same = kept.gallery.ids is gallery.ids and kept.gallery.apart is gallery.apart
    if output is Output.TAGS and kept.desk.known > GROWN * kept.learned:
        return False
    return same and kept.labels == labels


def _learn(kept: _Kept, gallery: Gallery, output: Output) -> None:
    for row, (old, new) in enumerate(zip(kept.gallery.answers, gallery.answers, strict=True)):
        if old is not new and old != new:
            kept.desk.answer(row, _code(new, kept.codes, output))
    kept.gallery = gallery


def _set_up(
    function: Function,
    labels: Sequence[Label],
    gallery: Gallery,
    encoder: Encoder,
    stated: tuple[tuple[str, str, str | None], ...],
) -> _Kept:
    places = {label.id: code for code, label in enumerate(labels)}
    known: dict[str | None, int] = {
        value: _code(value, places, function.output) for value in set(gallery.answers)
    }
    codes: Codes = np.array([known[value] for value in gallery.answers], dtype=np.int64)
    codes[gallery.apart] = APART
    classes = function.output is Output.CLASSIFICATION
    named = classes and function.input is Input.TEXT and tell_apart([one.name for one in labels])
    desk = Desk(
        gallery.vectors,
        codes,
        [label.name for label in labels] if function.output is not Output.NUMBER else [],
        names=unit(encoder.encode([spoken(label) for label in labels])) if named else None,
        outside=_tags(labels, gallery, codes) if function.output is Output.TAGS else None,
    )
    return _Kept(desk=desk, gallery=gallery, labels=stated, learned=desk.known, codes=places)


def _code(value: str | None, places: dict[str, int], output: Output) -> int:
    """The code of an annotation; of tags and quantities, 0 where there is one."""
    if value is None:
        return UNKNOWN
    if output is not Output.CLASSIFICATION:
        return 0
    said = json.loads(value)
    return next((places[label] for label, there in said if there and label in places), UNKNOWN)


def _tags(labels: Sequence[Label], gallery: Gallery, codes: Codes) -> Scores | None:
    """What the tagged samples say of all, (n, k); None where too few are tagged."""
    rows = np.flatnonzero(codes >= 0)
    if len(rows) < 2 or not labels:
        return None
    truth = _stated(labels, gallery, rows)
    present = np.flatnonzero((truth == 1).any(axis=0))
    if not len(present):
        return None
    vectors: Vectors = gallery.vectors
    trained = TagRidge().fit(
        Features(values=vectors[rows]), truth[:, present], labels=len(present), groups=rows
    )
    scores = np.zeros((len(codes), len(labels)))
    scores[:, present] = trained.model.predict(Features(values=vectors))
    return scores


def _stated(labels: Sequence[Label], gallery: Gallery, rows: NDArray[np.int64]) -> NDArray[np.int8]:
    """1 for the tags of each row that are said to be present, else 0."""
    places = {label.id: code for code, label in enumerate(labels)}
    truth = np.zeros((len(rows), len(labels)), dtype=np.int8)
    for place, row in enumerate(rows):
        for label, there in json.loads(gallery.answers[row] or "[]"):
            if there and label in places:
                truth[place, places[label]] = 1
    return truth
