import numpy as np
import pytest

from hotfit.training.material import Material
from hotfit.training.timeline import Timeline, dependence, find_timeline, moments
from hotfit.types import Cell, Field, Input, Kind, Output


def hourly(n: int) -> list[str]:
    return [
        f"{day}T{hour:02d}:00"
        for day in np.datetime64("2024-01-01") + np.arange(-(-n // 24))
        for hour in range(24)
    ][:n]


def table(n: int, cells: dict[str, list[Cell]], kinds: dict[str, Kind]) -> Material:
    rng = np.random.default_rng(0)
    return Material(
        input=Input.TABULAR,
        output=Output.NUMBER,
        fields=tuple(Field(name=name, kind=kind) for name, kind in kinds.items()),
        ids=np.arange(n),
        data=[{name: cells[name][row] for name in cells} for row in range(n)],
        hashes=[b""] * n,
        targets=rng.standard_normal(n),
        labels=(),
        change=1,
    )


def test_errors_of_neighbours_that_go_together_are_seen() -> None:
    rng = np.random.default_rng(1)
    steady, wandering = rng.standard_normal((2, 2000, 1))
    wandering = wandering + np.cumsum(rng.standard_normal((2000, 1)), axis=0) / 5
    times = rng.permutation(2000).astype(np.float64)
    order = times.astype(np.int64)
    assert abs(dependence(times, steady[order])) < 0.1
    assert dependence(times, wandering[order]) > 0.5


def test_the_order_of_the_file_within_one_moment_says_nothing() -> None:
    rng = np.random.default_rng(2)
    sorted_within = np.sort(rng.standard_normal((20, 100)), axis=1).reshape(-1, 1)
    assert abs(dependence(np.repeat(np.arange(20.0), 100), sorted_within)) < 0.1


def test_the_finest_date_column_tells_the_moment() -> None:
    n = 100
    hours: list[Cell] = list(hourly(n))
    days: list[Cell] = [text[:10] for text in hourly(n)]
    found = moments({"day": days, "taken": hours}, {"day": Kind.DATE, "taken": Kind.DATE})
    assert found is not None
    assert found[0] == "taken"
    assert (np.diff(found[1]) > 0).all()


def test_columns_of_years_months_and_days_tell_it_too() -> None:
    columns: dict[str, list[Cell]] = {
        "Year": ["2020", "2020", "2021"],
        "month": ["2", "12", "1"],
        "day": ["28", "1", "1"],
    }
    kinds = dict.fromkeys(columns, Kind.NUMBER)
    found = moments(columns, kinds)
    assert found is not None
    assert found[0] == "Year, month, day"
    assert (np.diff(found[1]) > 0).all()
    assert moments({"Year": columns["Year"]}, {"Year": Kind.NUMBER}) is None


def test_a_missing_unit_keeps_the_order() -> None:
    columns: dict[str, list[Cell]] = {
        "year": [2020.0, 2020.0, 2020.0],
        "month": [1.0, 1.0, 2.0],
        "hour": [1.0, 5.0, 0.0],
    }
    found = moments(columns, dict.fromkeys(columns, Kind.NUMBER))
    assert found is not None
    assert (np.diff(found[1]) > 0).all()


@pytest.mark.parametrize("n", [200, 997])
def test_every_later_row_is_predicted_once_from_earlier_ones(n: int) -> None:
    times = np.random.default_rng(3).integers(0, 300, n).astype(np.float64)
    timeline = Timeline(moments=times, column="t", correlation=0.5)
    met = np.zeros(n)
    for past, future in timeline.splits():
        assert times[past].max() < times[future].min()
        met[future] += 1
    assert set(met.tolist()) == {0, 1}
    assert (np.flatnonzero(met) == timeline.future()).all()
    blocks = timeline.blocks()
    assert all(len(np.unique(blocks[times == moment])) == 1 for moment in np.unique(times))


def test_time_is_followed_only_where_errors_follow_it() -> None:
    n = 600
    hours: list[Cell] = list(hourly(n))
    material = table(n, {"taken": hours}, {"taken": Kind.DATE})
    drift = np.cumsum(np.random.default_rng(4).standard_normal(n))
    found = find_timeline(material, material.targets - drift)
    assert found is not None
    assert found.column == "taken"
    assert find_timeline(material, np.zeros(n)) is None
    dateless = table(n, {"size": list(range(n))}, {"size": Kind.NUMBER})
    assert find_timeline(dateless, dateless.targets - drift) is None
