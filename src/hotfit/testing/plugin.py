"""The pytest plug-in: the tests of a function's folder, collected as pytest's own.

In every other project it looks at the place of each file and does nothing: what it needs is
imported when the first folder is met.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

NAME = "hotfit.toml"


def pytest_collect_file(file_path: Path, parent: "pytest.Collector") -> "pytest.Collector | None":
    """Collect a file of `tests/` beside a `hotfit.toml`."""
    tests = file_path.parent
    if tests.name != "tests" or file_path.suffix == ".py" or not (tests.parent / NAME).is_file():
        return None
    collecting = import_module("hotfit.testing.collecting")
    found: pytest.Collector | None = collecting.collect(file_path, parent)
    return found
