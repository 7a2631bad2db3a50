"""Every real text and table file through the command line: fit, then evaluate on unseen rows.

For each task the rows are parted into a file to fit and a file to evaluate, by the declared split
where there is one, else every fifth row is kept back. What `hotfit fit` promised stands beside
what `hotfit evaluate` found. `python -m benchmarks outcomes` also writes `results/outcomes.md`;
`python -m benchmarks.outcomes FILE ...` does some files anew and keeps the lines of the others,
each with the date on which it was measured.
"""

import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.machine import describe

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
DATA = ROOT.parent / "shared" / "data"
FIRST = "2026-11-22"
"""When lines without a date were measured."""

KEPT_BACK = 5

TASKS: tuple[tuple[str, str | None], ...] = (
    ("sms_spam", None),
    ("banking77", None),
    ("trec", "label"),
    ("ag_news", None),
    ("titanic", "Survived"),
    ("adult", "income"),
    ("telco_churn", "Churn"),
    ("bank_marketing", "subscribe"),
    ("employee_salaries", "department"),
    ("employee_salaries", "employee_position_title"),
    ("google_play_store", "Category"),
    ("google_play_store", "Rating"),
    ("go_emotions", None),
    ("sts", "score"),
    ("california_housing", "median_house_value"),
    ("employee_salaries", "current_annual_salary"),
    ("bike_sharing", "cnt"),
    ("beijing_pm25", "pm2.5"),
    ("it_salary_survey_2018", None),
    ("it_salary_survey_2019", None),
    ("it_salary_survey_2020", None),
)
"""File and target; None lets hotfit guess the target."""


def run(
    *, tasks: Sequence[tuple[str, str | None]] = TASKS, kept: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Fit and evaluate each task; what was promised, what was found, how long it took."""
    outcomes = list(kept)
    with tempfile.TemporaryDirectory(prefix="hotfit-outcomes-") as folder:
        for name, target in tasks:
            outcomes.append(outcome(Path(folder), name, target))
            print(json.dumps(outcomes[-1]), file=sys.stderr, flush=True)
    order = {name: place for place, (name, _) in enumerate(TASKS)}
    outcomes.sort(key=lambda one: order[one["file"]])
    (RESULTS / "outcomes.md").write_text(table(outcomes), encoding="utf-8")
    return {"benchmark": "outcomes", "tasks": outcomes}


def outcome(folder: Path, name: str, target: str | None) -> dict[str, Any]:
    """One task: the report of `fit` and the score of `evaluate`, or the refusal."""
    to_fit, new = part(DATA / f"{name}.csv.gz", folder)
    options = ["--target", target] if target else []
    started = time.monotonic()
    fitted = hotfit(folder, "fit", str(to_fit), "--name", "task", "--json", *options)
    seconds = time.monotonic() - started
    if "refused" in fitted:
        return {"file": name, "target": target, **fitted}
    found = hotfit(folder, "evaluate", "task", str(new), "--json")
    hotfit(folder, "delete", "task")
    return {
        "file": name,
        "date": datetime.now(UTC).date().isoformat(),
        "target": fitted["target"],
        "output": fitted["output"],
        "rows": fitted["samples"],
        "answer": fitted["verdict"]["answer"],
        "metric": fitted["verdict"]["metric"],
        "promised": [fitted["verdict"][key] for key in ("estimate", "low", "high")],
        "found": _same_metric(found, fitted["verdict"]["metric"]),
        "n": found.get("n"),
        "baseline": fitted["verdict"]["baseline"],
        "made_by": f"{fitted['encoder']} + {fitted['head']}",
        "first_model": fitted["seconds"]["first_model"],
        "seconds": round(seconds, 1),
        "findings": fitted["findings"],
        "refused": found.get("refused"),
    }


def hotfit(folder: Path, *arguments: str) -> dict[str, Any]:
    """Run the program in a home of its own; its JSON, or the sentence of its refusal."""
    done = subprocess.run(
        [sys.executable, "-m", "hotfit", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"HOTFIT_HOME": str(folder / "home")},
        check=False,
    )
    if done.returncode:
        return {"refused": done.stderr.strip().splitlines()[-1]}
    return dict(json.loads(done.stdout)) if done.stdout.startswith("{") else {}


def part(source: Path, folder: Path) -> tuple[Path, Path]:
    """Write the rows to fit and the rows to evaluate, without the split column."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    split = header.index("split") if "split" in header else None
    new = [
        row[split] == "test" if split is not None else place % KEPT_BACK == 0
        for place, row in enumerate(rows)
    ]
    columns = [place for place in range(len(header)) if place != split]
    paths = []
    for side, suffix in ((False, "fit"), (True, "new")):
        path = folder / f"{source.name.split('.')[0]}_{suffix}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header[place] for place in columns)
            writer.writerows(
                [row[place] if place < len(row) else "" for place in columns]
                for row, is_new in zip(rows, new, strict=True)
                if is_new is side
            )
        paths.append(path)
    return paths[0], paths[1]


def table(outcomes: Sequence[dict[str, Any]]) -> str:
    """The outcomes for people."""
    lines = [
        "# What `hotfit fit` promised and what `hotfit evaluate` found on unseen rows",
        "",
        "Written by `python -m benchmarks outcomes`; the machine stands in `outcomes.json`.",
        "",
        "| file | target | rows | verdict | promised (range) | found | trivial | by | s | on |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(_line, outcomes)]) + "\n"


def _line(outcome: dict[str, Any]) -> str:
    if outcome["refused"]:
        return f"| {outcome['file']} | {outcome['target']} | refused: {outcome['refused']} |" + (
            " |" * 7
        )
    estimate, low, high = outcome["promised"]
    return (
        f"| {outcome['file']} | {outcome['target']} | {outcome['rows']:,} | {outcome['answer']} "
        f"| {outcome['metric']} {estimate:.3f} ({low:.3f} to {high:.3f}) | {outcome['found']:.3f} "
        f"| {outcome['baseline']:.3f} | {outcome['made_by']} | {outcome['seconds']} "
        f"| {outcome.get('date', FIRST)} |"
    )


def _same_metric(score: dict[str, Any], metric: str) -> float | None:
    return score.get(metric.replace(" ", "_").lower())


def again(names: Sequence[str]) -> None:
    """Do the tasks of some files anew, and keep what the others gave."""
    path = RESULTS / "outcomes.json"
    before = json.loads(path.read_text(encoding="utf-8"))["measured"]["tasks"]
    found = run(
        tasks=[task for task in TASKS if task[0] in names],
        kept=[one for one in before if one["file"] not in names],
    )
    text = json.dumps({"machine": describe(), "measured": found}, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    again(sys.argv[1:] or [name for name, _ in TASKS])
