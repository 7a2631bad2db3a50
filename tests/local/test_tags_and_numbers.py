"""Functions that answer tags or quantities, from the source to the answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from hotfit.functions.functions import find
from hotfit.functions.labels import labels_of
from hotfit.local import Home
from hotfit.local.wishes import BadWish
from hotfit.samples.annotations import annotate_many
from hotfit.samples.rows import read_rows
from hotfit.store.columns import to_json
from hotfit.training.material import gather
from hotfit.types import Data, Output, Quantity, Tagging
from tests.local.messages import GREETINGS, NAMES, PARTINGS, write_csv


def tagged() -> list[tuple[str, str]]:
    """120 texts that greet, part, do both or neither."""
    rows = []
    for at, name in enumerate((*NAMES, "farmer", "pilot")):
        for opening, closing in zip(GREETINGS, PARTINGS, strict=True):
            rows.append((f"{opening} dear {name}", "greeting"))
            rows.append((f"{closing} dear {name}", "parting"))
            if at % 2:
                rows.append((f"{opening} dear {name} and {closing}", "greeting|parting"))
    return rows


@pytest.fixture
def tags(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "mail.csv", tagged(), ["text", "labels"])


def houses(n: int, *, seed: int = 0) -> list[dict[str, object]]:
    """Prices that follow from size and town, with noise that grows with the size."""
    rng = np.random.default_rng(seed)
    size = rng.uniform(30, 200, n).round(1)
    town = rng.choice(["Ulm", "Bonn", "Jena"], n)
    extra = {"Ulm": 0.0, "Bonn": 90.0, "Jena": -40.0}
    noise = rng.standard_normal(n) * size / 10
    return [
        {"size": s, "town": t, "price": round(3 * s + extra[t] + e + 500, 2)}
        for s, t, e in zip(size.tolist(), town.tolist(), noise.tolist(), strict=True)
    ]


def test_tags_are_guessed_learned_and_answered(home: Home, tags: Path) -> None:
    function = home.fit(str(tags))
    assert function.output is Output.TAGS
    answer = function("welcome back dear stranger and farewell")
    assert isinstance(answer, Tagging)
    assert {each.label for each in answer.labels} == {"greeting", "parting"}
    one = function("good morning dear baker")
    assert isinstance(one, Tagging)
    assert [each.label for each in one.present] == ["greeting"]
    assert one.to_json()["label"] == "greeting"


def test_tags_are_answered_the_same_when_loaded_again(home: Home, tags: Path) -> None:
    fitted = home.fit(str(tags))
    texts = [text for text, _ in tagged()[::9]]
    assert Home.open().load("mail").predict(texts) == fitted.predict(texts)


def test_a_score_of_tags_uses_the_thresholds_that_answers_use(home: Home, tags: Path) -> None:
    function = home.fit(str(tags))
    new = [{"text": f"{text} of today", "labels": told} for text, told in tagged()[::3]]
    score = function.evaluate(new)
    said = [function(str(row["text"])) for row in new]
    found = [{each.label for each in one.present} for one in said if isinstance(one, Tagging)]
    true = [set(str(row["labels"]).split("|")) for row in new]
    both = sum(len(a & b) for a, b in zip(found, true, strict=True))
    total = sum(map(len, found)) + sum(map(len, true))
    assert score["micro_f1"] == pytest.approx(2 * both / total)
    assert set(score["per_label"]) == {"greeting", "parting"}
    assert {"n", "macro_f1"} <= set(score)


def test_a_least_precision_says_fewer_tags_and_a_least_recall_more(home: Home) -> None:
    noisy = [
        {"text": text, "labels": "greeting|parting" if at % 5 == 0 else told}
        for at, (text, told) in enumerate(tagged())
    ]
    texts = [str(row["text"]) for row in noisy]

    def said(name: str, *, precision: float | None = None, recall: float | None = None) -> int:
        function = home.fit(
            noisy,
            name=name,
            target="labels",
            tuned=False,
            min_precision=precision,
            min_recall=recall,
        )
        answers = function.predict(texts)
        return sum(len(one.present) for one in answers if isinstance(one, Tagging))

    assert said("sure", precision=0.97) < said("all", recall=0.97)


def test_a_wish_is_kept_when_the_function_trains_again(home: Home, tags: Path) -> None:
    function = home.fit(str(tags), min_recall=0.9, tuned=False)
    function.train(tuned=False)
    with home.app.store.read() as session:
        record = find(session, "mail")
    assert record is not None
    assert record.plan["goal"] == {"min_recall": 0.9}


def test_wishes_that_cannot_be_kept_are_refused(home: Home, tags: Path) -> None:
    with pytest.raises(BadWish, match=r"min_precision is 1\.5"):
        home.fit(str(tags), min_precision=1.5)
    with pytest.raises(BadWish, match="answers Number"):
        home.fit(houses(30), name="houses", target="price", min_recall=0.5)
    assert home.functions() == []


def test_unnamed_tags_are_absent_unless_absent_ones_are_named(home: Home, tags: Path) -> None:
    function = home.fit(str(tags), tuned=False)
    with home.app.store.write() as session:
        record = find(session, function.name)
        assert record is not None
        rows = read_rows(session, record.id)
        known = {label.name: label.id for label in labels_of(session, record.id)}
        partly = to_json([[known["greeting"], False]])
        annotate_many(session, [(rows.ids[0], partly)], author="test")
    with home.app.store.read() as session:
        material = gather(record, read_rows(session, record.id))
    at = [material.labels.index(name) for name in ("greeting", "parting")]
    assert material.targets[0, at].tolist() == [0, -1]
    assert material.targets[1, at].tolist() == [0, 1]


def test_tags_of_rows_are_learned_also_where_fields_are_missing(home: Home) -> None:
    rng = np.random.default_rng(5)
    rows = []
    for size, tint in zip(rng.uniform(1, 9, 240), rng.choice(["red", "blue"], 240), strict=True):
        labels = ["big"] * bool(size > 5) + ["warm"] * bool(tint == "red")
        rows.append({"size": size.round(2), "tint": str(tint), "labels": labels or ["plain"]})
    function = home.fit(rows, name="things", target="labels", output=Output.TAGS)
    both, one = function.predict([{"size": 8.5, "tint": "red"}, {"tint": "red"}])
    assert isinstance(both, Tagging)
    assert isinstance(one, Tagging)
    assert {each.label for each in both.present} == {"big", "warm"}
    assert "warm" in {each.label for each in one.present}
    assert Home.open().load("things").predict([{"size": 8.5, "tint": "red"}]) == [both]


def test_a_quantity_comes_with_a_range_that_holds(home: Home) -> None:
    function = home.fit(houses(700), name="houses", target="price")
    assert function.output is Output.NUMBER
    answer = function({"size": 100, "town": "Bonn"})
    assert isinstance(answer, Quantity)
    assert answer.low < answer.value < answer.high
    assert answer.value == pytest.approx(890, rel=0.05)
    score = function.evaluate(houses(600, seed=1))
    assert 0.85 <= score["in_range"] <= 0.95
    assert {"n", "r2", "mae", "rmse", "low", "high"} <= set(score)


def test_ranges_are_wider_where_errors_are_larger(home: Home) -> None:
    function = home.fit(houses(900), name="houses", target="price", tuned=False)
    small, large = function.predict([{"size": s, "town": "Ulm"} for s in (35, 190)])
    assert isinstance(small, Quantity)
    assert isinstance(large, Quantity)
    assert large.high - large.low > 1.5 * (small.high - small.low)


def test_quantities_are_answered_the_same_when_loaded_again(home: Home) -> None:
    fitted = home.fit(houses(300), name="houses", target="price")
    rows: list[Data] = [{"size": 40, "town": "Jena"}, {"size": 180}]
    assert Home.open().load("houses").predict(rows) == fitted.predict(rows)


def test_the_verdict_speaks_in_the_unit_of_the_target(home: Home) -> None:
    report = home.fit(houses(200), name="houses", target="price", tuned=False).report()
    assert "guessing the mean is off by" in report["verdict"]["sentence"]
    assert report["verdict"]["metric"] == "r2"


def test_quantities_of_texts_are_learned(home: Home) -> None:
    rows = [
        {"text": f"{opening} dear {name}", "stars": 4 + at / 20 + (5 if late else 0)}
        for late, openings in enumerate((GREETINGS, PARTINGS))
        for opening in openings
        for at, name in enumerate(NAMES)
    ]
    function = home.fit(rows, name="stars", target="stars", output=Output.NUMBER)
    early, late = function.predict(["hello dear sailor", "farewell dear sailor"])
    assert isinstance(early, Quantity)
    assert isinstance(late, Quantity)
    assert early.value < 6.5 < late.value


def test_a_mistyped_quantity_is_found(home: Home) -> None:
    rows = houses(400)
    rows[17]["price"] = 100 * float(str(rows[17]["price"]))
    function = home.fit(rows, name="houses", target="price", tuned=False)
    found = [one for one in function.findings if one.kind == "suspect_quantity"]
    assert len(found) == 1


def drifting(n: int = 640) -> list[dict[str, object]]:
    """Hourly readings whose level wanders, so that neighbours in time know each other's."""
    rng = np.random.default_rng(0)
    level = np.cumsum(rng.standard_normal(n))
    start = datetime(2024, 1, 1)  # noqa: DTZ001 - times of a table have no zone
    return [
        {
            "time": f"{start + timedelta(hours=hour):%Y-%m-%d %H:%M}",
            "wind": round(float(rng.uniform(0, 9)), 1),
            "load": round(float(level[hour] + rng.standard_normal() / 5), 2),
        }
        for hour in range(n)
    ]


def scores(report: dict[str, object]) -> Sequence[float]:
    score = report["score"]
    assert isinstance(score, dict)
    return score["n"], score["r2"]


def test_rows_that_follow_one_another_are_scored_on_the_future(home: Home) -> None:
    function = home.fit(drifting(), name="load", target="load", output=Output.NUMBER, tuned=False)
    assert [one.kind for one in function.findings] == ["time_order"]
    assert "'time'" in function.findings[0].evidence["sentence"]
    assert [one["sentence"] for one in function.finding_summary()] == ["it is certain"]
    report = function.report()
    assert any("the score follows time by time" in note for note in report["notes"])
    judged, r2 = scores(report)
    assert judged == 320
    assert r2 < 0.5


def test_dates_that_do_not_matter_leave_the_score_alone(home: Home) -> None:
    rows = houses(600)
    start = datetime(2024, 1, 1)  # noqa: DTZ001 - times of a table have no zone
    for hour, row in enumerate(rows):
        row["time"] = f"{start + timedelta(hours=hour):%Y-%m-%d %H:%M}"
    function = home.fit(rows, name="houses", target="price", output=Output.NUMBER, tuned=False)
    assert not [one for one in function.findings if one.kind == "time_order"]
    assert scores(function.report())[0] == 600


def test_quantities_too_far_off_to_be_true_teach_nothing_and_are_named(home: Home) -> None:
    rows = houses(300)
    slips = [41, 203]
    for at in slips:
        rows[at]["price"] = 500_000_000
    function = home.fit(rows, name="houses", target="price")
    report = function.report()
    assert report["verdict"]["answer"] == "yes"
    assert report["verdict"]["low"] > 0.8
    assert report["score"]["left_out"] == 2
    assert any("too far off to be true" in note for note in report["notes"])
    assert function.evaluate(houses(200, seed=1))["r2"] > 0.9
    named = {row for each in function.finding_reports() for row in each["rows"]}
    assert named >= {at + 1 for at in slips}


def test_a_table_whose_one_column_tells_the_answer_is_learned_and_says_so(home: Home) -> None:
    rows = [
        {"metres": f"{n * 7 % 300}", "feet": f"{n * 7 % 300 * 3.28084:.6g}"} for n in range(300)
    ]
    function = home.fit(rows, name="units", target="feet", output=Output.NUMBER)
    report = function.report()
    assert report["score"]["r2"] > 0.99
    assert report["findings"]["leaking_column"] == 1


def test_a_score_does_not_count_quantities_too_far_off_to_be_true_and_says_so(home: Home) -> None:
    function = home.fit(houses(300), name="houses", target="price")
    rows = houses(200, seed=1)
    rows[7]["price"] = 500_000_000
    score = function.evaluate(rows)
    assert score["n"] == 199
    assert score["left_out"] == 1
    assert score["r2"] > 0.9
    assert score["r2_of_all"] < 0.1
    assert any("too far off to be true" in note for note in score["notes"])
