"""What counts as a save: files that have a say, however an editor writes them."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from hotfit.dev.watching import is_watched, watch_folder


@pytest.mark.parametrize(
    "name",
    [
        "data/rows.csv~",
        "data/.rows.csv.swp",
        "data/4913.tmp",
        ".git/index",
        ".hotfit/home/hotfit.db",
        "hotfit.lock",
        "__pycache__/prepare.cpython-311.pyc",
        ".hotfit.sync.part",
        "hotfit.sync",
        "conflicts.toml",
    ],
)
def test_what_has_no_say_is_no_save(tmp_path: Path, name: str) -> None:
    assert not is_watched(tmp_path / name, tmp_path)
    assert is_watched(tmp_path / "data" / "rows.csv", tmp_path)
    assert is_watched(tmp_path / "prepare.py", tmp_path)


def _in_place(file: Path) -> None:
    file.write_text("text,label\n")


def _by_rename(file: Path) -> None:
    part = file.with_name(f".{file.name}.swp")
    part.write_text("text,label\n")
    part.replace(file)


def _by_backup(file: Path) -> None:
    file.replace(file.with_name(file.name + "~"))
    file.write_text("text,label\n")


@pytest.mark.parametrize("write", [_in_place, _by_rename, _by_backup])
def test_a_file_is_seen_however_an_editor_saves_it(
    tmp_path: Path, write: Callable[[Path], None]
) -> None:
    file = tmp_path / "data" / "rows.csv"
    file.parent.mkdir()
    file.write_text("")
    saves = watch_folder(tmp_path, stop=threading.Event())
    assert next(saves) == []  # it has begun
    write(file)
    assert next(saves) == [Path("data/rows.csv")]


def test_watching_ends_when_it_is_told_to(tmp_path: Path) -> None:
    stop = threading.Event()
    saves = watch_folder(tmp_path, stop=stop)
    assert next(saves) == []
    stop.set()
    assert list(saves) == []
