"""How floors are written: of a share of rows or of some of them, of a time, of a size."""

import re
from collections.abc import Mapping

from hotfit.behaviour.base import Check
from hotfit.behaviour.deciding import ALARM
from hotfit.behaviour.floors import Budget, Floor, Measure
from hotfit.behaviour.slices import Slice
from hotfit.folders.checks.entry import Entry
from hotfit.folders.checks.given import Given
from hotfit.types import Output

MEASURES: Mapping[str, Measure] = {
    "accuracy": "accuracy",
    "recall": "recall",
    "precision": "precision",
}
WHERE = (
    "field", "equals", "contains", "matches", "min", "max", "min_words", "max_words", "file",
    "label",
)  # fmt: skip


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
                name=entry.named(f"at most {value:g} {unit}"),
                place=entry.place,
                max_latency_ms=value if key == "max_latency_ms" else None,
                max_mb=value if key == "max_mb" else None,
            )
        ]
    return [_share(entry, given, MEASURES[key])]


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
        name=entry.named(f"{measure}{of} at least {100 * value:g} %{rows}"),
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
