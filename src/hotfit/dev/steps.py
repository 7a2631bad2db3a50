"""What one save did, as a line for people and as JSON for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from hotfit.training.held_out import HeldOut
from hotfit.types import Label

Event = Literal["ready", "learned", "unchanged", "kept"]
"""Ready after the start; learned from a save; a save without an effect; the last good one kept."""


@dataclass(frozen=True, kw_only=True)
class Flip:
    """A row that is answered otherwise than before; `place` is where it stands."""

    place: str
    text: str
    before: Label
    now: Label
    truth: Label

    @property
    def fixed(self) -> bool:
        """Whether it is right now."""
        return self.now == self.truth


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a save did.

    `before` and `after` are shares right of held-out predictions (R2 of a Number). Of the rows
    `fixed` are right now and were not, `broke` the other way. `seconds` are `learned` and `live`.
    `tests` count those that `pass` and `fail`, and that `now_pass` and `now_fail`; `failing` says
    what each that fails found.
    """

    event: Event
    message: str = ""
    files: Sequence[str] = ()
    version: int | None = None
    before: float | None = None
    after: float | None = None
    fixed: int = 0
    broke: int = 0
    flips: Sequence[Flip] = ()
    edits: Mapping[str, int] = field(default_factory=dict)
    encoded: int = 0
    tests: Mapping[str, int] = field(default_factory=dict)
    failing: Sequence[str] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    notes: Sequence[str] = ()

    def to_json(self) -> dict[str, Any]:
        """The step as one JSON object."""
        told: dict[str, Any] = {
            "event": self.event,
            "message": self.message,
            "files": list(self.files),
            "version": self.version,
            "before": self.before,
            "after": self.after,
            "fixed": self.fixed,
            "broke": self.broke,
            "edits": dict(self.edits),
            "encoded": self.encoded,
            "tests": dict(self.tests),
            "failing": list(self.failing),
            "seconds": {name: round(value, 4) for name, value in self.seconds.items()},
            "notes": list(self.notes),
        }
        told["flips"] = [
            {
                "place": flip.place,
                "text": flip.text,
                "before": flip.before,
                "now": flip.now,
                "truth": flip.truth,
                "fixed": flip.fixed,
            }
            for flip in self.flips
        ]
        return told

    def line(self) -> str:
        """The step as one line: `98.6 -> 98.7 %  +3 fixed  -1 broke   live in 70 ms`."""
        if self.event == "kept":
            return self.message
        if self.event == "unchanged":
            return "  ".join([self.message, *self._tests()])
        parts = [self._score()]
        if self.fixed:
            parts.append(f"+{self.fixed} fixed")
        if self.broke:
            parts.append(f"-{self.broke} broke")
        parts += self._tests()
        return "  ".join(filter(None, parts)) + "   " + ", ".join(self._costs())

    def _score(self) -> str:
        if self.after is None:
            return ""
        now = f"{100 * self.after:.1f}"
        if self.before is None:
            return f"{now} %"
        return f"{100 * self.before:.1f} -> {now} %"

    def _tests(self) -> list[str]:
        now_pass, now_fail = self.tests.get("now_pass", 0), self.tests.get("now_fail", 0)
        fail, passing = self.tests.get("fail", 0), self.tests.get("pass", 0)
        said = []
        if now_pass:
            said.append(_many(now_pass, "now passes", "now pass"))
        if now_fail:
            said.append(_many(now_fail, "now fails", "now fail"))
        if fail > now_fail:
            said.append(_many(fail, "fails", "fail"))
        elif self.event == "ready" and passing:
            said.append(_many(passing, "passes", "pass"))
        return said

    def _costs(self) -> list[str]:
        told = [_counted(count, what) for what, count in self.edits.items() if count]
        if self.encoded:
            told.append(f"encoded {self.encoded} row{'s' * (self.encoded != 1)}")
        if "learned" in self.seconds:
            told.append(f"learned in {_short(self.seconds['learned'])}")
        if "live" in self.seconds:
            told.append(f"live in {_short(self.seconds['live'])}")
        return told


def _counted(count: int, what: str) -> str:
    """`1 row added`, `2 rows added`; settings are only named."""
    if not what.startswith("rows "):
        return f"{what} changed"
    return f"{count:,} {what}" if count != 1 else f"1 row {what.removeprefix('rows ')}"


def flips_between(
    before: HeldOut, now: HeldOut, rows: Mapping[int, tuple[str, str]]
) -> tuple[Flip, ...]:
    """The samples that are answered otherwise, those that broke first; `rows` say where they are.

    Only those that both know, and of which one of the answers is right.
    """
    found = []
    for sample, said in now.said.items():
        if sample not in before.said or sample not in rows:
            continue
        if before.right(sample) == now.right(sample):
            continue
        place, text = rows[sample]
        found.append(
            Flip(
                place=place,
                text=text,
                before=before.said[sample],
                now=said,
                truth=now.truth[sample],
            )
        )
    return tuple(sorted(found, key=lambda flip: flip.fixed))


def _short(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _many(count: int, one: str, many: str) -> str:
    return f"1 test {one}" if count == 1 else f"{count} tests {many}"
