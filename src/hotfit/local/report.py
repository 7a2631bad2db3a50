"""What is said about a function: the JSON that `fit`, `show` and `list` print."""

from dataclasses import asdict
from typing import Any

from hotfit.functions.functions import Function as Record
from hotfit.functions.preferences import preferences
from hotfit.functions.verdicts import learned
from hotfit.functions.versions import Version
from hotfit.samples.counts import Counts


def describe(record: Record, counts: Counts, version: Version | None) -> dict[str, Any]:
    """The report as JSON; what only a trained function has is null before."""
    report: dict[str, Any] = {
        "function": record.name,
        "id": record.id,
        "input": record.input.value,
        "output": record.output.value,
        "target": record.target,
        "samples": counts.samples,
        "unlabelled": counts.unlabelled,
        "labels": dict(counts.by_label),
        "version": None,
        "build": None,
        "encoder": None,
        "head": None,
        "trained_on": None,
        "verdict": None,
        "score": None,
        "test": None,
        "findings": {},
        "encoders": asdict(preferences(record)),
        "seconds": None,
        "notes": list(record.plan.get("notes", ())),
    }
    return report if version is None else report | learned(record, version)
