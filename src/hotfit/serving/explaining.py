"""Why a version answers as it does: the samples it learned that from, and who said them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from hotfit.errors import Refusal
from hotfit.functions.functions import Function
from hotfit.functions.rolls import Roll, label_ids, read_roll
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.versions import Version
from hotfit.heads.base import Targets
from hotfit.heads.reasons import Explained, Explainer, Reason
from hotfit.samples.origins import Origin, origins_of
from hotfit.samples.recalled import recall
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Reading, Store
from hotfit.types import Answer, Data, Features, Output, Scores, Tagging

STAND_IN = (
    "{head} has no closed form for this, so the weights are those of the instant head on the same "
    "vectors"
)
DISAGREES = ", which answers otherwise here"


class LabelUnasked(Refusal):
    """A reason was asked for a label that the function does not answer."""

    def __init__(self, *, function: str, label: str, known: Sequence[str]) -> None:
        names = ", ".join(map(repr, known[:20]))
        more = f" and {len(known) - 20} more" if len(known) > 20 else ""
        super().__init__(
            f"{function!r} was asked why {label!r}, which its version does not answer; it answers "
            f"{names or 'a quantity'}{more}."
        )


@dataclass(frozen=True, kw_only=True)
class Pushed:
    """Samples of one content that pushed an answer.

    `weight` is what they add to the log odds of the label (to the quantity, for Number); `label`
    is what they are annotated with; `without` what would be answered without them. `origin` is
    None where the first of them is gone.
    """

    samples: Sequence[int]
    label: str
    weight: float
    without: Answer
    origin: Origin | None


@dataclass(frozen=True, kw_only=True)
class Turning:
    """The fewest of the strongest samples without which the answer would be another one."""

    samples: Sequence[int]
    answer: Answer


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """An answer, the label it is explained for (None: the quantity), and its reasons.

    `exact` says that the weights equal leaving the samples out and training again; else `method`
    says what they are. `trained_on` counts the samples of the version.
    """

    answer: Answer
    label: str | None
    reasons: Sequence[Pushed]
    turning: Turning | None
    exact: bool
    method: str
    trained_on: int
    version: Version


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A version with what it was trained on, ready to be asked why."""

    function: Function
    version: Version
    trained: TrainedFunction = field(repr=False)
    roll: Roll = field(repr=False)
    explainer: Explainer = field(repr=False)


def open_explainer(
    store: Store, blobs: Blobs, function: Function, version: Version, trained: TrainedFunction
) -> Opened:
    """Get a version ready to be asked why; raise RollMissing."""
    with store.read() as session:
        roll = read_roll(session, blobs, version)
        roll = as_answered(session, function, version, trained, roll)
    recalled = recall(store, blobs, trained.representation, roll)
    roll = replace(
        roll,
        ids=roll.ids[recalled.rows],
        hashes=[roll.hashes[row] for row in recalled.rows.tolist()],
        targets=roll.targets[recalled.rows],
        groups=roll.groups[recalled.rows],
        judged=roll.judged[recalled.rows],
        held_out=None,
    )
    explainer = Explainer(
        recalled.features,
        roll.targets,
        output=roll.output,
        labels=len(trained.labels),
        groups=roll.groups,
        model=trained.model,
    )
    return Opened(
        function=function, version=version, trained=trained, roll=roll, explainer=explainer
    )


def explain(
    store: Store, blobs: Blobs, opened: Opened, data: Data, *, label: str | None, count: int
) -> Explanation:
    """Why `data` is answered as it is, or how far it is from `label`; raise LabelUnasked."""
    trained = opened.trained
    features = trained.representation.features([data])
    scores = trained.model.predict(features)
    answer = trained.reading.answers(scores, features)[0]
    asked = _asked(opened, label, scores)
    found = opened.explainer.explain(features, label=asked, count=count)
    ids = [int(opened.roll.ids[reason.rows[0]]) for reason in found.reasons]
    with store.read() as session:
        known = origins_of(session, ids, blobs=blobs)
    reasons = [
        Pushed(
            samples=[int(each) for each in opened.roll.ids[reason.rows]],
            label=_said(opened, int(reason.rows[0])),
            weight=reason.weight,
            without=_read(opened, reason, features),
            origin=known.get(sample),
        )
        for reason, sample in zip(found.reasons, ids, strict=True)
    ]
    return Explanation(
        answer=answer,
        label=None if _is_number(opened.roll) else trained.labels[found.label],
        reasons=reasons,
        turning=_turning(opened, found, features),
        exact=found.exact,
        method=_method(opened, found, scores),
        trained_on=len(opened.roll),
        version=opened.version,
    )


def _is_number(roll: Roll) -> bool:
    """Whether a roll is of quantities."""
    return roll.output is Output.NUMBER


def as_answered(
    session: Reading, function: Function, version: Version, trained: TrainedFunction, roll: Roll
) -> Roll:
    """The roll with its labels in the order in which the version answers them."""
    if _is_number(roll):
        return roll
    wanted = label_ids(session, function, trained.labels, version.change)
    place = {label: code for code, label in enumerate(wanted)}
    if roll.output is Output.TAGS:
        order = [roll.labels.index(label) for label in wanted]
        targets: Targets = roll.targets[:, order]
        return replace(roll, labels=tuple(wanted), targets=targets)
    codes = np.array([place.get(label, -1) for label in roll.labels], dtype=np.int64)
    targets = codes[roll.targets.astype(np.int64)]
    kept = np.flatnonzero(targets >= 0)
    return replace(
        roll,
        labels=tuple(wanted),
        ids=roll.ids[kept],
        hashes=[roll.hashes[row] for row in kept.tolist()],
        targets=targets[kept],
        groups=roll.groups[kept],
        judged=roll.judged[kept],
        held_out=None,
    )


def _asked(opened: Opened, label: str | None, scores: Scores) -> int | None:
    """The place of the label that is asked for; None for the quantity."""
    labels = opened.trained.labels
    if label is None:
        return None if _is_number(opened.roll) else int(np.argmax(scores[0]))
    if label not in labels:
        raise LabelUnasked(function=opened.function.name, label=label, known=labels)
    return labels.index(label)


def _said(opened: Opened, row: int) -> str:
    """What a sample is annotated with."""
    target = opened.roll.targets[row]
    if opened.roll.output is Output.NUMBER:
        return f"{float(target):,.6g}"
    if opened.roll.output is Output.TAGS:
        return ", ".join(opened.trained.labels[tag] for tag in np.flatnonzero(target == 1)) or "-"
    return opened.trained.labels[int(target)]


def _read(opened: Opened, reason: Reason, features: Features) -> Answer:
    """The answer without the samples of a reason."""
    number = _is_number(opened.roll)
    scores = reason.without if number else reason.without[None]
    return opened.trained.reading.answers(scores, features)[0]


def _turning(opened: Opened, found: Explained, features: Features) -> Turning | None:
    if found.turning is None:
        return None
    return Turning(
        samples=[int(each) for each in opened.roll.ids[found.turning.rows]],
        answer=_read(opened, found.turning, features),
    )


def _method(opened: Opened, found: Explained, scores: Scores) -> str:
    if found.exact:
        return "each weight equals leaving the samples out and training again"
    head = opened.trained.model.head
    same = _is_number(opened.roll) or np.argmax(scores[0]) == np.argmax(found.scores)
    return STAND_IN.format(head=head) + ("" if same else DISAGREES)


def sentence(found: Explanation) -> str:
    """An explanation in one or two sentences."""
    if isinstance(found.answer, Tagging):
        subject = f"{found.label!r}"
    else:
        subject = repr(found.label) if found.label is not None else found.answer.sentence()
    if not found.reasons:
        return f"No sample speaks for or against {subject}."
    first = found.reasons[0]
    way = "for" if first.weight > 0 else "against"
    copies = f" ({len(first.samples)} copies)" if len(first.samples) > 1 else ""
    said = f"The strongest sample{copies} speaks {way} {subject} and is labelled {first.label!r}"
    if found.label is None:
        way = "raises" if first.weight > 0 else "lowers"
        said = f"The strongest sample{copies} {way} it by {abs(first.weight):.3g}"
    if found.turning is None:
        return said + "."
    n = len(found.turning.samples)
    other = found.turning.answer.sentence()
    which = "the strongest one" if n == 1 else f"the {n} strongest that support it"
    return f"{said}; without {which} the answer would be {other}."
