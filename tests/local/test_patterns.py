"""The finished folders that ship: each fits, passes its own tests, and fits on a screen."""

from pathlib import Path

import pytest

from hotfit.folders import Folder
from hotfit.folders.making import copy_folder, patterns
from hotfit.local.folders import fit_folder
from hotfit.local.testing import run_tests

SCREEN = 40
"""Lines of a page that is read at once."""

PATTERNS = ("churn", "dedupe", "moderate", "quality-check", "route", "triage")


def test_these_patterns_ship() -> None:
    assert patterns() == PATTERNS


@pytest.mark.journey
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_fits_passes_its_tests_and_is_explained(
    pattern: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTFIT_IMAGE_ENCODER", "pixels.v1")
    copy_folder(tmp_path / pattern, pattern=pattern)
    folder = Folder.open(tmp_path / pattern)
    verdict = fit_folder(folder, tuned=False).function.verdict
    assert verdict["answer"] in {"yes", "not yet"}
    report = run_tests(Folder.open(tmp_path / pattern))
    assert report.locked
    assert report.passed(), [(each.name, each.message) for each in report.results]
    assert report.count("pass") >= 7
    readme = (folder.path / "README.md").read_text().splitlines()
    assert len(readme) <= SCREEN
    assert max(map(len, readme)) <= 100
