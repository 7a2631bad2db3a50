"""Opening a folder: what it says, its rows with their places, and refusals that name a line."""

from pathlib import Path

import pytest

from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.folders.lock import Lock, read_lock, write_lock
from hotfit.types import Input, Kind, Output

TOML = """\
[function]
name = "triage"
input = "Text"
output = "Classification"
target = "label"
inputs = ["text"]

[labels.refund]
description = "wants money back"

[budgets]
max_latency_ms = 20
"""
CSV = "text,label\nwhere is my parcel,delivery\nmoney back please,refund\nstill waiting,delivery\n"


def folder(tmp_path: Path, *, toml: str = TOML, **files: str) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "hotfit.toml").write_text(toml)
    for name, text in (files or {"messages.csv": CSV}).items():
        (tmp_path / "data" / name).write_text(text)
    return tmp_path


def test_reads_what_the_function_is(tmp_path: Path) -> None:
    spec = Folder.open(folder(tmp_path)).spec
    assert (spec.name, spec.input, spec.output) == ("triage", Input.TEXT, Output.CLASSIFICATION)
    assert spec.labels == {"refund": "wants money back"}
    assert spec.max_latency_ms == 20


def test_rows_of_all_files_in_the_order_of_their_paths(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        **{"b.jsonl": '{"text": "the last one", "label": "Refund"}\n', "a.csv": CSV},
    )
    rows = Folder.open(path).rows
    assert [row.place for row in rows] == [
        "data/a.csv:2", "data/a.csv:3", "data/a.csv:4", "data/b.jsonl:1",
    ]  # fmt: skip
    assert [row.sample.number for row in rows] == [1, 2, 3, 4]
    assert rows[-1].sample.label == "refund"


def test_lines_count_line_ends_inside_cells(tmp_path: Path) -> None:
    text = 'text,label\n"one\ntwo",refund\nthree,delivery\n'
    assert [row.line for row in Folder.open(folder(tmp_path, **{"a.csv": text})).rows] == [2, 4]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (TOML.replace('"Text"', '"Txet"'), 3, "input is 'Txet'"),
        (TOML.replace("target", "taget"), 5, "'function.taget' means nothing here"),
        (TOML.replace("max_latency_ms = 20", "max_latency_ms = -1"), 12, "max_latency_ms is -1"),
        (TOML.replace('"Text"', '"Text'), 3, "not valid TOML"),
        (TOML.replace("description", "colour"), 9, "refund"),
        (TOML.replace("20", '"fast"'), 12, "max_latency_ms is a text"),
    ],
)
def test_a_bad_line_of_the_toml_is_named(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(Refusal, match=rf"hotfit\.toml, line {line}: .*{said}"):
        Folder.open(folder(tmp_path, toml=text))


def test_a_row_that_does_not_fit_its_header_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"data/messages.csv, line 5: .*1 where 2"):
        assert Folder.open(folder(tmp_path, **{"messages.csv": CSV + "half sav\n"})).rows


def test_a_folder_without_a_function_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="hotfit init"):
        Folder.open(tmp_path)


def test_a_folder_without_rows_is_refused(tmp_path: Path) -> None:
    opened = Folder.open(folder(tmp_path, **{"notes.txt": "no table"}))
    with pytest.raises(Refusal, match="holds no rows"):
        assert opened.rows


def test_fields_of_a_table_have_the_kinds_that_are_stated(tmp_path: Path) -> None:
    toml = TOML.replace('"Text"', '"Tabular"').replace('["text"]', '["plan", "months"]')
    toml += '\n[fields.months]\nkind = "Category"\n'
    text = "plan,months,label\n" + "".join(
        f"{plan},{months},{label}\n"
        for plan, months, label in [("gold", 3, "stay"), ("basic", 20, "leave")] * 9
    )
    kinds = {
        f.name: f.kind for f in Folder.open(folder(tmp_path, toml=toml, **{"a.csv": text})).fields
    }
    assert kinds["months"] is Kind.CATEGORY


def test_prepare_changes_samples_and_its_faults_have_a_line(tmp_path: Path) -> None:
    toml = TOML.replace('inputs = ["text"]', 'inputs = ["text"]\nprepare = "prepare.py"')
    path = folder(tmp_path, toml=toml)
    (path / "prepare.py").write_text("def prepare(sample):\n    return sample.upper()\n")
    opened = Folder.open(path)
    assert opened.prepared()[0].data == "WHERE IS MY PARCEL"
    assert opened.samples()[0].data == "where is my parcel"
    (path / "prepare.py").write_text("def prepare(sample):\n    return sample.uper()\n")
    with pytest.raises(Refusal, match=r"prepare.py, line 2: prepare failed on data/messages.csv:2"):
        Folder.open(path).prepared()
    (path / "prepare.py").write_text("def prepare(sample:\n")
    with pytest.raises(Refusal, match=r"prepare.py, line 1: not valid Python"):
        Folder.open(path).prepared()


def test_a_lock_is_read_as_it_was_written(tmp_path: Path) -> None:
    lock = Lock(
        function="triage", data="d", rows=3, labelled=3, spec="s", code="", encoder="fake",
        encoders={"fake.v1": "ab"}, head="discriminant.v1", build="instant", version="v",
        scores={"accuracy": 0.98},
    )  # fmt: skip
    assert read_lock(tmp_path) is None
    write_lock(tmp_path, lock)
    assert read_lock(tmp_path) == lock


def test_fingerprints_tell_what_differs(tmp_path: Path) -> None:
    path = folder(tmp_path)
    before = Folder.open(path)
    (path / "hotfit.toml").write_text("# a remark\n" + TOML)
    again = Folder.open(path)
    assert again.spec_fingerprint() == before.spec_fingerprint()
    assert again.fingerprint() == before.fingerprint()
    (path / "data" / "messages.csv").write_text(CSV.replace("please,refund", "please,delivery"))
    assert Folder.open(path).fingerprint() != before.fingerprint()
