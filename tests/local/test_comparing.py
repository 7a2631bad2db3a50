"""What a change does to the answers: a folder beside its past, a version beside another."""

from pathlib import Path

import numpy as np
import pytest

from hotfit.folders import Folder
from hotfit.functions import functions
from hotfit.functions.versions import NothingBefore, VersionMissing
from hotfit.local import Function, Home
from hotfit.local.comparing import BadRange, Compared, diff_folder, diff_versions
from hotfit.local.differences import told
from hotfit.local.folders import fit_folder
from hotfit.local.markdown import markdown
from hotfit.samples import imports
from hotfit.types import Output, Sample
from tests.folders.moods import make_folder
from tests.folders.repository import commit, start
from tests.local.messages import messages, write_csv


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed folder of greetings and partings."""
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    path = make_folder(tmp_path / "mood")
    start(path)
    commit(path)
    return path


def save(path: Path, rows: list[tuple[str, str]]) -> None:
    write_csv(path / "data" / "messages.csv", rows, ["text", "label"])


def turned(count: int) -> list[tuple[str, str]]:
    """The messages, the first `count` of the greetings called partings."""
    return [
        (text, "parting" if number < count else label)
        for number, (text, label) in enumerate(messages())
    ]


def diff(path: Path, revision: str = "HEAD") -> Compared:
    return diff_folder(Folder.open(path), revision)


def test_nothing_changed_where_nothing_was_edited(folder: Path) -> None:
    found = diff(folder).difference
    assert found.compared == len(messages())
    assert sum(found.counts.values()) == 0
    assert found.edits == ()
    assert found.tested.better is None


def test_wrong_labels_break_answers_and_are_named(folder: Path) -> None:
    save(folder, turned(30))
    compared = diff(folder)
    found = compared.difference
    assert found.edited() == {"added": 0, "removed": 0, "relabelled": 30}
    assert sum(found.counts.values()) > 0
    assert compared.notes == ("Not committed yet: data/messages.csv.",)
    shown = told(compared)
    assert shown["edits"]["rows"][0]["place"] == "data/messages.csv:2"
    assert (shown["edits"]["rows"][0]["from"], shown["edits"]["rows"][0]["to"]) == (
        "greeting",
        "parting",
    )
    assert all(flip["place"].startswith("data/messages.csv:") for flip in shown["flips"])
    own = {edit["place"] for edit in shown["edits"]["rows"]}
    assert all(flip["relabelled"] == (flip["place"] in own) for flip in shown["flips"])


def test_the_past_can_be_compared_with_the_past(folder: Path) -> None:
    save(folder, turned(30))
    commit(folder)
    save(folder, messages())
    commit(folder)
    forth = told(diff(folder, "HEAD~2..HEAD~1"))
    back = told(diff(folder, "HEAD~1..HEAD"))
    assert forth["edits"]["relabelled"] == back["edits"]["relabelled"] == 30
    assert forth["to"]["name"].startswith("HEAD~1 (")
    assert back["notes"] == []


def test_what_was_trained_for_a_comparison_is_kept(folder: Path) -> None:
    save(folder, turned(30))
    first = told(diff(folder))
    kept = sorted((folder / ".hotfit" / "home" / "revisions").iterdir())
    assert len(kept) == 2
    stamps = [path.stat().st_mtime_ns for path in kept]
    assert told(diff(folder)) == first
    assert [path.stat().st_mtime_ns for path in kept] == stamps
    kept[0].write_bytes(b"damaged")
    assert told(diff(folder)) == first


def test_what_answers_is_not_touched(folder: Path) -> None:
    fitted = fit_folder(Folder.open(folder))
    commit(folder)
    save(folder, turned(30))
    diff(folder)
    home = Home.open(folder / ".hotfit" / "home")
    assert [one.name for one in home.functions()] == ["mood"]
    assert home.load("mood").report()["version"] == fitted.function.report()["version"]
    assert (folder / "hotfit.lock").read_text().count(fitted.lock.version) == 1


def test_a_row_whose_near_copy_the_older_has_learned_is_not_held_against_the_newer(
    folder: Path,
) -> None:
    copies = [(f"{text} !", label) for text, label in messages()[:3]]
    save(folder, [*messages(), *copies, ("an altogether new text", "greeting")])
    found = diff(folder).difference
    assert found.edited()["added"] == 4
    assert found.left_out in {0, 3}
    assert found.compared + found.left_out == len(messages()) + 4


@pytest.mark.parametrize("given", ["main..", "..main", "main...HEAD", ".."])
def test_a_range_that_names_no_two_revisions_is_refused(folder: Path, given: str) -> None:
    with pytest.raises(BadRange, match=r"main\.\.HEAD"):
        diff(folder, given)


def test_data_cannot_draw_in_markdown(folder: Path) -> None:
    evil = "<img src=x> [click](http://bad) | @everyone `code`"
    save(folder, [(evil if n == 0 else text, "parting") if n < 30 else (text, label)
                  for n, (text, label) in enumerate(messages())])  # fmt: skip
    compared = diff(folder)
    shown = markdown(told(compared), count=100)
    assert shown.startswith("<!-- hotfit diff -->\n### `mood`: ")
    assert "<img" not in shown
    assert "](http" not in shown
    assert "http://bad" not in shown


@pytest.fixture
def greetings(home: Home) -> Function:
    function = home.fit(messages(), name="greetings", tuned=False)
    home.fit(turned(30), name="greetings", tuned=False)
    return function


def versions_diff(home: Home, older: str | None = None, newer: str | None = None) -> Compared:
    with home.app.store.read() as session:
        record = functions.get(session, "greetings")
    return diff_versions(home.app, record, older, newer)


def test_what_answers_is_compared_with_the_version_before(home: Home, greetings: Function) -> None:
    newest, before = greetings.versions()[:2]
    found = versions_diff(home)
    assert (found.difference.older.name, found.difference.newer.name) == (
        f"version {before.number}",
        f"version {newest.number}",
    )
    assert found.difference.edited()["relabelled"] == 30
    there = told(found)
    again = told(versions_diff(home, newest.id, str(before.number)))
    assert there["fixed"] + there["broken"] == again["fixed"] + again["broken"] > 0
    assert there["flips"][0]["sample"].startswith("sample_")
    assert there["flips"][0]["data"]


def test_versions_that_are_not_there_are_refused(home: Home, greetings: Function) -> None:
    with pytest.raises(VersionMissing):
        versions_diff(home, "99")
    oldest = greetings.versions()[-1]
    with pytest.raises(NothingBefore):
        versions_diff(home, None, oldest.id)


def test_edits_learned_one_by_one_are_compared_too(home: Home) -> None:
    function = home.fit(messages(), name="greetings", tuned=False)
    rows = [Sample(number=1, data="so long dear cook", label="greeting")]
    with home.app.store.write() as session:
        imports.add(session, functions.get(session, "greetings").id, rows)
    function.train(tuned=False)
    found = versions_diff(home).difference
    assert found.edited() == {"added": 1, "removed": 0, "relabelled": 0}
    assert found.compared + found.left_out == len(messages()) + 1


@pytest.mark.parametrize("output", [Output.TAGS, Output.NUMBER])
def test_tags_and_quantities_are_compared(home: Home, output: Output) -> None:
    rng = np.random.default_rng(0)
    for shift in (0, 40):
        rows = [
            {"size": size, "hue": hue, "answer": answer_of(output, size, number < shift)}
            for number, (size, hue) in enumerate(
                zip(rng.uniform(0, 10, 120).tolist(), ["red", "blue"] * 60, strict=True)
            )
        ]
        home.fit(rows, name="greetings", target="answer", output=output, tuned=False)
        rng = np.random.default_rng(0)
    found = told(versions_diff(home))
    assert found["edits"]["relabelled"] == 40
    assert found["compared"] == 120
    assert {one["kind"] for one in found["slices"]} <= {"size", "hue"}


def answer_of(output: Output, size: float, odd: bool) -> object:
    if output is Output.NUMBER:
        return size * (9 if odd else 3)
    return "big;odd" if odd else "big;even" if size > 5 else "small;even"
