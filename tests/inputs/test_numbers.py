import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfit.inputs.numbers import decimal_mark, parse_number

WRITTEN = {
    "19M": 19e6, "8.7k": 8_700, "201k": 201_000, "10,000+": 10_000, "$1,234.50": 1_234.5,
    "85 %": 85, "85%": 85, "1.234,56 €": 1_234.56, "€ 1.234.567": 1_234_567, "1 234,5": 1_234.5,
    "1'234.50": 1_234.5, "1,23,456": 123_456, "-5": -5, "\u22125": -5, "(1,200)": -1_200,
    "-$3.50": -3.5, "$-3.50": -3.5, "1e-3": 0.001, ".5": 0.5, "0,5": 0.5, "12,5": 12.5,
    "1,234": 1_234, "1.234": 1.234, "0.000": 0, "007": 7, "72 kg": 72, "2.5 mio EUR": 2.5e6,
    "1,5 Mrd. €": 1.5e9, "3 years": 3, "~40": 40, "1_000": 1_000, "USD 12": 12, "100 km/h": 100,
    "5 mm": 5, "1 000 000": 1e6, " 42 ": 42, "45.5 °C": 45.5,
}  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_reads_numbers_as_people_write_them(text: str) -> None:
    assert parse_number(text) == pytest.approx(WRITTEN[text])


@pytest.mark.parametrize(
    "text",
    ["", "NA", "N/A", "null", "?", "-", "Varies with device", "1.0.0", "4.0.3 and up", "1/2", "5-7",
     "A12", "12A34", "PC 17599", "one", "nan", "inf", "1e999", "1,2,3", "2020-01-01", "(5", "5)",
     "1,23,4", "--5", "9" * 200, "10 blue cars", "\u0661\u0662", "1.2.3,4"],
)  # fmt: skip
def test_leaves_what_is_no_number(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [("1.234", ",", 1_234), ("1,234", ".", 1_234), ("1,234", ",", 1.234), ("1.234", ".", 1.234)],
)
def test_a_column_mark_settles_what_a_cell_cannot(text: str, mark: str, value: float) -> None:
    assert parse_number(text, mark="," if mark == "," else ".") == pytest.approx(value)


def test_cells_that_are_numbers_already_stay_them() -> None:
    assert parse_number(3.5) == 3.5
    assert parse_number(math.nan) is None
    assert parse_number(math.inf) is None
    assert parse_number(True) is None


def test_the_decimal_mark_follows_the_evidence_of_the_column() -> None:
    assert decimal_mark(["1.234", "99,50", "1.500"]) == ","
    assert decimal_mark(["1,234", "99.50"]) == "."
    assert decimal_mark(["1,234", "12"]) is None


@given(st.floats(min_value=-1e12, max_value=1e12).map(lambda x: round(x, 2)))
def test_numbers_formatted_either_way_come_back(value: float) -> None:
    english = f"{value:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert parse_number(english, mark=".") == pytest.approx(value)
    assert parse_number(german, mark=",") == pytest.approx(value)


@given(st.text(max_size=30))
def test_any_text_gives_a_finite_number_or_none(text: str) -> None:
    value = parse_number(text)
    assert value is None or math.isfinite(value)
