"""What the pytest plug-in collects: a file of tests, and an item a test.

A folder is fitted once a session, when the first of its tests runs; all inputs of the tests that
were selected are answered in one batch.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hotfit.behaviour import Check, Result
from hotfit.behaviour.running import Remembering
from hotfit.behaviour.telling import details
from hotfit.errors import HotfitError
from hotfit.folders import Folder
from hotfit.folders.checks import check_files, read_checks
from hotfit.local.releases import Tested
from hotfit.local.testing import fitted
from hotfit.local.tracing import trace

FOLDERS = pytest.StashKey[dict[Path, "Bench"]]()


class Bench:
    """A folder that was opened for its tests; its function, once they run."""

    def __init__(self, path: Path) -> None:
        self.folder = Folder.open(path)
        self._tested: Tested | None = None
        self._remembering: Remembering | None = None

    def run(self, check: Check, selected: Iterable[Check]) -> Result:
        """The result of one of the selected checks, traced where it fails."""
        if self._tested is None or self._remembering is None:
            made = fitted(self.folder)
            self._tested = Tested(made.home, made.folder, made.function)
            self._remembering = Remembering(self._tested)
            asked = [data for each in selected for data in each.asks(self._remembering)]
            self._remembering.answer(asked)
        (result,) = trace([check.run(self._remembering)], self._tested)
        return result


class BehaviourFile(pytest.File):
    """A file of tests in a function's folder."""

    def collect(self) -> Iterator["BehaviourItem"]:
        """An item a test; what is wrong in the file is told with its line."""
        folders = self.config.stash.setdefault(FOLDERS, {})
        path = self.path.parent.parent
        try:
            if path not in folders:
                folders[path] = Bench(path)
            checks = read_checks(folders[path].folder, files=[self.path])
        except HotfitError as error:
            raise self.CollectError(str(error)) from error
        for check in checks:
            item: BehaviourItem = BehaviourItem.from_parent(self, name=check.name)
            item.check, item.bench = check, folders[path]
            yield item


class BehaviourItem(pytest.Item):
    """One test of a function."""

    check: Check
    bench: Bench

    def runtest(self) -> None:
        """Fail where the test does, skip where more labels would have to decide."""
        selected = [
            item.check
            for item in self.session.items
            if isinstance(item, BehaviourItem) and item.bench is self.bench
        ]
        result = self.bench.run(self.check, selected)
        if result.outcome == "fail":
            raise Failed("\n".join([result.message, *details(result)]))
        if result.outcome == "cannot_tell":
            pytest.skip(f"cannot tell: {result.message}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """What went against the test; no traceback, for there is no code of the user's in it."""
        if isinstance(excinfo.value, Failed | HotfitError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo, style))

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        """Where the test is written."""
        line = self.check.place.rpartition(":")[2]
        return self.path, int(line) - 1 if line.isdigit() else 0, self.name


class Failed(Exception):
    """A function does not do what a test says."""


def collect(file: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The collector of a file, None where it holds no tests."""
    if file not in check_files(file.parent.parent):
        return None
    found: BehaviourFile = BehaviourFile.from_parent(parent, path=file)
    return found
