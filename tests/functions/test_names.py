import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfit.functions.names import NameRefused, clean_name, name_key


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "is empty"),
        (" \t\n", "is empty"),
        ("x" * 201, "201 characters"),
        ("a\0b", "control"),
        ("a\nb", "control"),
        ("a\u202eb", "control"),
        ("\ud800", "control"),
    ],
)
def test_refuses_what_cannot_be_seen(name: str, reason: str) -> None:
    with pytest.raises(NameRefused, match=reason):
        clean_name("label", name)


@pytest.mark.parametrize("name", ["a", "x" * 200, "é", "日本語", "🎉", "<b>", "=1+1", "a/b"])
def test_takes_what_can_be_seen(name: str) -> None:
    assert clean_name("label", name) == name


@pytest.mark.parametrize(
    ("one", "two"), [("Spam", "sPAM "), ("Straße", "STRASSE"), ("é", "E\u0301"), ("ﬁ", "FI")]
)
def test_names_that_people_take_for_one_have_one_key(one: str, two: str) -> None:
    assert name_key(one) == name_key(two)


@given(st.text(min_size=1, max_size=20))
def test_a_clean_name_stays_clean_and_keeps_its_key(name: str) -> None:
    try:
        clean = clean_name("label", name)
    except NameRefused:
        return
    assert clean_name("label", clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert name_key(name) == name_key(clean)
