"""The library takes what programs hold, and refuses the rest in sentences."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from sqlalchemy import update

import hotfit
from hotfit.local import Function, Home
from hotfit.store.tables import versions
from tests.local.messages import messages

ROWS = [{"text": text, "label": label} for text, label in messages()]


@pytest.fixture
def chat(home: Home) -> Function:
    assert home.functions() == []
    return hotfit.fit(ROWS, name="chat", tuned=False)


@pytest.mark.parametrize(
    "source",
    [
        ROWS,
        messages(),
        {"text": [text for text, _ in messages()], "label": [label for _, label in messages()]},
    ],
)
def test_rows_pairs_and_columns_make_the_same_function(home: Home, source: object) -> None:
    function = hotfit.fit(source, name="chat", tuned=False)
    assert function("hello dear mayor").to_json()["label"] == "greeting"
    assert home.load("chat").report()["samples"] == len(ROWS)


def test_a_text_may_come_as_a_row(chat: Function) -> None:
    assert chat({"text": "hello dear mayor"}) == chat("hello dear mayor")


def test_a_row_may_hold_numpy_scalars_and_dates(home: Home) -> None:
    rows = [{"x": n % 7, "day": date(2024, 1 + n % 12, 3), "label": "ab"[n % 2]} for n in range(60)]
    function = hotfit.fit(rows, name="table", tuned=False)
    plain = function({"x": 3, "day": "2024-05-03"})
    row: Any = {"x": np.int64(3), "day": date(2024, 5, 3)}
    assert function(row) == plain
    assert home.load("table").input == "Tabular"


@pytest.mark.parametrize(
    "call",
    [
        lambda chat: chat(5),
        lambda chat: chat({"message": "hello"}),
        lambda chat: chat.predict("hello"),
        lambda chat: chat.add(["hello"]),
        lambda chat: chat.add([("hello", 5)]),
        lambda chat: hotfit.fit(ROWS, output="poem"),
        lambda chat: hotfit.fit(5),
        lambda chat: hotfit.encode("one text"),
        lambda chat: hotfit.encode(["text", None]),  # type: ignore[list-item]  # what is refused
    ],
)
def test_what_cannot_be_is_refused(chat: Function, call: Callable[[Function], object]) -> None:
    with pytest.raises(hotfit.Refusal):
        call(chat)
    assert chat.report()["samples"] == len(ROWS)


def test_vectors_are_float32_one_row_a_text(home: Home) -> None:
    vectors = hotfit.encode(["one", "two"])
    assert vectors.dtype == np.float32
    assert vectors.shape[0] == 2
    assert hotfit.encode([]).shape == (0, vectors.shape[1])
    assert home.functions() == []


def test_an_earlier_version_answers_until_it_is_let_go(chat: Function, home: Home) -> None:
    chat.train(tuned=False)
    newest, before = chat.versions()[:2]
    assert chat.rollback() == before
    assert home.load("chat").report()["version"] == before.id
    assert any("pinned" in note for note in chat.report()["notes"])
    chat.train(tuned=False)
    assert chat.report()["version"] == before.id
    assert chat.promote(newest.number) == chat.promote(newest) == newest
    chat.unpin()
    assert chat.report()["version"] == chat.versions()[0].id
    with pytest.raises(hotfit.Refusal, match="has no version '99'"):
        chat.promote(99)
    chat.promote(1)
    with pytest.raises(hotfit.Refusal, match="older"):
        chat.rollback()


def test_statistics_tell_how_labels_fare(chat: Function) -> None:
    told = chat.statistics()
    assert [(one["labelName"], one["count"]) for one in told["labels"]] == [
        ("greeting", 40),
        ("parting", 40),
    ]
    assert told["labels"][0]["recall"]["low"] <= told["labels"][0]["recall"]["value"]
    assert told["lengths"]["words"]["most"] == 5
    assert told["missing"] == {"text": 0.0}
    assert [one["wrong"] for one in told["labels"]] == [0.0, 0.0]
    assert told["overTime"][-1]["samples"] == 80


def test_an_accepted_finding_is_learned_and_unlearned(home: Home) -> None:
    rows = [*messages(), ("hello dear singer", "parting")]
    function = hotfit.fit(rows, name="chat", tuned=False)
    (found,) = function.finding_reports(kind="contradiction")
    before = function.report()["labels"]
    function.accept(found["id"], label="greeting")
    assert function.report()["labels"] == {"greeting": 41, "parting": 40}
    assert "contradiction" not in function.report()["findings"]
    function.undo(found["id"])
    assert function.report()["labels"] == before
    function.dismiss(found["id"])
    again = hotfit.fit(rows, name="chat", tuned=False)
    (kept,) = again.finding_reports(kind="contradiction")
    assert (kept["id"], kept["status"]) == (found["id"], "dismissed")


@pytest.mark.parametrize("tuned", [True, False])
def test_settling_many_findings_trains_once_as_deeply_as_before(
    home: Home, monkeypatch: pytest.MonkeyPatch, tuned: bool
) -> None:
    rows = [*messages(), ("hello dear singer", "parting"), (messages()[-1][0], "greeting")]
    function = hotfit.fit(rows, name="chat", tuned=False)
    if tuned:  # a search that wins cannot be had from the fake encoder at will
        with home.app.store.write() as session:
            session.run(update(versions).values(build="tuned"))
    ids = [each["id"] for each in function.finding_reports(kind="contradiction")]
    assert len(ids) == 2
    trained: list[bool] = []
    monkeypatch.setattr(function, "train", lambda *, tuned: trained.append(tuned))
    assert [each["id"] for each in function.settle(accept=ids, label="greeting")] == ids
    assert trained == [tuned]


def test_a_test_row_that_is_learned_from_is_found_and_moved(home: Home) -> None:
    rows = [{"text": t, "label": one, "split": "train"} for t, one in messages()]
    rows.append({"text": "hello dear SAILOR", "label": "greeting", "split": "test"})
    rows.append({"text": "welcome in our harbour", "label": "greeting", "split": "test"})
    function = hotfit.fit(rows, name="chat", tuned=False)
    (found,) = function.finding_reports(kind="split_leak")
    assert (found["rows"], found["fix"]["action"]) == ([81, 1], "move")
    function.accept(found["id"])
    assert function.report()["test"]["n"] == 1
    assert function.finding_reports(kind="split_leak", status="open") == []
    function.undo(found["id"])
    assert function.report()["test"]["n"] == 2
