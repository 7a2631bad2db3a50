"""Annotations: what is said about a sample, by whom; the latest counts, the earlier ones stay."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from hotfit.errors import Refusal
from hotfit.functions.functions import get
from hotfit.functions.labels import insert_labels, labels_of
from hotfit.functions.names import clean_name, name_key
from hotfit.store import outbox
from hotfit.store.columns import now, to_json
from hotfit.store.sessions import Reading, Writing
from hotfit.store.tables import annotations, samples
from hotfit.types import Label, Output, label_names


class SampleUnknown(Refusal):
    """The function has no such sample."""

    status = 404

    def __init__(self, *, sample: int) -> None:
        super().__init__(f"the function has no sample {sample}; list its samples to see them.")


class AnswerUnfit(Refusal):
    """An annotation is of a kind that the function does not answer."""

    def __init__(self, *, answer: Label, output: Output) -> None:
        wanted = {
            Output.TAGS: "the names of the tags present",
            Output.NUMBER: "a number",
        }.get(output, "the name of one label")
        super().__init__(f"{answer!r} was given as an answer where {wanted} was expected.")


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """One statement about a sample; `value` is a list of [label id, present], a number or None."""

    sample: int
    value: Any
    author: str
    created: str
    latest: bool


class Answers:
    """Turns answers by name into what is kept, making the labels that are new."""

    def __init__(self, session: Writing, function: str) -> None:
        self._session = session
        self._function = function
        self._output = get(session, function).output
        self._ids = {name_key(label.name): label.id for label in labels_of(session, function)}
        self._kept: dict[str | tuple[str, ...], str] = {}

    def learn(self, answers: Iterable[Label | None]) -> None:
        """Make the labels that these answers name and the function lacks."""
        names: dict[str, str] = {}
        for answer in dict.fromkeys(answers):  # in order: labels are numbered as they are met
            for name in label_names(answer):
                names.setdefault(name_key(name), name)
        new = {
            key: clean_name("label", name) for key, name in names.items() if key not in self._ids
        }
        made = insert_labels(self._session, self._function, list(new.values()))
        self._ids.update(zip(new, (label.id for label in made), strict=True))

    def to_json(self, answer: Label | None) -> str | None:
        """The answer as JSON; its labels must have been learned. Raise AnswerUnfit."""
        if answer is None:
            return None
        number = isinstance(answer, int | float)
        if number is not (self._output is Output.NUMBER):
            raise AnswerUnfit(answer=answer, output=self._output)
        if isinstance(answer, int | float):
            return to_json(float(answer))
        if isinstance(answer, str) is (self._output is Output.TAGS):
            raise AnswerUnfit(answer=answer, output=self._output)
        if answer not in self._kept:
            ids = dict.fromkeys(self._ids[name_key(name)] for name in label_names(answer))
            self._kept[answer] = to_json([[one, True] for one in ids])
        return self._kept[answer]


def annotate(
    session: Writing, function: str, answers: Sequence[tuple[int, Label | None]], *, author: str
) -> int:
    """Say what samples (by identifier) are, None to withdraw; return the change it was."""
    ids = [sample for sample, _ in answers]
    known = {
        row.id
        for start in range(0, len(ids), 5000)
        for row in session.rows(
            select(samples.c.id).where(
                samples.c.function_id == function, samples.c.id.in_(ids[start : start + 5000])
            )
        )
    }
    for sample in ids:
        if sample not in known:
            raise SampleUnknown(sample=sample)
    change = outbox.next_change(session, function)
    names = Answers(session, function)
    names.learn(answer for _, answer in answers)
    kept = {sample: names.to_json(answer) for sample, answer in answers}
    annotate_many(session, list(kept.items()), author=author)
    payload = {"samples": list(kept)[:1000], "count": len(kept)}
    return outbox.record(session, function, "samples.annotated", payload, number=change)


def annotate_many(
    session: Writing,
    values: Sequence[tuple[int, str | None]],
    *,
    author: str,
    fresh: bool = False,
) -> None:
    """Keep annotations (sample, JSON) without a change of their own; `fresh` samples have none."""
    if not fresh:
        session.run_many(
            update(annotations)
            .where(annotations.c.sample_id == bindparam("sample"), annotations.c.latest)
            .values(latest=False),
            [{"sample": sample} for sample, _ in values],
        )
    time = now()
    session.run_many(
        insert(annotations),
        [
            {
                "sample_id": sample,
                "value": value,
                "author": author,
                "created": time,
                "latest": True,
            }
            for sample, value in values
        ],
    )


def history_of(session: Reading, sample: int) -> list[Annotation]:
    """All that was said about a sample, newest first."""
    rows = session.rows(
        select(annotations)
        .where(annotations.c.sample_id == sample)
        .order_by(annotations.c.id.desc())
    )
    return [
        Annotation(
            sample=row.sample_id,
            value=None if row.value is None else json.loads(row.value),
            author=row.author,
            created=row.created,
            latest=row.latest,
        )
        for row in rows
    ]
