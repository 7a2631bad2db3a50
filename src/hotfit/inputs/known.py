"""Read a source for a function that exists already: its fields and labels are given, not guessed.

The target, the split and the spelling of labels are still looked for in the source.
"""

from collections.abc import Sequence
from dataclasses import replace

from hotfit.inputs.choice import Choice, choose_inputs
from hotfit.inputs.columns import Column, describe_columns
from hotfit.inputs.images_column import image_column
from hotfit.inputs.labels import LabelRules, fold, learn_rules
from hotfit.inputs.plan import HeaderOnly, Plan, assemble
from hotfit.inputs.preview import take_preview
from hotfit.inputs.source import Source
from hotfit.inputs.splits import find_split
from hotfit.inputs.target import choose_target, match_column
from hotfit.types import Field, Input, Output


def plan_known(
    source: Source,
    *,
    input: Input,
    output: Output,
    text: str | None = None,
    image: str | None = None,
    fields: Sequence[Field] = (),
    target: str | None = None,
    labels: Sequence[str] = (),
) -> Plan:
    """Return the plan that reads `source` for a function with this input and output.

    `text`, `image` or `fields` name its columns, `target` the column it learned from, if the
    source has it; `labels` are its label names, whose spelling is kept. A Text function takes the
    column of prose where none is called `text`, an Image one the column that names images.
    Raises UnknownColumn, NoInput, NoImageColumn, HeaderOnly.
    """
    preview = take_preview(source)
    if not preview.numbers:
        raise HeaderOnly(name=source.name)
    columns = describe_columns(preview)
    wanted = tuple(field.name for field in fields)
    present = {column.name for column in columns}
    split = find_split(columns, besides=(target, text, *wanted))
    if input is Input.IMAGE:
        asked = (image,) if image is not None and image in present else ()
        image = image_column(source, columns, asked, besides=(target, split)).name
    picked = choose_target(
        columns,
        source=source.name,
        target=target if target in present else None,
        asked=(text or image or "", *wanted),
        split=split,
        optional=True,
    ).column
    for name in wanted:
        match_column(columns, name, source.name, "a field of the function")
    choice = Choice(fields=tuple(fields), text=text if text in present else None)
    if input is Input.TEXT and choice.text is None:
        guess = choose_inputs(
            columns, preview.cells, source=source.name, target=picked, split=split, asked=()
        )
        choice = Choice(text=guess.text or match_column(columns, text or "", source.name, "text"))
    rules = _rules(picked, output, labels)
    return assemble(
        columns, choice, image=image, target=picked, split=split, output=output, rules=rules,
        notes=[*source.notes, *preview.notes],
    )  # fmt: skip


def _rules(target: Column | None, output: Output, labels: Sequence[str]) -> LabelRules:
    rules = LabelRules(output=output) if target is None else learn_rules(target, output)[0]
    known = {fold(label): label for label in labels}
    real = rules.real | {fold(label) for label in labels}
    return replace(rules, spellings={**rules.spellings, **known}, real=frozenset(real))
