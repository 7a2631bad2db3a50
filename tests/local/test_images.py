"""Images from a folder to an answer, with the encoder that needs no weights."""

import base64
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hotfit.app import App
from hotfit.encoders import PIXELS
from hotfit.encoders.pixels import PixelEncoder
from hotfit.inputs.picture import BadPicture
from hotfit.local import Home
from hotfit.local.asking import BadCall
from hotfit.settings import Settings
from hotfit.types import Input, Prediction
from tests.inputs.pictures import saved


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(App(Settings(home=tmp_path / "home", image_encoder=PIXELS.name)))


def _image(label: str, seed: int) -> Image.Image:
    """Noise that is mostly red or mostly blue."""
    pixels = np.random.default_rng(seed).integers(0, 90, (24, 32, 3), dtype=np.uint8)
    pixels[..., 0 if label == "red" else 2] += 150
    return Image.fromarray(pixels)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for label in ("red", "blue"):
        (tmp_path / "colours" / label).mkdir(parents=True)
        for seed in range(12):
            path = tmp_path / "colours" / label / f"{seed}.png"
            path.write_bytes(saved(_image(label, seed + 100 * (label == "red"))))
    return tmp_path / "colours"


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many images each call of the encoder was given."""
    calls: list[int] = []
    encode = PixelEncoder.encode

    def counting(self: PixelEncoder, samples: object, **options: object) -> object:
        calls.append(len(samples))  # type: ignore[arg-type] # whatever the encoder was given
        return encode(self, samples, **options)  # type: ignore[arg-type] # as above

    monkeypatch.setattr(PixelEncoder, "encode", counting)
    return calls


def _ways(image: Image.Image, path: Path) -> list[object]:
    """An image in every form that a function takes."""
    content = saved(image)
    path.write_bytes(content)
    uri = f"data:image/png;base64,{base64.b64encode(content).decode()}"
    return [image, content, path, str(path), uri]


def test_a_folder_becomes_a_function_that_takes_any_form_of_image(
    home: Home, folder: Path, tmp_path: Path
) -> None:
    colours = home.fit(folder, tuned=False)
    assert (colours.name, colours.input) == ("colours", Input.IMAGE)
    for label in ("red", "blue"):
        for way in _ways(_image(label, 999), tmp_path / "new.png"):
            answer = colours(way)  # type: ignore[arg-type] # more forms than samples have
            assert isinstance(answer, Prediction)
            assert answer.label == label
    lines = [str(tmp_path / "new.png"), f'{{"image": "{tmp_path / "new.png"}"}}']
    answers = colours.predict(colours.parse(lines))
    assert [answer.sentence().split()[0] for answer in answers] == ["blue", "blue"]


def test_findings_and_searches_name_the_files_of_images(
    home: Home, folder: Path, tmp_path: Path
) -> None:
    copied = (folder / "red" / "3.png").read_bytes()
    (folder / "red" / "copy.png").write_bytes(copied)
    colours = home.fit(folder, tuned=False)
    (twice,) = colours.finding_reports(kind="duplicate")
    assert (twice["file"], twice["files"]) == ("red/3.png", ["red/3.png", "red/copy.png"])
    first = colours.similar(sample=twice["sample"], k=1)[0].to_json()
    assert first["data"]["file"] == "red/3.png"
    (folder / "red" / "3.png").rename(folder / "red" / "three.png")
    (twice,) = home.fit(folder, tuned=False).finding_reports(kind="duplicate")
    assert sorted(twice["files"]) == ["red/copy.png", "red/three.png"]


def test_statistics_tell_how_large_images_are(home: Home, folder: Path) -> None:
    lengths = home.fit(folder, tuned=False).statistics()["lengths"]
    assert {name: parts["middle"] for name, parts in lengths.items()} == {"width": 32, "height": 24}


def test_says_that_images_are_read_without_a_network(home: Home, folder: Path) -> None:
    notes = home.fit(folder, tuned=False).report()["notes"]
    assert sum("HOTFIT_WEIGHTS" in note for note in notes) == 1


def test_one_more_image_encodes_one_image(home: Home, folder: Path, encoded: list[int]) -> None:
    home.fit(folder, tuned=False)
    assert sum(encoded) == 24
    encoded.clear()
    home.fit(folder, tuned=False)
    assert sum(encoded) == 0
    (folder / "red" / "one more.png").write_bytes(saved(_image("red", 77)))
    home.fit(folder, tuned=False)
    assert sum(encoded) == 1


def test_a_moved_image_keeps_its_vector_and_takes_its_new_label(
    home: Home, folder: Path, encoded: list[int]
) -> None:
    home.fit(folder, tuned=False)
    encoded.clear()
    (folder / "red" / "0.png").rename(folder / "blue" / "moved.png")
    assert home.fit(folder, tuned=False).report()["labels"] == {"blue": 13, "red": 11}
    assert not sum(encoded)


def test_originals_are_kept(home: Home, folder: Path) -> None:
    colours = home.fit(folder, tuned=False)
    for path in folder.glob("*/*"):
        path.unlink()
    colours.train(tuned=False)
    assert colours(_image("red", 5)).label == "red"  # type: ignore[arg-type, union-attr] # as above


def test_one_picture_with_two_labels_is_reported(home: Home, folder: Path) -> None:
    for label in ("red", "blue"):
        (folder / label / "both.png").write_bytes(saved(_image("red", 55)))
    found = [
        each for each in home.fit(folder, tuned=False).findings if each.kind == "contradiction"
    ]
    assert [len(each.samples) for each in found] == [2]


def test_bad_files_are_named_and_the_rest_is_learned(home: Home, folder: Path) -> None:
    (folder / "red" / "note.jpg").write_bytes(b"not an image, only a note")
    report = home.fit(folder, tuned=False).report()
    assert report["samples"] == 24
    assert [note for note in report["notes"] if "red/note.jpg is text, not an image" in note]


def test_evaluates_other_images(home: Home, folder: Path, tmp_path: Path) -> None:
    colours = home.fit(folder, tuned=False)
    for label in ("red", "blue"):
        (tmp_path / "test" / label).mkdir(parents=True)
        for seed in range(3):
            path = tmp_path / "test" / label / f"{seed}.png"
            path.write_bytes(saved(_image(label, seed + 500)))
    score = colours.evaluate(tmp_path / "test")
    assert (score["n"], score["accuracy"]) == (6, 1.0)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("nowhere.png", "nowhere.png is not there"),
        ("https://example.org/a.png", "address on the network; download it"),
        (b"a note", "is text, not an image"),
        ("data:image/png;base64,AAAA", "data:image/png;base64,AAAA is"),
    ],
)
def test_refuses_what_is_no_image(home: Home, folder: Path, value: object, error: str) -> None:
    colours = home.fit(folder, tuned=False)
    with pytest.raises(BadPicture, match=error):
        colours(value)  # type: ignore[arg-type] # refused
    with pytest.raises(BadCall, match="a path, a data URI, bytes or an image"):
        colours(3.5)  # type: ignore[arg-type] # refused


def test_the_best_network_at_hand_is_chosen(shared_models: Path, tmp_path: Path) -> None:
    settings = {"home": tmp_path, "cache": tmp_path / "cache", "offline": True}
    assert App(Settings(**settings)).encoders[Input.IMAGE] == "pixels.v1"
    lesser = tmp_path / "lesser"
    lesser.mkdir()
    (lesser / "squeezenet1.1-fp16.onnx").symlink_to(shared_models / "squeezenet1.1-fp16.onnx")
    chosen = App(Settings(**settings | {"weights": lesser})).encoders[Input.IMAGE]
    assert chosen == "squeezenet-1.1.v1"
    best = App(Settings(**settings | {"weights": shared_models})).encoders[Input.IMAGE]
    assert best == "mobilenet-v2.v1"
