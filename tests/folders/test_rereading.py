"""A file read again by what changed holds the very rows that reading it whole gives."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.folders.rows import Table
from tests.folders.moods import TOML

TEXTS = st.sampled_from(["hello", "bye, now", 'say "hi"', "two\nlines", '5" pipe', "x"])
ROWS = st.lists(st.tuples(TEXTS, st.sampled_from(["a", "b", "A", "new", ""])), max_size=8)
FIRST = [("hello there", "a"), ("bye bye", "b"), ("hello again", "a"), ("so long", "b")]


def as_csv(rows: list[tuple[str, str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("text", "label"), *rows])
    return out.getvalue()


def as_jsonl(rows: list[tuple[str, str]]) -> str:
    return "".join(json.dumps({"text": text, "label": label}) + "\n" for text, label in rows)


def tables(folder: Folder) -> dict[str, Table]:
    return {table.file: table for table in folder.tables}


def told(folder: Folder) -> list[object]:
    """All that is said of rows, or that there are none to be had."""
    try:
        return [
            (r.sample.number, r.sample.data, r.sample.label, r.file, r.line) for r in folder.rows
        ]
    except Refusal as refusal:
        return [str(refusal)]


@pytest.mark.parametrize("form", [as_csv, as_jsonl])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(before=ROWS, now=ROWS, more=ROWS)
def test_rows_are_those_of_the_whole_file(
    tmp_path: Path,
    form: object,
    before: list[tuple[str, str]],
    now: list[tuple[str, str]],
    more: list[tuple[str, str]],
) -> None:
    assert callable(form)
    end = "csv" if form is as_csv else "jsonl"
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "hotfit.toml").write_text(TOML)
    one, two = tmp_path / "data" / f"a.{end}", tmp_path / "data" / f"b.{end}"
    one.write_text(form([*FIRST, *before]))
    two.write_text(form([*FIRST, *more]))
    first = Folder.open(tmp_path)
    try:
        last = tables(first)
    except Refusal:
        return
    one.write_text(form([*FIRST, *now]))
    whole = Folder.open(tmp_path, last={name: _plain(table) for name, table in last.items()})
    assert told(Folder.open(tmp_path, last=last)) == told(whole)


def _plain(table: Table) -> Table:
    """A table of which only the way it is read is known."""
    return Table(file=table.file, plan=table.plan, rows=table.rows, notes=table.notes)


def test_rows_that_stayed_are_the_same_objects(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "hotfit.toml").write_text(TOML)
    file = tmp_path / "data" / "a.csv"
    file.write_text(as_csv(FIRST))
    first = Folder.open(tmp_path)
    last = tables(first)
    file.write_text(as_csv([FIRST[0], ("bye bye", "a"), *FIRST[2:]]))
    again = Folder.open(tmp_path, last=last)
    assert [new is old for new, old in zip(again.rows, first.rows, strict=True)] == [
        True,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("line", ["bye bye,b,more", '"open,b', "bye bye", ",b"])
def test_what_is_wrong_is_told_as_of_the_whole_file(tmp_path: Path, line: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "hotfit.toml").write_text(TOML)
    file = tmp_path / "data" / "a.csv"
    file.write_text(as_csv(FIRST))
    last = tables(Folder.open(tmp_path))
    file.write_text(as_csv(FIRST).replace("bye bye,b", line))
    whole = Folder.open(tmp_path, last={name: _plain(table) for name, table in last.items()})
    assert told(Folder.open(tmp_path, last=last)) == told(whole)
