import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfit.api.strict import DEEPEST, BadJson, parse

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(PLAIN, st.booleans())
def test_whatever_json_can_say_is_read_as_it_is(value: object, escaped: bool) -> None:
    assert parse(json.dumps(value, ensure_ascii=escaped).encode()) == value


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"{",
        b"nan",
        b"NaN",
        b"[Infinity]",
        b'{"a": -Infinity}',
        b"1e999",
        b"[-1e999]",
        b"9" * 400,
        b"9" * 100_000,
        b'"\\ud800"',
        b'{"\\udfff": 1}',
        b'["\\u0000"]',
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'"\xff"',
        b"\xef\xbb\xbf{}",
        b'"\x01"',
        b"'a'",
        b"{a: 1}",
        b"[1,]",
        b"1 2",
        b"[" * 100_000,
        b"[" * (DEEPEST + 2) + b"]" * (DEEPEST + 2),
        b'{"a":' * 100 + b"1" + b"}" * 100,
    ],
)
def test_what_is_no_json_or_cannot_be_kept_is_refused(content: bytes) -> None:
    with pytest.raises(BadJson):
        parse(content)


def test_nesting_is_allowed_as_deep_as_stated() -> None:
    assert parse(b"[" * DEEPEST + b"]" * DEEPEST)
    many = parse(b"[" + b",".join([b"[]"] * 1000) + b"]")
    assert len(many) == 1000


def test_an_error_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(BadJson) as caught:
        parse(b'{"secret-word": 1, "secret-word": NaN}')
    assert "secret-word" not in str(caught.value)
