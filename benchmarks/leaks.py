"""Leaks that were planted in real tables and texts, how many are found, and what honest data says.

Into each table, freed of columns that really give its target away, one at a time is planted: the
target under other words or in other units; the same with mistakes; a field that is filled in only
after the answer is known; a key whose rows nearly all share an answer. Texts of a training part
are put into the test part with a slip of the finger, other case, punctuation or a cut end, and
photographs encoded again, shrunk, in other light or cropped.
A false alarm is an honest column, or a set without a planted
repeat, that is called leaking; columns that are known to give the target away are not honest.
"""

import csv
import gzip
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import images
from benchmarks.findings import LEAST_WORDS, change
from benchmarks.near_duplicates import CHANGES, PHOTOS, alike
from benchmarks.pools import DATA, TEXTS, read
from hotfit.encoders.base import Encoder
from hotfit.inputs.picture import decode
from hotfit.quality import Evidence, NotApplicable, findings
from hotfit.similarity import duplicate_groups
from hotfit.similarity.pictures import Found
from hotfit.training.encoded import repeats_of
from hotfit.types import Cell, Data, Output, Picture

TABLES: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("titanic", "Survived", frozenset()),
    ("adult", "income", frozenset()),
    ("telco_churn", "Churn", frozenset()),
    ("bank_marketing", "subscribe", frozenset({"duration"})),
    ("google_play_store", "Category", frozenset({"Genres"})),
    ("employee_salaries", "department", frozenset({"department_name", "division"})),
    ("employee_salaries", "current_annual_salary", frozenset()),
    ("california_housing", "median_house_value", frozenset()),
    ("bike_sharing", "cnt", frozenset({"casual", "registered"})),
    ("beijing_pm25", "pm2.5", frozenset()),
)
"""File, target, and columns that really give it away."""

QUANTITIES = frozenset({"current_annual_salary", "median_house_value", "cnt", "pm2.5"})
LEAKING = ("leaking_column", "golden_feature", "group_key")
KINDS = ("copy", "copy_with_5_percent_wrong", "copy_with_10_percent_wrong", "filled_later", "key")
ROWS = 3000
SEEDS = 4
TEST_PART = 0.2
CROSSING = 50
PICTURES = 300


@dataclass(frozen=True, kw_only=True)
class Table:
    """n rows by column, and the target: codes of labels, or quantities."""

    columns: Mapping[str, Sequence[Cell]]
    labels: Sequence[str]
    codes: NDArray[np.int64] | None
    target: NDArray[np.float64] | None

    def leaking(self, extra: Mapping[str, Sequence[Cell]]) -> frozenset[str]:
        """The columns that are called leaking where `extra` is there too."""
        evidence = Evidence(
            output=Output.NUMBER if self.codes is None else Output.CLASSIFICATION,
            labels=self.labels,
            codes=self.codes,
            target=self.target,
            columns={**self.columns, **extra},
        )
        called = set()
        for kind in LEAKING:
            found = findings.get(kind).find(evidence)
            if not isinstance(found, NotApplicable):
                called |= {each.column for each in found if each.column is not None}
        return frozenset(called)


def run() -> dict[str, Any]:
    """Shares of planted leaks found, by kind, and of honest columns and sets called leaking."""
    found: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    honest, alarms, missed = 0, [], []
    for name, target, known in TABLES:
        table = load(name, target)
        called = table.leaking({}) - known
        honest += len(table.columns.keys() - known)
        alarms += [f"{name} -> {target}: {column}" for column in sorted(called)]
        table = replace(table, columns={k: v for k, v in table.columns.items() if k not in known})
        for kind in KINDS:
            for seed in range(SEEDS):
                planted[kind] += 1
                hit = "planted" in table.leaking({"planted": plant(table, kind, seed)})
                found[kind] += hit
                if not hit:
                    missed.append(f"{name} -> {target}: {kind}")
    texts = [crossing(name) for name in TEXTS]
    return {
        "benchmark": "leaks",
        "found": {kind: found[kind] / planted[kind] for kind in KINDS},
        "found_in_all": found.total() / planted.total(),
        "honest_columns": honest,
        "false_alarms": len(alarms) / honest,
        "called_leaking": alarms,
        "missed": dict(Counter(missed)),
        "across_the_split": texts,
        "found_across_the_split": float(np.mean([each["found"] for each in texts])),
        "false_alarms_across_the_split": float(np.mean([each["false_alarms"] for each in texts])),
        **photographs(),
    }


def load(name: str, target: str) -> Table:
    """At most `ROWS` random rows of a shared table whose target is known."""
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row[target] not in {"", "NA", "NaN"}]
    drawn = np.sort(np.random.default_rng(0).permutation(len(rows))[:ROWS])
    rows = [rows[row] for row in drawn]
    columns = {
        name: [row[name] for row in rows] for name in rows[0] if name not in {target, "split"}
    }
    answers = [row[target] for row in rows]
    if target in QUANTITIES:
        return Table(
            columns=columns, labels=(), codes=None, target=np.array(answers, dtype=np.float64)
        )
    labels, codes = np.unique(answers, return_inverse=True)
    return Table(columns=columns, labels=labels.tolist(), codes=codes.astype(np.int64), target=None)


def plant(table: Table, kind: str, seed: int) -> list[Cell]:
    """A column of one kind of leak."""
    rng = np.random.default_rng(seed)
    if table.codes is not None:
        return list(_of_labels(table.codes, kind, rng))
    assert table.target is not None
    return list(_of_quantity(table.target, kind, rng))


def _of_labels(codes: NDArray[np.int64], kind: str, rng: np.random.Generator) -> Iterator[Cell]:
    k, n = int(codes.max()) + 1, len(codes)
    if kind == "key":
        yield from (f"C{each:05d}" for each in _keys(codes, rng))
        return
    if kind == "filled_later":
        common = int(np.bincount(codes).argmax())
        happened = (codes != common) ^ (rng.random(n) < 0.01)
        yield from (
            f"2024-{1 + n % 12:02d}-{1 + n % 28:02d}" if yes else None
            for n, yes in enumerate(happened)
        )
        return
    wrong = rng.random(n) < {"copy": 0.0, KINDS[1]: 0.05, KINDS[2]: 0.1}[kind]
    said = np.where(wrong, (codes + rng.integers(1, k, n)) % k, codes)
    yield from (f"v{each}" for each in rng.permutation(k)[said])


def _of_quantity(
    target: NDArray[np.float64], kind: str, rng: np.random.Generator
) -> Iterator[Cell]:
    n = len(target)
    if kind == "key":
        tenth = np.searchsorted(np.quantile(target, np.linspace(0, 1, 11)[1:-1]), target)
        yield from (f"C{each:05d}" for each in _keys(tenth, rng))
        return
    if kind == "filled_later":
        happened = (target > np.median(target)) ^ (rng.random(n) < 0.01)
        yield from (
            str(value * 3.1) if yes else None for value, yes in zip(target, happened, strict=True)
        )
        return
    noise = {"copy": 0.0, KINDS[1]: 0.1, KINDS[2]: 0.3}[kind]
    yield from (2.5 * target + 7 + noise * 2.5 * target.std() * rng.normal(size=n)).tolist()


def _keys(codes: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Keys of three to eight rows each, nine in ten of which share their answer."""
    order = rng.permutation(len(codes))
    order = order[np.argsort(codes[order], kind="stable")]
    keys = np.empty(len(codes), dtype=np.int64)
    keys[order] = np.repeat(np.arange(len(codes)), rng.integers(3, 9, len(codes)))[: len(codes)]
    strays = rng.random(len(codes)) < 0.1
    keys[strays] = rng.permutation(keys[strays])
    names: NDArray[np.int64] = rng.permutation(len(codes))[keys]
    return names


def crossing(name: str) -> dict[str, Any]:
    """Put near copies of training texts among test texts, and look for them."""
    texts = [row["text"] for row in read(name)]
    own = duplicate_groups(texts)
    texts = [texts[row] for row in np.flatnonzero(np.bincount(own.groups)[own.groups] == 1)]
    tests = int(TEST_PART * len(texts))
    rng = random.Random(1)
    kinds = ("slip", "case", "punctuation", "cut")
    copies = []
    for kind in kinds:
        fit = [
            row for row in range(tests, len(texts)) if len(texts[row].split()) >= LEAST_WORDS[kind]
        ]
        copies += [
            change(texts[row], kind, rng) for row in rng.sample(fit, min(CROSSING, len(fit)))
        ]
    honest = _crossing([*texts], tests)
    told = _crossing([*texts[:tests], *copies, *texts[tests:]], tests + len(copies))
    return {
        "set": name,
        "planted": len(copies),
        "found": sum(tests <= row < tests + len(copies) for row in told) / len(copies),
        "false_alarms": len(honest) / max(tests, 1),
    }


def photographs() -> dict[str, Any]:
    """The same among images: encoded again, shrunk, in other light or cropped."""
    with tempfile.TemporaryDirectory() as cache:
        encoder = images.open_encoder("mobilenet-v2.v1", Path(cache))
        sets = [crossing_pictures(name, encoder) for name in PHOTOS]
    return {
        "images_across_the_split": sets,
        "images_found_across_the_split": float(np.mean([each["found"] for each in sets])),
        "images_false_alarms_across_the_split": float(
            np.mean([each["false_alarms"] for each in sets])
        ),
    }


def crossing_pictures(name: str, encoder: Encoder) -> dict[str, Any]:
    """Put changed copies of training images among test images, and look for them."""
    data = list(images.load(name, PICTURES).data)
    known = {row for first, second, _ in alike(data, encoder) for row in (first, second)}
    data = [one for row, one in enumerate(data) if row not in known]
    tests = int(TEST_PART * len(data))
    rng = np.random.default_rng(1)
    copies: list[Data] = [
        Picture.of(change(decode(one.read()), rng))
        for one in data[tests : tests + CROSSING]
        if isinstance(one, Picture)
        for change in CHANGES.values()
    ]
    honest = _crossing(data, tests, alike(data, encoder))
    every = [*data[:tests], *copies, *data[tests:]]
    told = _crossing(every, tests + len(copies), alike(every, encoder))
    return {
        "set": name,
        "planted": len(copies),
        "found": sum(tests <= row < tests + len(copies) for row in told) / len(copies),
        "false_alarms": len(honest) / max(tests, 1),
    }


def _crossing(data: Sequence[Data], tests: int, pictures: Sequence[Found] = ()) -> set[int]:
    """The test rows, which come first, that are said to be in training too."""
    repeats = repeats_of(duplicate_groups(data, pictures=pictures))
    evidence = Evidence(
        output=Output.CLASSIFICATION, test=np.arange(len(data)) < tests, repeats=repeats
    )
    found = findings.get("split_leak").find(evidence)
    if isinstance(found, NotApplicable):
        return set()
    return {row for each in found for row in each.samples if row < tests}


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=2)
    print()
