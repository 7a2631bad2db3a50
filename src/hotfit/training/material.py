"""The samples of a function as training takes them: data and targets side by side."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hotfit.errors import Refusal
from hotfit.evaluation.thresholds import Goal
from hotfit.functions.functions import EXCLUDED, TOGETHER, Function
from hotfit.heads.base import Targets
from hotfit.samples.rows import Rows
from hotfit.types import Cell, Codes, Data, Field, Input, Kind, Label, Output, label_names

MOST = 200_000
"""Samples a training run takes at most; a larger function is trained on an even part of them."""

MOST_SCORES = 20_000_000
"""Samples times labels that a training run takes at most: each pair has a score in memory."""

FEWEST_OF_MANY = 2_000
"""Samples that are trained on however many labels they have."""


class NotTrainable(Refusal):
    """A function's samples cannot teach anything yet."""

    def __init__(self, *, function: str, found: str, expected: str) -> None:
        super().__init__(
            f"{function} cannot be trained: it has {found}, and {expected}; label more samples."
        )


class NothingToTrain(NotTrainable):
    """A function only searches."""

    def __init__(self, *, function: str) -> None:
        Refusal.__init__(
            self, f"{function} only searches, so it is never trained; search it as it is."
        )


FEWEST = 2
"""Annotated samples below which there is nothing to train on."""


@dataclass(frozen=True, kw_only=True)
class Material:
    """n annotated samples; `labels` are the k names the targets speak of.

    `ids` are the samples' identifiers, `change` the last change they contain, `goal` what the
    user wants of tags. Rows of one value of a column in `together` are held out together.
    """

    input: Input
    output: Output
    fields: tuple[Field, ...]
    ids: NDArray[np.int64]
    data: Sequence[Data]
    hashes: Sequence[bytes]
    targets: Targets
    labels: tuple[str, ...]
    change: int
    goal: Goal | None = None
    together: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    def codes(self) -> Codes | None:
        """The label index of each sample, (n,); None for other outputs."""
        return self.targets.astype(np.int64) if self.output is Output.CLASSIFICATION else None

    def quantities(self) -> NDArray[np.float64] | None:
        """The quantity of each sample, (n,); None for other outputs."""
        return self.targets.astype(np.float64) if self.output is Output.NUMBER else None

    def tags(self) -> NDArray[np.int8] | None:
        """1 present, 0 absent, -1 not stated, (n, k); None for other outputs."""
        return self.targets.astype(np.int8) if self.output is Output.TAGS else None

    def answers(self) -> list[Label]:
        """The true answers as names or quantities; of tags, those that are present."""
        if self.output is Output.NUMBER:
            return [float(value) for value in self.targets]
        if self.output is Output.TAGS:
            return [
                tuple(self.labels[label] for label in np.flatnonzero(row == 1))
                for row in self.targets
            ]
        return [self.labels[code] for code in self.targets]

    def part(self, rows: NDArray[np.int64]) -> "Material":
        """The samples at `rows`, and of the labels those that they have."""
        targets, kept = self.targets[rows], np.arange(len(self.labels))
        if self.output is Output.CLASSIFICATION:
            kept, targets = np.unique(targets, return_inverse=True)
        elif self.output is Output.TAGS:
            kept = np.flatnonzero((targets == 1).any(axis=0))
            targets = targets[:, kept]
        return replace(
            self,
            ids=self.ids[rows],
            data=[self.data[row] for row in rows],
            hashes=[self.hashes[row] for row in rows],
            targets=targets,
            labels=tuple(self.labels[label] for label in kept),
        )

    def keys(self) -> list[list[Cell]]:
        """The cells of each column whose equal values are held out together."""
        rows = [row if isinstance(row, Mapping) else {} for row in self.data]
        return [[row.get(name) for row in rows] for name in self.together]

    def columns(self) -> dict[str, list[Cell]] | None:
        """The cells of a table by field, None for other inputs."""
        if self.input is not Input.TABULAR:
            return None
        rows = [row for row in self.data if isinstance(row, Mapping)]
        return {field.name: [row.get(field.name) for row in rows] for field in self.fields}

    def texts(self) -> list[str] | None:
        """What text samples hold, None for other inputs."""
        if self.input is not Input.TEXT:
            return None
        return [one if isinstance(one, str) else "" for one in self.data]

    def without(self, fields: frozenset[str]) -> "Material":
        """The same samples, some fields left unread; all are read where none would be left."""
        kept = tuple(field for field in self.fields if field.name not in fields)
        return replace(self, fields=kept) if kept else self

    def tied(self, column: str) -> "Material":
        """The same samples, those of one value of `column` held out together, and it unread."""
        return replace(self.without(frozenset({column})), together=(*self.together, column))

    def fingerprint(self) -> str:
        """SHA-256 over contents, answers, fields and keys: equal material, equal fingerprint."""
        digest = hashlib.sha256(repr((self.fields, self.labels, *self.together)).encode())
        digest.update(b"".join(self.hashes))
        digest.update(np.ascontiguousarray(self.targets).tobytes())
        return digest.hexdigest()


def gather(function: Function, rows: Rows, *, test: bool = False) -> Material:
    """Select the annotated samples: those of the declared test split, or all others."""
    chosen = [
        row
        for row, (answer, split) in enumerate(zip(rows.answers, rows.splits, strict=True))
        if answer is not None and (split == "test") is test
    ]
    answers = [rows.answers[row] for row in chosen]
    labels = _labels(function.output, rows, answers)
    most = min(MOST, max(FEWEST_OF_MANY, MOST_SCORES // max(1, len(labels))))
    if len(chosen) > most and not test:
        chosen = [chosen[i] for i in np.linspace(0, len(chosen) - 1, most).astype(int)]
        answers = [rows.answers[row] for row in chosen]
        labels = _labels(function.output, rows, answers)
    return Material(
        input=function.input,
        output=function.output,
        fields=_read_fields(function),
        ids=np.array([rows.ids[row] for row in chosen], dtype=np.int64),
        data=[rows.data[row] for row in chosen],
        hashes=[rows.hashes[row] for row in chosen],
        targets=_targets(function.output, answers, [rows.absent[row] for row in chosen], labels),
        labels=labels,
        change=rows.change,
        goal=Goal(**function.plan["goal"]) if function.plan.get("goal") else None,
        together=tuple(function.plan.get(TOGETHER, ())),
    )


def _read_fields(function: Function) -> tuple[Field, ...]:
    """The fields that may teach something and that nobody has left out."""
    left_out = frozenset(function.plan.get(EXCLUDED, ()))
    return tuple(
        field
        for field in function.fields
        if field.kind not in {Kind.IDENTIFIER, Kind.CONSTANT} and field.name not in left_out
    )


def _labels(output: Output, rows: Rows, answers: Sequence[Label | None]) -> tuple[str, ...]:
    """The labels that at least one sample has, in the order of the function."""
    if output is Output.NUMBER:
        return ()
    used: set[str] = set()
    for answer in answers:
        used.update(label_names(answer))
    return tuple(name for name in rows.label_names if name in used)


def _targets(
    output: Output,
    answers: Sequence[Label | None],
    absent: Sequence[tuple[str, ...]],
    labels: tuple[str, ...],
) -> Targets:
    """The answers as heads take them.

    Tags of a sample that names no absent one are a full list: those it does not name are absent.
    Where absent ones are named, those that are neither are not stated.
    """
    if output is Output.NUMBER:
        return np.array(answers, dtype=np.float64)
    code = {name: place for place, name in enumerate(labels)}
    if output is Output.TAGS:
        stated = np.full((len(answers), len(labels)), -1, dtype=np.int8)
        for row, (present, missing) in enumerate(zip(answers, absent, strict=True)):
            known = [code[name] for name in missing if name in code]
            stated[row, known if missing else slice(None)] = 0
            stated[row, [code[name] for name in label_names(present)]] = 1
        return stated
    codes: Codes = np.array([code[str(answer)] for answer in answers], dtype=np.int64)
    return codes


def refuse_untrainable(function: str, material: Material) -> None:
    """Raise NotTrainable where there is nothing to learn, or nothing to learn from."""
    if material.output is Output.SEARCH:
        raise NothingToTrain(function=function)
    if len(material) < FEWEST:
        found = f"{len(material)} sample{'s' * (len(material) != 1)} with an answer"
        raise NotTrainable(function=function, found=found, expected=f"{FEWEST} are the fewest")
    if material.output is Output.CLASSIFICATION and len(material.labels) < 2:
        raise NotTrainable(
            function=function,
            found=f"samples of one label only, {material.labels[0]!r}",
            expected="there is nothing to tell apart below two",
        )
    if material.output is Output.TAGS and not material.labels:
        raise NotTrainable(
            function=function, found="no tag that any sample has", expected="one is the fewest"
        )
    if material.output is Output.NUMBER and np.ptp(material.targets) == 0:
        raise NotTrainable(
            function=function, found="the same quantity everywhere", expected="two are the fewest"
        )
