"""A home without weights: texts are read by the encoder that needs none."""

import pytest

from hotfit.local import Home


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home under the test's own folder."""
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    return Home.open()
