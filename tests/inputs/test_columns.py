from datetime import date, timedelta

import pytest

from hotfit.inputs.columns import describe_column
from hotfit.types import Cell, Kind

N = 60


def spread(*values: Cell) -> list[Cell]:
    return [values[i % len(values)] for i in range(N)]


KINDS: dict[str, tuple[str, list[Cell], Kind]] = {
    "whole numbers": ("age", [str(i % 40) for i in range(N)], Kind.NUMBER),
    "json numbers": ("age", [float(i % 40) for i in range(N)], Kind.NUMBER),
    "sizes": ("size", spread("19M", "8.7M", "201k", "3M", "Varies with device", "5M"), Kind.NUMBER),
    "prices": ("price", spread("$4.99", "0", "$1,299.00", "NA", ""), Kind.NUMBER),
    "german prices": ("preis", spread("1.234,56 €", "99,00 €", "-"), Kind.NUMBER),
    "percent": ("rate", spread("85 %", "12%", "7.5 %"), Kind.NUMBER),
    "codes": ("code", spread("007", "012", "113", "940"), Kind.CATEGORY),
    "zip codes": ("zip", spread("01067", "80331", "10115", "20095"), Kind.CATEGORY),
    "card numbers": ("card", spread("4111111111111111", "5500000000000004"), Kind.CATEGORY),
    "bins": ("income", spread("<=50K", ">50K"), Kind.CATEGORY),
    "versions": ("version", spread("1.0.0", "4.0.3 and up", "2.1.1"), Kind.CATEGORY),
    "yes and no": ("ok", spread("Yes", "No", "?"), Kind.BOOLEAN),
    "0 and 1": ("ok", spread("0", "1"), Kind.BOOLEAN),
    "true and false": ("ok", spread(True, False, None), Kind.BOOLEAN),
    "iso dates": ("day", [str(date(2020, 1, 1) + timedelta(i)) for i in range(N)], Kind.DATE),
    "slashed dates": ("day", spread("14/12/2018", "01/02/2019", "05/06/2019"), Kind.DATE),
    "epochs": ("created_at", [str(1_577_836_800 + 3_601 * i) for i in range(N)], Kind.DATE),
    "ten digits": ("amount", [str(1_577_836_800 + 3_600 * (i % 7)) for i in range(N)], Kind.NUMBER),
    "row numbers": ("no name", [str(i) for i in range(N)], Kind.IDENTIFIER),
    "ids": ("customerID", [str(9_000 + 17 * i) for i in range(N)], Kind.IDENTIFIER),
    "keys": ("ref", [f"K-{i * 37}-x" for i in range(N)], Kind.IDENTIFIER),
    "measures that never repeat": ("weight", [str(i * 1.37) for i in range(N)], Kind.NUMBER),
    "constant": ("c", ["same"] * N, Kind.CONSTANT),
    "empty": ("c", [""] * N, Kind.CONSTANT),
    "missing only": ("c", [None] * N, Kind.CONSTANT),
    "words": ("city", spread("Berlin", "Munich", "Paris"), Kind.CATEGORY),
    "prose": ("note", [f"this is note number {i} of many" for i in range(N)], Kind.TEXT),
    "names": ("person", [f"Ann{'abcdefgh'[i % 8]} B{chr(97 + i % 26)}{i // 26}y" for i in range(N)],
              Kind.TEXT),
    "words under the name text": ("text", [f"w{i}" for i in range(N)], Kind.TEXT),
}  # fmt: skip


@pytest.mark.parametrize("case", KINDS)
def test_tells_what_a_column_holds(case: str) -> None:
    name, cells, kind = KINDS[case]
    assert describe_column(name, cells).kind is kind


def test_a_column_keeps_what_its_cells_need_to_be_read() -> None:
    assert describe_column("p", spread("1.234", "99,50")).mark == ","
    assert describe_column("d", spread("14/12/2018", "01/02/2019", "03/03/2019")).day_first is True


def test_gaps_are_counted_apart_from_values() -> None:
    column = describe_column("n", spread("1", "2", "3", "NA", ""))
    assert (column.rows, column.filled, column.distinct) == (N, 36, 3)
    kept = describe_column("continent", spread("NA", "EU", "AS", ""))
    assert kept.counts["NA"] == 15
