"""What callers say about samples, by label name or identifier, as it is kept and given out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from hotfit.errors import Refusal
from hotfit.functions.functions import Function
from hotfit.functions.labels import Label, insert_labels, labels_of
from hotfit.functions.names import clean_name, name_key
from hotfit.store.columns import to_json
from hotfit.store.ids import as_id
from hotfit.store.sessions import Writing
from hotfit.types import Output


class AnnotationRefused(Refusal):
    """An annotation is not what the function can learn from."""

    def __init__(self, *, found: str, expected: str) -> None:
        super().__init__(f"the annotation {found}; expected {expected}.")


@dataclass(frozen=True, kw_only=True)
class Stated:
    """One thing said about a sample: a label by name or identifier, present or absent."""

    name: str | None = None
    label: str | None = None
    present: bool = True


Said = Sequence[Stated] | float
"""One annotation: what is said of labels, or a quantity."""

_EXPECTED = {
    Output.CLASSIFICATION: "one label, as {labelName} or {labelId}",
    Output.TAGS: "a list of {labelName, present}",
    Output.NUMBER: "a number, as {value}",
}


def to_value(session: Writing, function: Function, said: Said, *, implied: bool) -> str:
    """The annotation as it is kept; labels named for the first time are made.

    With `implied`, labels of a Tags function that are not mentioned are said to be absent.
    Call it after the function's next change was taken, so that nobody else makes the same label.
    """
    expected = _EXPECTED.get(function.output, "no annotation at all")
    if isinstance(said, float) is not (function.output is Output.NUMBER):
        raise AnnotationRefused(found="is of another kind", expected=expected)
    if isinstance(said, float):
        return to_json(said)
    if function.output is Output.CLASSIFICATION and len(said) != 1:
        raise AnnotationRefused(found=f"names {len(said)} labels", expected=expected)
    known = labels_of(session, function.id)
    kept = _resolved(session, function, said, known)
    if implied and function.output is Output.TAGS:
        kept |= {label.id: False for label in known if label.id not in kept}
    return to_json([[label, present] for label, present in kept.items()])


def _resolved(
    session: Writing, function: Function, said: Sequence[Stated], known: Sequence[Label]
) -> dict[str, bool]:
    ids = {label.id for label in known}
    by_key = {name_key(label.name): label.id for label in known}
    new: dict[str, str] = {}
    for one in said:
        if one.name is not None and name_key(one.name) not in by_key:
            new.setdefault(name_key(one.name), clean_name("label", one.name))
    made = insert_labels(session, function.id, list(new.values()))
    by_key |= zip(new, (label.id for label in made), strict=True)
    kept: dict[str, bool] = {}
    for one in said:
        label = (
            by_key[name_key(one.name)] if one.name is not None else as_id("label", one.label or "")
        )
        if label is None or (one.name is None and label not in ids):
            raise AnnotationRefused(
                found="names a label that the function does not have",
                expected="the id of one of its labels, or a name",
            )
        if label in kept:
            raise AnnotationRefused(found="names one label twice", expected="each label once")
        kept[label] = one.present
    return kept


def from_value(value: str | None) -> list[tuple[str, bool]] | float | None:
    """A kept annotation: (label id, present) in the order it was said, or a quantity."""
    if value is None:
        return None
    found = json.loads(value)
    return float(found) if isinstance(found, int | float) else [(a, bool(b)) for a, b in found]
