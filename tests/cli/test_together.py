"""Rows that belong together, named on the command line."""

from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.local.messages import write_csv
from tests.local.test_falls import visits

pytestmark = pytest.mark.journey

INPUTS = ("--input", "weight", "--input", "height", "--input", "patient")
FITTED = ("fit", "visits.csv", "--target", "state", *INPUTS, "--build", "instant", "--json")


@pytest.fixture
def table(tmp_path: Path) -> None:
    rows = visits(60)
    write_csv(tmp_path / "visits.csv", [list(row.values()) for row in rows], list(rows[0]))


@pytest.mark.usefixtures("table")
def test_rows_are_held_together_until_they_are_let_go(hotfit: Program) -> None:
    held = hotfit(*FITTED, "--together", "patient").json()
    assert held["score"]["together"] == "patient"
    assert any("rows of one patient are held out together" in note for note in held["notes"])
    assert hotfit(*FITTED).json()["score"]["together"] == "patient"
    loose = hotfit(*FITTED, "--together", "").json()
    assert "together" not in loose["score"]
    assert loose["verdict"]["estimate"] > held["verdict"]["estimate"] + 0.05


@pytest.mark.usefixtures("table")
def test_where_no_file_is_read_it_is_refused(hotfit: Program) -> None:
    hotfit(*FITTED)
    refused = hotfit("fit", "visits", "--max-latency-ms", "90", "--together", "patient")
    assert refused.status == 2
    assert "visits is a function" in refused.err
    assert "leave them away, or name the file" in refused.err
