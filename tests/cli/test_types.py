"""`hotfit types` as it is run."""

from pathlib import Path

from tests.cli.conftest import Program

CSV = "text,label\n" + "hello there,a\nhi friend,a\nbye now,b\nso long,b\n" * 3


def test_a_module_is_written_printed_and_checked(hotfit: Program, tmp_path: Path) -> None:
    assert hotfit("fit", "-", "--name", "f", "--build", "instant", stdin=CSV).status == 0
    told = hotfit("types", "f", "-o", "f_types.py", "--json").json()
    assert told["labels"] == ["a", "b"]
    assert hotfit("types", "f").out == (tmp_path / "f_types.py").read_text()
    assert hotfit("types", "f", "-o", "f_types.py", "--check").status == 0
    (tmp_path / "f_types.py").write_text("old")
    stale = hotfit("types", "f", "-o", "f_types.py", "--check")
    assert stale.status == 1
    assert "write it anew" in stale.err
    assert hotfit("export", "f", "-o", "f.hotfit").status == 0
    assert '"f.hotfit"' in hotfit("types", "f.hotfit").out
    assert hotfit("types", "nothing").status == 2
    lost = hotfit("types", "f", "-o", "nowhere/f.py")
    assert lost.status == 2
    assert "there is no folder nowhere" in lost.err
