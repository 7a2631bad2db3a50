"""A folder's tests on the function its rows make: held-out floors, rows behind failures, rest."""

from pathlib import Path

import numpy as np
import pytest

from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.local.folders import fit_folder
from hotfit.local.testing import Report, run_tests
from tests.folders.moods import TOML, make_folder
from tests.local.messages import messages, write_csv

MUST = '[[must]]\nlabel = "{}"\ninput = "{}"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of greetings and partings."""
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    return make_folder(tmp_path / "mood")


def run(folder: Path, tests: str) -> Report:
    (folder / "tests" / "a.toml").write_text(tests)
    return run_tests(Folder.open(folder))


def test_examples_are_answered_by_what_the_rows_teach(folder: Path) -> None:
    report = run(folder, MUST.format("greeting", "hello dear baker"))
    assert (report.passed(), report.locked) == (True, False)
    assert not (folder / "hotfit.lock").exists()


def test_the_version_of_the_lock_is_tested_where_it_fits(folder: Path) -> None:
    fit_folder(Folder.open(folder), tuned=False)
    text = MUST.format("greeting", "hello dear baker")
    assert run(folder, text).locked
    with (folder / "data" / "messages.csv").open("a") as rows:
        rows.write("hello again,greeting\n")
    assert not run(folder, text).locked


def test_a_failure_names_the_rows_that_pushed_it_and_the_labels_that_would_mend_it(
    folder: Path,
) -> None:
    (result,) = run(folder, MUST.format("parting", "hello dear baker")).results
    assert result.outcome == "fail"
    # The row of the same words is the example itself, and stands for no reason.
    assert all(row.startswith("data/messages.csv:") for row in result.behind)
    assert "'greeting'" in result.behind[0]
    assert any("hello" in row for row in result.behind)
    assert result.fixes[-1] == "label more rows like \"hello dear baker\" as 'parting'"


def test_floors_are_of_rows_left_out_and_never_of_training_fits(folder: Path) -> None:
    """Labels without a pattern are fitted, and not foretold."""
    random = np.random.default_rng(0)
    rows = [(f"w{random.integers(1 << 40)}", "ab"[random.integers(2)]) for _ in range(80)]
    write_csv(folder / "data" / "messages.csv", rows, ["text", "label"])
    (result,) = run(folder, "[[floor]]\naccuracy = 0.9").results
    assert result.outcome == "fail"
    assert result.decision is not None
    assert result.decision.share < 0.7
    assert result.cases[0].place is not None
    assert result.cases[0].place.startswith("data/messages.csv:")


def test_declared_test_rows_are_judged_alone(folder: Path) -> None:
    rows = [(text, label, "train") for text, label in messages()]
    rows += [("hello dear driver!", "parting", "test"), ("hello dear singer!", "parting", "test")]
    write_csv(folder / "data" / "messages.csv", rows, ["text", "label", "split"])
    (result,) = run(folder, "[[floor]]\naccuracy = 0.9").results
    assert result.decision is not None
    assert (result.decision.n, result.decision.hits) == (2, 0)
    assert "test rows" in result.message


def test_tags_are_judged_as_sets(folder: Path) -> None:
    (folder / "hotfit.toml").write_text(TOML.replace("Classification", "Tags"))
    rows = [(f"{text} now", f"{label};now") for text, label in messages()]
    rows += messages()
    write_csv(folder / "data" / "messages.csv", rows, ["text", "label"])
    report = run(
        folder,
        MUST.format("now", "hello dear baker now")
        + '[[floor]]\nrecall = 0.7\nlabel = "greeting"\n[[floor]]\naccuracy = 0.5',
    )
    assert [result.outcome for result in report.results] == ["pass"] * 3


def test_a_call_is_prepared_as_rows_are_in_answers_and_in_reasons(folder: Path) -> None:
    (folder / "hotfit.toml").write_text(TOML + 'prepare = "prepare.py"\n')
    (folder / "prepare.py").write_text("def prepare(sample):\n    return sample.lower()\n")
    text = MUST.format("greeting", "HELLO DEAR BAKER") + MUST.format("parting", "HELLO DEAR BAKER")
    right, wrong = run(folder, text).results
    assert (right.outcome, wrong.outcome) == ("pass", "fail")
    assert wrong.behind


def test_time_and_size_are_measured(folder: Path) -> None:
    text = "[[floor]]\nmax_latency_ms = 60000\n[[floor]]\nmax_mb = 0.000001"
    slow, large = run(folder, text).results
    assert (slow.outcome, large.outcome) == ("pass", "fail")


def test_a_folder_without_tests_is_refused_with_an_example(folder: Path) -> None:
    with pytest.raises(Refusal, match=r"has no tests; write one to .*behaviour\.toml"):
        run_tests(Folder.open(folder))
    (folder / "tests" / "a.toml").write_text(MUST.format("greeting", "hello"))
    with pytest.raises(Refusal, match="no test whose name or file holds 'nonsense'"):
        run_tests(Folder.open(folder), only="nonsense")
    assert len(run_tests(Folder.open(folder), only="HELLO").results) == 1


def test_what_was_fitted_is_not_fitted_again_until_a_row_or_setting_changes(folder: Path) -> None:
    text = MUST.format("greeting", "hello dear baker")
    first = run(folder, text).version
    assert run(folder, text).version == first
    table = folder / "data" / "messages.csv"
    table.write_text(table.read_text().replace("hello dear baker,greeting", "hello,parting"))
    second = run(folder, text).version
    assert second != first
    (folder / "hotfit.toml").write_text(TOML + '[labels.greeting]\ndescription = "a hello"\n')
    assert run(folder, text).version != second


def test_a_failure_names_the_unlabelled_rows_that_would_teach_it(folder: Path) -> None:
    with (folder / "data" / "messages.csv").open("a") as rows:
        rows.write("hello dear butcher,\nfarewell dear butcher,\n")
    (result,) = run(folder, MUST.format("parting", "hello dear baker")).results
    assert any("data/messages.csv:82" in fix for fix in result.fixes)
