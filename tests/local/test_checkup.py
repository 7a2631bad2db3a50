import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotfit.encoders.catalogue import ENCODERS
from hotfit.local import Home
from hotfit.local.checkup import State, look_over
from hotfit.settings import Settings
from hotfit.store.locks import HomeLock
from tests.local.messages import messages


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fitted") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
        home = Home.open(folder)
        home.fit(messages(), name="polite")
        home.app.store.close()
    return folder


@pytest.fixture
def settings(fitted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    shutil.copytree(fitted, tmp_path / "home")
    (tmp_path / "home").chmod(0o700)
    yield Settings(home=tmp_path / "home")
    (tmp_path / "home").chmod(0o700)


def wrong(settings: Settings, *, full: bool = False) -> dict[str, str]:
    """What is found wrong, by the name of the check."""
    found = look_over(settings, full=full)
    return {one.name: one.sentence for one in found if one.state is State.WRONG}


def notes(settings: Settings) -> dict[str, str]:
    return {one.name: one.sentence for one in look_over(settings) if one.state is not State.OK}


@pytest.mark.parametrize("full", [False, True])
def test_a_sound_home_has_nothing_wrong(settings: Settings, full: bool) -> None:
    assert wrong(settings, full=full) == {}


def test_looking_changes_nothing(settings: Settings) -> None:
    def seen() -> dict[str, bytes]:
        files = (each for each in settings.home.rglob("*") if each.is_file())
        found = {each.name: each.read_bytes() for each in files if "-shm" not in each.name}
        return {name: content for name, content in found.items() if content}

    before = seen()
    wrong(settings, full=True)
    assert seen() == before


def test_an_empty_place_is_not_made_a_home(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "nothing")
    assert wrong(settings) == {}
    assert not settings.home.exists()


def test_a_lost_and_a_damaged_file_are_named_with_their_function(settings: Settings) -> None:
    files = [each for each in settings.blobs_folder.rglob("*") if each.is_file()]
    assert len(files) == 2  # a version, and what it was trained on
    for blob in files:
        content = blob.read_bytes()
        blob.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        assert "of 'polite' is damaged" in wrong(settings)["files"]
        blob.unlink()
        assert "of 'polite' is not there" in wrong(settings)["files"]
        blob.write_bytes(content)


def test_a_damaged_database_is_told(settings: Settings) -> None:
    file = settings.home / "hotfit.db"
    content = bytearray(file.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 8192] = b"\xff" * 8192
    file.write_bytes(bytes(content))
    assert "hotfit.db" in wrong(settings, full=True)["database"]


def test_what_is_no_database_is_told(settings: Settings) -> None:
    (settings.home / "hotfit.db").write_bytes(b"nothing of the kind" * 1000)
    assert "database" in wrong(settings)


def test_rows_that_refer_to_nothing_are_told(settings: Settings) -> None:
    with sqlite3.connect(settings.home / "hotfit.db") as connection:
        connection.execute("DELETE FROM functions")
    connection.close()
    assert "refers to nothing" in wrong(settings)["database"]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
def test_a_home_that_others_may_write_to_is_wrong_and_one_they_may_read_is_told(
    settings: Settings,
) -> None:
    settings.home.chmod(0o755)
    assert wrong(settings) == {}
    assert "read by other users" in notes(settings)["home"]
    settings.home.chmod(0o777)
    assert "written to by other users" in wrong(settings)["home"]


def test_a_server_that_has_the_home_and_one_that_died_are_told(settings: Settings) -> None:
    with HomeLock(settings.home):
        (owner,) = (one for one in look_over(settings) if one.name == "owner")
        assert f"process {os.getpid()}" in owner.sentence
        assert "serves this home" in owner.sentence
        kept = json.loads((settings.home / "owner.lock").read_text())
    (settings.home / "owner.lock").write_text(json.dumps(kept | {"boot": "another"}))
    assert "without giving this home back" in notes(settings).get("owner", "") or not kept["boot"]


@pytest.mark.parametrize(
    ("free", "state"), [(1 << 40, State.OK), (500 << 20, State.NOTE), (1 << 20, State.WRONG)]
)
def test_a_disk_that_fills_up_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, state: State
) -> None:
    usage = shutil.disk_usage(settings.home)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    (disk,) = (one for one in look_over(settings) if one.name == "disk")
    assert disk.state is state


@pytest.mark.parametrize(("version", "told"), [((3, 40, 1), True), ((3, 51, 3), False)])
def test_the_fault_of_sqlite_is_told_by_version(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], told: bool
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    assert ("sqlite" in notes(settings)) is told


def test_damaged_weights_are_told_with_what_to_delete(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weights").mkdir()
    name = "minilm-l6.v1"
    for file in ENCODERS.get(name).files:
        target = tmp_path / "weights" / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"not it")
    changed = settings.model_copy(
        update={"text_encoder": name, "weights": tmp_path / "weights", "cache": tmp_path / "none"}
    )
    assert "is damaged; delete" in wrong(changed)["weights"]
