"""Links lead somewhere."""

from pathlib import Path

import pytest

from tools.lints.base import Source
from tools.lints.links import check


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a page.md").write_text("x")
    (tmp_path / "LICENSE").write_text("x")
    return tmp_path


def test_finds_a_link_to_nowhere(root: Path) -> None:
    (found,) = check(Source("docs/index.md", "fine\nsee [that](gone.md#part)\n", root))
    assert (found.line, "gone.md#part" in found.message) == (2, True)


def test_finds_an_image_that_is_not_there(root: Path) -> None:
    assert len(list(check(Source("README.md", "![screen](docs/screen.png)", root)))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[l](../LICENSE) and [p](a%20page.md#top) and [folder](.)",
        "[web](https://example.com/x) [mail](mailto:a@example.com) [here](#part)",
        "```\n[not a link](gone.md)\n```",
    ],
)
def test_accepts_links_that_lead_somewhere(root: Path, text: str) -> None:
    assert not list(check(Source("docs/index.md", text, root)))


def test_reads_only_pages(root: Path) -> None:
    assert not list(check(Source("src/hotfit/a.py", "# [x](gone.md)", root)))
