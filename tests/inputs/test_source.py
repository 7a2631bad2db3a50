import csv
import gzip
import io
import os
import threading
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotfit.errors import Refusal
from hotfit.inputs import parquet
from hotfit.inputs.report import Report
from hotfit.inputs.source import open_source
from hotfit.types import Cell

ROWS = [{"text": "one two", "label": "a"}, {"text": "three four", "label": "b"}]


def cells(source: object, **options: Any) -> list[list[Cell]]:
    return [row for _, row in open_source(source, **options).rows()]


class Frame:
    """What is needed of a data frame."""

    def to_dict(self, *, orient: str) -> list[dict[str, str]]:
        assert orient == "records"
        return ROWS


@pytest.mark.parametrize(
    "values",
    [
        ROWS,
        [("one two", "a"), ("three four", "b")],
        {"text": ["one two", "three four"], "label": ["a", "b"]},
        Frame(),
        [({"text": "one two"}, "a"), ({"text": "three four"}, "b")],
        (dict(row) for row in ROWS),
    ],
)
def test_values_in_memory_are_a_source(values: object) -> None:
    source = open_source(values)
    assert source.columns == ("text", "label")
    assert [row for _, row in source.rows()] == [["one two", "a"], ["three four", "b"]]
    assert [number for number, _ in source.rows()] == [1, 2]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        (42, "NotExamples"),
        (b"bytes", "NotExamples"),
        ([1, 2], "NotExamples"),
        ([("a", "b", "c")], "NotExamples"),
        ({"a": "text"}, "NotExamples"),
        ({"a": [1], "b": [1, 2]}, "UnevenColumns"),
        ([], "NoExamples"),
        ({}, "NoExamples"),
    ],
)
def test_values_that_hold_no_examples_are_refused(values: object, error: str) -> None:
    with pytest.raises(Refusal) as refused:
        open_source(values)
    assert refused.value.name == error


def test_standard_input_can_be_read_again_and_again() -> None:
    packed = gzip.compress(b"text,label\none two,a\nthree four,b\n")
    source = open_source("-", stdin=io.BytesIO(packed))
    assert source.name == "standard input"
    for _ in range(2):
        assert [row for _, row in source.rows()] == [["one two", "a"], ["three four", "b"]]


def test_a_named_pipe_is_read_like_standard_input(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text("text,label\none two,a\n"))
    writer.start()
    assert cells(pipe) == [["one two", "a"]]
    writer.join()


def write_parquet(path: Path, query: str) -> Path:
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


QUERY = (
    "SELECT 'text ' || i AS text, i AS n, i / 2.0 AS half, i % 2 = 0 AS even, [i, i + 1] AS list,"
    " {'x': i, 'y': 'z'} AS pair, DATE '2020-01-31' AS day, NULL AS nothing FROM range(3) t(i)"
)


@pytest.mark.parametrize("packed", [False, True])
def test_parquet_is_read_with_its_types(packed: bool, tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", QUERY)
    if packed:
        gz = tmp_path / "a.parquet.gz"
        gz.write_bytes(gzip.compress(path.read_bytes()))
        path = gz
    source = open_source(path)
    assert source.format == "parquet"
    names = "text n half even list pair.x pair.y day nothing"
    assert source.columns == tuple(names.split())
    for _ in range(2):
        rows = [row for _, row in source.rows()]
        assert rows[1] == ["text 1", 1, 0.5, False, "[1, 2]", 1, "z", "2020-01-31", None]


def test_a_quote_in_the_path_of_a_parquet_file_is_harmless(tmp_path: Path) -> None:
    plain = write_parquet(tmp_path / "a.parquet", "SELECT 'x' AS text")
    odd = plain.rename(tmp_path / "it's; DROP.parquet")
    assert cells(odd) == [["x"]]


def test_the_parquet_reader_may_open_nothing_else(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", "SELECT 'x' AS text")
    other = write_parquet(tmp_path / "b.parquet", "SELECT 'secret' AS text")
    with parquet._connect(path) as database:
        for statement in (
            f"SELECT * FROM read_parquet('{other}')",
            "SELECT * FROM read_text('/etc/passwd')",
            "SET enable_external_access=true",
            "SET lock_configuration=false",
        ):
            with pytest.raises(duckdb.Error):
                database.execute(statement).fetchall()


@pytest.mark.parametrize("limit", ["MAX_ROWS", "MAX_EXPANDED", "MAX_GROUP"])
def test_parquet_is_judged_by_its_footer(
    limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_parquet(tmp_path / "a.parquet", "SELECT 1 AS n FROM range(5000)")
    monkeypatch.setattr(parquet, limit, 10)
    with pytest.raises(parquet.ParquetTooLarge):
        open_source(path)


def test_guesses_are_said(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("text;label;;label\ncafé;a;1;x\nthé;b;2;y\n".encode("latin-1"))
    notes = " ".join(open_source(path).notes)
    for part in ("Windows-1252", "semicolon", "no name", "Two columns are called 'label'"):
        assert part in notes


PROSE = (
    "Great service and I will certainly come back soon,pos\n"
    "Bad service and I will never come back again,neg\n"
    "So so and I may or may not come back,neg\n"
)
IRIS = "5.1,3.5,setosa\n4.9,3.0,setosa\n6.1,2.0,virginica\n"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("a,1\nb,2\nc,3\nd,4\n", "column_1 column_2"),
        (IRIS, "column_1 column_2 column_3"),
        ("0,1\nhello,a\nbye,b\nagain,a\n", "0 1"),
        ("region,2018,2019\nnorth,5,6\nsouth,7,8\n", "region 2018 2019"),
        ("petal,species\n1.4,setosa\n2.0,virginica\n", "petal species"),
        (PROSE, "column_1 column_2"),
    ],
)
def test_tells_a_header_from_data(text: str, columns: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    assert open_source(path).columns == tuple(columns.split())


CELL = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\r\t"), max_size=12
)


@settings(max_examples=50)
@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=20),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.booleans(),
)
def test_what_a_csv_writer_wrote_comes_back(
    table: list[list[str]], delimiter: str, codec: str, packed: bool
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([["text", "label", "id"], *table])
    content = text.getvalue().encode(codec)
    stream = io.BytesIO(gzip.compress(content) if packed else content)
    source = open_source("-", stdin=stream)
    report = Report()
    assert source.columns == ("text", "label", "id")
    assert [row for _, row in source.rows(report)] == table
    assert not report.notices


def test_a_quote_nothing_closes_is_refused_because_rows_hide_in_it(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    path.write_text("text,label\none,a\n" + '"two,b\n' + "three,c\nfour,d\n" * 30)
    with pytest.raises(Refusal, match="row 2: a quotation mark is opened and never closed"):
        list(open_source(path).rows())


def test_a_closed_quote_over_two_lines_may_end_a_file(tmp_path: Path) -> None:
    path = tmp_path / "closed.csv"
    path.write_text('text,label\none,a\ntwo,b\n"three\nlines"\n')
    assert [row for _, row in open_source(path).rows()][-1] == ["three\nlines", ""]
