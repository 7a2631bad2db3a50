"""Tables: our heads beside what people use, on fixed splits of real files and of scikit-learn's.

Every method reads the same training rows and is judged on the same test rows, in one process, one
after the other; seconds are the processor's while fitting, ours with honest held-out scores.
Rivals that are not installed (the `rivals` extra) are left out.
`python -m benchmarks.tables [NAME ...]`.
"""

import csv
import gzip
import importlib.util
import json
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegressionCV, RidgeCV
from sklearn.metrics import accuracy_score, log_loss, r2_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from hotfit.encoders.table import TableEncoder
from hotfit.heads import heads
from hotfit.inputs.columns import describe_column
from hotfit.inputs.numbers import parse_number
from hotfit.types import Cell, Field, Kind

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
OURS = {True: ("blend.v1",), False: ("stack.v1",)}
"""The tuned head for labels, and for quantities."""

SECONDS = 15
"""Search time given to FLAML."""
MOST_ROWS = 4_000
"""Training rows given to each method, so that all results are made in minutes."""

PATIENCE = 900
"""Seconds after which no further task is begun."""

Row = Mapping[str, Cell]
Answers = NDArray[Any]
Predict = Callable[[Sequence[Row]], Answers]


@dataclass(frozen=True, kw_only=True)
class Task:
    """Rows with answers; `labels` is 0 for a quantity."""

    name: str
    fields: tuple[Field, ...]
    train: Sequence[Row]
    train_answers: Answers
    test: Sequence[Row]
    test_answers: Answers
    labels: int


FILES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("adult", "income", ()),
    ("titanic", "Survived", ("PassengerId",)),
    ("telco_churn", "Churn", ("customerID",)),
    ("bank_marketing", "subscribe", ()),
    ("google_play_store", "Category", ("Genres",)),
    ("google_play_store", "Rating", ()),
    ("employee_salaries", "department", ("department_name",)),
    ("employee_salaries", "current_annual_salary", ()),
    ("california_housing", "median_house_value", ()),
    ("bike_sharing", "cnt", ("casual", "registered", "instant")),
)
"""File, target, and columns that give the target away or only number the rows."""
NUMBERS = {"current_annual_salary", "median_house_value", "cnt"}
CARRIED = ("breast_cancer", "wine", "digits")


def run(chosen: Sequence[str] = ()) -> dict[str, Any]:
    """Run the tasks whose name holds one of `chosen`, all by default; scores by task and method."""
    warnings.filterwarnings("ignore")
    names = [f"{file}/{target}" for file, target, _ in FILES] + list(CARRIED)
    kept = [name for name in names if not chosen or any(each in name for each in chosen)]
    until = time.monotonic() + PATIENCE
    results: dict[str, Any] = {}
    for name in kept:
        if time.monotonic() < until:
            results[name] = compare(load(name))
    left = [name for name in kept if name not in results]
    return {"benchmark": "tables", "most_rows": MOST_ROWS, "tasks": results, "not_begun": left}


def load(name: str) -> Task:
    """Read a task by name."""
    if name in CARRIED:
        return _carried(name)
    file, target, dropped = next(each for each in FILES if f"{each[0]}/{each[1]}" == name)
    with gzip.open(SHARED / f"{file}.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        rows: list[dict[str, Any]] = [row for row in csv.DictReader(lines) if row[target] != ""]
    if "split" not in rows[0]:
        test = np.random.default_rng(0).random(len(rows)) < 0.2
        for row, held in zip(rows, test, strict=True):
            row["split"] = "test" if held else "train"
    answers = [row.pop(target) for row in rows]
    if target == "Rating":
        answers = [str(int(2 * (parse_number(text) or 0)) / 2) for text in answers]
    columns = [name for name in rows[0] if name not in {*dropped, "split"}]
    return _task(name, rows, answers, columns, number=target in NUMBERS)


def _carried(name: str) -> Task:
    values, codes = getattr(datasets, f"load_{name}")(return_X_y=True)
    columns = [f"x{index}" for index in range(values.shape[1])]
    held = np.random.default_rng(0).random(len(values)) < 0.25
    rows: list[dict[str, Any]] = [
        dict(zip(columns, map(float, row), strict=True)) | {"split": "test" if test else "train"}
        for row, test in zip(values, held, strict=True)
    ]
    return _task(name, rows, [str(code) for code in codes], columns, number=False)


def _task(
    name: str, rows: Sequence[Row], answers: Sequence[str], columns: Sequence[str], *, number: bool
) -> Task:
    train = [at for at, row in enumerate(rows) if row["split"] == "train"]
    train = sorted(np.random.default_rng(0).permutation(train)[:MOST_ROWS].tolist())
    known = sorted({answers[at] for at in train})
    code = {label: index for index, label in enumerate(known)}
    test = [at for at, row in enumerate(rows) if row["split"] == "test"]
    test = [at for at in test if number or answers[at] in code]
    fields = [
        Field(name=column, kind=describe_column(column, [rows[at][column] for at in train]).kind)
        for column in columns
    ]
    read: Callable[[str], float] = float if number else code.__getitem__
    kind = np.float64 if number else np.int64
    return Task(
        name=name,
        fields=tuple(fields),
        train=[rows[at] for at in train],
        train_answers=np.array([read(answers[at]) for at in train], dtype=kind),
        test=[rows[at] for at in test],
        test_answers=np.array([read(answers[at]) for at in test], dtype=kind),
        labels=0 if number else len(known),
    )


def compare(task: Task) -> dict[str, Any]:
    """Fit every method that is at hand, and score it."""
    results: dict[str, Any] = {"rows": len(task.train), "labels": task.labels}
    for name, fit in methods(task).items():
        started = time.process_time()
        try:
            predict = fit(task)
            seconds = time.process_time() - started
            results[name] = score(task, predict(task.test)) | {"seconds": round(seconds, 2)}
        except Exception as error:
            results[name] = {"failed": f"{type(error).__name__}: {error}"[:120]}
        print(f"{task.name:38s} {name:14s} {json.dumps(results[name])}", flush=True)
    return results


def score(task: Task, predicted: Answers) -> dict[str, float]:
    """R2 for a quantity; accuracy, log loss and (two labels) AUC for labels."""
    truth = task.test_answers
    if task.labels == 0:
        return {"r2": round(float(r2_score(truth, predicted)), 4)}
    scores = {
        "accuracy": round(float(accuracy_score(truth, predicted.argmax(axis=1))), 4),
        "log_loss": round(float(log_loss(truth, predicted, labels=range(task.labels))), 4),
    }
    if task.labels == 2:
        scores["auc"] = round(float(roc_auc_score(truth, predicted[:, 1])), 4)
    return scores


def methods(task: Task) -> dict[str, Callable[[Task], Predict]]:
    """Our heads and the rivals that are installed."""
    found: dict[str, Callable[[Task], Predict]] = {
        name: _ours(name) for name in OURS[task.labels > 0]
    }
    found |= {"one-hot linear": fit_one_hot, "default HGB": fit_boosting}
    optional = {"lightgbm": fit_lightgbm, "flaml": fit_flaml, "skrub": fit_skrub}
    return found | {name: fit for name, fit in optional.items() if importlib.util.find_spec(name)}


def _ours(head: str) -> Callable[[Task], Predict]:
    def fit(task: Task) -> Predict:
        encoder = TableEncoder.fit(task.train, task.fields, embed_text=None)
        trained = heads.get(head).fit(
            encoder.encode(task.train),
            task.train_answers,
            labels=task.labels,
            groups=np.arange(len(task.train), dtype=np.int64),
        )
        return lambda rows: trained.model.predict(encoder.encode(rows))

    return fit


def matrix(task: Task, rows: Sequence[Row]) -> tuple[NDArray[np.object_], list[int], list[int]]:
    """Cells with numbers parsed, for rivals; the columns that hold words, and those of numbers."""
    numeric = [at for at, field in enumerate(task.fields) if field.kind is Kind.NUMBER]
    words = [at for at in range(len(task.fields)) if at not in numeric]
    cells = np.empty((len(rows), len(task.fields)), dtype=object)
    for at, field in enumerate(task.fields):
        column = [row.get(field.name) for row in rows]
        if at in numeric:
            parsed = [parse_number(cell) for cell in column]
            cells[:, at] = [np.nan if number is None else number for number in parsed]
        else:
            cells[:, at] = [str(cell) for cell in column]
    return cells, words, numeric


def fit_one_hot(task: Task) -> Predict:
    """Scaled numbers and one-hot words into cross-validated logistic regression or ridge."""
    cells, words, numeric = matrix(task, task.train)
    scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    one_hot = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=3)
    columns = ColumnTransformer([("numbers", scaled, numeric), ("words", one_hot, words)])
    many = task.labels > 10
    model = (
        RidgeCV(np.logspace(-2, 3, 11))
        if task.labels == 0
        else LogisticRegressionCV(
            Cs=np.logspace(-2, 1, 4), cv=2 if many else 3, max_iter=100 if many else 300
        )
    )
    return _fitted(make_pipeline(columns, model), cells, task)


def fit_boosting(task: Task) -> Predict:
    """scikit-learn's default histogram gradient boosting on ordinal codes."""
    kind = HistGradientBoostingClassifier if task.labels else HistGradientBoostingRegressor
    return _fitted(make_pipeline(_ordinal(task), kind(random_state=0)), _cells(task), task)


def fit_lightgbm(task: Task) -> Predict:
    """LightGBM with its defaults on ordinal codes."""
    from lightgbm import LGBMClassifier, LGBMRegressor

    kind = LGBMClassifier if task.labels else LGBMRegressor
    model = kind(verbosity=-1, random_state=0, n_jobs=2)
    return _fitted(make_pipeline(_ordinal(task), model), _cells(task), task)


def fit_flaml(task: Task) -> Predict:
    """FLAML's search on ordinal codes."""
    from flaml import AutoML

    codes = _ordinal(task)
    values = codes.fit_transform(_cells(task)).astype(float)
    search = AutoML()
    search.fit(
        values,
        task.train_answers,
        task="classification" if task.labels else "regression",
        metric="log_loss" if task.labels else "r2",
        time_budget=SECONDS,
        estimator_list=["lgbm", "rf", "extra_tree"],  # the others refuse missing cells
        seed=0,
        verbose=0,
        n_jobs=2,
    )

    def predict(rows: Sequence[Row]) -> Answers:
        found = codes.transform(matrix(task, rows)[0]).astype(float)
        return np.asarray(search.predict_proba(found) if task.labels else search.predict(found))

    return predict


def fit_skrub(task: Task) -> Predict:
    """skrub's tabular pipeline with its default learner."""
    import pandas as pd
    from skrub import tabular_pipeline

    names = [field.name for field in task.fields]

    def frame(rows: Sequence[Row]) -> pd.DataFrame:
        columns = pd.DataFrame(matrix(task, rows)[0], columns=names)
        return columns.infer_objects()

    model = tabular_pipeline("classification" if task.labels else "regression")
    model.fit(frame(task.train), task.train_answers)
    answer = model.predict_proba if task.labels else model.predict
    return lambda rows: np.asarray(answer(frame(rows)))


def _cells(task: Task) -> NDArray[np.object_]:
    return matrix(task, task.train)[0]


def _ordinal(task: Task) -> Any:
    _, words, numeric = matrix(task, task.train[:1])
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    return ColumnTransformer([("words", codes, words), ("numbers", "passthrough", numeric)])


def _fitted(model: Any, cells: NDArray[np.object_], task: Task) -> Predict:
    model.fit(cells, task.train_answers)
    answer = model.predict_proba if task.labels else model.predict
    return lambda rows: np.asarray(answer(matrix(task, rows)[0]))


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1:]), indent=1))
