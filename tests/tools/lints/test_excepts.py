"""Broad handlers stand only at the edges."""

import pytest

from tools.lints.base import Source
from tools.lints.excepts import EDGES, check

TRY = "try:\n    f()\n"


@pytest.mark.parametrize(
    "text",
    [
        TRY + "except Exception:\n    pass\n",
        TRY + "except:\n    pass\n",
        TRY + "except (ValueError, BaseException) as e:\n    print(e)\n",
        TRY + "except Exception as e:\n    raise ValueError from e\n",
        "with contextlib.suppress(Exception):\n    f()\n",
        "with suppress(ValueError, Exception):\n    f()\n",
    ],
)
def test_finds_handlers_that_swallow_everything(text: str) -> None:
    assert len(list(check(Source("src/hotfit/a.py", text)))) == 1


@pytest.mark.parametrize(
    "text",
    [
        TRY + "except (ValueError, OSError):\n    pass\n",
        TRY + "except BaseException:\n    undo()\n    raise\n",
        "with contextlib.suppress(FileNotFoundError):\n    f()\n",
    ],
)
def test_accepts_named_exceptions_and_cleaning_up(text: str) -> None:
    assert not list(check(Source("src/hotfit/a.py", text)))


def test_accepts_the_edges_and_what_is_not_shipped() -> None:
    text = TRY + "except Exception:\n    pass\n"
    for path in [*EDGES, "tests/test_a.py"]:
        assert not list(check(Source(path, text)))
