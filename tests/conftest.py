"""Fixtures every test may use."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

SHARED = Path(__file__).resolve().parents[2] / "shared"

settings.register_profile(
    "hotfit",
    # Explaining a failure traces every line, in which CPython 3.11 can hang for good.
    phases=[phase for phase in Phase if phase is not Phase.explain],
    # A busy machine may be slow at any example, and at drawing it.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    # The same examples in every run: a change is judged by itself, not by what was drawn for it.
    derandomize=True,
)
# New examples in each run, many of them: pytest --hypothesis-profile=search
settings.register_profile(
    "search", settings.get_profile("hotfit"), derandomize=False, max_examples=2000
)
settings.load_profile("hotfit")


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the user's home: everything hotfit keeps goes under `tmp_path`."""
    monkeypatch.setenv("HOTFIT_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets beside the project; skips where it is absent."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip(f"the real data sets are not at {folder}")
    return folder


@pytest.fixture(scope="session")
def shared_models() -> Path:
    """The folder of pretrained image networks beside the project; skips where it is absent."""
    folder = SHARED / "models"
    if not folder.is_dir():
        pytest.skip(f"the pretrained networks are not at {folder}")
    return folder
