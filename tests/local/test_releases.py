"""A folder's function against its past: the lock's version, a tag, a revision, a number."""

import subprocess
from pathlib import Path

import pytest

from hotfit.behaviour import Result
from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.local.folders import fit_folder
from hotfit.local.testing import run_tests
from tests.folders.moods import TOML, make_folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of greetings and partings, fitted and committed."""
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    path = make_folder(tmp_path / "mood")
    fit_folder(Folder.open(path), tuned=False)
    git(path, "init", "-q")
    git(path, "add", ".")
    git(path, "commit", "-qm", "first")
    return path


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True)


def against(folder: Path, than: str) -> Result:
    (folder / "tests" / "a.toml").write_text(f'[[no_worse]]\nthan = "{than}"\n')
    (result,) = run_tests(Folder.open(folder)).results
    return result


def spoil(folder: Path) -> None:
    """Let the function see a word for each row that says nothing."""
    (folder / "hotfit.toml").write_text(TOML + 'prepare = "prepare.py"\n')
    code = "from zlib import crc32\ndef prepare(sample):\n    return f'x{crc32(sample.encode())}'\n"
    (folder / "prepare.py").write_text(code)


def test_the_locks_version_is_no_worse_than_itself(folder: Path) -> None:
    result = against(folder, "lock")
    assert (result.outcome, result.message) == ("pass", "it is the version of hotfit.lock")


@pytest.mark.parametrize("than", ["lock", "HEAD", "release"])
def test_a_change_that_spoils_the_function_fails_against_the_past(folder: Path, than: str) -> None:
    git(folder, "tag", "v1")
    spoil(folder)
    result = against(folder, than)
    assert result.outcome == "fail"
    assert "held-out rows against" in result.message
    assert result.cases[0].place is not None
    assert result.cases[0].place.startswith("data/messages.csv:")


def test_a_version_of_the_home_is_compared_by_its_number(folder: Path) -> None:
    with (folder / "data" / "messages.csv").open("a") as rows:
        rows.write("hello again,greeting\n")
    result = against(folder, "1")
    assert result.outcome == "pass"
    assert result.message == "0 lost and 0 won of 80 held-out rows against version 1"


def test_what_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(Refusal, match="git has no tag here yet"):
        against(folder, "release")
    with pytest.raises(Refusal, match="this home has no version 99"):
        against(folder, "99")
    with pytest.raises(Refusal, match="has no revision 'nonsense'"):
        against(folder, "nonsense")
    git(folder, "rm", "-q", "--cached", "hotfit.lock")
    spoil(folder)
    assert against(folder, "lock").outcome == "fail"
