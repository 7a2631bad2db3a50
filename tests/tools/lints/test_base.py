"""What lints see: every text file git tracks or would track."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tools.lints.__main__ import LINTS
from tools.lints.base import Finding, Source, tracked


@pytest.fixture
def root(tmp_path: Path) -> Path:
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("ignored.py\n")
    (tmp_path / "ignored.py").write_text("x")
    (tmp_path / "new.py").write_text("x")
    (tmp_path / "binary.bin").write_bytes(b"\xff\xfe\x00")
    return tmp_path


def test_lists_new_text_files_and_no_ignored_or_binary_ones(root: Path) -> None:
    assert [source.path for source in tracked(root)] == [".gitignore", "new.py"]


def test_passes_over_a_file_deleted_but_still_tracked(root: Path) -> None:
    subprocess.run(["git", "add", "new.py"], cwd=root, check=True)
    (root / "new.py").unlink()
    assert [source.path for source in tracked(root)] == [".gitignore"]


def test_walks_the_tree_where_git_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "theirs.py").write_text("x")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "ours.py").write_text("x")
    assert [source.path for source in tracked(tmp_path)] == ["src/ours.py"]


def test_a_finding_reads_as_editors_expect() -> None:
    assert str(Finding(path="a.py", line=3, message="too long")) == "a.py:3: too long"


def test_no_lint_stumbles_over_an_empty_file() -> None:
    for path in ("src/hotfit/a.py", "docs/a.md", "examples/a.csv"):
        assert not [found for lint in LINTS for found in lint(Source(path, ""))]
