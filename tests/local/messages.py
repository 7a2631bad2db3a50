"""Small labelled sources for tests: separable texts, a table, and what can go wrong with them."""

import csv
from collections.abc import Sequence
from pathlib import Path

from hotfit.types import Answer, Prediction

GREETINGS = ("hello", "good morning", "hi there", "welcome back", "greetings to")
PARTINGS = ("goodbye", "see you later", "farewell", "take care", "until next time")
NAMES = ("sailor", "neighbour", "teacher", "gardener", "baker", "driver", "painter", "singer")


def messages() -> list[tuple[str, str]]:
    """80 short texts, half greetings, half partings."""
    return [
        (f"{opening} dear {name}", label)
        for label, openings in (("greeting", GREETINGS), ("parting", PARTINGS))
        for opening in openings
        for name in NAMES
    ]


def write_csv(path: Path, rows: Sequence[Sequence[object]], header: Sequence[str]) -> Path:
    """Write rows as CSV and return the path."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def said(answer: Answer) -> str:
    """The label that a classification answered."""
    assert isinstance(answer, Prediction)
    return answer.label
