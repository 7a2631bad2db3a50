"""Whether a version is worse than an earlier one on the same n unseen rows.

Only rows that one of the two gets right say anything: l lost, w won. Under equal worth l of l + w
are Binomial(1/2), which is the exact McNemar (1947) test; as for floors, mid-p values decide, and
the exact rate at the cut-off is stated. Not worse passes: where no more are lost than won, or where
the loss is surely below a margin m. Surely is Tango's (1998) score test of the paired difference
delta = (l - w)/n against m: with q the largest-likelihood share of rows won under delta = m,
    A = 2n,  B = (2n - l + w) m - l - w,  C = -w m (1 - m),  q = (sqrt(B^2 - 4AC) - B) / 2A
    z = (l - w - n m) / sqrt(n (2 q + m (1 - m))),  surely below where z <= -z_alarm.
Tango, T. (1998), Statistics in Medicine 17, 891-908.
"""

import math
from dataclasses import replace

from hotfit.behaviour.deciding import MOST, Decision, hold_floor


def hold_pace(won: int, lost: int, n: int, *, margin: float, alarm: float) -> Decision:
    """Decide whether `lost` of `n` rows against `won` are no sign of a worse version.

    `hits`, `n` and `floor` of the decision are of the rows where the two differ.
    """
    decision = hold_floor(won, won + lost, 0.5, alarm=alarm)
    if decision.outcome == "fail":
        return decision
    if lost <= won or surely_below(won, lost, n, margin=margin, alarm=alarm):
        return replace(decision, outcome="pass", more=None)
    more = None if decision.more is None else math.ceil(decision.more * n / (won + lost))
    return replace(
        decision, outcome="cannot_tell", more=more if more is not None and more < MOST else None
    )


def surely_below(won: int, lost: int, n: int, *, margin: float, alarm: float) -> bool:
    """Whether the share of rows lost, net, is below `margin` at the rate `alarm`."""
    from scipy.special import ndtri

    return n > 0 and tango(won, lost, n, margin) <= float(ndtri(alarm))


def tango(won: int, lost: int, n: int, margin: float) -> float:
    """Tango's z of a net loss of `margin`."""
    a, c = 2 * n, -won * margin * (1 - margin)
    b = (2 * n - lost + won) * margin - lost - won
    q = (math.sqrt(max(b * b - 4 * a * c, 0.0)) - b) / (2 * a)
    spread = n * (2 * q + margin * (1 - margin))
    return (lost - won - n * margin) / math.sqrt(spread) if spread > 0 else 0.0
