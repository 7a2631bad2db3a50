from dataclasses import replace
from pathlib import Path

import pytest

from hotfit.encoders import Entry, File, Shelf
from hotfit.encoders.catalogue import Preparation
from hotfit.encoders.shelf import NameKept, ShelfBroken
from hotfit.registry import UnknownPart
from hotfit.types import Input

ENTRY = Entry(
    name="mine.v1",
    input=Input.IMAGE,
    loader="hotfit.encoders.image:load",
    dimensions=5,
    files=(File(name="model.onnx", sha256="0" * 64, size=3),),
    preparation=Preparation(side=8, mean=(0.0, 1.0, 2.0), deviation=(3.0, 4.0, 5.0)),
)


def test_an_added_encoder_is_found_again_as_it_was(tmp_path: Path) -> None:
    Shelf(tmp_path).add(ENTRY)
    shelf = Shelf(tmp_path)
    assert shelf.get("mine.v1") == ENTRY
    assert shelf.added() == ["mine.v1"]
    assert {"mine.v1", "minilm-l6.v1"} <= set(shelf)


def test_another_home_does_not_know_it(tmp_path: Path) -> None:
    Shelf(tmp_path / "a").add(ENTRY)
    with pytest.raises(UnknownPart):
        Shelf(tmp_path / "b").get("mine.v1")


def test_a_name_stands_for_the_same_files_for_ever(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.add(ENTRY)
    shelf.add(replace(ENTRY, summary="the same again"))
    with pytest.raises(NameKept, match="is already known"):
        shelf.add(replace(ENTRY, files=(File(name="model.onnx", sha256="1" * 64, size=3),)))
    with pytest.raises(NameKept):
        shelf.add(replace(ENTRY, name="minilm-l6.v1"))


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "encoders.json").write_text("{")
    with pytest.raises(ShelfBroken, match=r"encoders\.json cannot be read"):
        list(Shelf(tmp_path))
