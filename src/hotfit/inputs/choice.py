"""Choose what goes in: the one column of prose, or the informative columns of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hotfit.errors import Refusal
from hotfit.inputs.columns import Column
from hotfit.inputs.names import TEXT_RANK, plain
from hotfit.inputs.relations import contains, gives_away
from hotfit.types import Cell, Field, Kind

SURE_TEXT = 7
"""Names of this rank and better mean the input even beside other columns."""

VARIED = 0.2
"""A lone column of words with more distinct values per row is read as text."""

WORDS = frozenset((Kind.TEXT, Kind.CATEGORY, Kind.IDENTIFIER))


class NoInput(Refusal):
    """Nothing is left to predict from."""

    def __init__(self, *, source: str, ignored: Sequence["Ignored"]) -> None:
        listed = "; ".join(f"{each.name[:60]!r} {each.reason}" for each in ignored[:6])
        super().__init__(
            f"{source} has no column to predict from ({listed or 'only the target'});"
            " add one, or name one with --input"
        )


class AnswerAsInput(Refusal):
    """One column is asked for as the input and as the answer."""

    def __init__(self, *, source: str, column: str) -> None:
        super().__init__(
            f"{source}: column {column!r} is the answer and cannot be an input too;"
            " name another column with --target or --input"
        )


@dataclass(frozen=True, kw_only=True)
class Ignored:
    """A column left out, and why."""

    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The text column or the fields, and what is left out."""

    text: str | None = None
    fields: tuple[Field, ...] = ()
    id: str | None = None
    ignored: tuple[Ignored, ...] = ()
    notes: tuple[str, ...] = ()


def choose_inputs(
    columns: Sequence[Column],
    cells: Mapping[str, Sequence[Cell]],
    *,
    source: str,
    target: Column | None,
    split: str | None,
    asked: Sequence[str],
) -> Choice:
    """Return the input columns: those `asked` for, else a guess; raise NoInput."""
    answer = target.name if target else None
    free = [column for column in columns if column.name not in {answer, split}]
    identifier = next((c.name for c in free if c.kind is Kind.IDENTIFIER), None)
    if asked:
        if answer is not None and answer in asked:
            raise AnswerAsInput(source=source, column=answer)
        return _as_asked([c for name in asked for c in columns if c.name == name], free, identifier)
    ignored = {c.name: _useless(c) for c in free if c.kind in {Kind.CONSTANT, Kind.IDENTIFIER}}
    left = [column for column in free if column.name not in ignored]
    if not left:
        left = [c for c in free if c.kind is Kind.IDENTIFIER and not c.whole_numbers][:1]
        ignored = {name: why for name, why in ignored.items() if name not in {c.name for c in left}}
    parts = _parts(left, cells)
    leaks = _leaks(left, cells, answer) if answer else {}
    kept = [column for column in left if column.name not in parts and column.name not in leaks]
    if not kept:
        kept, leaks = [column for column in left if column.name not in parts], {}
    ignored |= parts | leaks
    if not kept:
        raise NoInput(source=source, ignored=_reasons(free, ignored))
    text = _prose(kept)
    notes = [_leak_note(name, answer) for name in leaks]
    if text is None:
        fields = tuple(Field(name=c.name, kind=_kind(c)) for c in kept)
        notes += _left_out_note(free, ignored)
        return Choice(
            fields=fields, id=identifier, ignored=_reasons(free, ignored), notes=tuple(notes)
        )
    others = {c.name: f"the text is in {text!r}" for c in kept if c.name != text}
    if others:
        notes.append(
            f"Reading the text in {text!r} alone; --input names other columns,"
            f" such as {next(iter(others))!r}."
        )
    return Choice(
        text=text, id=identifier, ignored=_reasons(free, ignored | others), notes=tuple(notes)
    )


def _as_asked(asked: Sequence[Column], free: Sequence[Column], identifier: str | None) -> Choice:
    names = {column.name for column in asked}
    ignored = tuple(
        Ignored(name=c.name, reason="was not asked for") for c in free if c.name not in names
    )
    if len(asked) == 1 and asked[0].kind in WORDS and not asked[0].whole_numbers:
        return Choice(text=asked[0].name, id=identifier, ignored=ignored)
    fields = tuple(Field(name=c.name, kind=_kind(c)) for c in asked)
    return Choice(fields=fields, id=identifier, ignored=ignored)


def _kind(column: Column) -> Kind:
    """A column asked for by name is used even where its kind teaches nothing."""
    if column.kind is Kind.IDENTIFIER:
        return Kind.NUMBER if column.whole_numbers else Kind.TEXT
    return Kind.CATEGORY if column.kind is Kind.CONSTANT else column.kind


def _useless(column: Column) -> str:
    if column.kind is Kind.IDENTIFIER:
        return "identifies the row"
    return "holds one value only" if column.filled else "is empty"


def _parts(left: Sequence[Column], cells: Mapping[str, Sequence[Cell]]) -> dict[str, str]:
    """Text columns whose text stands in another, longer one."""
    texts = [c for c in left if c.kind is Kind.TEXT]
    texts.sort(key=lambda c: (c.mean_characters, plain(c.name) in TEXT_RANK), reverse=True)
    found: dict[str, str] = {}
    for index, whole in enumerate(texts):
        for part in texts[index + 1 :]:
            if part.name in found or whole.name in found:
                continue
            if contains(cells[whole.name], cells[part.name]):
                found[part.name] = f"is part of {whole.name!r}"
    return found


def _leaks(
    left: Sequence[Column], cells: Mapping[str, Sequence[Cell]], target: str
) -> dict[str, str]:
    few = (c for c in left if c.kind in {Kind.CATEGORY, Kind.BOOLEAN})
    return {
        c.name: f"gives {target!r} away" for c in few if gives_away(cells[c.name], cells[target])
    }


def _prose(kept: Sequence[Column]) -> str | None:
    """Return the column that is the whole input of a Text function; None for a table."""
    texts = [column for column in kept if column.kind is Kind.TEXT]
    worded = [column for column in kept if column.kind in WORDS]
    named = sorted(
        (c for c in worded if plain(c.name) in TEXT_RANK), key=lambda c: TEXT_RANK[plain(c.name)]
    )
    if named and TEXT_RANK[plain(named[0].name)] < SURE_TEXT:
        return named[0].name
    telling = [c for c in kept if c.kind not in {Kind.TEXT, Kind.DATE}]
    if len(texts) == 1 and not telling:
        return texts[0].name
    if not texts and len(kept) == 1 and worded and worded[0].distinct_share > VARIED:
        return worded[0].name
    return None


def _reasons(free: Sequence[Column], reasons: Mapping[str, str]) -> tuple[Ignored, ...]:
    return tuple(Ignored(name=c.name, reason=reasons[c.name]) for c in free if c.name in reasons)


def _leak_note(name: str, target: str | None) -> str:
    return (
        f"Column {name!r} is left out: it gives {target!r} away in nearly every row;"
        " --input names the columns to use if it is known beforehand."
    )


def _left_out_note(free: Sequence[Column], ignored: Mapping[str, str]) -> list[str]:
    plain_reasons = [c.name for c in free if c.name in ignored and "away" not in ignored[c.name]]
    if not plain_reasons:
        return []
    listed = ", ".join(f"{name[:60]!r} ({ignored[name]})" for name in plain_reasons[:6])
    more = f" and {len(plain_reasons) - 6} more" if len(plain_reasons) > 6 else ""
    return [f"Left out: {listed}{more}; --input names the columns to use."]
