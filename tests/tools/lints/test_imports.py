"""Only optional or heavy libraries are imported inside functions."""

import pytest

from tools.lints.base import Source
from tools.lints.imports import check


@pytest.mark.parametrize(
    "statement",
    ["import json", "from hotfit.heads import base", "from hotfit import heads", "import os.path"],
)
def test_finds_hidden_imports(statement: str) -> None:
    (found,) = check(Source("src/hotfit/a.py", f"def f():\n    {statement}\n"))
    assert found.line == 2


@pytest.mark.parametrize(
    "text",
    [
        "import json\n",
        "def f():\n    import duckdb\n",
        "class A:\n    def f(self):\n        from sklearn.ensemble import B\n",
        "def f():\n    from hotfit.store.migrations import known\n",
        "def f():\n    from hotfit.store import migrations\n",
        "if TYPE_CHECKING:\n    import json\n",
    ],
)
def test_accepts_the_top_and_heavy_libraries(text: str) -> None:
    assert not list(check(Source("src/hotfit/a.py", text)))


def test_counts_an_import_in_a_nested_function_once() -> None:
    text = "def f():\n    def g():\n        import json\n"
    assert len(list(check(Source("src/hotfit/a.py", text)))) == 1


def test_leaves_tests_alone() -> None:
    assert not list(check(Source("tests/test_a.py", "def f():\n    import json\n")))
