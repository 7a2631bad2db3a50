import hashlib
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from hotfit.store.content import content_hash, data_from_json, data_to_json
from hotfit.types import Cell, Picture

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
DATA: st.SearchStrategy[str | Mapping[str, Cell]] = TEXTS | st.dictionaries(
    TEXTS,
    st.none() | st.booleans() | TEXTS | st.floats(allow_nan=False, allow_infinity=False),
    max_size=4,
)


def test_a_text_is_hashed_by_its_exact_bytes() -> None:
    assert content_hash("é") == hashlib.sha256(b"\xc3\xa9").digest()
    assert content_hash("e\u0301") != content_hash("é")


def test_an_image_is_hashed_by_its_bytes() -> None:
    assert content_hash(Picture.of(b"\x89PNG")) == hashlib.sha256(b"\x89PNG").digest()


def test_a_row_is_hashed_without_regard_to_the_order_of_its_fields() -> None:
    assert content_hash({"a": 1.0, "b": None}) == content_hash({"b": None, "a": 1.0})
    assert content_hash({"a": 1.0}) == hashlib.sha256(b'{"a":1.0}').digest()


def test_what_differs_only_in_kind_is_told_apart() -> None:
    rows: list[Mapping[str, Cell]] = [{"a": "1"}, {"a": 1.0}, {"a": True}, {"a": None}, {}]
    assert len({content_hash(row) for row in rows}) == len(rows)


@given(st.lists(DATA, max_size=4))
def test_texts_and_rows_come_back_as_they_went(data: list[str | Mapping[str, Cell]]) -> None:
    back = data_from_json([data_to_json(one) for one in data])
    assert back == data
    assert [content_hash(one) for one in back] == [content_hash(one) for one in data]
