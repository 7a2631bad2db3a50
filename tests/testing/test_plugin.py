"""The pytest plug-in: a folder's tests under pytest, and nothing at all elsewhere."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest

from hotfit.folders.making import copy_folder
from hotfit.testing import plugin

ROOT = Path(__file__).parents[2]


def pytest_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest as a user does whose environment has hotfit and nothing else."""
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "HOTFIT_TEXT_ENCODER": "fake.v1"}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", "-p", "hotfit.testing.plugin", *arguments],
        cwd=folder,
        env=os.environ | alone,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.journey
def test_a_folders_tests_pass_fail_and_are_skipped_under_pytest(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    copy_folder(folder)
    row = (folder / "data" / "messages.csv").read_text().splitlines()[1].rsplit(",", 1)[0]
    tests = folder / "tests"
    (tests / "behaviour.toml").write_text("[[floor]]\naccuracy = 0.05\n")
    (tests / "names.toml").write_text('\n[[invariance]]\nchange = "names"\n')
    (tests / "wrong.csv").write_text(f"text,label\n{row},account\n")
    (tests / "test_code.py").write_text("def test_python_is_left_to_pytest() -> None:\n    pass\n")
    done = pytest_in(folder, "--junitxml", "report.xml")
    assert done.returncode == 1, done.stdout + done.stderr
    cases = {
        str(case.get("name")): [part.tag for part in case]
        for case in parse(folder / "report.xml").getroot().iter("testcase")
    }
    failed = next(name for name in cases if name.startswith("account: "))
    assert cases == {
        "accuracy at least 5 %": [],
        "answers stay with names": ["skipped"],
        "test_python_is_left_to_pytest": [],
        failed: ["failure"],
    }
    assert "'account' was expected" in done.stdout
    assert "learned from data/messages.csv:" in done.stdout
    assert "Traceback" not in done.stdout
    (tests / "names.toml").write_text("[[floor]]\naccuracy = 7\n")
    refused = pytest_in(folder, "tests/names.toml")
    assert refused.returncode == 2
    assert "tests/names.toml, line 2: accuracy is 7" in refused.stdout


def test_pytest_finds_the_plugin_and_importing_it_costs_nothing() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pytest11"] == {"hotfit": "hotfit.testing.plugin"}
    code = "import sys, hotfit.testing.plugin; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_files_of_other_projects_are_left_alone(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    for name in ("data.toml", "rows.csv", "test_code.py"):
        (tests / name).write_text("")
        assert plugin.pytest_collect_file(tests / name, request.session) is None
    (tmp_path / "hotfit.toml").write_text("")
    assert plugin.pytest_collect_file(tests / "test_code.py", request.session) is None
    (tests / "notes.md").write_text("")
    assert plugin.pytest_collect_file(tests / "notes.md", request.session) is None
    assert plugin.pytest_collect_file(tests / "data.toml", request.session) is not None
