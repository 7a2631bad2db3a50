"""Why a function of a home answers as it does, and what its versions were trained on."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from hotfit.cli.program import program
from hotfit.functions.rolls import RollMissing, read_roll
from hotfit.local import Function, Home
from hotfit.serving.explaining import LabelUnasked
from hotfit.types import Output, Prediction
from tests.local.messages import messages, said, write_csv


@pytest.fixture
def greetings(home: Home) -> Function:
    return home.fit(messages(), name="greetings", tuned=False)


def test_the_strongest_samples_are_told_with_what_they_say(greetings: Function) -> None:
    found = greetings.explain("hello dear sailor", count=5)
    assert found.exact
    assert found.label == said(greetings("hello dear sailor"))
    assert found.trained_on == len(messages())
    assert len(found.reasons) == 5
    texts = dict(messages())
    for reason in found.reasons:
        assert reason.origin is not None
        assert reason.label == texts[str(reason.origin.data)]
        assert reason.origin.author == "source"
        assert isinstance(reason.without, Prediction)


def test_another_label_can_be_asked_for(greetings: Function) -> None:
    found = greetings.explain("hello dear sailor", label="parting", count=3)
    assert found.label == "parting"
    with pytest.raises(LabelUnasked, match="'parting'"):
        greetings.explain("hello dear sailor", label="insult")


def test_a_sample_that_alone_teaches_a_wrong_answer_is_found(home: Home) -> None:
    rows = [*messages(), ("zebra quartz", "parting")]
    function = home.fit(rows, name="odd", tuned=False)
    found = function.explain("zebra quartz", count=1)
    assert found.reasons[0].origin is not None
    assert found.reasons[0].origin.data == "zebra quartz"
    assert found.reasons[0].weight > 0


def test_a_roll_outlives_the_samples_it_names(home: Home, greetings: Function) -> None:
    first = greetings.versions()[0]
    home.fit(messages()[:-6], name="greetings", tuned=False)
    with home.app.store.read() as session:
        roll = read_roll(session, home.app.blobs, first)
        now = read_roll(session, home.app.blobs, home.load("greetings").versions()[0])
    assert len(roll) == len(messages())
    assert len(now) == len(messages()) - 6
    assert roll.held_out is not None
    assert roll.held_out.shape == (len(roll), 2)


def test_an_imported_version_says_that_it_does_not_know(
    home: Home, greetings: Function, tmp_path: Path
) -> None:
    greetings.export(tmp_path / "greetings.hotfit")
    other = home.import_function(tmp_path / "greetings.hotfit", name="other")
    with pytest.raises(RollMissing, match="train the function again"):
        other.explain("hello")


def test_tags_and_quantities_of_tables_are_explained(home: Home) -> None:
    rng = np.random.default_rng(0)
    rows = [
        {"size": float(size), "kind": "big" if size > 5 else "small", "price": float(size * 3)}
        for size in rng.uniform(0, 10, 120)
    ]
    function = home.fit(rows, name="prices", target="price", output=Output.NUMBER, tuned=False)
    found = function.explain({"size": 4.0, "kind": "small"}, count=3)
    assert found.label is None
    assert not found.exact
    assert "linear.v1 has no closed form" in found.method
    assert all(reason.weight for reason in found.reasons)


def test_blame_prints_who_said_what(home: Home, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "greetings.csv", messages(), ("text", "label"))
    home.fit(str(source), name="greetings", tuned=False)
    run = CliRunner().invoke(
        program, ["blame", "greetings", "hello dear sailor", "-n", "3", "--json"]
    )
    assert run.exit_code == 0, run.output
    told = json.loads(run.output)
    assert told["answer"]["label"] == told["label"]
    assert len(told["reasons"]) == 3
    first = told["reasons"][0]
    assert first["row"] >= 1
    assert first["author"] == "source"
    assert first["created"]
    assert first["samples"][0] == first["sample"]
    people = CliRunner().invoke(program, ["blame", "greetings", "hello dear sailor", "-n", "3"])
    assert people.exit_code == 0
    assert f"row {first['row']}" in people.output
