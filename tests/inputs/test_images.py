"""Folders, archives and tables of images: what is read, what is left out, and what is said."""

import base64
import io
import json
import os
import stat
import zipfile
from pathlib import Path

import pytest

from hotfit.errors import Refusal
from hotfit.inputs.images import BadArchive, NoImages
from hotfit.inputs.images_column import OnlyAddresses
from hotfit.inputs.images_loading import NoUsableImage, from_data_uri
from hotfit.inputs.picture import BadPicture
from hotfit.inputs.plan import Plan, plan
from hotfit.inputs.report import Report
from hotfit.inputs.samples import read_samples
from hotfit.inputs.source import open_source
from hotfit.types import Input, Picture, Sample
from tests.inputs.pictures import BAD, png


def _read(path: Path, **options: object) -> tuple[Plan, list[Sample], Report]:
    source = open_source(path)
    reading, report = plan(source, **options), Report()  # type: ignore[arg-type] # as the test says
    return reading, [s for b in read_samples(source, reading, report=report) for s in b], report


def _write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def _zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def _labelled(count: int = 2, *, below: str = "") -> dict[str, bytes]:
    return {
        f"{below}{label}/{number}.png": png(seed=number + 100 * place)
        for place, label in enumerate(("cat", "dog"))
        for number in range(count)
    }


@pytest.fixture(params=["folder", "zip"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    """Makes a folder, or a zip of it, from files."""
    if request.param == "folder":
        return lambda files: _write(tmp_path / "pets", files)
    return lambda files: _zip(tmp_path / "pets.zip", files)


def test_folders_are_labels(make) -> None:  # type: ignore[no-untyped-def] # the fixture above
    reading, samples, report = _read(make(_labelled()))
    assert reading.input is Input.IMAGE
    assert [(s.number, s.label) for s in samples] == [
        (1, "cat"),
        (2, "cat"),
        (3, "dog"),
        (4, "dog"),
    ]
    assert [s.data.read() for s in samples if isinstance(s.data, Picture)] == list(
        _labelled().values()
    )
    assert not report.notes


def test_upper_folders_may_say_the_split(make) -> None:  # type: ignore[no-untyped-def] # as above
    files = _labelled(below="data/train/") | _labelled(1, below="data/test/")
    _, samples, _ = _read(make(files))
    assert [(s.split, s.label) for s in samples] == [
        ("test", "cat"), ("test", "dog"), ("train", "cat"), ("train", "cat"), ("train", "dog"),
        ("train", "dog"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["labels.csv", "metadata.csv", "all/labels.csv"])
def test_a_table_beside_the_images_states_the_labels(make, name: str) -> None:  # type: ignore[no-untyped-def] # as above
    below = name.removesuffix(Path(name).name)
    rows = "file_name,label,split\nx/1.png,ham,train\nx/2.png,spam,test\nx/3.png,,train\n"
    files = {f"{below}x/{n}.png": png(n) for n in (1, 2, 3)} | {name: rows.encode()}
    reading, samples, _ = _read(make(files))
    assert (reading.image, reading.target, reading.split) == ("file_name", "label", "split")
    assert [(s.label, s.split) for s in samples] == [
        ("ham", "train"), ("spam", "test"), (None, "train"),
    ]  # fmt: skip


def test_a_table_names_images_beside_itself(tmp_path: Path) -> None:
    _write(tmp_path, {f"img/{n}.png": png(n) for n in range(4)})
    rows = [{"path": f"img/{n}.png", "species": "ab"[n % 2], "remark": "seen"} for n in range(4)]
    (tmp_path / "birds.jsonl").write_text("\n".join(map(json.dumps, rows)))
    reading, samples, _ = _read(tmp_path / "birds.jsonl", target="species")
    assert (reading.input, reading.image) == (Input.IMAGE, "path")
    assert [s.label for s in samples] == ["a", "b", "a", "b"]
    assert (
        "Reading the images in 'path' alone, not 'remark'; --input names what to use."
        in reading.notes
    )


def test_a_table_holds_images_as_data_uris(tmp_path: Path) -> None:
    cells = [f"data:image/png;base64,{base64.b64encode(png(n)).decode()}" for n in range(3)]
    lines = [f'"{cell}",{label}' for cell, label in zip(cells, "aba", strict=True)]
    (tmp_path / "t.csv").write_text("\n".join(["picture,label", *lines]))
    reading, samples, _ = _read(tmp_path / "t.csv")
    assert reading.input is Input.IMAGE
    assert [s.data.read() for s in samples if isinstance(s.data, Picture)] == [
        png(0),
        png(1),
        png(2),
    ]


def test_names_of_files_that_are_not_there_stay_text(tmp_path: Path) -> None:
    rows = [f"no{n}.png,a caption of file {n} that says much,{'ab'[n % 2]}" for n in range(9)]
    (tmp_path / "t.csv").write_text("\n".join(["file,text,label", *rows]))
    reading, _, _ = _read(tmp_path / "t.csv")
    assert (reading.input, reading.text) == (Input.TEXT, "text")


def test_addresses_are_not_fetched(tmp_path: Path) -> None:
    rows = [f"https://example.org/{n}.jpg,{'ab'[n % 2]}" for n in range(9)]
    (tmp_path / "t.csv").write_text("\n".join(["image,label", *rows]))
    with pytest.raises(OnlyAddresses, match=r"download them.*HOTFIT_IMAGE_ADDRESSES=1"):
        _read(tmp_path / "t.csv", inputs=["image"])


def test_each_bad_file_gets_its_line_and_the_rest_is_read(make) -> None:  # type: ignore[no-untyped-def] # as above
    bad = {f"cat/{name}.jpg": content for name, (content, _) in BAD.items()}
    clutter = {"cat/Thumbs.db": b"x", ".DS_Store": b"x", "cat/._0.png": b"x", "note.txt": b"hi"}
    _, samples, report = _read(make(_labelled() | bad | clutter))
    assert [s.label for s in samples] == ["cat", "cat", "dog", "dog"]
    for name, (_, reason) in BAD.items():
        assert sum(f"cat/{name}.jpg {reason}" in note for note in report.notes) == 1
    assert "note.txt is no image by its name; left out." in report.notes
    assert len(report.notes) == len(BAD) + 1


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(png(9))
    folder = _write(tmp_path / "pets", _labelled())
    (folder / "cat" / "out.png").symlink_to(tmp_path / "secret.png")
    (folder / "cat" / "in.png").symlink_to(folder / "dog" / "0.png")
    (folder / "cat" / "lost.png").symlink_to(tmp_path / "nowhere")
    _, samples, report = _read(folder)
    assert len(samples) == 5
    assert [note for note in report.notes if "out.png is a link that leads out" in note]
    assert [note for note in report.notes if "lost.png is not there" in note]


def test_a_pipe_among_the_images_is_refused(tmp_path: Path) -> None:
    folder = _write(tmp_path / "pets", _labelled())
    os.mkfifo(folder / "cat" / "pipe.png")
    _, samples, report = _read(folder)
    assert len(samples) == 4
    assert [note for note in report.notes if "pipe.png is not a file" in note]


@pytest.mark.parametrize("path", ["../secret.png", "/etc/passwd.png", "C:\\a.png", "x/../../a.png"])
def test_paths_of_a_table_cannot_leave_its_folder(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.png").write_bytes(png(9))
    folder = _write(tmp_path / "pets", {"1.png": png(1), "2.png": png(2)})
    (folder / "labels.csv").write_text(f"file,label\n1.png,a\n{path},b\n2.png,b\n")
    _, samples, report = _read(folder)
    assert [s.number for s in samples] == [1, 3]
    assert [note for note in report.notes if "leads out of the folder" in note]


def test_an_archive_cannot_reach_out_of_itself(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("cat/link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = tmp_path / "pets.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _labelled().items():
            archive.writestr(name, content)
        archive.writestr("../evil.png", png(7))
        archive.writestr("/abs.png", png(7))
        archive.writestr(link, "/etc/passwd")
        archive.writestr("cat/bomb.png", bytes(3_000_000))
    before = sorted(tmp_path.iterdir())
    _, samples, report = _read(path)
    assert len(samples) == 4
    assert sorted(tmp_path.iterdir()) == before
    for name, why in [
        ("../evil.png", "leads out"), ("/abs.png", "leads out"), ("cat/link.png", "is a link"),
        ("cat/bomb.png", "grows from"),
    ]:  # fmt: skip
        assert [note for note in report.notes if note.startswith(f"{name} {why}")], name


def test_a_source_without_a_single_good_image_is_refused(make) -> None:  # type: ignore[no-untyped-def] # as above
    with pytest.raises(NoUsableImage, match="none of the 2 images"):
        _read(make({"a/1.png": b"no image", "b/2.png": b"no image"}))


@pytest.mark.parametrize(
    ("files", "error"),
    [
        ({"a.txt": b"x"}, "none of them an image"),
        ({"a.png": png()}, "no sub-folders"),
        ({}, "no files"),
    ],
)
def test_a_folder_without_labelled_images_is_refused(
    tmp_path: Path, files: dict[str, bytes], error: str
) -> None:
    (tmp_path / "f").mkdir()
    with pytest.raises(NoImages, match=error):
        open_source(_write(tmp_path / "f", files))


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    whole = _zip(tmp_path / "a.zip", _labelled()).read_bytes()
    (tmp_path / "a.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadArchive, match="pack or copy it again"):
        open_source(tmp_path / "a.zip")


def test_files_known_to_be_good_are_not_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = open_source(_write(tmp_path / "pets", _labelled()))
    reading = plan(source)
    monkeypatch.setattr(
        "hotfit.inputs.images_loading.check", lambda content: pytest.fail("decoded")
    )
    batches = list(read_samples(source, reading, known=lambda _: True))
    assert sum(map(len, batches)) == 4


@pytest.mark.parametrize("uri", ["data:", "data:image/png;base64,***", "data:image/png;base64,a"])
def test_refuses_broken_data_uris(uri: str) -> None:
    with pytest.raises(BadPicture):
        from_data_uri(uri)


def test_reads_data_uris_in_every_spelling() -> None:
    packed = base64.urlsafe_b64encode(b"\xfb\xff\xfe!").decode().rstrip("=")
    assert from_data_uri(f"DATA:image/png;base64, {packed}") == b"\xfb\xff\xfe!"
    assert from_data_uri("data:image/png,%89PNG") == b"\x89PNG"


def test_one_label_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="at least two different labels"):
        _read(_write(tmp_path / "p", {"a/1.png": png(1), "a/2.png": png(2)}))


def test_an_archive_is_read_through_memory_alone(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in _labelled().items():
            archive.writestr(name, content)
    (tmp_path / "odd name.bin").write_bytes(stream.getvalue())
    _, samples, _ = _read(tmp_path / "odd name.bin")
    assert len(samples) == 4
