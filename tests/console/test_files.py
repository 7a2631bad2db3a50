import gzip
from pathlib import Path

from hotfit.console import NONCE, load
from hotfit.console.files import INDEX


def write(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_without_a_build_there_is_a_page_that_says_so(tmp_path: Path) -> None:
    files = load(tmp_path / "nothing")
    assert set(files) == {INDEX}
    assert b"make console" in files[INDEX].content
    assert NONCE in files[INDEX].content


def test_files_are_known_by_their_path_and_kind(tmp_path: Path) -> None:
    write(tmp_path, INDEX, b"<p>built</p>")
    write(tmp_path, "assets/main-abc.js", b"a()\n" * 1000)
    write(tmp_path, "icon.svg", b"<svg/>")
    files = load(tmp_path)
    assert files[INDEX].content == b"<p>built</p>"
    script = files["assets/main-abc.js"]
    assert script.lasting
    assert script.packed is not None
    assert gzip.decompress(script.packed) == script.content
    assert not files["icon.svg"].lasting
    assert files["icon.svg"].packed is None  # too small to gain by it


def test_what_is_no_file_of_a_page_is_left_out(tmp_path: Path) -> None:
    folder, outside = tmp_path / "static", tmp_path / "secret.txt"
    outside.write_text("canary")
    write(folder, INDEX, b"x")
    write(folder, "notes.map", b"{}")
    write(folder, ".env", b"SECRET=1")
    (folder / "link.txt").symlink_to(outside)
    assert set(load(folder)) == {INDEX}
