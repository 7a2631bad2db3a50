from pathlib import Path

import pytest

from hotfit.settings import SettingRefused, Settings


def test_everything_lives_under_the_home(tmp_path: Path) -> None:
    settings = Settings()
    assert settings.home == tmp_path / "home"
    assert settings.database_url == f"sqlite:///{tmp_path}/home/hotfit.db"
    assert settings.blobs_folder == tmp_path / "home" / "blobs"


def test_each_setting_has_a_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOTFIT_CACHE", str(tmp_path / "c"))
    monkeypatch.setenv("HOTFIT_DATABASE", "postgresql://x/y")
    monkeypatch.setenv("HOTFIT_OFFLINE", "1")
    settings = Settings()
    assert settings.weights_cache == tmp_path / "c" / "weights"
    assert settings.database_url == "postgresql://x/y"
    assert settings.offline
    monkeypatch.setenv("HOTFIT_WEIGHTS", str(tmp_path / "w"))
    assert Settings().weights == tmp_path / "w"


def test_without_variables_the_folders_of_the_user_are_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("HOTFIT_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert "hotfit" in str(Settings().home)
    assert not list(tmp_path.iterdir())


def test_every_setting_has_a_line_of_help() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert "\n" not in field.description


def test_a_setting_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTFIT_OFFLINE", "perhaps")
    with pytest.raises(SettingRefused, match=r"HOTFIT_OFFLINE cannot be read: .*boolean"):
        Settings()
