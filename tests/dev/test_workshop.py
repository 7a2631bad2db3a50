"""Learning a folder save by save, and keeping the last good version through what goes wrong."""

from pathlib import Path

import pytest

from hotfit.dev.workshop import Workshop
from hotfit.folders import python
from hotfit.local.folders import function_of
from hotfit.types import Prediction
from tests.folders.moods import TOML, make_folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of greetings and partings."""
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    return make_folder(tmp_path / "mood")


@pytest.fixture
def workshop(folder: Path) -> Workshop:
    """A folder that was learned once."""
    made = Workshop(folder)
    made.settle(made.start())
    return made


def edit(folder: Path, old: str, new: str) -> None:
    file = folder / "data" / "messages.csv"
    file.write_text(file.read_text().replace(old, new))


def say(workshop: Workshop, text: str) -> str:
    answer = function_of(workshop.home, workshop.folder)(text)
    assert isinstance(answer, Prediction)
    return answer.label


def test_an_edited_label_is_learned_and_its_flip_has_a_place(
    workshop: Workshop, folder: Path
) -> None:
    edit(folder, "hello dear sailor,greeting", "hello dear sailor,parting")
    step = workshop.settle(workshop.save(["data/messages.csv"]))
    assert (step.event, step.edits["rows relabelled"], step.encoded) == ("learned", 1, 0)
    assert step.broke == 1
    assert step.flips[0].place == "data/messages.csv:2"
    assert "-1 broke" in step.line()
    edit(folder, "hello dear sailor,parting", "hello dear sailor,greeting")
    back = workshop.settle(workshop.save())
    assert back.fixed == 1
    assert back.after == step.before


def test_a_new_row_is_encoded_alone_and_a_new_label_answers(
    workshop: Workshop, folder: Path
) -> None:
    with (folder / "data" / "messages.csv").open("a") as file:
        file.write("zzz qqq xxx,noise\nzzz qqq yyy,noise\n")
    step = workshop.save()
    assert (step.edits["rows added"], step.encoded) == (2, 2)
    assert say(workshop, "zzz qqq xxx") == "noise"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data/messages.csv", ""),
        ("data/messages.csv", 'text,label\n"half sav'),
        ("data/messages.csv", "text,label\n"),
        ("data/messages.csv", "text,label\nhello,greeting\n"),
        ("hotfit.toml", "[function\n"),
        ("hotfit.toml", TOML.replace('"Text"', '"Sound"')),
        ("data/messages.csv", None),
        ("hotfit.toml", None),
    ],
)
def test_the_last_good_version_answers_through_broken_files(
    workshop: Workshop, folder: Path, name: str, content: str | None
) -> None:
    file = folder / name
    good = file.read_text()
    if content is None:
        file.unlink()
    else:
        file.write_text(content)
    step = workshop.save([name])
    assert step.event == "kept"
    assert "answers on" in step.message
    assert say(workshop, "hello dear sailor") == "greeting"
    file.write_text(good)
    assert workshop.save([name]).event in {"unchanged", "learned"}
    edit(folder, "hello dear sailor,greeting", "hello dear sailor,parting")
    assert workshop.save().edits["rows relabelled"] == 1


def test_a_renamed_file_changes_nothing(workshop: Workshop, folder: Path) -> None:
    (folder / "data" / "messages.csv").rename(folder / "data" / "other.csv")
    assert workshop.save().event == "unchanged"


def test_prepare_encodes_only_what_it_changes(workshop: Workshop, folder: Path) -> None:
    (folder / "hotfit.toml").write_text(TOML + 'prepare = "prepare.py"\n')
    code = folder / "prepare.py"
    code.write_text("def prepare(sample):\n    return sample\n")
    assert workshop.save().encoded == 0
    code.write_text("def prepare(sample):\n    return sample.replace('hello', 'hullo')\n")
    step = workshop.save(["prepare.py"])
    assert step.encoded == 8
    assert say(workshop, "hello dear sailor") == "greeting"
    code.write_text("def prepare(sample):\n    return sample.nothing\n")
    broken = workshop.save(["prepare.py"])
    assert "prepare.py, line 2" in broken.message


def test_what_another_program_wrote_is_noticed(workshop: Workshop, folder: Path) -> None:
    function_of(workshop.home, workshop.folder).add([("one more hello", "greeting")])
    edit(folder, "hello dear sailor,greeting", "hello dear sailor,parting")
    assert workshop.save().event == "learned"
    assert workshop.save().event == "unchanged"


def test_settings_that_change_are_learned_from_nothing(workshop: Workshop, folder: Path) -> None:
    (folder / "hotfit.toml").write_text(TOML.replace("Classification", "Tags"))
    step = workshop.save(["hotfit.toml"])
    assert (step.event, step.edits) == ("learned", {"settings": 1})
    settled = workshop.settle(step)
    assert settled.after is not None


MUST = '[[must]]\nlabel = "{}"\ninput = "{}"\n'


def test_each_save_says_which_tests_pass_and_fail_now(workshop: Workshop, folder: Path) -> None:
    tests = folder / "tests"
    asked = MUST.format("greeting", "hello dear sailor") + MUST.format("noise", "zzz qqq xxx")
    (tests / "a.toml").write_text(asked)
    refused = workshop.settle(workshop.save(["tests/a.toml"]))
    assert refused.event == "unchanged"
    assert "the tests were not run: tests/a.toml, line 5: label is 'noise'" in refused.notes[0]
    with (folder / "data" / "messages.csv").open("a") as file:
        file.write("zzz qqq yyy,noise\nqqq zzz,noise\n")
    first = workshop.settle(workshop.save())
    assert (first.tests["pass"], first.tests["fail"]) == (2, 0)
    edit(folder, "hello dear sailor,greeting", "hello dear sailor,noise")
    edit(folder, "hello", "zzz")
    broken = workshop.settle(workshop.save())
    assert (broken.tests["now_fail"], broken.tests["fail"]) == (1, 1)
    assert "1 test now fails" in broken.line()
    assert "tests/a.toml:1  greeting: hello dear sailor: " in broken.failing[0]
    edit(folder, "zzz dear", "hello dear")
    edit(folder, "hello dear sailor,noise", "hello dear sailor,greeting")
    mended = workshop.settle(workshop.save())
    assert mended.tests["now_pass"] == 1
    assert "1 test now passes" in mended.line()
    (tests / "a.toml").write_text(MUST.format("parting", "hello dear sailor"))
    new = workshop.settle(workshop.save(["tests/a.toml"]))
    assert new.line() == "nothing to learn: every row is as it was  1 test now fails"


def test_tests_of_many_rows_and_of_time_are_left_to_hotfit_test(
    workshop: Workshop, folder: Path
) -> None:
    tests = folder / "tests"
    text = '[[invariance]]\nchange = "case"\n[[floor]]\nmax_latency_ms = 0.0001\n[[no_worse]]\n'
    (tests / "a.toml").write_text(text + "[[floor]]\naccuracy = 0.5\n")
    counts = workshop.settle(workshop.save()).tests
    assert (counts["pass"], counts["fail"]) == (1, 0)


def test_prepare_that_loops_is_told_and_the_last_good_version_answers(
    workshop: Workshop, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "hotfit.toml").write_text(TOML + 'prepare = "prepare.py"\n')
    code = folder / "prepare.py"
    code.write_text("def prepare(sample):\n    while True:\n        pass\n")
    with monkeypatch.context() as patch:
        patch.setattr(python, "CALL_SECONDS", 0.05)
        step = workshop.save(["prepare.py"])
    assert step.event == "kept"
    assert "prepare failed on data/messages.csv:2 (it went on for more than 0.05 s)" in step.message
    assert say(workshop, "hello dear sailor") == "greeting"
    code.write_text("def prepare(sample):\n    return sample\n")
    assert workshop.save(["prepare.py"]).event == "learned"


def test_another_branch_checked_out_at_once_is_learned_whole_and_back(
    workshop: Workshop, folder: Path
) -> None:
    before = workshop.settle(workshop.save())
    files = [folder / "hotfit.toml", folder / "data" / "messages.csv"]
    main = {file: file.read_text() for file in files}
    files[0].write_text(TOML + 'prepare = "prepare.py"\n[labels.greeting]\ndescription = "hi"\n')
    (folder / "prepare.py").write_text("def prepare(sample):\n    return sample.lower()\n")
    lines = main[files[1]].splitlines(keepends=True)
    files[1].unlink()
    (folder / "data" / "a.csv").write_text("".join(lines[:41]))
    (folder / "data" / "b.jsonl").write_text(
        '{"text": "zzz qqq xxx", "label": "noise"}\n{"text": "zzz qqq yyy", "label": "noise"}\n'
    )
    step = workshop.settle(workshop.save(["hotfit.toml", "data/a.csv", "data/b.jsonl"]))
    assert (step.event, len(workshop.folder.rows)) == ("learned", 42)
    assert say(workshop, "zzz qqq xxx") == "noise"
    for name in ("prepare.py", "data/a.csv", "data/b.jsonl"):
        (folder / name).unlink()
    for file, text in main.items():
        file.write_text(text)
    back = workshop.settle(workshop.save(["hotfit.toml"]))
    assert len(workshop.folder.rows) == len(lines) - 1
    assert say(workshop, "zzz qqq xxx") != "noise"
    assert back.event == "learned"
    assert before.event == "unchanged"


def test_the_line_counts_in_words(workshop: Workshop, folder: Path) -> None:
    edit(folder, "hello dear sailor,greeting", "hello dear sailor,parting")
    line = workshop.settle(workshop.save(["data/messages.csv"])).line()
    assert "1 row relabelled, learned in" in line
    (folder / "hotfit.toml").write_text(TOML + '[labels.greeting]\ndescription = "hi"\n')
    assert "settings changed" in workshop.settle(workshop.save(["hotfit.toml"])).line()
