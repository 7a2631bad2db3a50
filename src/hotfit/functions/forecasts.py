"""Where more labels would lead: the curve that the last full examination measured, read on."""

from typing import Any

import numpy as np
from sqlalchemy import Text, select, type_coerce

from hotfit.errors import Refusal
from hotfit.evaluation.learning_curve import (
    Curve,
    CurvePoint,
    Forecast,
    fit_curve,
    usual_rate,
)
from hotfit.evaluation.reach import SHARE, reach
from hotfit.functions.functions import Function
from hotfit.functions.versions import Version, version
from hotfit.store.sessions import Reading
from hotfit.store.tables import versions
from hotfit.types import Input

TIMES = (1.25, 1.5, 2.0, 3.0, 4.0, 5.0)
"""Times the labels of today that are forecast."""


class NothingToForecast(Refusal):
    """A function has not been examined yet."""

    status = 409

    def __init__(self, *, function: str) -> None:
        super().__init__(
            f"{function!r} has no learning curve yet; label samples and let it train, then ask "
            "again."
        )


class TargetRefused(Refusal):
    """A target is no share."""

    def __init__(self, *, target: float) -> None:
        super().__init__(
            f"the target is {target:g}; a share between 0 and 1 was expected, as 0.95."
        )


def forecast(session: Reading, function: Function, *, target: float = 0.95) -> dict[str, Any]:
    """Scores measured and forecast, and the labels that `target` asks for, as JSON.

    Raises NothingToForecast or TargetRefused.
    """
    if not 0 < target < 1:
        raise TargetRefused(target=target)
    examined = _examined(session, function.id)
    if examined is None:
        raise NothingToForecast(function=function.name)
    per_label = examined.scores["held_out"].get("per_label") or {}
    points = [CurvePoint(**point) for point in examined.scores["curve"]]
    table = function.input is Input.TABULAR
    rate = usual_rate(points[-1].labels, answers=len(per_label), table=table)
    curve = fit_curve(points, rate=rate)
    counts = np.array([one["n"] for one in per_label.values()], dtype=np.float64)
    hits = counts * np.array([one["recall"] for one in per_label.values()], dtype=np.float64)
    metric = examined.verdict["metric"]
    names = list(per_label)
    found = reach(curve, target, metric=metric, names=names, counts=counts, hits=hits)
    return {
        "version": examined.id,
        "metric": metric,
        "labels": curve.labels,
        "score": curve.points[-1].score,
        "points": [_measured(point) for point in curve.points],
        "forecast": [_shown(each) for each in _ahead(curve)],
        "target": target,
        "labelsNeeded": found.needed,
        "low": found.low,
        "high": found.high,
        "mostly": list(found.mostly),
        "sentence": found.sentence,
    }


def _ahead(curve: Curve) -> list[Forecast]:
    return [curve.forecast(round(times * curve.labels), share=SHARE) for times in TIMES]


def _measured(point: CurvePoint) -> dict[str, Any]:
    margin = 1.2816 * point.spread
    return {
        "labels": point.labels,
        "score": point.score,
        "low": max(point.score - margin, 0.0),
        "high": min(point.score + margin, 1.0),
    }


def _shown(each: Forecast) -> dict[str, Any]:
    return {"labels": each.labels, "score": each.score, "low": each.low, "high": each.high}


def _examined(session: Reading, function: str) -> Version | None:
    """The newest version whose learning curve was measured."""
    kept = type_coerce(versions.c.scores, Text)
    identifier = session.scalar(
        select(versions.c.id)
        .where(versions.c.function_id == function, kept.contains('"curve":'))
        .order_by(versions.c.number.desc())
        .limit(1)
    )
    return None if identifier is None else version(session, identifier)
