"""The tree speaks of the product alone."""

import pytest

from tools.lints.base import Source
from tools.lints.words import check


@pytest.mark.parametrize(
    "line",
    [
        "see issue 12 for why",
        "This fixes #7.",
        "DATA = '/work/data'",
        "as STYLE.md says",
        "pip install --index-url https://pypi.org/simple",
        "decided in an earlier session",
    ],
)
def test_finds_words_from_elsewhere(line: str) -> None:
    found = list(check(Source("docs/a.md", f"fine\n{line}\n")))
    assert found
    assert {finding.line for finding in found} == {2}


@pytest.mark.parametrize(
    "line",
    [
        "with session.begin() as session:",
        "the issue: labels differ",
        "rgb(#123)",
        "https://github.com/apache/arrow/issues/44081",
        "a framework/work/flow",
        "the user agent of the client",
    ],
)
def test_accepts_words_of_the_product(line: str) -> None:
    assert not list(check(Source("docs/a.md", line)))
