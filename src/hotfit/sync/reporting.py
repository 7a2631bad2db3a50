"""What a pull or a push did, in words and as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hotfit.sync.questions import NAME, Question

WORDS = {
    "added": "added",
    "relabelled": "relabelled",
    "changed": "changed",
    "removed": "removed",
}


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was done, what waits on the other side, and what a person must decide.

    `rows` are counts by what was done with them; `waiting` how many rows, labels and fields the
    other command would move.
    """

    command: str
    folder: str
    server: str
    function: str
    rows: Mapping[str, int]
    labels: int
    fields: int
    waiting: int
    questions: Sequence[Question] = ()
    refused: Sequence[str] = ()
    notes: Sequence[str] = ()
    made: bool = False
    dry_run: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Whether nothing is left to decide."""
        return not self.questions and not self.refused

    def to_json(self) -> dict[str, Any]:
        """The report as one JSON object."""
        return {
            "command": self.command,
            "folder": self.folder,
            "server": self.server,
            "function": self.function,
            "made": self.made,
            "dry_run": self.dry_run,
            "rows": {name: self.rows.get(name, 0) for name in WORDS},
            "labels": self.labels,
            "fields": self.fields,
            "waiting": self.waiting,
            "conflicts": [one.to_json() for one in self.questions],
            "refused": list(self.refused),
            "notes": list(self.notes),
        }

    def lines(self) -> list[str]:
        """The report for people."""
        arrow = "<-" if self.command == "pull" else "->"
        would = "would be " if self.dry_run else ""
        done = [
            f"{count:,} row{'s' * (count != 1)} {would}{word}"
            for name, word in WORDS.items()
            if (count := self.rows.get(name, 0))
        ]
        done += [
            f"{count} {noun}{'s' * (count != 1)} {would}changed"
            for noun, count in (("label", self.labels), ("field", self.fields))
            if count
        ]
        said = ", ".join(done) or "nothing to do: both have the same" * (not self.questions)
        if self.waiting and not done:
            said = "nothing to do"
        made = "  (made there)" if self.made else ""
        lines = [f"{self.function} {arrow} {self.server}{made}: {said or 'nothing done'}"]
        if self.waiting:
            other = "push" if self.command == "pull" else "pull"
            where = "here" if self.command == "pull" else "there"
            lines.append(f"Changed {where} meanwhile: {self.waiting:,}   (hotfit {other} "
                         f"{self.folder})")  # fmt: skip
        for each in self.questions:
            lines += ["", *each.lines(self.server)]
        if self.questions:
            noun = "conflict" if len(self.questions) == 1 else "conflicts"
            lines += ["", self._decide(f"{len(self.questions):,} {noun}")]
        lines += [f"Not done   {one}" for one in self.refused]
        lines += [f"Note       {one}" for one in self.notes]
        return lines

    def _decide(self, counted: str) -> str:
        if self.dry_run:
            return f"{counted} would be written to {self.folder}/{NAME}"
        return (
            f'{counted}, in {self.folder}/{NAME}: write "folder" or "server" behind take = '
            f"and {self.command} again; or decide for all: --ours (the folder), --theirs (the "
            "server)"
        )
