"""What a reading met on its way: counts, and notices that name a row."""

from collections import Counter
from dataclasses import dataclass, field

KEPT_NOTICES = 1_000
NAMED_FILES = 50


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One thing a row was found to have; `row` counts from 1."""

    row: int
    what: str


@dataclass(kw_only=True)
class Report:
    """Counts by kind of problem, and the first notices of each; memory stays bounded."""

    counts: Counter[str] = field(default_factory=Counter)
    notices: list[Notice] = field(default_factory=list)
    merged_labels: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def add(self, problem: str, *, row: int, what: str | None = None) -> None:
        """Count `problem` and keep a notice of it while there is room."""
        self.counts[problem] += 1
        if len(self.notices) < KEPT_NOTICES:
            self.notices.append(Notice(row=row, what=what or problem))

    def leave_out(self, file: str, why: str, *, row: int | None = None) -> None:
        """Keep one line for a file that cannot be used; `why` is a clause about it."""
        self.counts["files left out"] += 1
        if len(self.left_out) < KEPT_NOTICES:
            place = "" if row is None else f"Row {row}: "
            self.left_out.append(f"{place}{file} {why}; left out.")

    def count(self, what: str, by: int = 1) -> None:
        """Count something that is no problem, such as rows read."""
        self.counts[what] += by

    @property
    def notes(self) -> tuple[str, ...]:
        """One plain sentence for each kind of problem, and one for each file left out."""
        first: dict[str, Notice] = {}
        problems: dict[str, int] = {}
        for notice in self.notices:
            kind = notice.what.split(": ", 1)[0]
            first.setdefault(kind, notice)
            problems[kind] = problems.get(kind, 0) + 1
        return (
            tuple(
                f"Row {notice.row}: {notice.what}"
                + (
                    f" ({self.counts.get(kind, problems[kind]):,} such rows)."
                    if problems[kind] > 1
                    else "."
                )
                for kind, notice in first.items()
            )
            + self._files()
        )

    def _files(self) -> tuple[str, ...]:
        more = self.counts["files left out"] - NAMED_FILES
        rest = (f"{more:,} more files were left out.",) if more > 0 else ()
        return (*self.left_out[:NAMED_FILES], *rest)
