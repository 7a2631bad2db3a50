"""Read a source by its plan: batches of samples, labels clean, problems counted and named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from hotfit.inputs.columns import text_of
from hotfit.inputs.images_cells import image_cell
from hotfit.inputs.images_loading import Known, NoUsableImage, Pictures, never, shown
from hotfit.inputs.labels import BadLabel, fold, read_label, read_quantity
from hotfit.inputs.missing import is_blank, is_missing
from hotfit.inputs.names import VALIDATION
from hotfit.inputs.numbers import parse_number
from hotfit.inputs.picture import BadPicture
from hotfit.inputs.plan import Plan
from hotfit.inputs.report import Report
from hotfit.inputs.source import Source
from hotfit.inputs.splits import read_split
from hotfit.types import Cell, Data, Input, Kind, Label, Output, Sample, Split

BATCH = 1_000
BATCH_OF_IMAGES = 100
"""Rows that hold images are larger."""

MISFITS = 2
GAPS: dict[Kind, Callable[[Cell], bool]] = {
    Kind.NUMBER: is_missing,
    Kind.DATE: is_missing,
    Kind.BOOLEAN: is_missing,
}


def read_samples(
    source: Source,
    plan: Plan,
    *,
    report: Report | None = None,
    batch: int = BATCH,
    known: Known = never,
    lenient: bool = False,
) -> Iterator[list[Sample]]:
    """Yield the samples of `source` in its order, `batch` at a time; memory stays bounded.

    Rows with nothing in their input are left out and reported, and so are bad images, of which
    those that are `known` to be good are not looked at; rows without a label are kept.
    Raises BadLabel (`lenient` leaves such rows out and reports them), NoUsableImage and what
    reading raises.
    """
    reading = _Reading(plan=plan, source=source, report=report or Report(), lenient=lenient)
    batch = min(batch, BATCH_OF_IMAGES) if reading.images_at else batch
    samples: list[Sample] = []
    for number, cells, data in reading.rows(known):
        sample = reading.sample(number, cells, data)
        if sample is not None:
            samples.append(sample)
        if len(samples) >= batch:
            yield samples
            samples = []
    if samples:
        yield samples


@dataclass(kw_only=True)
class _Reading:
    """One pass over a source: where the columns stand, and the spellings met on the way."""

    plan: Plan
    source: Source
    report: Report
    lenient: bool = False
    spellings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        place = {name: index for index, name in enumerate(self.source.columns)}
        self.text_at = place.get(self.plan.text) if self.plan.text else None
        self.target_at = place.get(self.plan.target) if self.plan.target else None
        self.split_at = place.get(self.plan.split) if self.plan.split else None
        self.id_at = place.get(self.plan.id) if self.plan.id else None
        self.fields = [
            (each.name, place[each.name], GAPS.get(each.kind, is_blank), each.kind is Kind.TEXT)
            for each in self.plan.fields
            if each.name in place
        ]
        self.images_at = {
            place[each.name]: each.name
            for each in self.plan.fields
            if each.kind is Kind.IMAGE and each.name in place
        }
        self.numbers = [
            place[each.name]
            for each in self.plan.fields
            if each.kind is Kind.NUMBER and each.name in place
        ]
        self.spellings = dict(self.plan.rules.spellings)

    def rows(self, known: Known) -> Iterator[tuple[int, list[Cell], Data | None]]:
        """Yield each row with its number and input; raise NoUsableImage where all are bad."""
        rows = self.source.rows(self.report)
        if self.plan.image is None:
            for number, cells in rows:
                yield number, cells, self._data(self._with_images(number, cells))
            return
        assert self.source.pictures is not None
        at = self.source.columns.index(self.plan.image)
        good = 0
        for row in self.source.pictures.load_all(rows, at, self.report, known=known):
            good += 1
            yield row
        if not good:
            raise NoUsableImage(
                name=self.source.name,
                count=self.report.counts["files left out"],
                example=self.report.left_out[0] if self.report.left_out else "is not named",
            )

    def sample(self, number: int, cells: list[Cell], data: Data | None) -> Sample | None:
        """Return the sample of one row; None where its input is empty."""
        self.report.count("rows")
        if data is None:
            self.report.add("nothing in the input, left out", row=number)
            return None
        self._notice_shift(number, cells)
        try:
            label = None if self.target_at is None else self._label(number, cells[self.target_at])
        except BadLabel as fault:
            if not self.lenient:
                raise
            self.report.add("a label that cannot be kept, left out", row=number, what=str(fault))
            return None
        self.report.count("unlabelled" if label is None else "labelled")
        external = None if self.id_at is None else text_of(cells[self.id_at]) or None
        return Sample(
            number=number,
            data=data,
            label=label,
            split=self._split(number, cells),
            external_id=external,
        )

    def _data(self, cells: list[Cell]) -> Data | None:
        if self.plan.input is Input.TEXT:
            text = "" if self.text_at is None else text_of(cells[self.text_at])
            return text or None
        row = {
            name: None if gap(cells[at]) else _value(cells[at], is_text=is_text)
            for name, at, gap, is_text in self.fields
        }
        return row if any(value is not None for value in row.values()) else None

    def _with_images(self, number: int, cells: list[Cell]) -> list[Cell]:
        """The cells, with images in place of their names; a bad one is missing, and reported."""
        if not self.images_at:
            return cells
        pictures = self.source.pictures or Pictures(place=None)
        cells = list(cells)
        for at, name in self.images_at.items():
            try:
                cells[at] = image_cell(pictures, cells[at])
            except BadPicture as fault:
                self.report.add(
                    "images that cannot be used",
                    row=number,
                    what=f"images that cannot be used: {shown(str(cells[at]))} {fault.why};"
                    f" {name!r} is taken as missing",
                )
                cells[at] = None
        return cells

    def _notice_shift(self, number: int, cells: list[Cell]) -> None:
        """Say where words stand in a third of the number columns: such a row is often shifted."""
        odd = [at for at in self.numbers if _holds_word(cells[at])]
        if len(odd) >= MISFITS and 3 * len(odd) >= len(self.numbers):
            found = f"{self.source.columns[odd[0]]!r} holds {text_of(cells[odd[0]])[:40]!r}"
            self.report.add(
                "cells that do not fit their columns",
                row=number,
                what=f"cells that do not fit their columns: {found}; the row may be shifted",
            )

    def _label(self, number: int, cell: Cell) -> Label | None:
        rules, text = self.plan.rules, text_of(cell)
        if rules.is_missing(text):
            return None
        if rules.output is Output.NUMBER:
            value = read_quantity(rules, text)
            if value is None:
                self.report.add(
                    "no number in the target",
                    row=number,
                    what=f"no number in the target: {text[:60]!r}",
                )
            return value
        names = tuple(dict.fromkeys(map(self._spell, read_label(rules, text, row=number))))
        if rules.output is Output.TAGS:
            return names
        return names[0] if names else None

    def _spell(self, name: str) -> str:
        kept = self.spellings.setdefault(fold(name), name)
        if kept != name:
            self.report.count("labels respelled")
            self.report.merged_labels.setdefault(name, kept)
        return kept

    def _split(self, number: int, cells: list[Cell]) -> Split | None:
        if self.split_at is None:
            return None
        text = text_of(cells[self.split_at]).casefold()
        if text in VALIDATION:
            self.report.count("validation rows taken for training")
        part = read_split(text)
        if part is None and text:
            self.report.add(
                "unknown split", row=number, what=f"unknown split: {text[:60]!r}, used for training"
            )
        return part


def _holds_word(cell: Cell) -> bool:
    return (
        isinstance(cell, str)
        and cell[:1].isalpha()
        and not is_missing(cell)
        and parse_number(cell) is None
    )


def _value(cell: Cell, *, is_text: bool) -> Cell:
    return cell.strip() if isinstance(cell, str) and not is_text else cell
