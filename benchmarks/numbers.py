"""Quantities of tables beside gradient boosting and ridge, their ranges, and what texts add.

hotfit is fitted from the file, whole; the rivals get the features that hotfit reads from the same
training rows (dates, spelling and meaning included), so that the heads alone differ. The official
split is kept. Columns that add up to the target are left out for everybody.
"""

import json
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from lightgbm import LGBMRegressor
from numpy.typing import NDArray
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from benchmarks.pools import DATA
from hotfit.encoders.table import TableEncoder
from hotfit.evaluation.metrics import r2
from hotfit.inputs.plan import Plan, plan
from hotfit.inputs.samples import read_samples
from hotfit.inputs.source import open_source
from hotfit.local import Home
from hotfit.types import Cell, Features, Field, Input, Kind, Output, Sample

SETS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "california_housing": ("median_house_value", ()),
    "employee_salaries": ("current_annual_salary", ()),
    "bike_sharing": ("cnt", ("casual", "registered")),
    "beijing_pm25": ("pm2.5", ()),
}
"""Target, and columns that are parts of it."""

MIXED = {"employee_salaries": "current_annual_salary", "google_play_store": "Rating"}
WORDY = 60
"""Distinct values above which a category is words rather than codes."""

Fit = Callable[[Features, NDArray[np.float64]], Callable[[Features], NDArray[np.float64]]]


def run(
    *, sets: Sequence[str] = tuple(SETS), mixed: Sequence[str] = tuple(MIXED)
) -> dict[str, Any]:
    """R2 on the test rows of hotfit and its rivals, coverage of ranges, and what texts add."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        home = Home.open(folder)
        return {
            "benchmark": "numbers",
            "sets": {name: compare(home, name) for name in sets},
            "mixed": {name: combine(home, name) for name in mixed},
        }


def compare(home: Home, name: str) -> dict[str, Any]:
    """Fit hotfit and its rivals on the training rows, score them on the test rows."""
    target, parts = SETS[name]
    planned, samples = read(name, target)
    inputs = [field.name for field in planned.fields if field.name not in parts]
    started = time.process_time()
    function = home.fit(DATA / f"{name}.csv.gz", name=name, target=target, inputs=inputs)
    seconds = time.process_time() - started
    report = function.report()
    result: dict[str, Any] = {
        "hotfit": {
            "r2": report["test"]["r2"],
            "mae": report["test"]["mae"],
            "in_range": report["test"]["in_range"],
            "said": [report["verdict"][key] for key in ("estimate", "low", "high")],
            "head": report["head"],
            "findings": report["findings"],
            "seconds": seconds,
        }
    }
    fields = [field for field in planned.fields if field.name in inputs]
    train, test = encode(home, fields, samples)
    for rival, fit in RIVALS.items():
        started = time.process_time()
        predict = fit(*train)
        result[rival] = {
            "r2": r2(test[1], predict(test[0])),
            "seconds": time.process_time() - started,
        }
    best = max(result[rival]["r2"] for rival in RIVALS)
    result["over_best_rival"] = result["hotfit"]["r2"] / best - 1
    return result


def combine(home: Home, name: str) -> dict[str, Any]:
    """R2 on the test rows with the wordy fields alone, the others alone, and all together."""
    target = MIXED[name]
    planned, _ = read(name, target)
    distinct = {column.name: column.distinct for column in planned.columns}
    wordy = [
        field.name
        for field in planned.fields
        if field.kind is Kind.TEXT or (field.kind is Kind.CATEGORY and distinct[field.name] > WORDY)
    ]
    others = [field.name for field in planned.fields if field.name not in wordy]
    result: dict[str, Any] = {"wordy_fields": wordy}
    for part, inputs in {"words": wordy, "others": others, "together": wordy + others}.items():
        function = home.fit(
            DATA / f"{name}.csv.gz",
            name=f"{name}-{part}",
            target=target,
            inputs=inputs,
            output=Output.NUMBER,
        )
        report = function.report()
        score = report["test"] or report["score"]
        result[part] = {key: score[key] for key in ("r2", "low", "high")}
    alone = max((result["words"], result["others"]), key=lambda one: one["r2"])
    result["gain"] = result["together"]["r2"] - alone["r2"]
    result["said"] = _said(result["gain"], alone)
    return result


def _said(gain: float, alone: Mapping[str, float]) -> str:
    """Whether words and the rest are better together, or why not."""
    if gain > 0:
        return "together they are better than either alone"
    if alone["r2"] + gain >= alone["low"]:
        return "a tie within the range of the better: the words say nothing that the rest does not"
    return "worse together: what the words add in noise is more than what they say"


def read(name: str, target: str) -> tuple[Plan, list[Sample]]:
    """The plan and the answered rows of a data set."""
    source = open_source(DATA / f"{name}.csv.gz")
    planned = plan(source, target=target)
    batches = read_samples(source, planned)
    return planned, [row for batch in batches for row in batch if row.label is not None]


def encode(
    home: Home, fields: Sequence[Field], samples: Sequence[Sample]
) -> list[tuple[Features, NDArray[np.float64]]]:
    """Features and targets of the training rows, by which the encoder is fitted, and the test's."""
    train = [sample for sample in samples if sample.split != "test"]
    test = [sample for sample in samples if sample.split == "test"]
    embed = home.app.open_encoder(home.app.encoders[Input.TEXT]).encode
    encoder = TableEncoder.fit(_rows(train), fields, embed_text=embed)
    return [
        (
            encoder.encode(_rows(rows)),
            np.array([row.label for row in rows], dtype=np.float64),
        )
        for rows in (train, test)
    ]


def _rows(samples: Sequence[Sample]) -> list[Mapping[str, Cell]]:
    return [sample.data for sample in samples if isinstance(sample.data, Mapping)]


def _boosting(features: Features, targets: NDArray[np.float64]) -> Any:
    codes = [at for at, size in enumerate(features.categories) if 0 < size <= 255]
    model = HistGradientBoostingRegressor(categorical_features=codes, random_state=0)
    model.fit(features.values, targets)
    return lambda more: model.predict(more.values)


def _lightgbm(features: Features, targets: NDArray[np.float64]) -> Any:
    codes = [at for at, size in enumerate(features.categories) if size]
    model = LGBMRegressor(random_state=0, verbose=-1, n_jobs=2)
    model.fit(features.values, targets, categorical_feature=codes)
    return lambda more: model.predict(more.values)


def _ridge(features: Features, targets: NDArray[np.float64]) -> Any:
    codes = [at for at, size in enumerate(features.categories) if size]
    numbers = [at for at, size in enumerate(features.categories) if not size]
    columns = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore", min_frequency=3), codes),
        (make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()), numbers),
    )
    model = make_pipeline(columns, RidgeCV(np.logspace(-2, 4, 7)))
    model.fit(features.values, targets)
    return lambda more: model.predict(more.values)


RIVALS: Mapping[str, Fit] = {
    "hist_gradient_boosting": _boosting,
    "lightgbm": _lightgbm,
    "ridge": _ridge,
}


if __name__ == "__main__":
    json.dump(run(sets=tuple(sys.argv[1:]) or tuple(SETS)), sys.stdout, indent=2)
