"""The scorecard measures what it says."""

import pytest

from tools import scorecard
from tools.lints.base import Source


def source(text: str, path: str = "src/hotfit/a.py") -> Source:
    return Source(path, text)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 2), (0.9, 4), (0.25, 1), (1.0, 4)])
def test_quantile_is_a_value_that_was_seen(share: float, expected: int) -> None:
    assert scorecard.quantile([4, 1, 3, 2], share) == expected


def test_quantile_of_nothing_is_zero() -> None:
    assert scorecard.quantile([], 0.5) == 0


def test_share_of_functions_that_state_their_return() -> None:
    text = "def f() -> int:\n    return 1\ndef g():\n    pass\n"
    assert scorecard.annotated_returns([source(text)]) == 50


def test_ignores_count_per_thousand_lines() -> None:
    text = "x = 1  # type: ignore[misc]\ny = 2  # noqa: A001\n" + "z = 3\n" * 998
    assert scorecard.ignores([source(text)]) == 2


def test_counts_hidden_imports_broad_excepts_and_vague_files() -> None:
    text = (
        "def f():\n    import json, duckdb\n    try:\n        f()\n    except Exception:\n"
        "        pass\n"
    )
    assert scorecard.hidden_imports([source(text)]) == 1
    assert scorecard.broad_excepts([source(text)]) == 1
    assert scorecard.vague_lines([source(text), source(text, "src/hotfit/utils.py")]) == 6


@pytest.mark.parametrize("text", ["__all__ = ['a', 'b']\n", "__all__: list[str] = ['a', 'b']\n"])
def test_counts_the_names_of_the_root(text: str) -> None:
    assert scorecard.root_names([source(text, "src/hotfit/__init__.py"), source(text)]) == 2


def test_a_missed_target_is_said() -> None:
    tangled = [
        source("import hotfit.b\n"),
        source("import hotfit.a\n", "src/hotfit/b.py"),
    ]
    cycle = scorecard.card(tangled, [])[0]
    assert (cycle.value, cycle.met) == (2, False)
    assert str(cycle).endswith("MISSED")
