"""Rows that hold an image beside other fields, from a table to an answer."""

import base64
import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hotfit.app import App
from hotfit.encoders import PIXELS
from hotfit.inputs.picture import BadPicture
from hotfit.local import Home
from hotfit.settings import Settings
from hotfit.types import Cell, Input, Prediction
from tests.inputs.pictures import saved

ROWS = 120


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(App(Settings(home=tmp_path / "home", image_encoder=PIXELS.name)))


def photo(seed: int, *, red: bool) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 90, (24, 24, 3), dtype=np.uint8)
    pixels[..., 0 if red else 2] += 150
    return Image.fromarray(pixels)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Good where the photo is red and the price low: neither tells it alone."""
    rng = np.random.default_rng(0)
    path = tmp_path / "goods.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["photo", "price", "verdict"])
        for number in range(ROWS):
            red, price = bool(rng.random() < 0.5), float(rng.uniform(0, 100))
            (tmp_path / f"{number}.png").write_bytes(saved(photo(number, red=red)))
            good = red and price < 50
            rows.writerow([f"{number}.png", f"{price:.2f}", "good" if good else "bad"])
    return path


def test_images_and_numbers_together_beat_either_alone(home: Home, table: Path) -> None:
    scores = {}
    for inputs in (["photo"], ["price"], ["photo", "price"]):
        function = home.fit(table, name="-".join(inputs), inputs=inputs, tuned=False)
        scores["-".join(inputs)] = function.report()["verdict"]["estimate"]
    assert scores["photo-price"] > max(scores["photo"], scores["price"]) + 0.02
    both = home.load("photo-price")
    assert both.input is Input.TABULAR
    assert PIXELS.name in both.report()["encoder"]


def test_calls_take_an_image_in_any_form_or_none(home: Home, table: Path, tmp_path: Path) -> None:
    function = home.fit(table, name="goods", inputs=["photo", "price"], tuned=False)
    image = photo(999, red=True)
    content = saved(image)
    (tmp_path / "new.png").write_bytes(content)
    uri = f"data:image/png;base64,{base64.b64encode(content).decode()}"
    forms: list[Any] = [image, content, tmp_path / "new.png", str(tmp_path / "new.png"), uri]
    said = [function({"photo": form, "price": 10.0}) for form in forms]
    assert len({answer.confidence for answer in said if isinstance(answer, Prediction)}) == 1
    assert [answer.label for answer in said if isinstance(answer, Prediction)] == ["good"] * 5
    rows: list[dict[str, Cell]] = [{}, {"photo": None}, {"photo": ""}]
    for row in rows:
        answer = function({**row, "price": 90.0})
        assert isinstance(answer, Prediction)
        assert answer.label == "bad"
    with pytest.raises(BadPicture, match="is not there"):
        function({"photo": "nowhere.png", "price": 1.0})
    with pytest.raises(BadPicture, match="is a int"):
        function({"photo": 3, "price": 1.0})


def test_an_image_that_cannot_be_read_is_missing_and_the_row_stays(home: Home, table: Path) -> None:
    (table.parent / "7.png").write_bytes(b"only a note")
    function = home.fit(table, name="goods", inputs=["photo", "price"], tuned=False)
    report = function.report()
    assert report["samples"] == ROWS
    assert any("Row 8: images that cannot be used: 7.png" in note for note in report["notes"])


def test_rows_are_alike_also_by_their_images(home: Home, table: Path) -> None:
    function = home.fit(table, name="goods", inputs=["photo", "price"], tuned=False)
    images: list[Any] = [photo(999, red=True), photo(999, red=False)]
    near = [{one.sample for one in function.similar({"photo": it}, k=20)} for it in images]
    assert len(near[0] & near[1]) < 10
