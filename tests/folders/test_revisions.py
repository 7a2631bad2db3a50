"""What git has of a folder, read without touching the working tree."""

from pathlib import Path

import pytest

from hotfit.folders.revisions import (
    NoGit,
    NoRepository,
    NotInRevision,
    UnknownRevision,
    find_revision,
    uncommitted,
)
from tests.folders.repository import commit, git, start


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a function, inside a repository that holds more."""
    path = tmp_path / "repository" / "functions" / "desk"
    (path / "data").mkdir(parents=True)
    (path / "hotfit.toml").write_text("one")
    (path / "data" / "rows with spaces.csv").write_bytes(b"text,label\r\nhi,a\r\n")
    (path.parents[1] / "README.md").write_text("more")
    start(path.parents[1])
    commit(path.parents[1])
    return path


def test_the_files_are_those_of_the_revision(folder: Path, tmp_path: Path) -> None:
    (folder / "hotfit.toml").write_text("two")
    target = tmp_path / "written"
    revision = find_revision(folder, "main")
    revision.write(target)
    files = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert files == {"hotfit.toml", "data/rows with spaces.csv"}
    assert (target / "hotfit.toml").read_text() == "one"
    assert (target / "data" / "rows with spaces.csv").read_bytes() == b"text,label\r\nhi,a\r\n"
    assert (folder / "hotfit.toml").read_text() == "two"
    assert revision.name == f"main ({revision.commit[:8]})"


def test_a_commit_is_called_by_its_first_letters(folder: Path) -> None:
    whole = git(folder, "rev-parse", "HEAD")
    assert find_revision(folder, whole).name == whole[:8]


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "data" / "link.csv").symlink_to("/etc/passwd")
    commit(folder)
    find_revision(folder, "HEAD").write(tmp_path / "written")
    assert not (tmp_path / "written" / "data" / "link.csv").exists()


@pytest.mark.parametrize("given", ["nowhere", "--help", "-x", "HEAD~7", "", "main:README.md"])
def test_an_unknown_revision_is_refused(folder: Path, given: str) -> None:
    with pytest.raises(UnknownRevision, match="has no revision"):
        find_revision(folder, given)


def test_a_shallow_clone_says_how_to_get_more(folder: Path, tmp_path: Path) -> None:
    commit(folder)
    repository = folder.parents[1]
    git(tmp_path, "clone", "--quiet", "--depth=1", repository.as_uri(), "shallow")
    with pytest.raises(UnknownRevision, match="fetch-depth: 0"):
        find_revision(tmp_path / "shallow" / "functions" / "desk", "HEAD~1")


def test_a_folder_out_of_git_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoRepository, match="in no git repository"):
        find_revision(tmp_path, "HEAD")


def test_a_revision_before_the_function_was_there_is_refused(folder: Path, tmp_path: Path) -> None:
    other = folder.parent / "new"
    other.mkdir()
    with pytest.raises(NotInRevision, match="held no function then"):
        find_revision(other, "HEAD")
    (folder / "hotfit.toml").unlink()
    commit(folder)
    with pytest.raises(NotInRevision, match="name a later revision"):
        find_revision(folder, "HEAD").write(tmp_path / "written")


def test_without_git_that_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoGit, match="git was not found"):
        find_revision(folder, "HEAD")


def test_what_is_not_committed_is_listed(folder: Path) -> None:
    assert uncommitted(folder) == []
    (folder / "data" / "rows with spaces.csv").write_text("text,label\n")
    (folder / "data" / "new.csv").write_text("text,label\n")
    (folder.parents[1] / "README.md").write_text("not of the folder")
    assert sorted(Path(path).name for path in uncommitted(folder)) == [
        "new.csv",
        "rows with spaces.csv",
    ]
