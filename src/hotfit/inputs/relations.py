"""What columns say about each other: one contains another, one gives another away."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from hotfit.inputs.columns import text_of
from hotfit.inputs.missing import is_blank
from hotfit.types import Cell

CONTAINED = 0.9
GIVEN_AWAY = 0.995
ENOUGH_ROWS = 50


def contains(whole: Sequence[Cell], part: Sequence[Cell]) -> bool:
    """Tell whether the text of `whole` holds the text of `part` in nearly all rows."""
    filled = found = 0
    for outer, inner in zip(whole, part, strict=True):
        if is_blank(inner):
            continue
        filled += 1
        found += " ".join(text_of(inner).split()) in " ".join(text_of(outer).split())
    return filled > 0 and found >= CONTAINED * filled


def gives_away(column: Sequence[Cell], target: Sequence[Cell]) -> bool:
    """Tell whether a column of few repeated values determines a target that is no constant.

    Values seen once prove nothing and are left aside; what always guessing the commonest answer
    would reach must lie well below what the column reaches.
    """
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (value, answer), count in Counter(zip(column, target, strict=True)).items():
        if not is_blank(value) and not is_blank(answer):
            groups[text_of(value)][text_of(answer)] += count
    repeated = [answers for answers in groups.values() if answers.total() > 1]
    rows = sum(answers.total() for answers in repeated)
    filled = sum(answers.total() for answers in groups.values())
    if rows < ENOUGH_ROWS or rows < 0.9 * filled or len(groups) > filled / 3:
        return False
    totals: Counter[str] = Counter()
    for answers in repeated:
        totals.update(answers)
    base = totals.most_common(1)[0][1] / rows
    reached = sum(answers.most_common(1)[0][1] for answers in repeated) / rows
    return reached >= GIVEN_AWAY and 1 - reached <= 0.05 * (1 - base)
