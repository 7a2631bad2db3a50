"""Guess what is asked of a table: what goes in, what comes out, and say every guess.

`plan` reads a preview, tells the kinds of the columns, picks the target, the input and the
output, and returns a Plan that `samples` reads by and that people can read and overrule.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hotfit.errors import Refusal
from hotfit.inputs.choice import Choice, Ignored, choose_inputs
from hotfit.inputs.columns import Column, describe_columns
from hotfit.inputs.images_column import find_image_column, read_alone, with_images
from hotfit.inputs.labels import LabelRules, learn_rules
from hotfit.inputs.output import choose_output
from hotfit.inputs.preview import Preview, take_preview
from hotfit.inputs.source import Source
from hotfit.inputs.splits import find_split, says_validation
from hotfit.inputs.target import choose_target, match_column
from hotfit.inputs.together import beside, refuse_untied
from hotfit.types import Field, Input, Kind, Output

MOST_LABELS = 2_000
"""Labels that one function tells apart: what is kept for each sample grows with their number."""


class HeaderOnly(Refusal):
    """Column names and not one row."""

    def __init__(self, *, name: str) -> None:
        super().__init__(
            f"{name} has a header line and no rows below it; at least two examples were expected"
        )


class NoLabels(Refusal):
    """The target column is empty in every row."""

    def __init__(self, *, name: str, column: str, rows: int) -> None:
        super().__init__(
            f"{name}: none of the {rows:,} rows has a value in the target column {column!r};"
            " label some rows, or name another column with --target"
        )


class OneLabel(Refusal):
    """Every labelled row has the same label, so there is nothing to tell apart."""

    def __init__(self, *, name: str, column: str, label: str, rows: int) -> None:
        super().__init__(
            f"{name}: all {rows:,} labelled rows are {label[:60]!r} in column {column!r};"
            " at least two different labels were expected: add examples of another,"
            " or name another column with --target"
        )


class TooManyLabels(Refusal):
    """The target has more different labels than one function tells apart."""

    def __init__(self, *, name: str, column: str, labels: int, rows: int) -> None:
        super().__init__(
            f"{name}: column {column!r} has {labels:,} different labels in {rows:,} rows; at most"
            f" {MOST_LABELS:,} were expected: merge rare ones, or name another column with"
            " --target, or, if it is a quantity, say --output number"
        )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a source is read as samples.

    `text` is the one column of a Text function, `image` that of an Image one; `fields` are those
    of a Tabular one, else empty; of those in `together`, rows of equal value are tied together.
    `notes` are plain sentences for the user; `columns` says what every column was found to hold.
    """

    input: Input
    output: Output
    target: str | None
    text: str | None
    image: str | None
    fields: tuple[Field, ...]
    split: str | None
    id: str | None
    ignored: tuple[Ignored, ...]
    rules: LabelRules
    columns: tuple[Column, ...]
    notes: tuple[str, ...]
    together: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """Return what was found out about the column called `name`."""
        return next(column for column in self.columns if column.name == name)

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The kind of every column of the source by name."""
        return {column.name: column.kind for column in self.columns}


def plan(
    source: Source,
    *,
    target: str | None = None,
    inputs: Sequence[str] | None = None,
    output: Output | None = None,
    together: Sequence[str] = (),
    trainable: bool = True,
) -> Plan:
    """Guess how to read `source`; arguments overrule the guess.

    Columns in `together` are read beside the `inputs`, to hold out rows of equal value together.
    `trainable=False` accepts what can be read but not learned from: one label, or none.
    Raises HeaderOnly, NoTarget, UnknownColumn, NoInput, NoLabels, OneLabel, CannotTie and others.
    """
    preview = take_preview(source)
    if not preview.numbers:
        raise HeaderOnly(name=source.name)
    columns = describe_columns(preview)
    asked = tuple(match_column(columns, name, source.name, "--input") for name in inputs or ())
    tied = tuple(match_column(columns, name, source.name, "--together") for name in together)
    split = find_split(columns, besides=(target, *asked, *tied))
    image = find_image_column(source, columns, asked, besides=(target, split))
    picked = choose_target(
        columns, source=source.name, target=target,
        asked=(*asked, *tied) if image is None else (image.name,), split=split,
        optional=output is Output.SEARCH or not trainable,
    )  # fmt: skip
    rules, notes = LabelRules(), [*source.notes, *preview.notes]
    found = output or Output.SEARCH
    if picked.column is not None:
        found, said = choose_output(picked.column, output)
        rules, learned = learn_rules(picked.column, found)
        _refuse_unlearnable(source, preview, picked.column, rules, trainable=trainable)
        notes += [*picked.notes, *said, *learned]
    answer = picked.column.name if picked.column else None
    if image is not None:
        choice = read_alone(image, columns, besides=(answer, split))
    else:
        choice = choose_inputs(
            columns, preview.cells, source=source.name, target=picked.column, split=split,
            asked=beside(asked, tied, answer=answer),
        )  # fmt: skip
        choice = with_images(source, columns, choice) if asked else choice
    refuse_untied(choice, tied, source=source.name, answer=answer, split=split)
    made = assemble(
        columns, choice, image=image.name if image else None, target=picked.column, split=split,
        output=found, rules=rules, notes=notes,
    )  # fmt: skip
    return replace(made, together=tied)


def assemble(
    columns: tuple[Column, ...],
    choice: Choice,
    *,
    image: str | None = None,
    target: Column | None,
    split: str | None,
    output: Output,
    rules: LabelRules,
    notes: list[str],
) -> Plan:
    """Put together what was chosen, and say what the split column does."""
    if split is not None:
        notes.append(f"Column {split!r} says which rows are for training and which for testing.")
        if says_validation(next(column for column in columns if column.name == split)):
            notes.append("Rows marked for validation count as training rows.")
    return Plan(
        input=_input(choice, image),
        output=output,
        target=target.name if target else None,
        text=choice.text,
        image=image,
        fields=choice.fields,
        split=split,
        id=choice.id,
        ignored=choice.ignored,
        rules=rules,
        columns=columns,
        notes=tuple(dict.fromkeys([*notes, *choice.notes])),
    )


def _input(choice: Choice, image: str | None) -> Input:
    if image is not None:
        return Input.IMAGE
    return Input.TEXT if choice.text is not None else Input.TABULAR


def _refuse_unlearnable(
    source: Source, preview: Preview, target: Column, rules: LabelRules, *, trainable: bool
) -> None:
    labels = rules.names_in(target.counts)
    if trainable and rules.output is not Output.NUMBER and len(labels) > MOST_LABELS:
        raise TooManyLabels(
            name=source.name, column=target.name, labels=len(labels), rows=preview.rows_read
        )
    if not trainable or not preview.complete:
        return
    if not labels:
        raise NoLabels(name=source.name, column=target.name, rows=preview.rows_read)
    if len(labels) == 1 and preview.rows_read == len(preview.numbers):
        raise OneLabel(name=source.name, column=target.name, label=labels[0], rows=target.filled)
