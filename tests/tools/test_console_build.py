import importlib.util
import json
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def build(tmp_path: Path) -> ModuleType:
    """The module that builds the console, in a copy of the sources it looks at."""
    console = tmp_path / "console"
    (console / "node_modules").mkdir(parents=True)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "openapi.json").write_text("{}")
    for name in ("build.py", "package.json", "package-lock.json", "index.html"):
        shutil.copy(ROOT / "console" / name, console)
    spec = importlib.util.spec_from_file_location("console_build", console / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def finish(build: ModuleType) -> None:
    build.BUILT.mkdir(parents=True)
    build.STAMP.write_text(build.stamp())


def test_a_build_is_due_until_one_of_these_sources_is_there(build: ModuleType) -> None:
    assert build.is_due()
    finish(build)
    assert not build.is_due()


@pytest.mark.parametrize("changed", ["console/index.html", "docs/openapi.json", "console/new.ts"])
def test_a_changed_source_makes_a_build_due(build: ModuleType, changed: str) -> None:
    finish(build)
    (build.ROOT / changed).write_text("other")
    assert build.is_due()


def test_what_was_installed_or_made_makes_no_build_due(build: ModuleType) -> None:
    finish(build)
    (build.CONSOLE / "node_modules" / "a.js").write_text("1")
    (build.CONSOLE / "schema.d.ts").write_text("1")
    assert not build.is_due()


def test_the_switch_leaves_the_console_out(
    build: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTFIT_SKIP_CONSOLE", "1")
    assert not build.is_due()


def test_a_failed_step_tells_its_end_and_the_switch(
    build: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "print('\\n'.join(str(line) for line in range(90))); raise SystemExit(3)"
    command = [sys.executable, "-c", said]
    monkeypatch.setattr(build, "programs", lambda: (build.ROOT, command))
    with pytest.raises(build.NotBuilt) as caught:
        build.build()
    told = str(caught.value)
    assert "ended with 3" in told
    assert "\n89\n" in told
    assert "\n30\n" not in told
    assert "HOTFIT_SKIP_CONSOLE=1" in told


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((ROOT / "console" / "package-lock.json").read_text())
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]
    assert all("integrity" in entry for name, entry in lock["packages"].items() if name)
