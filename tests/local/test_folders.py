"""Fitting a folder: the version, the lock, and that both can be had again."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.folders.lock import write_lock
from hotfit.local.folders import Fitted, NotReproduced, Outdated, fit_folder
from tests.folders import moods
from tests.local.messages import messages, write_csv
from tests.local.test_falls import visits

TOML = (
    moods.TOML
    + """
[labels.parting]
description = "somebody leaves"
"""
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of greetings and partings."""
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    return make(tmp_path / "mood")


def make(path: Path) -> Path:
    (path / "data").mkdir(parents=True)
    (path / "hotfit.toml").write_text(TOML)
    write_csv(path / "data" / "messages.csv", messages(), ["text", "label"])
    return path


def fit(path: Path, *, locked: bool = False) -> Fitted:
    return fit_folder(Folder.open(path), locked=locked)


PATIENTS = """\
[function]
name = "patients"
input = "Tabular"
output = "Classification"
target = "state"
inputs = ["weight", "height", "pulse"]
"""


def test_rows_that_the_folder_ties_are_held_out_together_in_any_home(tmp_path: Path) -> None:
    path = tmp_path / "patients"
    (path / "data").mkdir(parents=True)
    rows = visits(60)
    cells = [list(row.values()) for row in rows]
    write_csv(path / "data" / "visits.csv", cells, list(rows[0]))
    (path / "hotfit.toml").write_text(PATIENTS)
    loose = fit(path)
    (path / "hotfit.toml").write_text(PATIENTS + 'together = ["patient"]\n')
    with pytest.raises(Outdated, match=r"hotfit\.toml differs"):
        fit(path, locked=True)
    tied = fit(path)
    assert tied.lock.scores["estimate"] < loose.lock.scores["estimate"] - 0.05
    shutil.rmtree(path / ".hotfit")
    assert fit(path, locked=True).reproduced
    (path / "hotfit.toml").write_text(PATIENTS)
    assert fit(path).lock.version == loose.lock.version


def test_a_folder_answers_and_keeps_its_home_out_of_git(folder: Path) -> None:
    fitted = fit(folder)
    assert fitted.function("hello dear sailor").label == "greeting"  # type: ignore[union-attr]
    assert (folder / ".hotfit" / ".gitignore").read_text() == "*\n"
    assert fitted.function.labels == ("parting", "greeting")
    lock = Folder.open(folder).lock
    assert lock == fitted.lock
    assert lock is not None
    assert lock.labelled == len(messages())


def test_the_lock_gives_the_same_version_in_a_fresh_home_and_in_an_edited_one(folder: Path) -> None:
    first = fit(folder)
    assert fit(folder).cached
    copy = make(folder.parent / "copy")
    (copy / "hotfit.lock").write_bytes((folder / "hotfit.lock").read_bytes())
    assert fit(copy, locked=True).lock.version == first.lock.version
    table = folder / "data" / "messages.csv"
    kept = table.read_text()
    table.write_text(kept.replace("text,label\n", "text,label\nlate arrival,greeting\n"))
    assert fit(folder).lock.version != first.lock.version
    table.write_text(kept)
    assert fit(folder).lock.version == first.lock.version


@pytest.mark.parametrize("head", ["discriminant.v1", "mixture.v1"])
def test_one_folder_and_lock_give_two_clean_homes_the_identical_version(
    folder: Path, head: str
) -> None:
    lock = replace(fit(folder).lock, head=head, build="tuned", version="0" * 64)
    write_lock(folder, lock)
    kept = fit(make_alike(folder, "kept")).lock
    write_lock(folder, kept)
    one, two = (fit(make_alike(folder, name), locked=True) for name in ("one", "two"))
    assert one.home.app.settings.home != two.home.app.settings.home
    assert one.lock.version == two.lock.version == kept.version
    assert one.lock.head == head
    asked = [text for text, _ in messages()] + ["neither of them", ""]
    assert one.function.predict(asked) == two.function.predict(asked)


def make_alike(folder: Path, name: str) -> Path:
    """The same folder with the same lock and a home of its own."""
    copy = make(folder.parent / name)
    (copy / "hotfit.lock").write_bytes((folder / "hotfit.lock").read_bytes())
    return copy


def test_locked_refuses_what_differs_and_says_what(folder: Path) -> None:
    with pytest.raises(Outdated, match=r"there is no hotfit\.lock"):
        fit(folder, locked=True)
    fit(folder)
    with (folder / "data" / "messages.csv").open("a") as table:
        table.write("one more,parting\n")
    with pytest.raises(Outdated, match=r"the rows differ \(80 are locked, 81 are there\)"):
        fit(folder, locked=True)


def test_locked_refuses_a_version_that_training_does_not_give(folder: Path) -> None:
    lock = fit(folder).lock
    write_lock(folder, replace(lock, version="0" * 64))
    with pytest.raises(NotReproduced, match="000000000000 was expected"):
        fit(folder, locked=True)


def test_prepare_is_applied_to_rows_and_calls_alike(folder: Path) -> None:
    toml = TOML.replace('inputs = ["text"]', 'inputs = ["text"]\nprepare = "prepare.py"')
    (folder / "hotfit.toml").write_text(toml)
    (folder / "prepare.py").write_text("def prepare(sample):\n    return sample[::-1]\n")
    function = fit(folder).function
    plain = function("hello dear sailor")
    assert plain.label == "greeting"  # type: ignore[union-attr]


def test_another_input_makes_the_function_anew(folder: Path) -> None:
    fit(folder)
    (folder / "hotfit.toml").write_text(TOML.replace('"Text"', '"Tabular"'))
    assert fit(folder).function.input == "Tabular"


def test_a_bad_row_leaves_the_last_version(folder: Path) -> None:
    before = fit(folder).lock
    with (folder / "data" / "messages.csv").open("a") as table:
        table.write('"half sav')
    with pytest.raises(Refusal):
        fit(folder)
    assert Folder.open(folder).lock == before


@pytest.mark.journey
def test_two_processes_with_other_threads_and_seeds_make_the_identical_version(
    tmp_path: Path,
) -> None:
    """Real texts and the real encoder; the machines differ in cores, hash seeds and history."""
    told = []
    for place, threads in (("one", "1"), ("two", "2")):
        path = make(tmp_path / place)
        extra = {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
        env = {**os.environ, **extra, "PYTHONHASHSEED": threads}
        command = [sys.executable, "-m", "hotfit", "fit", str(path), "--json"]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
        answer = subprocess.run(
            [sys.executable, "-m", "hotfit", "invoke", "mood", "so long dear baker", "--json",
             "--home", str(path / ".hotfit" / "home")],
            env=env, capture_output=True, text=True, check=True,
        )  # fmt: skip
        told.append((json.loads(done.stdout)["lock"]["version"], answer.stdout))
    assert told[0] == told[1]
