"""No file is named for nothing in particular."""

import pytest

from tools.lints.base import Source
from tools.lints.names import check


@pytest.mark.parametrize(
    "path",
    [
        "src/hotfit/utils.py",
        "src/hotfit/common/text.py",
        "src/hotfit/samples/service.py",
        "src/hotfit/image_helpers.py",
        "tests/heads/utils.py",
    ],
)
def test_finds_vague_names(path: str) -> None:
    assert list(check(Source(path, "")))


@pytest.mark.parametrize(
    "path", ["src/hotfit/heads/ridge.py", "tools/pin.py", "tests/tools/test_pin.py", "docs/core.md"]
)
def test_accepts_names_of_subjects(path: str) -> None:
    assert not list(check(Source(path, "")))
