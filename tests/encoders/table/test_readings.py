"""Numbers, dates and texts are read column by column, not cell by cell."""

import numpy as np

from hotfit.encoders.table.dates import DateColumn
from hotfit.encoders.table.numbers import NumberColumn
from hotfit.encoders.table.texts import LengthColumn
from hotfit.types import Cell


def test_decimal_mark_is_that_of_the_column() -> None:
    german: list[Cell] = ["1.234,50", "2.000,25", "1.234"]
    column = NumberColumn.fit("n", german)
    np.testing.assert_allclose(column.encode(german)[:, 0], [1234.5, 2000.25, 1234])


def test_numbers_of_any_type_and_gaps_are_read() -> None:
    cells: list[Cell] = ["45 %", 3.5, True, None, "none of it", "1e40"]
    found = NumberColumn.fit("n", cells).encode(cells)[:, 0]
    np.testing.assert_array_equal(found, np.array([45, 3.5, 1, *[np.nan] * 3], dtype=np.float32))


def test_order_of_day_and_month_is_that_of_the_column() -> None:
    cells: list[Cell] = ["25/01/2024", "03/02/2024"]
    column = DateColumn.fit("d", cells)
    months = column.encode(cells)[:, column.names.index("d (month)")]
    np.testing.assert_array_equal(months, [1, 2])


def test_length_counts_letters_and_words() -> None:
    found = LengthColumn("t").encode(["two words", ""])
    np.testing.assert_allclose(found, np.log1p([[9, 2], [0, 0]]), rtol=1e-6)
