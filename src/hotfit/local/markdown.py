"""A difference as Markdown, for whoever reviews the change that made it."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hotfit.local.wording import edited, label_words, moved

SHOWN = 120
"""Letters of a sample that are shown."""

MARK = "<!-- hotfit diff -->"
"""First line of every comment, by which the next run finds the one it replaces."""

_SIGNS = re.compile(r"([\\`*_{}\[\]()+!|~])")


def markdown(found: Mapping[str, Any], *, count: int) -> str:
    """What changed as a heading, sentences, and tables that fold away."""
    return "\n".join([*_lines(found, count), ""])


def _lines(found: Mapping[str, Any], count: int) -> Iterator[str]:
    before, now = found["from"], found["to"]
    yield MARK
    counts = f"+{found['fixed']:,} fixed, -{found['broken']:,} broken"
    yield f"### `{_code(found['function'])}`: {counts}"
    yield ""
    yield (
        f"{plain(before['name'])} → {plain(now['name'])}, {found['compared']:,} samples that "
        f"neither had learned; {found['moved']:,} moved, {found['shifted']:,} surer or less sure."
    )
    yield f"**{plain(found['comparison']['sentence'])}**"
    yield ""
    yield f"- Rows: {edited(found['edits'])}"
    if before["made"] != now["made"]:
        yield f"- Made by: {plain(before['made'])} → {plain(now['made'])}"
    for note in found["notes"]:
        yield f"- {plain(note)}"
    slices = [
        *({"kind": "label", "name": name, **one} for name, one in found["per_label"].items()),
        *found["slices"],
    ]
    yield from _folded("By label and slice", _table(
        ("", "rows", "fixed", "broken"),
        ([f"{plain(one['kind'])} {plain(one['name'])}{' **!**' if one['clear'] else ''}",
          f"{one['n']:,}", str(one["fixed"]), str(one["broken"])] for one in slices[:count]),
    ))  # fmt: skip
    for became in ("broken", "fixed", "moved"):
        flips = [one for one in found["flips"] if one["became"] == became]
        title = f"{became.capitalize()}: {found[became]:,}"
        if found[became] > len(flips[:count]):
            title += f" (the first {len(flips[:count])})"
        rows = [_flip(one) for one in flips[:count]]
        yield from _folded(title, _table(("row", "answer", "sample", "by"), rows))


def _flip(flip: Mapping[str, Any]) -> list[str]:
    by = "; ".join(
        f"{edit['kind']} {plain(edit['place'] or label_words(edit['to']))}"
        for edit in flip["edits"][:3]
    )
    if by and not flip["turned"]:
        by = f"{by} (in part)"
    place = flip["place"] or flip["sample"] or ""
    return [plain(place), plain(moved(flip)), plain(_data(flip["data"])), by]


def _folded(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield f"<details><summary>{title}</summary>"
        yield ""
        yield from lines
        yield ""
        yield "</details>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    body = ["| " + " | ".join(row) + " |" for row in rows]
    if not body:
        return []
    return ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head), *body]


def _data(data: Any) -> str:
    text = data if isinstance(data, str) else "" if data is None else str(data)
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


def plain(text: str) -> str:
    """Text that Markdown shows as it is: data cannot draw links, images, mentions or HTML."""
    told = html.escape(" ".join(text.split()), quote=False).replace("://", ":\u200b//")
    return _SIGNS.sub(r"\\\1", told.replace("@", "@\u200b"))


def _code(text: str) -> str:
    return text.replace("`", "'")
