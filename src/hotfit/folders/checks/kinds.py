"""How each kind of test is written, and the checks that it makes."""

from collections.abc import Callable, Mapping
from typing import Any

from hotfit.behaviour.base import Check, shortly
from hotfit.behaviour.deciding import ALARM
from hotfit.behaviour.direction import BY, Direction
from hotfit.behaviour.invariance import ROWS, Invariance
from hotfit.behaviour.must import Must
from hotfit.behaviour.no_worse import BY as LOSS
from hotfit.behaviour.no_worse import NoWorse
from hotfit.behaviour.variants import known_for
from hotfit.folders.checks.entry import Entry
from hotfit.folders.checks.floors import floor
from hotfit.folders.checks.given import Given
from hotfit.types import Cell, Data, Input, Label, Output

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
            name=entry.named(_expectation(each, label, low, high), of=len(inputs), at=at),
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
            name=entry.named(f"answers stay with {change}", of=len(changes), at=change),
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


def direction(entry: Entry, given: Given) -> list[Check]:
    """One check of a confidence, or of a quantity, that may not go one way."""
    entry.refuse_unknown((
        "name", "label", "add", "set", "may_not", "by", "input", "inputs", "rows", "at_most",
        "alarm",
    ))  # fmt: skip
    label, way = given.label(entry), entry.text("may_not") or "fall"
    if (label is None) != (given.output is Output.NUMBER):
        said = "has no label" if label is None else "has a label"
        expected = 'write label = "..."' if label is None else "a quantity has none"
        raise entry.bad("label", found=f"[[direction]] {said}", expected=expected)
    if way not in {"fall", "rise"}:
        raise entry.bad("may_not", found=f"may_not is {way!r}", expected="fall or rise")
    add, put = _added(entry, given)
    inputs = given.inputs(entry)
    what = f"confidence of {label!r}" if label else "the quantity"
    shown = repr(add) if add else ", ".join(f"{name} = {cell}" for name, cell in put.items())
    return [
        Direction(
            name=entry.named(f"{what} may not {way} with {shown}"),
            place=entry.place,
            label=label,
            add=add,
            put=put,
            may_not="fall" if way == "fall" else "rise",
            by=BY if (by := entry.number("by")) is None else by,
            inputs=inputs,
            rows=entry.whole("rows") or ROWS,
            at_most=_at_most(entry, inputs),
            alarm=entry.share("alarm") or ALARM,
        )
    ]


def no_worse(entry: Entry, given: Given) -> list[Check]:
    """One check against an earlier version."""
    entry.refuse_unknown(("name", "than", "by", "alarm"))
    if given.output is Output.NUMBER:
        raise entry.bad(
            None,
            found="[[no_worse]] is asked of a quantity, which is never simply right",
            expected="a function that answers labels",
        )
    than = entry.text("than") or "lock"
    return [
        NoWorse(
            name=entry.named(f"no worse than {than}"),
            place=entry.place,
            than=than,
            by=entry.share("by") or LOSS,
            alarm=entry.share("alarm") or ALARM,
        )
    ]


KINDS: Mapping[str, Callable[[Entry, Given], list[Check]]] = {
    "must": must,
    "invariance": invariance,
    "direction": direction,
    "floor": floor,
    "no_worse": no_worse,
}


def _added(entry: Entry, given: Given) -> tuple[str | None, Mapping[str, Cell]]:
    """What is added to a text, or put into a row; raise BadToml."""
    wanted = {Input.TEXT: "add", Input.TABULAR: "set"}.get(given.input)
    if wanted is None:
        expected = "functions of texts and of tables"
        raise entry.bad(None, found="nothing can be added to an image", expected=expected)
    if entry.one_of(("add", "set")) != wanted:
        expected = 'add = "..."' if wanted == "add" else "set = { column = value }"
        raise entry.bad(None, found=f"the function is given {given.input.value}", expected=expected)
    if wanted == "add":
        return entry.text("add"), {}
    put = entry.values["set"]
    if not isinstance(put, dict) or not put:
        expected = "write set = { column = value }"
        raise entry.bad("set", found=f"set is {put!r}", expected=expected)
    return None, given.row(entry, "set", put)


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
