"""Columns that make a score too good: what is said of them, and what a person makes of it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from hotfit.local import Home
from hotfit.local.function import Function
from hotfit.types import Output

NOTE = "for values of patient that were not met in training"


def visits(patients: int, *, seed: int = 0) -> list[dict[str, object]]:
    """Five visits of each patient, who is known by weight and height; the pulse tells a little."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for patient in range(patients):
        ill = rng.random() < 0.5
        weight, height = rng.normal(75, 15), rng.normal(172, 10)
        for _ in range(5):
            said = ill ^ (rng.random() < 0.05)
            rows.append(
                {
                    "patient": f"P-{seed}{patient:04d}",
                    "weight": round(weight + rng.normal(0, 0.3), 1),
                    "height": round(height + rng.normal(0, 0.1), 1),
                    "pulse": round(70 + 9 * ill + rng.normal(0, 10)),
                    "state": "ill" if said else "well",
                    "cost": round(100 + 80 * ill + weight + rng.normal(0, 5), 1),
                }
            )
    order = rng.permutation(len(rows))
    return [rows[place] for place in order]


@pytest.fixture
def patients(home: Home) -> Function:
    columns = ("patient", "weight", "height", "pulse")
    return home.fit(visits(120), name="patients", target="state", inputs=columns, tuned=False)


def estimate(function: Function) -> float:
    return float(function.report()["verdict"]["estimate"])


def right(function: Function, rows: Sequence[dict[str, Any]]) -> float:
    return float(function.evaluate(list(rows), target="state")["accuracy"])


def test_an_accepted_key_makes_the_score_that_of_new_values_until_it_is_undone(
    patients: Function,
) -> None:
    before = patients.report()
    (found,) = patients.finding_reports(kind="group_key")
    assert (found["column"], found["fix"]["action"]) == ("patient", "hold_together")
    (note,) = [note for note in before["notes"] if NOTE in note]
    told = float(note.split(" % right")[0].split()[-1]) / 100
    assert told < before["verdict"]["estimate"] - 0.08

    patients.accept(found["id"])
    after = patients.report()
    assert after["verdict"]["estimate"] == pytest.approx(told, abs=0.001)
    assert any("rows of one patient are held out together" in note for note in after["notes"])
    assert not any(NOTE in note for note in after["notes"])
    assert patients.finding_reports(kind="group_key", status="open") == []
    strangers = right(patients, visits(300, seed=1))
    assert after["verdict"]["low"] - 0.03 <= strangers <= after["verdict"]["high"] + 0.03

    patients.undo(found["id"])
    assert estimate(patients) == before["verdict"]["estimate"]
    assert [one["status"] for one in patients.finding_reports(kind="group_key")] == ["open"]


def test_a_key_that_was_accepted_is_kept_when_the_source_is_fitted_again(
    home: Home, patients: Function
) -> None:
    (found,) = patients.finding_reports(kind="group_key")
    patients.accept(found["id"])
    columns = ("patient", "weight", "height", "pulse")
    again = home.fit(visits(120), name="patients", target="state", inputs=columns, tuned=False)
    assert estimate(again) == estimate(patients)
    assert again.report()["score"]["together"] == "patient"


def test_a_key_that_is_named_at_once_does_what_accepting_it_does(
    home: Home, patients: Function
) -> None:
    (found,) = patients.finding_reports(kind="group_key")
    before = estimate(patients)
    columns = ("weight", "height", "pulse")
    named = home.fit(
        visits(120), name="named", target="state", inputs=columns, together=["patient"], tuned=False
    )
    assert named.finding_reports(kind="group_key") == []
    assert named.report()["score"]["together"] == "patient"
    patients.accept(found["id"])
    assert estimate(named) == pytest.approx(estimate(patients), abs=0.02)
    assert estimate(named) < before - 0.08


def test_a_key_is_held_until_it_is_let_go(home: Home) -> None:
    columns = ("patient", "weight", "height", "pulse")

    def fitted(together: Sequence[str] | None = None) -> Function:
        return home.fit(
            visits(120),
            name="held",
            target="state",
            inputs=columns,
            together=together,
            tuned=False,
        )

    assert fitted(["patient"]).report()["score"]["together"] == "patient"
    assert fitted().report()["score"]["together"] == "patient"
    loose = fitted([])
    assert "together" not in loose.report()["score"]
    assert [one["status"] for one in loose.finding_reports(kind="group_key")] == ["open"]


def test_a_key_that_was_dismissed_is_not_spoken_of_again(patients: Function) -> None:
    (found,) = patients.finding_reports(kind="group_key")
    before = estimate(patients)
    patients.dismiss(found["id"])
    patients.train(tuned=False)
    report = patients.report()
    assert report["verdict"]["estimate"] == before
    assert not any(NOTE in note for note in report["notes"])


def test_the_fall_of_a_quantity_is_told_as_r2(home: Home) -> None:
    columns = ("patient", "weight", "height", "pulse")
    function = home.fit(
        visits(120), name="cost", target="cost", inputs=columns, output=Output.NUMBER, tuned=False
    )
    (found,) = function.finding_reports(kind="group_key")
    assert "the score is R2 0." in found["evidence"]


def test_the_score_without_a_column_that_tells_too_much_is_told_until_it_is_left_out(
    home: Home,
) -> None:
    rng = np.random.default_rng(3)
    rows = [row for row in visits(120) if row.pop("patient")]
    for row in rows:
        row["closed"] = row["state"] if rng.random() > 0.04 else "unknown"
    columns = ("weight", "height", "pulse", "closed")
    function = home.fit(rows, name="closed", target="state", inputs=columns, tuned=False)
    (found,) = function.finding_reports(kind="golden_feature")
    (note,) = [note for note in function.report()["notes"] if "without closed" in note]
    told = float(note.split(" % right")[0].split()[-1]) / 100
    assert told < estimate(function) - 0.1
    function.accept(found["id"])
    assert estimate(function) == pytest.approx(told, abs=0.001)
    assert not any("without closed" in note for note in function.report()["notes"])
