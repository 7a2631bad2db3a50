from pathlib import Path

import pytest

from hotfit.errors import Refusal
from hotfit.functions.functions import FunctionUnknown
from hotfit.functions.names import name_after
from hotfit.local import Home
from hotfit.local.asking import BadCall
from hotfit.local.evaluating import LeakingScore, NothingToScore
from hotfit.local.home import OtherFunction
from hotfit.types import Prediction
from tests.local.messages import messages, said, write_csv


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "chat.csv", messages(), ["text", "label"])


def test_a_fitted_function_answers_its_labels(home: Home, source: Path) -> None:
    function = home.fit(str(source))
    answer = function("hello dear captain")
    assert isinstance(answer, Prediction)
    assert answer.label == "greeting"
    assert {each.label for each in answer.labels} == {"greeting", "parting"}
    assert sum(each.confidence for each in answer.labels) == pytest.approx(1.0)
    assert answer.confidence == answer.labels[0].confidence


def test_a_function_is_named_after_its_source_and_found_again(home: Home, source: Path) -> None:
    fitted = home.fit(str(source))
    assert fitted.name == "chat"
    again = Home.open().load("chat")
    assert again("farewell dear captain") == fitted("farewell dear captain")
    assert [function.name for function in home.functions()] == ["chat"]


def test_fitting_again_replaces_the_samples_and_keeps_what_was_added(
    home: Home, source: Path, tmp_path: Path
) -> None:
    function = home.fit(str(source))
    function.add([("ahoy dear captain", "greeting")])
    shorter = write_csv(tmp_path / "shorter.csv", messages()[20:], ["text", "label"])
    assert home.fit(str(shorter), name="chat").report()["samples"] == 61


def test_an_added_label_is_learned_at_once(home: Home, source: Path) -> None:
    function = home.fit(str(source))
    function.add([(f"please refund order number {n} today", "refund") for n in range(8)])
    assert said(function("please refund order number 99 today")) == "refund"
    assert "refund" in function.labels


def test_the_report_says_what_the_command_line_promises(home: Home, source: Path) -> None:
    report = home.fit(str(source)).report()
    assert report["function"] == "chat"
    assert (report["input"], report["output"]) == ("Text", "Classification")
    assert report["labels"] == {"greeting": 40, "parting": 40}
    verdict = report["verdict"]
    assert verdict["answer"] in {"yes", "not yet", "no", "cannot tell"}
    assert 0 <= verdict["low"] <= verdict["estimate"] <= verdict["high"] <= 1
    assert isinstance(verdict["next_steps"], tuple | list)
    assert report["seconds"]["first_model"] <= report["seconds"]["total"]


def test_rows_of_the_test_split_are_scored_and_never_learned(home: Home, tmp_path: Path) -> None:
    rows = [(text, label, "train") for text, label in messages()]
    rows += [(f"zebra {n} quagga", "animal", "test") for n in range(5)]
    function = home.fit(str(write_csv(tmp_path / "s.csv", rows, ["text", "label", "split"])))
    assert function.report()["test"]["n"] == 5
    assert function.report()["trained_on"] == 80
    assert "animal" not in function.labels


def test_evaluating_on_the_training_rows_is_refused(home: Home, source: Path) -> None:
    function = home.fit(str(source))
    with pytest.raises(LeakingScore, match="trained on 80 of these 80"):
        function.evaluate(str(source))


def test_evaluating_scores_new_rows_and_counts_unknown_labels_as_wrong(
    home: Home, source: Path
) -> None:
    function = home.fit(str(source))
    score = function.evaluate(
        [
            {"text": "hello dear queen", "label": "greeting"},
            {"text": "goodbye dear queen", "label": "parting"},
            {"text": "where is my order", "label": "question"},
        ]
    )
    assert (score["n"], score["accuracy"]) == (3, pytest.approx(2 / 3))
    assert score["per_label"]["question"]["recall"] == 0
    assert any("'question'" in note for note in score["notes"])


def test_evaluating_without_any_answer_is_refused(home: Home, source: Path) -> None:
    function = home.fit(str(source))
    with pytest.raises(Refusal):
        function.evaluate([{"text": "hello dear queen", "label": ""}])
    assert issubclass(NothingToScore, Refusal)


def test_a_name_taken_by_another_kind_of_function_is_refused_and_nothing_changes(
    home: Home, source: Path
) -> None:
    home.fit(str(source))
    rows = [
        {"size": n, "weight": n * 1.5 + n % 3, "kind": "big" if n > 30 else "small"}
        for n in range(60)
    ]
    with pytest.raises(OtherFunction, match="--name"):
        home.fit(rows, name="chat", target="kind")
    assert home.load("chat").report()["samples"] == 80


def test_an_unknown_function_is_refused_by_name(home: Home, source: Path) -> None:
    home.fit(str(source))
    with pytest.raises(FunctionUnknown, match=r"'chta'.*chat"):
        home.load("chta")


def test_a_call_with_the_wrong_kind_of_data_is_refused(home: Home, source: Path) -> None:
    function = home.fit(str(source))
    with pytest.raises(BadCall, match="type int"):
        function(7)  # type: ignore[arg-type]  # what a caller may do by mistake


def test_a_table_answers_rows_with_missing_fields(home: Home) -> None:
    rows = [
        {
            "size": n % 17,
            "colour": "red" if n % 2 else "blue",
            "kind": "a" if (n % 2) ^ (n % 10 == 4) else "b",
        }
        for n in range(120)
    ]
    function = home.fit(rows, name="table", target="kind")
    assert said(function({"colour": "red"})) == "a"
    with pytest.raises(BadCall, match="'colour'"):
        function({"shade": "red"})


def test_a_second_fit_of_the_same_source_encodes_nothing(
    home: Home, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.fit(str(source))
    encoder = home.app.open_encoder("fake.v1")
    encoded: list[str] = []
    real = type(encoder).encode

    def spy(self: object, samples: list[str], **kwargs: object) -> object:
        encoded.extend(samples)
        return real(self, samples, **kwargs)  # type: ignore[arg-type]  # the method it replaces

    monkeypatch.setattr(type(encoder), "encode", spy)
    home.fit(str(source))
    assert encoded == []


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("data/sms_spam.csv.gz", "sms_spam"),
        ("/tmp/my messages (1).tsv", "my-messages-1"),
        ("-", "function"),
        ("données.jsonl", "données"),
    ],
)
def test_functions_are_named_after_files(source: str, name: str) -> None:
    assert name_after(source) == name
