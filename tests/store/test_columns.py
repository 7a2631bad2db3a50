import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from hotfit.store.columns import UnstorableNumber, UnstorableText, storable, to_json
from hotfit.store.sessions import Store
from hotfit.store.tables import functions

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | TEXTS
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@given(VALUES)
def test_json_comes_back_as_it_went(value: Any) -> None:
    assert json.loads(to_json(value)) == value


@given(st.text())
def test_text_is_kept_or_refused_in_a_sentence(text: str) -> None:
    try:
        assert storable(text) == text
        text.encode()
        assert "\0" not in text
    except UnstorableText as error:
        assert "which no database can keep" in str(error)  # noqa: PT017 - both ends are fine


@pytest.mark.parametrize(
    "value", ["a\0b", ["\0"], {"a": ("x", "\0")}, {"\0": 1}, "\ud800", {"a": "\udfff"}]
)
def test_refuses_text_that_one_of_the_databases_cannot_keep(value: Any) -> None:
    with pytest.raises(UnstorableText):
        to_json(value)


def test_six_characters_that_look_like_an_escape_are_fine() -> None:
    assert json.loads(to_json({"a": "\\u0000"})) == {"a": "\\u0000"}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": [-float("inf")]}])
def test_refuses_numbers_that_json_cannot_say(value: Any) -> None:
    with pytest.raises(UnstorableNumber):
        to_json(value)


def test_the_position_of_the_character_is_named() -> None:
    with pytest.raises(UnstorableText, match="NUL character at character 3"):
        storable("ab\0")


ROW = {"id": "x", "name": "n", "name_key": "n", "input": "Text", "output": "Number"} | {
    "fields": [],
    "plan": {},
    "created": "",
    "change": 0,
}


@pytest.mark.parametrize("bad", [{"name": "a\0"}, {"plan": {"a": "\0"}}, {"plan": {"a": "\ud800"}}])
def test_nothing_unstorable_reaches_a_database(store: Store, bad: dict[str, Any]) -> None:
    with pytest.raises(UnstorableText), store.write() as w:
        w.run(insert(functions).values(**(ROW | bad)))
    with store.read() as r:
        assert r.rows(select(functions)) == []


def test_the_order_of_keys_and_odd_characters_stay(store: Store) -> None:
    plan = {"z": 1, "a": "\u202e é 🎉 \x01 '\";--", "m": [None, True, 1.5, 2**40]}
    with store.write() as w:
        w.run(insert(functions).values(**(ROW | {"plan": plan})))
    with store.read() as r:
        kept = r.scalar(select(functions.c.plan))
    assert list(kept.items()) == list(plan.items())
