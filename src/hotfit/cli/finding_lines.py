"""How findings look to people: kind by kind, with what their samples hold."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hotfit.cli.printing import say, shortly
from hotfit.quality.kinds import kind_of

ROWS = 6
"""Rows named of one finding before the rest are counted."""

HELD = 6
"""Samples of one finding whose content is shown, where it differs."""

INDENT = " " * 19

Report = Mapping[str, Any]


def shown_samples(found: Sequence[Report]) -> list[str]:
    """The samples whose content is shown beside these findings."""
    return [sample for each in found for sample in each["samples"][:HELD]]


def print_findings(found: Sequence[Report], *, contents: Mapping[str, Any]) -> None:
    """Print each finding: where, what it says now, what it might be, why, its id, what it is of."""
    for each in found:
        for line in _lines(each, contents):
            say(line)


def print_none(name: str, *, kind: str | None) -> None:
    """Print that nothing was found, or nothing of a kind."""
    what = "Nothing" if kind is None else f"No {kind}"
    say(f"{what} in the data of {name} waits for a look.")


def print_settled(name: str, settled: Sequence[Report]) -> None:
    """Print what became of findings, and how it is taken back."""
    for each in settled:
        done = each["done"] or "nothing in the data was changed"
        if each["status"] == "accepted":
            todo = "" if each["done"] else f" (to do: {_lowered(each['fix']['sentence'])})"
            said = f"accepted, {done}{todo}; back with: hotfit findings {name} --undo {each['id']}"
        elif each["status"] == "dismissed":
            said = f"dismissed for good; back with: hotfit findings {name} --undo {each['id']}"
        else:
            said = "open again, as before"
        say(f"{each['id']} {said}")


def print_finding_summary(summed: Sequence[Report], *, kind: str | None, first: int) -> None:
    """Print how many of the `first` findings of each kind a look confirms, and how many follow."""
    for each in summed:
        if each["open"] and kind in {None, each["kind"]}:
            more = each["open"] - first
            follow = f"; {more:,} more (-n {each['open']})" if more > 0 else ""
            say(f"{each['open']:,} x {each['kind']}: {each['sentence']}{follow}")


def _lines(each: Report, contents: Mapping[str, Any]) -> Iterator[str]:
    rows = ", ".join(map(str, each["rows"][:ROWS]))
    more = len(each["rows"]) - ROWS
    where = (f"row {rows}" + (f" and {more:,} more" if more > 0 else "")) if rows else "-"
    what = each["column"] or each["label"] or ""
    if each["suggested"]:
        what += f" -> {each['suggested']}"
    sure = f" ({100 * each['score']:.0f} % sure)" if kind_of(each["kind"]).counts_from else ""
    state = "" if each["status"] == "open" else f"  ({each['status']})"
    said = f"{each['evidence']}{sure}"
    yield f"{each['kind']:<18} {where:<16} {what:<28} {said}  {each['id']}{state}"
    held = [contents[sample] for sample in each["samples"][:HELD] if sample in contents]
    told = dict.fromkeys(shortly(one) for one in held)
    yield from (f"{INDENT}{line}" for line in told)


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].removesuffix(".")
