"""Whether a share holds a floor: pass, fail, or how many samples more would decide.

Of n independent samples k are right; X ~ Binomial(n, f) is how many a function exactly at the
floor f gets right. The mid-p values (Lancaster 1961) are
    below = P(X < k) + P(X = k) / 2        above = P(X > k) + P(X = k) / 2
`below` <= alarm fails, `above` <= alarm passes, else nobody can tell. A count has steps, so no
cut-off meets a rate exactly: `stated` is the exact chance P(X <= c) of a function at the floor to
fail at the cut-off c used, and that is what is told beside the rate that was asked for. Strictly
exact tests would never exceed the asked rate, and for it give away up to all of their power at
small n; on average over n, mid-p keeps the asked rate. docs/decisions/deciding-tests.md measures.

How many more: the least n' > n at which the share seen would decide, with counts as real numbers
(the regularised incomplete beta function continues the sums above).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

Outcome = Literal["pass", "fail", "cannot_tell"]

ALARM = 0.05
"""The false-alarm rate where a check states none."""

MOST = 1_000_000
"""Samples beyond which nobody counts: the share is at the floor."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """`hits` of `n` samples against a floor, decided at the false-alarm rate `alarm`.

    `stated` is the exact chance that a function exactly at the floor fails with so many samples;
    `more` how many further samples would decide, None where it is decided or they never would.
    """

    outcome: Outcome
    hits: int
    n: int
    floor: float
    alarm: float
    stated: float
    more: int | None = None

    @property
    def share(self) -> float:
        """The share of hits."""
        return self.hits / self.n if self.n else 0.0

    def to_json(self) -> dict[str, Any]:
        """The decision as JSON."""
        return {
            "hits": self.hits,
            "n": self.n,
            "share": round(self.share, 6),
            "floor": self.floor,
            "alarm": self.alarm,
            "stated_alarm": round(self.stated, 6),
            "more": self.more,
        }


def hold_floor(hits: int, n: int, floor: float, *, alarm: float = ALARM) -> Decision:
    """Decide whether `hits` of `n` keep a floor between 0 and 1, both excluded."""
    outcome = _outcome(hits, n, floor, alarm)
    more = more_to_decide(hits, n, floor, alarm) if outcome == "cannot_tell" else None
    return Decision(
        outcome=outcome,
        hits=hits,
        n=n,
        floor=floor,
        alarm=alarm,
        stated=stated_alarm(n, floor, alarm),
        more=more,
    )


def hold_ceiling(hits: int, n: int, ceiling: float, *, alarm: float = ALARM) -> Decision:
    """Decide whether no more than a share `ceiling` of `n` are hits; `floor` is then the rest's."""
    return hold_floor(n - hits, n, 1 - ceiling, alarm=alarm)


@lru_cache(maxsize=4096)
def stated_alarm(n: int, floor: float, alarm: float) -> float:
    """The exact chance that a function at the floor fails at the cut-off for n samples."""
    low, high = -1, n
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _below(middle, n, floor) <= alarm else (low, middle)
    return _at_most(low, n, floor)


def more_to_decide(hits: int, n: int, floor: float, alarm: float) -> int | None:
    """How many samples more would decide if the share stayed; None where none would."""
    share = hits / n if n else None
    if share is None or abs(share - floor) < 1e-9:
        return None
    step = 1
    while _outcome(share * (n + step), n + step, floor, alarm) == "cannot_tell":
        step *= 2
        if step > MOST:
            return None
    low, high = step // 2, step
    while high - low > 1:
        middle = (low + high) // 2
        undecided = _outcome(share * (n + middle), n + middle, floor, alarm) == "cannot_tell"
        low, high = (middle, high) if undecided else (low, middle)
    return high


def _outcome(hits: float, n: int, floor: float, alarm: float) -> Outcome:
    if n == 0:
        return "cannot_tell"
    below = _below(hits, n, floor)
    if below <= alarm:
        return "fail"
    return "pass" if 1 - below <= alarm else "cannot_tell"


def _below(hits: float, n: int, floor: float) -> float:
    """The mid-p value of so few hits."""
    return (_at_most(hits, n, floor) + _at_most(hits - 1, n, floor)) / 2


def _at_most(hits: float, n: int, share: float) -> float:
    """P(X <= hits), continued between whole numbers."""
    from scipy.special import betainc

    if hits <= -1:
        return 0.0
    return 1.0 if hits >= n else float(betainc(n - hits, hits + 1, 1 - share))
