"""How each kind of test is written, and the checks that it makes."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from hotfit.behaviour.base import Check, shortly
from hotfit.behaviour.deciding import ALARM
from hotfit.behaviour.floors import Budget, Floor, Measure
from hotfit.behaviour.invariance import ROWS, Invariance
from hotfit.behaviour.must import Must
from hotfit.behaviour.slices import Slice
from hotfit.behaviour.variants import known_for
from hotfit.folders.checks.entry import Entry
from hotfit.folders.checks.given import Given
from hotfit.types import Data, Label, Output

MEASURES: Mapping[str, Measure] = {
    "accuracy": "accuracy",
    "recall": "recall",
    "precision": "precision",
}
WHERE = (
    "field", "equals", "contains", "matches", "min", "max", "min_words", "max_words", "file",
    "label",
)  # fmt: skip
MAY_CHANGE = 0.05
"""The share of rows of the data whose answer may change, where a test states none."""


def must(entry: Entry, given: Given) -> list[Check]:
    """One check an input."""
    entry.refuse_unknown(
        ("name", "input", "inputs", "label", "labels", "low", "high", "min_confidence")
    )
    inputs = given.inputs(entry)
    if not inputs:
        expected = "the inputs that must be answered so"
        raise entry.bad(None, found="[[must]] has no inputs", expected=expected)
    sure = entry.share("min_confidence") or 0.0
    low, high, label = None, None, None
    if given.output is Output.NUMBER:
        entry.refuse_unknown(("name", "input", "inputs", "low", "high"))
        low, high = entry.number("low"), entry.number("high")
        if low is None and high is None:
            expected = "a quantity must be at least low, at most high, or both"
            raise entry.bad(None, found="[[must]] has no low and no high", expected=expected)
    else:
        label = _wanted(entry, given)
    return [
        Must(
            name=_name(entry, _expectation(each, label, low, high), of=len(inputs), at=at),
            place=entry.place,
            data=each,
            label=label,
            low=low,
            high=high,
            sure=sure,
        )
        for at, each in enumerate(inputs, 1)
    ]


def invariance(entry: Entry, given: Given) -> list[Check]:
    """One check a change."""
    entry.refuse_unknown(
        ("name", "change", "input", "inputs", "rows", "fields", "at_most", "alarm")
    )
    known = known_for(given.input)
    changes = entry.texts("change")
    for change in changes:
        if change not in known:
            raise entry.bad(
                "change", found=f"change is {change!r}", expected=f"one of {', '.join(known)}"
            )
    if not changes:
        expected = f'write change = ["{known[0]}"]; there are {", ".join(known)}'
        raise entry.bad(None, found="[[invariance]] has no change", expected=expected)
    inputs = given.inputs(entry)
    return [
        Invariance(
            name=_name(entry, f"answers stay with {change}", of=len(changes), at=change),
            place=entry.place,
            change=change,
            inputs=inputs,
            rows=entry.whole("rows") or ROWS,
            fields=_fields(entry, given),
            at_most=_at_most(entry, inputs),
            alarm=entry.share("alarm") or ALARM,
        )
        for change in changes
    ]


def floor(entry: Entry, given: Given) -> list[Check]:
    """One check of a share, a time or a size."""
    entry.refuse_unknown(("name", *MEASURES, "label", "where", "alarm", "max_latency_ms", "max_mb"))
    key = entry.one_of((*MEASURES, "max_latency_ms", "max_mb"))
    if key not in MEASURES:
        entry.refuse_unknown(("name", key))
        value = entry.positive(key)
        unit = "ms a call" if key == "max_latency_ms" else "MB"
        return [
            Budget(
                name=_name(entry, f"at most {value:g} {unit}"),
                place=entry.place,
                max_latency_ms=value if key == "max_latency_ms" else None,
                max_mb=value if key == "max_mb" else None,
            )
        ]
    return [_share(entry, given, MEASURES[key])]


KINDS: Mapping[str, Callable[[Entry, Given], list[Check]]] = {
    "must": must,
    "invariance": invariance,
    "floor": floor,
}


def _share(entry: Entry, given: Given, measure: Measure) -> Floor:
    if given.output is Output.NUMBER:
        raise entry.bad(
            measure,
            found=f"{measure} is asked of a quantity, which is never simply right",
            expected="max_latency_ms, max_mb, or [[must]] with low and high",
        )
    value, label = entry.share(measure), given.label(entry)
    assert value is not None
    if (label is None) != (measure == "accuracy"):
        said = "has a label" if measure == "accuracy" else "has no label"
        expected = "recall or precision" if measure == "accuracy" else 'write label = "..."'
        raise entry.bad("label", found=f"{measure} {said}", expected=expected)
    part = _slice(entry, given)
    of = f" of {label!r}" if label else ""
    rows = f", {part.sentence()}" if part else ""
    return Floor(
        name=_name(entry, f"{measure}{of} at least {100 * value:g} %{rows}"),
        place=entry.place,
        measure=measure,
        floor=value,
        label=label,
        slice=part,
        alarm=entry.share("alarm") or ALARM,
    )


def _slice(entry: Entry, given: Given) -> Slice | None:
    """What `where` says; raise BadToml."""
    said = entry.values.get("where")
    if said is None:
        return None
    inner = Entry(document=entry.document, kind=entry.kind, at=entry.at, values=said)
    if not isinstance(said, dict) or not said or set(said) - set(WHERE):
        unknown = sorted(set(said) - set(WHERE)) if isinstance(said, dict) else []
        found = f"where has {', '.join(map(repr, unknown))}" if unknown else f"where is {said!r}"
        raise entry.bad("where", found=found, expected=f"some of {', '.join(WHERE)}")
    field, matches = inner.text("field"), inner.text("matches")
    if given.fields and field not in given.fields and not set(said) <= {"file", "label"}:
        expected = f"one of {', '.join(given.fields)}"
        raise entry.bad("where", found=f"where has the field {field!r}", expected=expected)
    if matches is not None:
        try:
            re.compile(matches)
        except re.error as error:
            expected = "a regular expression of Python was expected"
            raise entry.bad(
                "where", found=f"matches is {matches!r} ({error})", expected=expected
            ) from error
    return Slice(
        field=field,
        equals=said.get("equals"),
        contains=inner.text("contains"),
        matches=matches,
        low=inner.number("min"),
        high=inner.number("max"),
        min_words=inner.whole("min_words"),
        max_words=inner.whole("max_words"),
        file=inner.text("file"),
        label=given.label(inner),
    )


def _wanted(entry: Entry, given: Given) -> Label:
    """The label, or exactly the tags, that are expected; raise BadToml."""
    key = entry.one_of(("label", "labels"))
    if key == "label":
        label = given.label(entry)
        assert label is not None
        return label
    labels = entry.texts("labels")
    if given.output is not Output.TAGS:
        expected = "one label is answered: write label"
        raise entry.bad("labels", found="labels are given", expected=expected)
    for each in labels:
        given.known(entry, "labels", each)
    return labels


def _fields(entry: Entry, given: Given) -> tuple[str, ...]:
    """The text fields that are changed: all where none are named; raise BadToml."""
    named = entry.texts("fields")
    for each in named:
        if each not in given.fields:
            expected = f"some of {', '.join(given.fields) or 'none: this is no table'}"
            raise entry.bad("fields", found=f"fields has {each!r}", expected=expected)
    if given.fields and not (named or given.texts):
        expected = 'fields = ["..."] with columns that hold texts'
        raise entry.bad(None, found="no column is known to hold text", expected=expected)
    return named or given.texts


def _at_most(entry: Entry, inputs: tuple[Data, ...]) -> float:
    if entry.values.get("at_most") == 0:
        return 0.0
    said = entry.share("at_most")
    if said is not None:
        return said
    return 0.0 if inputs else MAY_CHANGE


def _expectation(data: Data, label: Any, low: float | None, high: float | None) -> str:
    if label is None:
        bounds = [f">= {low:g}" if low is not None else "", f"<= {high:g}" if high else ""]
        return f"{' and '.join(filter(None, bounds))}: {shortly(data)}"
    return f"{', '.join(label) if isinstance(label, tuple) else label}: {shortly(data)}"


def _name(entry: Entry, made: str, *, of: int = 1, at: object = "") -> str:
    named = entry.text("name")
    if named is None:
        return made
    return named if of == 1 else f"{named} ({at})"
