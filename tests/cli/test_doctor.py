from pathlib import Path

from tests.cli.conftest import Program

CSV = "text,label\n" + "hello there,a\nhi friend,a\nbye now,b\nsee you,b\n" * 3


def test_a_sound_home_ends_with_0_and_a_damaged_one_with_1(hotfit: Program, tmp_path: Path) -> None:
    assert hotfit("fit", "-", "--name", "f", "--build", "instant", stdin=CSV).status == 0
    (tmp_path / "home").chmod(0o700)
    found = hotfit("doctor", "--json")
    assert found.status == 0
    assert found.json()["ok"]
    assert "Nothing is wrong" in hotfit("doctor", "--full").out
    for blob in (tmp_path / "home" / "blobs").rglob("*"):
        if blob.is_file():
            blob.write_bytes(b"x")
    found = hotfit("doctor")
    assert found.status == 1
    assert "Something is wrong: files." in found.out


def test_where_nothing_is_nothing_is_wrong(hotfit: Program) -> None:
    assert hotfit("doctor", "--json").json()["ok"]
