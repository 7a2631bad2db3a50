"""What a file of label functions says of a function's samples, and keeping what is sure of it.

Answers that a person gave are gold: they weigh the rules and are never touched. What rules say is
kept under the author RULES, on samples without an answer alone; the next run takes it back first.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import select

from hotfit.app import App
from hotfit.errors import Refusal
from hotfit.functions.functions import Function as Record
from hotfit.functions.labels import labels_of
from hotfit.labeling.weak import ABSTAIN, Combined, Rule, combine
from hotfit.local.rules import read_label_functions, votes_of
from hotfit.samples.annotations import annotate_many
from hotfit.samples.ids import sample_id
from hotfit.samples.rows import read_rows
from hotfit.store import outbox
from hotfit.store.columns import to_json
from hotfit.store.tables import annotations, samples
from hotfit.types import Codes, Output

RULES = "label functions"
"""Author of the answers that rules give."""

SURE = 0.9
"""Chance from which on a soft label is kept as an answer."""


class NoRulesHere(Refusal):
    """Rules vote on one label a sample."""

    def __init__(self, *, function: str, output: str) -> None:
        super().__init__(
            f"{function!r} answers {output}; label functions vote on the label of a classification."
        )


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What rules say: the report of each, and soft labels of the samples without an answer.

    `kept` counts those that were kept as answers.
    """

    rules: tuple[Rule, ...]
    soft: tuple[dict[str, Any], ...]
    gold: int
    kept: int

    def to_json(self) -> dict[str, Any]:
        """What `hotfit label --json` prints, but for the soft labels."""
        return {
            "rules": [asdict(rule) for rule in self.rules],
            "gold": self.gold,
            "voted": len(self.soft),
            "kept": self.kept,
        }


def rule(app: App, record: Record, file: Path, *, keep: bool, sure: float = SURE) -> Ruling:
    """Let the rules of `file` vote; with `keep`, give the sure ones as answers."""
    if record.output is not Output.CLASSIFICATION:
        raise NoRulesHere(function=record.name, output=record.output.value)
    rules = read_label_functions(file)
    with app.store.read() as session:
        rows = read_rows(session, record.id, blobs=app.blobs)
        labels = labels_of(session, record.id)
        ruled = {
            row.sample_id
            for row in session.rows(
                select(annotations.c.sample_id)
                .join(samples, samples.c.id == annotations.c.sample_id)
                .where(
                    samples.c.function_id == record.id,
                    annotations.c.latest,
                    annotations.c.author == RULES,
                )
            )
        }
    names = [label.name for label in labels]
    train = [at for at, split in enumerate(rows.splits) if split != "test"]
    gold: Codes = np.array(
        [
            ABSTAIN
            if rows.answers[at] is None or rows.ids[at] in ruled
            else names.index(str(rows.answers[at]))
            for at in train
        ],
        dtype=np.int64,
    )
    votes = votes_of(rules, [rows.data[at] for at in train], names, file=file)
    said = combine(votes, gold, labels=len(names), names=[each.name for each in rules])
    open_ = np.flatnonzero((gold == ABSTAIN) & said.voted)
    ids = [int(rows.ids[train[at]]) for at in open_]
    kept = 0
    if keep:
        chosen = {
            number: labels[int(said.scores[at].argmax())].id
            for number, at in zip(ids, open_, strict=True)
            if said.scores[at].max() >= sure
        }
        kept = _keep(app, record, chosen, ruled)
    return Ruling(
        rules=said.rules,
        soft=_soft(ids, open_.tolist(), said, names),
        gold=int((gold >= 0).sum()),
        kept=kept,
    )


def _soft(
    ids: Sequence[int], rows: Sequence[int], said: Combined, names: Sequence[str]
) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "sample": sample_id(number),
            "labels": {
                name: round(float(score), 4)
                for name, score in zip(names, said.scores[row], strict=True)
            },
        }
        for number, row in zip(ids, rows, strict=True)
    )


def _keep(app: App, record: Record, chosen: dict[int, str], ruled: set[int]) -> int:
    """Give the chosen answers, and take back those that rules gave before and give no more."""
    with app.store.write() as session:
        number = outbox.next_change(session, record.id)
        human = {
            row.sample_id
            for row in session.rows(
                select(annotations.c.sample_id)
                .join(samples, samples.c.id == annotations.c.sample_id)
                .where(
                    samples.c.function_id == record.id,
                    annotations.c.latest,
                    annotations.c.value.is_not(None),
                    annotations.c.author != RULES,
                )
            )
        }
        given = {one: label for one, label in chosen.items() if one not in human}
        back = ruled - given.keys() - human
        values: list[tuple[int, str | None]] = [
            *((one, to_json([[label, True]])) for one, label in given.items()),
            *((one, None) for one in sorted(back)),
        ]
        annotate_many(session, values, author=RULES)
        touched = [one for one, _ in values]
        payload = {"samples": touched[:1000], "count": len(touched)}
        outbox.record(session, record.id, "samples.annotated", payload, number=number)
    return len(given)
