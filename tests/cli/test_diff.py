"""`hotfit diff` as it is run: by a person, by a reviewer's robot, and as a gate."""

from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.folders.repository import commit, start

ROWS = "hello there,a\nhi friend,a\nbye now,b\nso long,b\n"
CSV = "text,label\n" + ROWS * 3
WRONG = "text,label\n" + ROWS.replace("hi friend,a", "hi friend,b") * 3
TOML = """\
[function]
name = "f"
input = "Text"
output = "Classification"
target = "label"
inputs = ["text"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A committed folder whose labels were spoilt since."""
    path = tmp_path / "f"
    (path / "data").mkdir(parents=True)
    (path / "hotfit.toml").write_text(TOML)
    (path / "data" / "rows.csv").write_text(CSV)
    start(path)
    commit(path)
    (path / "data" / "rows.csv").write_text(WRONG)
    return path


def test_a_change_is_shown_printed_and_held_up(hotfit: Program, folder: Path) -> None:
    told = hotfit("diff", str(folder), "--json").json()
    assert told["from"]["name"].startswith("HEAD (")
    assert told["edits"]["relabelled"] == 3
    people = hotfit("diff", str(folder))
    assert people.status == 0
    assert people.out.startswith("f: HEAD (")
    assert "3 relabelled" in people.out
    page = hotfit("diff", str(folder), "main", "--markdown")
    assert page.out.startswith("<!-- hotfit diff -->\n### `f`: ")
    broken = told["broken"]
    assert hotfit("diff", str(folder), "--max-broken", str(broken)).status == 0
    if broken:
        held = hotfit("diff", str(folder), "--max-broken", str(broken - 1))
        assert held.status == 1
        assert f"broke {broken}" in held.err
    assert hotfit("diff", str(folder), "--json", "--markdown").status == 2


def test_versions_are_compared_by_number(hotfit: Program) -> None:
    for text in (CSV, WRONG):
        assert hotfit("fit", "-", "--name", "f", "--build", "instant", stdin=text).status == 0
    told = hotfit("diff", "f", "1", "--json").json()
    assert told["from"]["name"] == "version 1"
    assert told["edits"]["relabelled"] == 3
    assert hotfit("diff", "f", "9").status == 2
    assert hotfit("diff", "nothing").status == 2


def test_a_folder_out_of_git_and_an_unknown_revision_are_refused(
    hotfit: Program, folder: Path, tmp_path: Path
) -> None:
    assert "has no revision 'nowhere'" in hotfit("diff", str(folder), "nowhere").err
    (folder / ".git").rename(tmp_path / "away")
    refused = hotfit("diff", str(folder))
    assert refused.status == 2
    assert "no git repository" in refused.err
