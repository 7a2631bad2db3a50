"""Parts of the data that are answered worse than the rest, in words that a person can check.

A part is what one condition selects: a column holds a value or lies in a fifth of its range, a text
is short or long or holds a word. Of a part with errors x_i among errors of all x,

    z = (mean of the part - mean of the rest) / sqrt(v / n_part + v / n_rest)

with v the variance of all errors, must be beyond what the best of all conditions tried reaches by
chance (Bonferroni), and the part must be answered much worse: so that it is worth a look, not only
different (Chung et al. 2019, Slice Finder). Of parts that overlap, the clearest is kept.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.columns import Column
from hotfit.quality.evidence import Evidence
from hotfit.types import Cell

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

_LEAST_SAMPLES = 200
_LEAST_PART = 20
_MOST_PART = 0.5
_ALARM = 0.01
_TIMES = 1.5
_POINTS = 0.1
_MOST = 5
_VALUES = 20  # of a column, the commonest
_WORDS = 300
_FIFTHS = np.array([0.2, 0.4, 0.6, 0.8])
_OVERLAP = 0.5
_WORD = re.compile(r"[^\W\d_]{3,}")
_FAR = 0.8  # a quantity is answered badly where it is missed by more than so many others are


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one condition selects."""

    about: str
    says: str
    column: str | None
    rows: Mask


class WeakSlice:
    """Finds parts of the data that are answered worse."""

    kind = "weak_slice"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Try one condition after another; the clearest part first."""
        bad = errors(evidence)
        if bad is None or len(bad) < _LEAST_SAMPLES:
            return NotApplicable(kind=self.kind, reason="there are too few held-out answers")
        tried = [part for part in parts(evidence) if _is_part(part.rows)]
        if not tried:
            return NotApplicable(kind=self.kind, reason="there is no condition to select by")
        ranked = sorted(((_clearness(bad, part.rows), part) for part in tried), key=lambda x: -x[0])
        bar = _normal_quantile(1 - _ALARM / len(tried))
        kept: list[Part] = []
        for clear, part in ranked:
            if clear < bar or len(kept) == _MOST:
                break
            if _is_much_worse(bad, part.rows) and not any(_overlap(part, one) for one in kept):
                kept.append(part)
        return tuple(self._finding(part, bad, evidence) for part in kept)

    def _finding(self, part: Part, bad: Floats, evidence: Evidence) -> Finding:
        inside, outside = float(bad[part.rows].mean()), float(bad[~part.rows].mean())
        what = "answered wrongly" if evidence.target is None else "missed widely"
        return Finding(
            kind=self.kind,
            samples=tuple(np.flatnonzero(part.rows & (bad > 0)).tolist()),
            column=part.column,
            about=part.about,
            likely=0.9,
            score=min(1.0, inside),
            severity=Severity.LIKELY,
            evidence=(
                f"where {part.says}, {inside:.0%} of {int(part.rows.sum()):,} samples are {what}, "
                f"elsewhere {outside:.0%}"
            ),
        )


def errors(evidence: Evidence) -> Floats | None:
    """1 where a held-out answer is wrong, or a quantity is missed by more than most are; (n,)."""
    held_out = evidence.held_out
    if held_out is None:
        return None
    if evidence.codes is not None:
        wrong: Floats = (held_out.argmax(axis=1) != evidence.codes).astype(np.float64)
        return wrong
    if evidence.target is not None:
        missed = np.abs(evidence.target - held_out)
        far: Floats = (missed > np.quantile(missed, _FAR)).astype(np.float64)
        return far
    return None


def parts(evidence: Evidence) -> Iterator[Part]:
    """Every condition that is tried."""
    if evidence.columns is not None:
        yield from _of_columns(evidence.columns)
    if evidence.texts is not None:
        yield from _of_texts(evidence.texts)


def _of_columns(columns: Mapping[str, Sequence[Cell]]) -> Iterator[Part]:
    for name, cells in columns.items():
        column = Column.of(name, cells)
        if column.missing:
            says = f"{name!r} is empty"
            yield Part(about=f"{name} empty", says=says, column=name, rows=column.empty)
        if column.numbers is not None and column.different > _VALUES:
            yield from _of_range(column.numbers, name, name)
            continue
        counts = np.bincount(column.codes)
        for code in np.argsort(-counts, kind="stable")[:_VALUES]:
            rows = column.codes == code
            if not (rows & column.empty).any():
                value = cells[int(np.flatnonzero(rows)[0])]
                says = f"{name!r} is {str(value).strip()[:40]!r}"
                yield Part(about=f"{name} = {value}"[:200], says=says, column=name, rows=rows)


def _of_range(numbers: Floats, name: str, column: str | None) -> Iterator[Part]:
    known = np.isfinite(numbers)
    if not known.any():
        return
    edges = np.unique(np.quantile(numbers[known], _FIFTHS))
    place = np.searchsorted(edges, numbers, side="left")
    for fifth in range(len(edges) + 1):
        if fifth == 0:
            says = f"{name!r} is at most {edges[0]:.6g}"
        elif fifth == len(edges):
            says = f"{name!r} is above {edges[-1]:.6g}"
        else:
            says = f"{name!r} is above {edges[fifth - 1]:.6g}, up to {edges[fifth]:.6g}"
        rows = known & (place == fifth)
        yield Part(about=f"{name} fifth {fifth}", says=says, column=column, rows=rows)


def _of_texts(texts: Sequence[str]) -> Iterator[Part]:
    lengths = np.array([len(text.split()) for text in texts], dtype=np.float64)
    yield from _of_range(lengths, "number of words", None)
    holding: dict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(texts):
        for word in set(_WORD.findall(text.casefold())):
            holding[word].append(row)
    for word in sorted(holding, key=lambda word: -len(holding[word]))[:_WORDS]:
        rows = np.zeros(len(texts), dtype=np.bool_)
        rows[holding[word]] = True
        yield Part(about=f"word {word}", says=f"the text holds {word!r}", column=None, rows=rows)


def _is_part(rows: Mask) -> bool:
    return _LEAST_PART <= int(rows.sum()) <= _MOST_PART * len(rows)


def _clearness(bad: Floats, rows: Mask) -> float:
    n = int(rows.sum())
    spread = float(np.sqrt(bad.var() * (1 / n + 1 / (len(bad) - n))))
    return float(bad[rows].mean() - bad[~rows].mean()) / max(spread, 1e-12)


def _is_much_worse(bad: Floats, rows: Mask) -> bool:
    inside, outside = float(bad[rows].mean()), float(bad[~rows].mean())
    return inside >= _TIMES * outside and inside - outside >= _POINTS


def _overlap(one: Part, other: Part) -> bool:
    both = int((one.rows & other.rows).sum())
    return both >= _OVERLAP * min(int(one.rows.sum()), int(other.rows.sum()))


def _normal_quantile(share: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(share))
