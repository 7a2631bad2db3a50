import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfit.archives.tables import TableFormat, guarded
from hotfit.local import Home
from hotfit.types import Output


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    return Home.open()


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("http://x")',
        "+1+1",
        "-1+cmd|' /C calc'!A0",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "=",
        "\uff1d1",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert guarded(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "-1", "+49.5", "-1,234.5", "-1e-9", "hello", "a=b", "1-2"])
def test_plain_numbers_and_words_stay(cell: str) -> None:
    assert guarded(cell) == cell


@given(st.text())
def test_no_guarded_cell_begins_as_a_formula_unless_it_is_a_number(cell: str) -> None:
    shown = guarded(cell)
    assert shown.removeprefix("'") == cell.removeprefix("'")
    if shown[:1] in set("=+-@\t\r"):
        assert not shown or shown.strip("+-0123456789.,eE%") == ""


TEXTS = [
    ("=cmd|' /C calc'!A0", "a"),
    ('quotes " and, commas', "b"),
    ("two\nlines", "a"),
    ("-5", "b"),
    ("grüße 🎉", "a"),
    ("plain", "b"),
]


@pytest.mark.parametrize("form", list(TableFormat))
def test_samples_that_were_exported_raw_come_back_the_same(
    home: Home, tmp_path: Path, form: TableFormat
) -> None:
    made = home.fit(TEXTS * 2, name="texts", tuned=False)
    file = tmp_path / f"texts.{form.value}"
    assert made.export_samples(file, form=form, raw=True) == 12
    back = home.fit(str(file), name="back", tuned=False)
    back.export_samples(tmp_path / "again.jsonl", form=TableFormat.JSONL)
    lines = [json.loads(line) for line in (tmp_path / "again.jsonl").read_text().splitlines()]
    assert [(one["text"], one["label"]) for one in lines] == TEXTS * 2


def test_a_csv_for_spreadsheets_holds_no_formula(home: Home, tmp_path: Path) -> None:
    made = home.fit(TEXTS, name="texts", tuned=False)
    made.export_samples(tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["text"] == "'=cmd|' /C calc'!A0"
    assert rows[3]["text"] == "-5"


def test_tags_and_columns_of_the_same_name_are_kept_apart(home: Home, tmp_path: Path) -> None:
    rows = [
        {"text": f"message {n} {'red' * (n % 2)}", "tags": ["x", "y|z"] if n % 2 else ["x"]}
        for n in range(20)
    ]
    made = home.fit(rows, name="tags", target="tags", output=Output.TAGS, tuned=False)
    made.export_samples(tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(newline="", encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert json.loads(found[1]["tags"]) == ["x", "y|z"]
