"""Cells that hold several labels: JSON lists, or names joined by a separator."""

import json
from collections import Counter
from collections.abc import Mapping

SEPARATORS = ("|", ";", ",")
JSON_LIST = "json"
MAX_NAME = 60


def split_tags(text: str, separator: str | None) -> tuple[str, ...]:
    """Cut a cell into label names in their order, each once; `separator` None keeps it whole."""
    parts = _parts(text.strip(), separator)
    return tuple(dict.fromkeys(part for raw in parts if (part := " ".join(raw.split()))))


def _parts(text: str, separator: str | None) -> list[str]:
    if text.startswith("[") and text.endswith("]"):
        if (listed := _json_list(text)) is not None:
            return listed
        if separator == JSON_LIST:
            return [part.strip().strip("'\"") for part in text[1:-1].split(",")]
    if separator is None or separator == JSON_LIST:
        return [text]
    return text.split(separator)


def _json_list(text: str) -> list[str] | None:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, list) or any(isinstance(value, list | dict) for value in values):
        return None
    return [
        value if isinstance(value, str) else str(value) for value in values if value is not None
    ]


def find_separator(counts: Mapping[str, int], *, plural: bool) -> str | None:
    """Tell how the cells of a column join several names of a small vocabulary; None if they do not.

    `plural` says that the column's name speaks of many, so that fewer joined cells convince.
    """
    filled = sum(counts.values())
    listed = sum(count for text, count in counts.items() if _is_list(text))
    if filled and listed >= 0.9 * filled:
        return JSON_LIST
    for separator in SEPARATORS:
        joined = sum(count for text, count in counts.items() if separator in text)
        least = (0.002 if plural else 0.05) * filled
        if joined > least and _small_vocabulary(counts, separator, plural=plural):
            return separator
    return None


def _is_list(text: str) -> bool:
    return (
        text.startswith("[")
        and text.endswith("]")
        and (text == "[]" or text[1:].lstrip()[:1] in {'"', "'"} or _json_list(text) is not None)
    )


def _small_vocabulary(counts: Mapping[str, int], separator: str, *, plural: bool) -> bool:
    """The parts are short names that occur again and again, also in other company."""
    parts: Counter[str] = Counter()
    joined = [text for text in counts if separator in text]
    for text, count in counts.items():
        for part in split_tags(text, separator):
            parts[part] += count
    if not parts or max(map(len, parts)) > MAX_NAME:
        return False
    known = [
        all(parts[part] > counts[text] for part in split_tags(text, separator)) for text in joined
    ]
    mixed = sum(known) >= 0.8 * len(known)
    return mixed and (plural or len(parts) <= 0.7 * len(counts))
