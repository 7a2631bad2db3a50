from pathlib import Path

from tests.cli.conftest import Program

CSV = "text,label\n" + "hello there,a\nhi friend,a\nbye now,b\n=1+1,b\n" * 3


def test_a_function_is_exported_and_imported(hotfit: Program, tmp_path: Path) -> None:
    assert hotfit("fit", "-", "--name", "f", "--build", "instant", stdin=CSV).status == 0
    told = hotfit("export", "f", "f.hotfit", "--json").json()
    assert (told["format"], told["samples"]) == ("function", 12)
    moved = hotfit("import", "f.hotfit", "--name", "g", "--json").json()
    assert (moved["function"], moved["samples"]) == ("g", 12)
    asked = hotfit("invoke", "f", "hello", "--json").out
    assert hotfit("invoke", "g", "hello", "--json").out == asked
    assert hotfit("import", "f.hotfit").status == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == ["f.hotfit", "home"]


def test_samples_are_exported_by_the_suffix_of_the_file(hotfit: Program, tmp_path: Path) -> None:
    assert hotfit("fit", "-", "--name", "f", "--build", "instant", stdin=CSV).status == 0
    assert hotfit("export", "f", "f.csv").status == 0
    assert "'=1+1" in (tmp_path / "f.csv").read_text()
    assert hotfit("export", "f", "f.csv", "--raw").status == 0
    assert "'=1+1" not in (tmp_path / "f.csv").read_text()
    assert hotfit("export", "f", "f.jsonl", "--json").json()["format"] == "jsonl"


def test_what_cannot_be_moved_is_refused(hotfit: Program, tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(b"nothing of the kind")
    assert hotfit("import", "bad").status == 2
    assert hotfit("import", "absent").status == 2
    assert hotfit("export", "absent", "x").status == 2
    assert not (tmp_path / "x").exists()


def test_what_answers_is_exported_alone(hotfit: Program, tmp_path: Path) -> None:
    assert hotfit("fit", "-", "--name", "f", "--build", "instant", stdin=CSV).status == 0
    told = hotfit("export", "f", "-o", "f.hotfit", "--json").json()
    assert (told["format"], told["bytes"]) == ("model", (tmp_path / "f.hotfit").stat().st_size)
    told = hotfit("export", "f", "-o", "onnx", "--format", "onnx", "--json").json()
    assert told["format"] == "onnx"
    assert (tmp_path / "onnx" / "golden.json").is_file()
    assert hotfit("export", "f", "-o", "f.csv", "--json").json()["format"] == "csv"
    assert "hotfit.load" in hotfit("import", "f.hotfit").err


def test_one_file_is_named_and_an_encoder_goes_with_what_it_reads_for(hotfit: Program) -> None:
    assert hotfit("export", "f").status == 2
    assert hotfit("export", "f", "one", "-o", "two").status == 2
    assert hotfit("export", "f", "f.csv", "--include-encoder").status == 2
