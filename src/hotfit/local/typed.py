"""A function as a typed Python module: editors and type checkers know its labels and fields.

The module holds no code but a `load` and a `typed` that change nothing at run time, so it can be
read in a review and is equal for equal labels and fields.
"""

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hotfit.folders import Folder
from hotfit.local.function import Function
from hotfit.types import Field, Input, Kind, Output, label_names

CELLS = {Kind.NUMBER: "float | None", Kind.BOOLEAN: "bool | None"}
"""What a cell of a field may be, where it is no text."""

LEFT_OUT = (Kind.IDENTIFIER, Kind.CONSTANT)
"""Kinds of field that no call needs."""

RESERVED = frozenset({"Label", "LabelConfidence", "Prediction", "Row"})


@dataclass(frozen=True, kw_only=True)
class Signature:
    """What a function is given and answers; `labels` are descriptions by label, or empty texts."""

    name: str
    input: Input
    output: Output
    labels: Mapping[str, str]
    fields: tuple[Field, ...] = ()


def signature_of(function: Function) -> Signature:
    """What a trained function is given and answers."""
    labels = () if function.output is Output.NUMBER else function.labels
    return Signature(
        name=function.name,
        input=function.input,
        output=function.output,
        labels=dict.fromkeys(labels, ""),
        fields=function.fields,
    )


def signature_in(folder: Folder) -> Signature:
    """What a folder's function will be given and answer, read from its files without training."""
    spec = folder.spec
    met: dict[str, str] = {}
    if spec.output is not Output.NUMBER:
        met = dict(spec.labels)
        for row in folder.rows:
            met |= {name: "" for name in label_names(row.sample.label) if name not in met}
    return Signature(
        name=folder.name,
        input=spec.input,
        output=spec.output,
        labels=met,
        fields=folder.fields,
    )


def module_of(signature: Signature, *, source: str) -> str:
    """The module; `source` is what its `load` finds the function by unless it is told otherwise."""
    return "\n".join(_lines(signature, source)) + "\n"


def is_current(signature: Signature, file: Path, *, source: str) -> bool:
    """Whether a file holds the module as it would be written now."""
    return file.is_file() and file.read_text(encoding="utf-8") == module_of(
        signature, source=source
    )


def _lines(signature: Signature, source: str) -> Iterator[str]:
    table = signature.input is Input.TABULAR
    number = signature.output is Output.NUMBER
    yield f"# The function {quoted(signature.name)} as types."
    yield "# Written by `hotfit types`: do not edit, write it anew when labels or fields change."
    yield "from collections.abc import Iterable"
    names = ["Protocol", *(() if number else ("Literal",)), *(("TypedDict",) if table else ())]
    yield f"from typing import {', '.join(sorted([*names, 'cast']))}"
    yield ""
    yield "import hotfit"
    yield ""
    if not number:
        yield from _labels(signature.labels)
    yield from _answer(signature.output)
    if table:
        yield from _row(signature.fields)
    given = "Row" if table else "str" if signature.input is Input.TEXT else "object"
    name = class_name(signature.name)
    yield from (
        "",
        f"class {name}(Protocol):",
        f"    def __call__(self, data: {given}, /) -> Prediction: ...",
        f"    def predict(self, data: Iterable[{given}], /) -> list[Prediction]: ...",
        "",
        "",
        f"def typed(function: object) -> {name}:",
        '    """A function from wherever it was found, its labels known to type checkers."""',
        f"    return cast({name}, function)",
        "",
        "",
        f"def load(source: str = {quoted(source)}, *, home: str | None = None) -> {name}:",
        '    """Find the function by its name, or in the file that `hotfit export -o` wrote."""',
        "    return typed(hotfit.load(source, home=home))",
    )


def _labels(labels: Mapping[str, str]) -> Iterator[str]:
    if not labels:
        yield "Label = str"
    else:
        yield "Label = Literal["
        for label, description in labels.items():
            about = _comment(description)
            yield f"    {quoted(label)}," + (f"  # {about}" if about else "")
        yield "]"
    yield from (
        "",
        "",
        "class LabelConfidence(Protocol):",
        "    @property",
        "    def label(self) -> Label: ...",
        "    @property",
        "    def confidence(self) -> float: ...",
        "",
    )


def _answer(output: Output) -> Iterator[str]:
    members = {
        Output.CLASSIFICATION: {
            "label": "Label",
            "confidence": "float",
            "labels": "tuple[LabelConfidence, ...]",
        },
        Output.TAGS: {
            "present": "tuple[LabelConfidence, ...]",
            "labels": "tuple[LabelConfidence, ...]",
        },
        Output.NUMBER: {"value": "float", "low": "float", "high": "float"},
    }
    yield ""
    yield "class Prediction(Protocol):"
    for name, kind in members[output].items():
        yield "    @property"
        yield f"    def {name}(self) -> {kind}: ..."
    yield ""


def _row(fields: tuple[Field, ...]) -> Iterator[str]:
    kept = {
        field.name: CELLS.get(field.kind, "str | None")
        for field in fields
        if field.kind not in LEFT_OUT
    }
    yield ""
    if kept and all(name.isidentifier() and not keyword.iskeyword(name) for name in kept):
        yield "class Row(TypedDict, total=False):"
        yield from (f"    {name}: {kind}" for name, kind in kept.items())
    else:
        yield "Row = TypedDict("
        yield '    "Row",'
        yield "    {"
        yield from (f"        {quoted(name)}: {kind}," for name, kind in kept.items())
        yield "    },"
        yield "    total=False,"
        yield ")"
    yield ""


def class_name(name: str) -> str:
    """A function's name as the name of a class: `sms-spam` is `SmsSpam`."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    made = "".join(word[0].upper() + word[1:] for word in words)
    return made if made.isidentifier() and made not in RESERVED else f"Function{made}"


def quoted(text: str) -> str:
    """A text as Python writes it; what cannot be seen, or turns the line around, is escaped."""
    said = repr(text)
    return f'"{said[1:-1]}"' if said[0] == "'" and '"' not in said else said


def _comment(text: str) -> str:
    """A description on one line, without what an editor would not show."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
