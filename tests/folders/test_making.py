"""Making a folder: what it holds is read again as it was meant."""

from pathlib import Path

import pytest

from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.folders.making import copy_folder, from_source
from hotfit.inputs.plan import plan
from hotfit.inputs.source import open_source
from hotfit.types import Input, Kind


def test_the_folder_to_start_with_reads_and_is_ignored_by_git_where_it_should(
    tmp_path: Path,
) -> None:
    copy_folder(tmp_path / "mine", name='my "desk"')
    made = Folder.open(tmp_path / "mine")
    assert made.name == 'my "desk"'
    labels = {row.sample.label for row in made.rows}
    assert labels == set(made.spec.labels)
    assert ".hotfit/" in (tmp_path / "mine" / ".gitignore").read_text().splitlines()
    with pytest.raises(Refusal, match="holds a function already"):
        copy_folder(tmp_path / "mine")


def test_an_unknown_pattern_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no pattern is called 'nonsense'"):
        copy_folder(tmp_path / "mine", pattern="nonsense")
    assert not (tmp_path / "mine").exists()


def make(tmp_path: Path, text: str, name: str = "a.csv") -> Folder:
    file = tmp_path / name
    file.write_text(text)
    source = open_source(file)
    from_source(tmp_path / "made", source, plan(source), name="made")
    return Folder.open(tmp_path / "made")


def test_a_file_keeps_its_rows_and_the_guess_is_written_down(tmp_path: Path) -> None:
    rows = "".join(f"hello number {i},good\nbye number {i},bad\n" for i in range(20))
    made = make(tmp_path, "message,mood\n" + rows)
    assert (made.spec.target, made.spec.inputs, made.spec.input) == ("mood", ("message",), "Text")
    assert list(made.spec.labels) == ["bad", "good"]
    assert made.samples()[0].data == "hello number 0"
    assert len(made.rows) == 40


def test_cells_with_line_ends_become_lines_of_json(tmp_path: Path) -> None:
    rows = "".join(f'"hello\nnumber {i}",good\n"bye\nnumber {i}",bad\n' for i in range(20))
    made = make(tmp_path, "message,mood\n" + rows)
    assert made.rows[3].place == "data/made.jsonl:4"
    assert made.samples()[0].data == "hello\nnumber 0"


def test_the_fields_of_a_table_have_their_kinds(tmp_path: Path) -> None:
    rows = "".join(f"{i * 1.5},{'gold' if i % 3 else 'basic'},{i % 2}\n" for i in range(60))
    made = make(tmp_path, "spend,plan,left\n" + rows)
    assert made.spec.input is Input.TABULAR
    assert made.spec.kinds == {"spend": Kind.NUMBER, "plan": Kind.CATEGORY}
    assert made.samples()[1].data == {"spend": "1.5", "plan": "gold"}
