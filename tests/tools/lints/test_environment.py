"""Only the settings read the environment."""

import pytest

from tools.lints.base import Source
from tools.lints.environment import READER, check


@pytest.mark.parametrize(
    "text",
    ["x = os.environ['A']\n", "os.getenv('A')\n", "from os import environ\n"],
)
def test_finds_reads_of_the_environment(text: str) -> None:
    assert len(list(check(Source("src/hotfit/a.py", text)))) == 1
    assert not list(check(Source(READER, text)))


def test_accepts_the_rest_of_os() -> None:
    text = "from os import fsync\nos.replace(a, b)\nself.environ = 1\n"
    assert not list(check(Source("src/hotfit/a.py", text)))
