"""A test split that was declared, and test rows that are learned from too."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Program
from tests.local.messages import messages, write_csv

pytestmark = pytest.mark.journey

CHANGES = ("none", "encoded", "halved", "cropped")


def photograph(seed: int, *, red: bool) -> Image.Image:
    """A soft picture that no two seeds share, mostly red or mostly blue."""
    pixels = np.random.default_rng(seed).integers(0, 160, (7, 9, 3), dtype=np.uint8)
    pixels[..., 0 if red else 2] += 90
    return Image.fromarray(pixels).resize((180, 140), Image.Resampling.BICUBIC)


def changed(image: Image.Image, how: str) -> bytes:
    """The file of an image that was copied and, perhaps, changed on the way."""
    stream = io.BytesIO()
    if how == "halved":
        image = image.resize((image.width // 2, image.height // 2))
    if how == "cropped":
        image = image.crop((6, 5, image.width - 6, image.height - 5))
    quality = 40 if how == "encoded" else 90
    image.save(stream, format="JPEG", quality=quality)
    return stream.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Images that are learned from, honest test images, then a test copy for each change."""
    place = tmp_path / "photos"
    place.mkdir()
    rows = ["file,label,split"]

    def keep(content: bytes, *, red: bool, split: str) -> None:
        name = f"{len(rows)}.jpg"
        (place / name).write_bytes(content)
        rows.append(f"{name},{'red' if red else 'blue'},{split}")

    for seed in range(40):
        red = seed % 2 == 0
        split = "train" if seed < 30 else "test"
        keep(changed(photograph(seed, red=red), "none"), red=red, split=split)
    for seed, how in enumerate(CHANGES):
        keep(changed(photograph(seed, red=seed % 2 == 0), how), red=seed % 2 == 0, split="test")
    (place / "labels.csv").write_text("\n".join(rows) + "\n")
    return place


def test_test_images_that_are_learned_from_encoded_or_cropped_otherwise_are_named(
    hotfit: Program, folder: Path
) -> None:
    report = hotfit("fit", folder.name, "--json").json()
    assert report["findings"]["split_leak"] == len(CHANGES)
    listed = hotfit("findings", "photos", "--kind", "split_leak", "--json").json_lines()
    assert sorted(each["rows"] for each in listed) == [[41, 1], [42, 2], [43, 3], [44, 4]]
    assert {each["row"] for each in listed if "nearly" in each["evidence"]} == {42, 43, 44}
    told = hotfit("findings", "photos", "--kind", "split_leak").out
    assert "row 41, 1" in told
    assert "sha256" not in told
    assert "44.jpg" in told
    assert (report["test"]["n"], report["test"]["also_learned"]) == (14, 4)
    assert report["test"]["apart"]["n"] == 10
    line = line_of_test_rows(hotfit)
    assert "of 10 examples right" in line
    assert line.endswith(" with 4 that are also learned from")
    hotfit("findings", "photos", "--dismiss", listed[0]["id"])
    hotfit("fit", folder.name)
    assert hotfit("show", "photos", "--json").json()["test"]["also_learned"] == 3
    hotfit("findings", "photos", "--undo", listed[0]["id"])
    moved = hotfit("findings", "photos", "--accept", listed[0]["id"], "--json")
    assert moved.status == 0
    assert hotfit("show", "photos", "--json").json()["test"]["n"] == 13


def test_a_test_split_that_is_learned_from_whole_is_said_to_promise_too_much(
    hotfit: Program, tmp_path: Path
) -> None:
    learned = [(text, label, "train") for text, label in messages()]
    copies = [(text, label, "test") for text, label in messages()[:6]]
    write_csv(tmp_path / "photos.csv", [*learned, *copies], ["text", "label", "split"])
    report = hotfit("fit", "photos.csv", "--json").json()
    assert (report["test"]["n"], report["test"]["also_learned"]) == (6, 6)
    assert report["test"]["apart"] is None
    assert line_of_test_rows(hotfit).endswith(
        "all of them are also learned from, so this promises too much"
    )


def line_of_test_rows(hotfit: Program) -> str:
    shown = hotfit("show", "photos").out.splitlines()
    (line,) = [one for one in shown if one.startswith("On the test rows")]
    return line
