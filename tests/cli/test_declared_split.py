"""A test split that was declared, and test rows that are learned from too."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Program

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
    assert report["test"]["n"] == 14
    moved = hotfit("findings", "photos", "--accept", listed[0]["id"], "--json")
    assert moved.status == 0
    assert hotfit("show", "photos", "--json").json()["test"]["n"] == 13
