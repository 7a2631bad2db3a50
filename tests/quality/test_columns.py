from hotfit.quality.columns import Column


def test_missing_cells_are_one_value_of_their_own() -> None:
    column = Column.of("c", ["a", None, "", "a ", float("nan")])
    assert column.codes.tolist() == [0, 1, 1, 0, 1]
    assert (column.different, column.missing) == (2, 3)


def test_numbers_are_read_from_numbers_and_their_texts_only() -> None:
    assert Column.of("c", ["1", 2.0, None]).numbers is not None
    assert Column.of("c", ["1", "two"]).numbers is None
    assert Column.of("c", [None, ""]).numbers is None


def test_a_counter_is_whole_distinct_and_without_wide_gaps() -> None:
    assert Column.of("c", [3, 1, 2]).is_sequence
    assert not Column.of("c", [1, 1, 2]).is_sequence
    assert not Column.of("c", [1.5, 2.5, 3.5]).is_sequence
    assert not Column.of("c", [1, 500, 90000]).is_sequence
    assert not Column.of("c", ["a", "b"]).is_sequence
