"""Which parts of the samples are looked at on their own."""

from hotfit.evaluation.slices import content_slices, value_slices
from hotfit.types import Cell


def test_texts_are_sliced_by_their_length() -> None:
    texts = [" ".join(["word"] * (1 + number)) for number in range(20)]
    short, long = content_slices(texts)
    assert (short.name, int(short.rows.sum())) == ("at most 5 words", 5)
    assert (long.name, int(long.rows.sum())) == ("15 words or more", 6)


def test_texts_of_one_length_are_not_sliced() -> None:
    assert content_slices(["one two"] * 10) == []


def test_columns_are_sliced_by_value_or_by_quarter() -> None:
    rows: list[dict[str, Cell]] = [
        {"kind": "ab"[number % 2], "price": float(number)} for number in range(40)
    ]
    found = {(one.kind, one.name): int(one.rows.sum()) for one in content_slices(rows)}
    assert found == {
        ("kind", "a"): 20,
        ("kind", "b"): 20,
        ("price", "at most 9.75"): 10,
        ("price", "29.25 or more"): 10,
    }


def test_a_column_with_a_value_of_its_own_for_every_row_is_no_slice() -> None:
    assert value_slices("id", [str(number) for number in range(100)]) == []


def test_what_cannot_be_read_any_more_is_in_no_slice() -> None:
    assert content_slices([None, None]) == []
