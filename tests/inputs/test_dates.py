from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfit.inputs.dates import day_first, parse_date, parse_epoch

WRITTEN = {
    "2020-01-31": (2020, 1, 31), "2020/1/31": (2020, 1, 31), "20200131": (2020, 1, 31),
    "2020-01-31T10:20:30Z": (2020, 1, 31, 10, 20, 30), "2020-01-31 10:20": (2020, 1, 31, 10, 20),
    "2020-01-31T10:20:30+02:00": (2020, 1, 31, 8, 20, 30), "31.01.2020": (2020, 1, 31),
    "31/01/2020": (2020, 1, 31), "01/31/2020": (2020, 1, 31), "1/31/20": (2020, 1, 31),
    "07-Jan-18": (2018, 1, 7), "January 7, 2018": (2018, 1, 7), "7 Jan 2018": (2018, 1, 7),
    "7. Januar 2018": (2018, 1, 7), "3. März 2019": (2019, 3, 3), "Mar 2019": (2019, 3, 1),
    "Sunday, 7 January 2018": (2018, 1, 7), "02.12.2019 11:18:26": (2019, 12, 2, 11, 18, 26),
    "7th of May 2021": (2021, 5, 7), "01/31/2020 3:05 PM": (2020, 1, 31, 15, 5),
    "2. Okt. 2020": (2020, 10, 2), "2011-01-01 00:00:00.5": (2011, 1, 1, 0, 0, 0, 500_000),
}  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_reads_dates_as_people_write_them(text: str) -> None:
    parts = WRITTEN[text]
    assert parse_date(text) == datetime(*parts)  # type: ignore[arg-type] # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    ["", "2020", "1.0.0", "2020-13-01", "2020-02-30", "31/31/2020", "12:30", "may", "Foo 2019",
     "99999999", "hello world", "1" * 60, "0000-01-01"],
)  # fmt: skip
def test_leaves_what_is_no_date(text: str) -> None:
    assert parse_date(text) is None


def test_the_column_tells_whether_the_day_stands_first() -> None:
    assert day_first(["03/04/2020", "14/12/2018"]) is True
    assert day_first(["03/04/2020", "12/14/2018"]) is False
    assert day_first(["03/04/2020"]) is None
    assert day_first(["03.04.2020"]) is True
    assert parse_date("03/04/2020", day_first=True) == datetime(2020, 4, 3)  # noqa: DTZ001
    assert parse_date("03/04/2020", day_first=False) == datetime(2020, 3, 4)  # noqa: DTZ001


def test_epochs_are_believed_only_where_plausible() -> None:
    assert parse_epoch("1577836800") == datetime(2020, 1, 1)  # noqa: DTZ001
    assert parse_epoch(1577836800000) == datetime(2020, 1, 1)  # noqa: DTZ001
    assert parse_epoch("12345") is None
    assert parse_epoch("word") is None


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_iso_dates_come_back(moment: datetime) -> None:
    assert parse_date(moment.isoformat()) == moment


@given(st.text(max_size=40))
def test_any_text_gives_a_date_or_none(text: str) -> None:
    assert parse_date(text) is None or isinstance(parse_date(text), datetime)
