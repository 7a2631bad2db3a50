"""Scoring a function on a source of labelled examples, and refusing a score that would leak."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hotfit.errors import Refusal
from hotfit.functions.functions import Function as Record
from hotfit.functions.scoring import score_on
from hotfit.functions.trained import TrainedFunction
from hotfit.inputs.known import plan_known
from hotfit.inputs.plan import Plan
from hotfit.inputs.report import Report
from hotfit.inputs.samples import read_samples
from hotfit.inputs.source import Source
from hotfit.similarity.groups import duplicate_groups
from hotfit.store.content import content_hash
from hotfit.types import Data, Output, Sample

SEEN_AT_MOST = 0.5
"""Share of examples the function was trained on, from which a score would say nothing."""


class LeakingScore(Refusal):
    """An evaluation would score a function on what it was trained on."""

    def __init__(self, *, name: str, seen: int, n: int) -> None:
        super().__init__(
            f"{name!r} was trained on {seen:,} of these {n:,} examples, so the score would say "
            "nothing about new ones; give examples it has not seen, or read its honest score on "
            f"the training examples: hotfit show {name}"
        )


class NothingToScore(Refusal):
    """A source has no example with a true answer."""

    def __init__(self, *, source: str, column: str | None) -> None:
        super().__init__(
            f"{source} has no row with an answer in the column {column!r}; evaluating needs "
            "labelled examples: name their column with --target"
        )


def evaluate(
    record: Record,
    trained: TrainedFunction,
    trained_on: frozenset[bytes],
    opened: Source,
    *,
    target: str | None,
    prepare: Callable[[Data], Data] | None = None,
) -> dict[str, Any]:
    """Score `trained` on the labelled examples of a source; of a declared split, the test rows.

    `trained_on` holds the content hashes of the samples it has learned from, `prepare` changes
    inputs as they were changed for that.
    """
    reading = _reading(record, trained, opened, target)
    report = Report()
    samples = [
        sample if prepare is None else replace(sample, data=prepare(sample.data))
        for batch in read_samples(opened, reading, report=report)
        for sample in batch
        if sample.label is not None
    ]
    notes = list(report.notes)
    samples, said = _untrained_side(samples)
    if not samples:
        raise NothingToScore(source=opened.name, column=reading.target)
    seen = sum(content_hash(sample.data) in trained_on for sample in samples)
    if seen > SEEN_AT_MOST * len(samples):
        raise LeakingScore(name=record.name, seen=seen, n=len(samples))
    if seen:
        said.append(f"{seen:,} of the examples are equal to ones the function was trained on.")
    data = [sample.data for sample in samples]
    answers = [sample.label for sample in samples if sample.label is not None]
    score = score_on(trained, data, answers, groups=duplicate_groups(data).groups)
    if "left_out" in score:
        said.append(
            f"Not counted: {score['left_out']:,} of the true quantities, too far off to be true; "
            f"with them R2 is {score['r2_of_all']:.3g}."
        )
    unknown = _unknown(record, samples, trained)
    if unknown:
        said.append(
            f"The function does not know {', '.join(map(repr, unknown))}: counted as wrong."
        )
    return {"function": record.name, **score, "seen_in_training": seen, "notes": notes + said}


def _reading(record: Record, trained: TrainedFunction, opened: Source, target: str | None) -> Plan:
    """Read the source as the function's own was read."""
    if target is not None and target not in opened.columns:
        raise NothingToScore(source=opened.name, column=target)
    return plan_known(
        opened,
        input=record.input,
        output=record.output,
        text=record.plan.get("text"),
        image=record.plan.get("image"),
        fields=record.fields,
        target=target or record.target,
        labels=trained.labels,
    )


def _untrained_side(samples: list[Sample]) -> tuple[list[Sample], list[str]]:
    """The test rows where the source declares both sides, else all rows."""
    test = [sample for sample in samples if sample.split == "test"]
    if not test or len(test) == len(samples):
        return samples, []
    return test, [f"Scored the {len(test):,} rows that the split column declares as test rows."]


def _unknown(record: Record, samples: list[Sample], trained: TrainedFunction) -> list[str]:
    if record.output is not Output.CLASSIFICATION:
        return []
    return sorted({str(sample.label) for sample in samples} - set(trained.labels))
