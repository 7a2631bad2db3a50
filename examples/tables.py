"""Write three tables that scikit-learn carries: `python -m examples.tables FOLDER`.

Each becomes NAME.csv to fit and NAME_new.csv, every fifth row, to evaluate on. Labels are words.
"""

import csv
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sklearn.datasets import load_breast_cancer, load_digits, load_wine

KEPT_BACK = 5
LOADERS = {
    "breast_cancer": (load_breast_cancer, "diagnosis"),
    "wine": (load_wine, "cultivar"),
    "digits": (load_digits, "digit"),
}
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def rows(name: str) -> list[list[str]]:
    """The table called `name`: a header, then one row a sample, the label in the last column."""
    loader, target = LOADERS[name]
    table: Any = loader()
    labels = DIGITS if name == "digits" else [str(label) for label in table.target_names]
    header = [str(column).replace(" ", "_") for column in table.feature_names]
    cells = zip(table.data, table.target, strict=True)
    lines = [[*(f"{value:g}" for value in values), labels[code]] for values, code in cells]
    return [[*header, target], *lines]


def write(folder: Path, name: str) -> tuple[Path, Path]:
    """Write the two files of one table; return their paths."""
    header, *lines = rows(name)
    to_fit = [line for i, line in enumerate(lines) if i % KEPT_BACK]
    new = lines[::KEPT_BACK]
    return _save(folder / f"{name}.csv", header, to_fit), _save(
        folder / f"{name}_new.csv", header, new
    )


def _save(path: Path, header: list[str], lines: Iterable[list[str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *lines])
    return path


def main(arguments: list[str]) -> int:
    """Write all tables into the folder given."""
    if len(arguments) != 1:
        print("usage: python -m examples.tables FOLDER", file=sys.stderr)
        return 2
    for name in LOADERS:
        for path in write(Path(arguments[0]), name):
            print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
