import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfit.similarity.exact import exact_representatives, normalise
from hotfit.types import Data, Picture


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Hello, World!", "hello world"),
        ("caf\u00e9", "cafe\u0301"),
        ("don't  stop", "DON\u2019T STOP"),
        ("\uff21\uff22\uff23", "abc"),
        ("a\u00a0b\n", " a b"),
    ],
)
def test_texts_that_differ_in_form_alone_are_equal(one: str, two: str) -> None:
    assert exact_representatives([one, two]).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("one", "two"), [("re sign", "resign"), ("10 euros", "20 euros"), ("\U0001f600", "\U0001f620")]
)
def test_texts_of_other_words_or_symbols_differ(one: str, two: str) -> None:
    assert exact_representatives([one, two]).tolist() == [0, 1]


def test_empty_contents_equal_nothing() -> None:
    assert exact_representatives(["", " ", {"a": None}, {"a": None}, ""]).tolist() == [
        0,
        1,
        2,
        3,
        4,
    ]


def test_rows_are_equal_when_numbers_agree_to_nine_digits() -> None:
    rows: list[Data] = [
        {"a": 0.1 + 0.2, "b": "X "},
        {"b": "x", "a": 0.3},
        {"a": 0.300001, "b": "x"},
    ]
    assert exact_representatives(rows).tolist() == [0, 0, 2]


def test_rows_tell_apart_a_number_its_text_a_boolean_and_nothing() -> None:
    rows: list[Data] = [{"a": 1.0}, {"a": "1"}, {"a": True}, {"a": None, "b": 1.0}]
    assert exact_representatives(rows).tolist() == [0, 1, 2, 3]


def test_images_are_equal_by_their_bytes() -> None:
    assert exact_representatives([Picture.of(b) for b in (b"\x00", b"\x00", b"\x01")]).tolist() == [
        0,
        0,
        2,
    ]


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
