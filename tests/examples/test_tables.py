"""The demo tables are written whole, and no row lies on both sides."""

import csv
from pathlib import Path

import pytest

from examples import tables


def read(path: Path) -> list[tuple[str, ...]]:
    with path.open(newline="", encoding="utf-8") as file:
        return [tuple(row) for row in csv.reader(file)]


@pytest.mark.parametrize(
    ("name", "samples", "labels"),
    [("breast_cancer", 569, 2), ("wine", 178, 3), ("digits", 1797, 10)],
)
def test_a_fifth_of_the_rows_is_kept_back(
    tmp_path: Path, name: str, samples: int, labels: int
) -> None:
    (header, *fitted), (same_header, *new) = map(read, tables.write(tmp_path, name))
    assert header == same_header
    assert len(fitted) + len(new) == samples
    assert len(new) == -(-samples // 5)
    assert len({row[-1] for row in fitted}) == len({row[-1] for row in new}) == labels


def test_a_wrong_call_says_how(capsys: pytest.CaptureFixture[str]) -> None:
    assert tables.main([]) == 2
    assert "FOLDER" in capsys.readouterr().err
