"""Words that a difference is told in, on a terminal and in Markdown."""

from collections.abc import Mapping
from typing import Any

KINDS = {"added": "added", "removed": "removed", "relabelled": "relabelled"}


def edited(edits: Mapping[str, Any]) -> str:
    """How many samples were edited: `12 added, 3 relabelled`."""
    said = [f"{edits[kind]:,} {word}" for kind, word in KINDS.items() if edits[kind]]
    return ", ".join(said) or "none: the samples and their labels are the same"


def label_words(label: Any) -> str:
    """An answer: a label, tags, a quantity, or nothing."""
    if isinstance(label, list):
        return ", ".join(label) or "nothing"
    return f"{label:,.6g}" if isinstance(label, float) else str(label)


def moved(flip: Mapping[str, Any]) -> str:
    """What was answered, what is now, and what is true where neither says it."""
    before, now, truth = (label_words(flip[name]) for name in ("from", "to", "truth"))
    sure = flip["confidence"]
    if before == now and sure is not None:
        return f"{now} {sure['from']:.2f} -> {sure['to']:.2f}"
    said = f"{before} -> {now}"
    if sure is not None:
        said += f" {sure['to']:.2f}"
    if flip["relabelled"]:
        return f"{said} (relabelled {truth})"
    return said if truth in {before, now} else f"{said} (it is {truth})"


def turned(flip: Mapping[str, Any]) -> str:
    """Whether the edits that are named turn the answer by themselves."""
    count = len(flip["edits"])
    these = "this edit" if count == 1 else f"these {count:,} edits"
    if flip["turned"]:
        return f"{these} alone turn{'s' * (count == 1)} the answer"
    return f"{these} push{'es' * (count == 1)} it that way, but it takes more to turn it"
