"""A difference between two versions in sentences, and its tests as JSON."""

from typing import Any

from hotfit.evaluation.comparison import SliceChange
from hotfit.serving.comparing import Difference
from hotfit.types import Output


def sentence(found: Difference) -> str:
    """What changed, in a sentence or two."""
    counts = found.counts
    if not any(counts.values()):
        return f"No answer changed on {found.compared:,} samples that neither had learned."
    said = (
        f"{found.newer.name} fixed {counts['fixed']:,} and broke {counts['broken']:,} of "
        f"{found.compared:,} samples that neither had learned"
    )
    own = sum(flip.relabelled for flip in found.flips if flip.became in {"fixed", "broken"})
    if own:
        said += f", {own:,} of them relabelled in between"
    clear = [one for one in found.slices if one.clear and one.broken > one.fixed]
    if clear:
        first = clear[0]
        named = repr(first.name) if first.kind == "label" else f"{first.kind} {first.name}"
        said += f"; it is worse at {named} ({first.broken} broken, {first.fixed} fixed)"
    return said + "."


def tested_sentence(found: Difference) -> str:
    """What the paired test says."""
    tested = found.tested
    gain = 100 * tested.gain.estimate
    low, high = 100 * tested.gain.low, 100 * tested.gain.high
    unit = "points of R2" if found.newer.output is Output.NUMBER else "points"
    span = f"{gain:+.1f} {unit} ({low:+.1f} to {high:+.1f}, p = {tested.p:.2g})"
    if tested.better is None:
        return f"Neither is shown to be better: {span}."
    better = found.newer if tested.better == "newer" else found.older
    return f"{better.name} is better beyond chance: {span}."


def tested_told(found: Difference) -> dict[str, Any]:
    """The paired test as JSON."""
    tested = found.tested
    return {
        "better": tested.better,
        "p": tested.p,
        "gain": tested.gain.estimate,
        "low": tested.gain.low,
        "high": tested.gain.high,
        "sentence": tested_sentence(found),
    }


def slice_told(one: SliceChange) -> dict[str, Any]:
    """What changed in a slice as JSON, but for which it is."""
    return {"n": one.n, "fixed": one.fixed, "broken": one.broken, "p": one.p, "clear": one.clear}
