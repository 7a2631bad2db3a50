import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hotfit.archives.layout import ARTIFACT, MANIFEST, SAMPLES
from hotfit.archives.opening import ArchiveRefused
from hotfit.functions.labels import labels_of, rename_label
from hotfit.functions.learning import is_behind, waiting
from hotfit.functions.names import NameTaken
from hotfit.local import Function, Home
from hotfit.samples.rows import read_rows
from hotfit.types import Data
from tests.archives.members import drop, put, restate, rewrite
from tests.local.messages import messages


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    return Home.open()


@pytest.fixture
def other(home: Home, tmp_path: Path) -> Home:
    return Home.open(tmp_path / "other")


@pytest.fixture
def function(home: Home) -> Function:
    made = home.fit(messages(), name="polite")
    made.add([("ahoy sailor", "greeting"), ("not known yet", None)])
    return made


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("exported")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
        Home.open(folder / "home").fit(messages(), name="polite").export(folder / "file")
    return (folder / "file").read_bytes()


@pytest.fixture
def file(exported: bytes, tmp_path: Path) -> Path:
    (tmp_path / "polite.hotfit").write_bytes(exported)
    return tmp_path / "polite.hotfit"


ASKED = ["good morning dear baker", "farewell", "see you later dear driver", ""]


def columns(home: Home, name: str) -> Any:
    with home.app.store.read() as session:
        rows = read_rows(session, home.load(name)._record.id, blobs=home.app.blobs)
    return [
        list(each)
        for each in (
            rows.origins,
            rows.numbers,
            rows.data,
            rows.hashes,
            rows.splits,
            rows.external_ids,
            rows.answers,
            rows.absent,
            rows.label_names,
        )
    ]


def test_a_function_answers_the_same_elsewhere(
    home: Home, other: Home, function: Function, tmp_path: Path
) -> None:
    function.export(tmp_path / "polite")
    moved = other.import_function(tmp_path / "polite")
    assert moved.name == "polite"
    assert moved.predict(ASKED) == function.predict(ASKED)
    assert columns(other, "polite") == columns(home, "polite")
    told, was = moved.report(), function.report()
    for member in ("labels", "samples", "verdict", "score", "findings", "head", "notes"):
        assert told[member] == was[member]
    assert [one.kind for one in moved.findings] == [one.kind for one in function.findings]


def test_a_table_answers_the_same_elsewhere(home: Home, other: Home, tmp_path: Path) -> None:
    rows = [
        {"size": n % 7, "colour": "red" if n % 3 else "blue", "ok": n % 2 == 0, "kind": "ab"[n % 2]}
        for n in range(60)
    ]
    made = home.fit(rows, name="table", target="kind")
    made.export(tmp_path / "table.hotfit")
    moved = other.import_function(tmp_path / "table.hotfit")
    asked: list[Data] = [
        {"size": 3.0, "colour": "red", "ok": True},
        {"size": None, "colour": "green"},
    ]
    assert moved.predict(asked) == made.predict(asked)
    assert columns(other, "table") == columns(home, "table")


def test_what_was_learned_needs_no_learning_and_what_was_not_is_learned(
    home: Home, other: Home, function: Function, tmp_path: Path
) -> None:
    function.export(tmp_path / "a")
    moved = other.import_function(tmp_path / "a")._record.id
    with other.app.store.read() as session:
        assert not is_behind(session, moved)
    with home.app.store.write() as session:
        label = labels_of(session, function._record.id)[0]
        rename_label(session, function._record.id, label.id, "Begrüßung")
    function.export(tmp_path / "b")
    moved = other.import_function(tmp_path / "b", name="renamed")._record.id
    with other.app.store.read() as session:
        assert moved in waiting(session)
        (found,) = [one for one in labels_of(session, moved) if one.name == "Begrüßung"]
        assert found.former


def test_exporting_what_was_imported_gives_the_same_samples(
    other: Home, file: Path, tmp_path: Path
) -> None:
    other.import_function(file).export(tmp_path / "again")
    with zipfile.ZipFile(file) as one, zipfile.ZipFile(tmp_path / "again") as two:
        assert one.read(SAMPLES) == two.read(SAMPLES)
        assert one.read(ARTIFACT) == two.read(ARTIFACT)


def test_a_taken_name_is_refused_and_another_can_be_given(other: Home, file: Path) -> None:
    first = other.import_function(file)
    with pytest.raises(NameTaken):
        other.import_function(file)
    assert other.import_function(file, name="twin").predict(ASKED) == first.predict(ASKED)


@pytest.mark.parametrize(
    "change",
    [
        put("../outside", b"x"),
        put("/etc/passwd", b"x"),
        put("images/../../x", b"x"),
        put("images\\x", b"x"),
        put("images/" + "a" * 64, b"not its hash"),
        put("model.pkl", b"\x80\x04\x95"),
        put(SAMPLES, b"{}\n"),
        put(ARTIFACT, b"not an artifact"),
        put(MANIFEST, b"not JSON"),
        put(MANIFEST, b"[" * 100_000),
        put(MANIFEST, b"{}"),
        put(SAMPLES, b" " * (80 << 20)),
        drop(MANIFEST),
        drop(SAMPLES),
        drop(ARTIFACT),
        restate(["format"], "hotfit.function.v2"),
        restate(["function", "input"], "Video"),
        restate(["function", "input"], "Tabular"),
        restate(["function", "output"], "Number"),
        restate(["function", "change"], -1),
        restate(["labels", 1, "name"], "Greeting"),
        restate(["labels"], []),
        restate(["samples"], 3),
        restate(["version", "head"], "another.v1"),
        restate(["version", "scores"], {}),
        restate(["version", "surprise"], 1),
        restate(["files"], {}),
    ],
)
def test_an_archive_that_was_changed_is_refused_whole(
    other: Home, file: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    before = {each.name for each in tmp_path.iterdir()}
    changed = rewrite(file, change, target=file.with_name("changed"))
    with pytest.raises(ArchiveRefused):
        other.import_function(changed)
    assert other.functions() == []
    assert {each.name for each in tmp_path.iterdir()} == before | {"changed", "other"}


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_a_file_that_is_cut_is_refused(other: Home, file: Path, share: float) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ArchiveRefused):
        other.import_function(file)
    assert other.functions() == []


def test_any_byte_that_is_changed_is_seen_or_does_not_matter(other: Home, file: Path) -> None:
    content = file.read_bytes()
    right = other.import_function(file).predict(ASKED)
    for place in range(0, len(content), max(1, len(content) // 60)):
        bad = bytearray(content)
        bad[place] ^= 0x10
        file.write_bytes(bytes(bad))
        try:
            moved = other.import_function(file, name=f"at {place}")
        except ArchiveRefused:
            continue
        assert moved.predict(ASKED) == right


def test_a_link_and_a_bomb_are_refused(other: Home, tmp_path: Path) -> None:
    link = zipfile.ZipInfo(SAMPLES)
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "link", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with zipfile.ZipFile(tmp_path / "bomb", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(ARTIFACT, b"\0" * (100 << 20))
    for name, why in (("link", "a link"), ("bomb", "out of proportion")):
        with pytest.raises(ArchiveRefused, match=why):
            other.import_function(tmp_path / name)


@pytest.mark.parametrize("name", ["absent", "folder"])
def test_what_is_no_file_is_refused(other: Home, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ArchiveRefused):
        other.import_function(tmp_path / name)
