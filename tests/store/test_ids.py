import re

import pytest

from hotfit.store.ids import as_id, new_id


def test_an_identifier_is_its_kind_and_sixteen_letters_and_digits() -> None:
    made = {new_id("function") for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"function_[a-z0-9]{16}", one) for one in made)


@pytest.mark.parametrize("text", ["0123456789abcdef", "label_0123456789abcdef"])
def test_reads_identifiers_bare_and_with_their_kind(text: str) -> None:
    assert as_id("label", text) == "label_0123456789abcdef"


@pytest.mark.parametrize("text", ["", "short", "0123456789ABCDEF", "function_0123456789abcdef"])
def test_anything_else_is_no_identifier(text: str) -> None:
    assert as_id("label", text) is None
