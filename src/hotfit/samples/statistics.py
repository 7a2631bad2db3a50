"""The statistics of a function: its labels as they are now, the rest as of the last examination."""

from typing import Any

from sqlalchemy import Text, select, type_coerce

from hotfit.functions.labels import labels_of
from hotfit.functions.versions import history
from hotfit.samples.counts import count_by_label
from hotfit.samples.findings import wrong_by_label
from hotfit.store.sessions import Reading
from hotfit.store.tables import versions

MOST = 200
"""Versions that are told of the past."""


def statistics_of(session: Reading, function: str) -> dict[str, Any]:
    """Everything there is to say, as JSON; what was not measured is null or empty."""
    examined = _last_examined(session, function)
    measured = examined.get("labels", {})
    counts = count_by_label(session, function).by_label
    wrong = wrong_by_label(session, function)
    labels = [
        _label(one.id, one.name, counts, measured) | {"wrong": round(wrong.get(one.name, 0.0), 1)}
        for one in labels_of(session, function)
    ]
    return {
        "labels": labels,
        "confusions": examined.get("confusions", []),
        "lengths": examined.get("lengths"),
        "missing": examined.get("missing", {}),
        "overTime": _over_time(session, function),
    }


def _label(identifier: str, name: str, counts: Any, measured: Any) -> dict[str, Any]:
    found = measured.get(name, {})
    return {
        "labelId": identifier,
        "labelName": name,
        "count": counts.get(name, 0),
        "precision": found.get("precision"),
        "recall": found.get("recall"),
        "cost": found.get("cost"),
    }


def _last_examined(session: Reading, function: str) -> Any:
    kept = type_coerce(versions.c.scores, Text)
    scores = session.scalar(
        select(versions.c.scores)
        .where(versions.c.function_id == function, kept.contains('"statistics":'))
        .order_by(versions.c.number.desc())
        .limit(1)
    )
    return {} if scores is None else scores["statistics"]


def _over_time(session: Reading, function: str) -> list[dict[str, Any]]:
    """The versions with what they were trained on and scored, oldest first."""
    return [
        {
            "version": one.id,
            "number": one.number,
            "change": one.change,
            "created": one.created,
            "build": one.build,
            "samples": one.scores.get("trained_on"),
            "score": {
                name: one.verdict[name]
                for name in ("metric", "estimate", "low", "high")
                if name in one.verdict
            }
            or None,
        }
        for one in reversed(history(session, function, limit=MOST))
    ]
