"""The tests of a watched folder, run after each save: which now pass, which now fail.

Only cheap ones: examples, changes and additions to named inputs, floors. They are answered after
the new version is live, so no call waits for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hotfit.behaviour import Result, run_checks
from hotfit.behaviour.telling import details
from hotfit.folders import Folder, Row
from hotfit.folders.checks import read_checks
from hotfit.local.folders import function_of
from hotfit.local.home import Home
from hotfit.local.releases import Tested
from hotfit.local.tested import Unseen
from hotfit.training.held_out import HeldOut
from hotfit.types import Data, Picture


@dataclass(frozen=True, kw_only=True)
class Tests:
    """What the tests say: how many `pass` and `fail`, and `now_pass` and `now_fail` since before.

    `failing` tells of each that fails.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    failing: Sequence[str] = ()


class Watched:
    """Runs a folder's tests and remembers how they ended."""

    def __init__(self) -> None:
        self._before: Mapping[str, str] | None = None

    def run(self, home: Home, folder: Folder, held: HeldOut, rows: Mapping[int, Row]) -> Tests:
        """Run the cheap tests on what answers now; raise what a wrong test file raises."""
        checks = [check for check in read_checks(folder) if check.cheap]
        if not checks:
            self._before = {}
            return Tests()
        unseen = Unseen(
            said=held.said,
            truth=held.truth,
            groups=_alike(rows),
            judged=frozenset(held.said),
            rows=rows,
        )
        tested = Tested(home, folder, function_of(home, folder), unseen=unseen)
        results = run_checks(checks, tested)
        before, self._before = self._before, {one.name: one.outcome for one in results}
        return Tests(counts=_counts(results, before), failing=_failing(results))


def _counts(results: Sequence[Result], before: Mapping[str, str] | None) -> dict[str, int]:
    passing = {one.name for one in results if one.outcome == "pass"}
    failing = {one.name for one in results if one.outcome == "fail"}
    told = {"pass": len(passing), "fail": len(failing)}
    if before is None:
        return told
    was = {name for name, outcome in before.items() if outcome == "fail"}
    return {
        **told,
        "now_pass": len(passing & was),
        "now_fail": len(failing - was),
    }


def _failing(results: Sequence[Result]) -> list[str]:
    told = []
    for one in results:
        if one.outcome == "fail":
            told.append(f"{one.place}  {one.name}: {one.message}")
            told += [f"  {line}" for line in details(one)]
    return told


def _alike(rows: Mapping[int, Row]) -> dict[int, int]:
    """Rows of equal content, by a number of their own."""
    first: dict[object, int] = {}
    return {one: first.setdefault(_key(row.sample.data), one) for one, row in rows.items()}


def _key(data: Data) -> object:
    if isinstance(data, Picture):
        return ("image", data.sha256)
    return tuple(data.items()) if isinstance(data, Mapping) else data
