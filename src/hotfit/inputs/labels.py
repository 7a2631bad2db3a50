"""Label names as they are kept: one spelling each, no character that hides or reorders text."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hotfit.errors import Refusal
from hotfit.inputs.columns import Column
from hotfit.inputs.missing import WORDS, is_blank
from hotfit.inputs.numbers import Mark, parse_number
from hotfit.inputs.tags import find_separator, split_tags
from hotfit.types import Label, Output

MAX_LABEL = 200
FREQUENT = 0.02
WORDS_THAT_MEAN = frozenset(("none", "na", "n/a", "missing"))
INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x2060, 0xFEFF, 0xAD))
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class BadLabel(Refusal):
    """A label that could not be shown or told apart."""

    def __init__(self, *, row: int, label: str, why: str) -> None:
        shown = ascii(label[:60])[1:-1]
        super().__init__(
            f"row {row}: the label '{shown}' {why}; correct it, or name another column with"
            " --target"
        )


def clean_name(raw: str) -> str:
    """Return a label in Unicode NFC, inner space collapsed, invisible characters removed."""
    if raw.isascii():
        return " ".join(raw.split())
    return " ".join(unicodedata.normalize("NFC", raw.translate(INVISIBLE)).split())


def fold(name: str) -> str:
    """Return what two spellings of one label share."""
    return unicodedata.normalize("NFC", name.casefold())


def check_name(name: str, *, row: int) -> None:
    """Raise BadLabel for control and direction characters and names that are too long."""
    if len(name) > MAX_LABEL:
        why = f"has {len(name):,} characters; labels have at most {MAX_LABEL}"
        raise BadLabel(row=row, label=name, why=why)
    if not name.isprintable() and any(unicodedata.category(c) in {"Cc", "Cs"} for c in name):
        raise BadLabel(row=row, label=name, why="holds a control character")
    if not name.isascii() and not BIDI.isdisjoint(name):
        raise BadLabel(row=row, label=name, why="holds a character that reorders text")


@dataclass(frozen=True, kw_only=True)
class LabelRules:
    """How cells of the target column are read; learned from a preview, so reading can stream.

    `spellings` maps the folded form of a label to the spelling kept; `real` holds folded words
    such as "none" that usually mean a gap but are labels here.
    """

    output: Output = Output.CLASSIFICATION
    separator: str | None = None
    mark: Mark | None = None
    real: frozenset[str] = frozenset()
    spellings: Mapping[str, str] = field(default_factory=dict)

    def is_missing(self, text: str) -> bool:
        """Tell whether a cell of the target column holds no label."""
        folded = text.strip().casefold()
        return is_blank(text) or (folded in WORDS and folded not in self.real)

    def cut(self, text: str) -> tuple[str, ...]:
        """Return the clean label names in a cell, before one spelling is settled on."""
        if self.output is Output.TAGS:
            return tuple(filter(None, map(clean_name, split_tags(text, self.separator))))
        name = clean_name(text)
        return (name,) if name else ()

    def names_in(self, counts: Iterable[str]) -> list[str]:
        """Return the distinct labels of cells, in one spelling each."""
        kept = [text for text in counts if not self.is_missing(text)]
        if self.output is Output.NUMBER:
            values = (parse_number(text, mark=self.mark) for text in kept)
            return [str(value) for value in dict.fromkeys(v for v in values if v is not None)]
        names = (name for text in kept for name in self.cut(text))
        return list(dict.fromkeys(self.spellings.get(fold(name), name) for name in names))


def learn_rules(column: Column, output: Output) -> tuple[LabelRules, tuple[str, ...]]:
    """Learn separator, spellings and gaps from a column; return the sentences that say so."""
    separator = None
    if output is Output.TAGS:
        separator = find_separator(column.counts, plural=True)
    real = frozenset() if output is Output.NUMBER else _real_words(column)
    rules = LabelRules(output=output, separator=separator, mark=column.mark, real=real)
    notes = [
        f"{word!r} occurs {column_count(column, word):,} times in {column.name!r} and is taken"
        " as a label; empty the cell where none was meant."
        for word in sorted(real)
    ]
    if output is Output.NUMBER:
        return rules, tuple(notes)
    spellings, merged = _settle_spellings(rules, column.counts)
    notes += [_merge_note(kept, others) for kept, others in merged.items()][:10]
    return (
        LabelRules(
            output=output, separator=separator, mark=column.mark, real=real, spellings=spellings
        ),
        tuple(notes),
    )


def column_count(column: Column, word: str) -> int:
    """Return how often a word occurs in a column, whatever its case."""
    return sum(count for text, count in column.counts.items() if text.casefold() == word)


def read_label(rules: LabelRules, text: str, *, row: int) -> tuple[str, ...]:
    """Return the names in a cell, checked; raise BadLabel."""
    names = rules.cut(text)
    for name in names:
        check_name(name, row=row)
    return names


def read_quantity(rules: LabelRules, text: str) -> Label | None:
    """Return the number in a cell; None where it is none."""
    return parse_number(text, mark=rules.mark)


def _real_words(column: Column) -> frozenset[str]:
    """Words that mean a gap elsewhere, but are frequent here.

    "none" is an answer of its own; "NA" and kin only where empty cells show how gaps are written.
    """
    blanks = column.rows > column.filled
    found = set()
    for word in WORDS_THAT_MEAN:
        if word != "none" and not blanks:
            continue
        if column_count(column, word) >= max(2, FREQUENT * column.filled):
            found.add(word)
    return frozenset(found)


def _settle_spellings(
    rules: LabelRules, counts: Mapping[str, int]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the spelling kept for every folded label, and which spellings it replaces."""
    seen: dict[str, Counter[str]] = {}
    for text, count in counts.items():
        if not rules.is_missing(text):
            for name in rules.cut(text):
                seen.setdefault(fold(name), Counter())[name] += count
    kept = {key: max(names, key=lambda n: (names[n], n)) for key, names in seen.items()}
    merged = {
        kept[key]: sorted(name for name in names if name != kept[key])
        for key, names in seen.items()
        if len(names) > 1
    }
    return kept, merged


def _merge_note(kept: str, others: list[str]) -> str:
    listed = ", ".join(map(repr, others[:4]))
    if len(others) == 1:
        return f"Label {listed} is read as {kept!r}: only case or space tells them apart."
    return f"Labels {listed} are read as {kept!r}: only case or space tells them apart."
