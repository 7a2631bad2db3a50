"""What is said about a trained version: its verdict in numbers and in words, scores and notes."""

from typing import Any

from hotfit.functions.functions import Function as Record
from hotfit.functions.versions import Version
from hotfit.types import Input, Output

NOUNS = {Input.TEXT: "texts", Input.IMAGE: "images", Input.TABULAR: "rows"}


FOLLOWS = (
    "Rows near in time are alike, so the score follows time by {column}: it is that of {n:,} later "
    "rows, each predicted from earlier ones; a random split would promise too much."
)
"""What is noted where a score follows time."""

TOGETHER = (
    "The rows of one {column} are held out together, so the score is that of values of it which "
    "were not met in training."
)
"""What is noted where a person named a key."""

OF_NEW = (
    "The score falls to {score} for values of {column} that were not met in training: its rows "
    "share their answers. `hotfit findings {name} --kind group_key` lets the score be of those."
)
"""What is noted where a key was found that nobody named."""

WITHOUT = (
    "The score falls to {score} without {column}, which tells suspiciously much: was it known "
    "before the answer was? `hotfit findings {name} --kind golden_feature` lets it be left unread."
)
"""What is noted where one column makes most of the score."""

LEFT_OUT = (
    "Not learned from and not judged by: {n:,} of the quantities, too far off to be true; "
    "`hotfit findings {name}` names the rows."
)
"""What is noted where some quantities would alone decide every fit and score."""

PINNED = (
    "Version {number} is pinned: it answers until another is promoted, however many newer ones "
    "there are; `hotfit promote {name} newest` lets the newest answer."
)
"""What is noted where no newer version takes over."""


SCORE = ("metric", "estimate", "low", "high", "baseline")
"""The members of a verdict that are its score."""


def version_shown(record: Record, version: Version) -> dict[str, Any]:
    """A version in a list, as JSON; what was not measured is null."""
    verdict = version.verdict
    return {
        "id": version.id,
        "number": version.number,
        "change": version.change,
        "build": version.build,
        "encoder": ", ".join(version.encoders),
        "head": version.head,
        "score": {name: verdict[name] for name in SCORE} if verdict else None,
        "verdict": verdict.get("answer"),
        "findings": dict(version.findings),
        "parent": version.parent,
        "created": version.created,
        "seconds": round(version.seconds, 3),
        "live": version.id == record.live,
        "pinned": version.id == record.pinned,
    }


def learned(record: Record, version: Version) -> dict[str, Any]:
    """What is said of a version of `record`, as JSON."""
    scores = version.scores
    held_out = scores["held_out"]
    follows, left_out = held_out.get("follows"), held_out.get("left_out")
    said = [] if follows is None else [FOLLOWS.format(n=held_out["n"], column=follows)]
    if "together" in held_out:
        said.append(TOGETHER.format(column=held_out["together"]))
    for note, part in ((OF_NEW, "of_new"), (WITHOUT, "without")):
        for column, score in held_out.get(part, {}).items():
            number = record.output is Output.NUMBER
            told = f"R2 {score:.3f}" if number else f"{_percent(score)} % right"
            said.append(note.format(score=told, column=column, name=record.name))
    if left_out:
        said.append(LEFT_OUT.format(n=left_out, name=record.name))
    if record.pinned == version.id:
        said.append(PINNED.format(number=version.number, name=record.name))
    return {
        "notes": [*record.plan.get("notes", ()), *said],
        "version": version.id,
        "build": version.build,
        "encoder": ", ".join(version.encoders),
        "head": version.head,
        "trained_on": scores["trained_on"],
        "verdict": {**version.verdict, "sentence": sentence(record, version)},
        "score": scores["held_out"],
        "test": scores.get("test"),
        "findings": dict(version.findings),
        "seconds": {
            "first_model": round(scores["first_model"], 3),
            "total": round(version.seconds, 3),
        },
    }


def sentence(record: Record, version: Version) -> str:
    """The verdict's numbers in words: what to expect, its range, and what needs no ML at all."""
    verdict, scores = version.verdict, version.scores
    baseline = scores["baseline"]
    estimate, low, high = (verdict[key] for key in ("estimate", "low", "high"))
    if record.output is Output.CLASSIFICATION:
        return (
            f"{_percent(estimate)} % of new {NOUNS[record.input]} right "
            f"({_percent(low)} to {_percent(high)}), "
            f'always saying "{baseline["says"]}": {_percent(verdict["baseline"])} %'
        )
    if record.output is Output.NUMBER:
        return (
            f"off by {_quantity(scores['held_out']['mae'])} on average; "
            f"guessing the mean is off by {_quantity(baseline['error'])} "
            f"(R2 {estimate:.3f}, {low:.3f} to {high:.3f})"
        )
    return (
        f"micro F1 {estimate:.3f} ({low:.3f} to {high:.3f}), "
        f'always saying "{baseline["says"]}": {verdict["baseline"]:.3f}'
    )


def _quantity(value: float) -> str:
    """A quantity as people say it: three digits that count."""
    return f"{float(f'{value:.3g}'):,.10g}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
