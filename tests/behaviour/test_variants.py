"""Changes of inputs: small, the same every time, and only where there is something to change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfit.behaviour.variants import IMAGES, TEXTS, known_for, variants
from hotfit.inputs.picture import decode
from hotfit.types import Data, Input, Picture
from tests.inputs.pictures import halves, png, saved

TEXT = "Anna paid 25 euros twice, please refund order 4711."


@given(st.text(max_size=80), st.sampled_from(sorted(TEXTS)))
def test_any_text_can_be_changed_and_the_same_way_again(text: str, change: str) -> None:
    made = variants(text, change, seed=0)
    assert made == variants(text, change, seed=0)
    assert text not in made


def test_each_change_changes_what_it_says() -> None:
    (typo,) = variants(TEXT, "typos", seed=0)
    assert isinstance(typo, str)
    assert abs(len(typo) - len(TEXT)) <= 1
    assert variants(TEXT, "case", seed=0) == [TEXT.lower(), TEXT.upper()]
    bare = variants(TEXT, "punctuation", seed=0)[0]
    assert bare == "Anna paid 25 euros twice please refund order 4711"
    (named,) = variants(TEXT, "names", seed=0)
    assert isinstance(named, str)
    assert "Anna" not in named
    assert named.endswith("paid 25 euros twice, please refund order 4711.")
    (counted,) = variants(TEXT, "numbers", seed=0)
    assert isinstance(counted, str)
    assert [len(word) for word in counted.split()] == [len(word) for word in TEXT.split()]


def test_where_there_is_nothing_to_change_nothing_is_made() -> None:
    assert variants("no such thing", "names", seed=0) == []
    assert variants("no such thing", "numbers", seed=0) == []
    assert variants("a of it", "typos", seed=0) == []
    assert variants("123", "case", seed=0) == []


def test_text_fields_of_a_row_are_changed_and_the_others_stay() -> None:
    row: Data = {"note": "Call Anna", "plan": "gold", "months": 3.0}
    (made,) = variants(row, "names", seed=0, fields=["note", "months"])
    assert isinstance(made, dict)
    assert made["note"] != "Call Anna"
    assert (made["plan"], made["months"]) == ("gold", 3.0)
    assert variants(row, "names", seed=0, fields=["plan"]) == []


@pytest.mark.parametrize("change", sorted(IMAGES))
def test_an_image_stays_one_of_about_the_same_pixels(change: str) -> None:
    content = png()
    made = variants(Picture.of(content), change, seed=0)
    assert made
    for each in made:
        assert isinstance(each, Picture)
        assert each.read() != content
        before, after = decode(content), decode(each.read())
        assert abs(before.width - after.width) <= 0.1 * before.width + 1


def test_brightness_is_darker_and_brighter() -> None:
    grey = saved(halves((100, 100, 100), (100, 100, 100)))
    levels = [
        float(np.asarray(decode(each.read())).mean())
        for each in variants(Picture.of(grey), "brightness", seed=0)
        if isinstance(each, Picture)
    ]
    assert levels == [80.0, 125.0]


def test_each_kind_of_input_has_its_changes() -> None:
    assert "crop" in known_for(Input.IMAGE)
    assert known_for(Input.TEXT) == known_for(Input.TABULAR) == tuple(TEXTS)
