"""What is said about a function: the JSON that `fit`, `show` and `list` print."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from hotfit.functions.functions import Function as Record
from hotfit.functions.preferences import preferences
from hotfit.functions.verdicts import learned
from hotfit.functions.versions import Version
from hotfit.samples.counts import Counts


def describe(
    record: Record, counts: Counts, version: Version | None, *, findings: Mapping[str, int]
) -> dict[str, Any]:
    """The report as JSON, `findings` counted by kind; what needs training is null before."""
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
    found = {"findings": dict(findings)}
    return report if version is None else report | learned(record, version) | found
