"""Samples alike and unlike, found by the library as the server finds them."""

import pytest

import hotfit
from hotfit.cli.printing import print_listing, print_report
from hotfit.functions import functions
from hotfit.local import Function, Home
from hotfit.local.curating import number_of
from hotfit.samples import imports
from hotfit.samples.sets import put_into
from hotfit.store import outbox
from hotfit.types import Input, Output, Sample
from tests.local.messages import messages

ROWS = [{"text": text, "label": label} for text, label in messages()]


@pytest.fixture
def chat(home: Home) -> Function:
    assert home.functions() == []
    return hotfit.fit(ROWS, name="chat", tuned=False)


def test_the_nearest_are_found_by_an_input_and_by_a_sample(chat: Function) -> None:
    text, label = messages()[4]
    found = chat.similar(text, k=3)
    assert (found[0].data, found[0].label, found[0].row) == (text, label, 5)
    assert found[0].distance == pytest.approx(0, abs=1e-5)
    again = chat.similar(sample=found[0].sample, k=3)
    assert [each.sample for each in again] == [each.sample for each in found]


def test_a_sample_is_nearest_to_itself_among_all_its_copies(chat: Function) -> None:
    chat.add([("the very same text", None)] * 5)
    copies = [each.sample for each in chat.similar("the very same text", k=5)]
    for one in copies:
        assert [each.sample for each in chat.similar(sample=one, k=1)] == [one]
        again = [each.sample for each in chat.similar(sample=one, k=5)]
        assert again[0] == one
        assert sorted(again) == sorted(copies)


def test_what_is_found_can_be_narrowed(chat: Function) -> None:
    label = messages()[0][1]
    assert {each.label for each in chat.similar("hello", k=100, label=label)} == {label}
    assert chat.similar("hello", annotated=False) == []
    chat.add([("a text nobody has labelled", None)])
    assert [each.row for each in chat.similar("hello", annotated=False)] == [1]


def test_what_is_found_can_be_of_one_set(chat: Function, home: Home) -> None:
    members = [chat.at_row(row) for row in (3, 7)]
    with home.app.store.write() as session:
        record = functions.find(session, "chat")
        assert record is not None
        for one in members:
            put_into(session, record.id, number_of(one), [("Golden", None)])
        outbox.record(session, record.id, "set.changed", {})
    found = hotfit.load("chat").similar("hello", sample_set="golden")
    assert {each.sample for each in found} == set(members)


def test_a_row_of_the_source_names_its_sample(chat: Function) -> None:
    text, _ = messages()[4]
    (nearest,) = chat.similar(sample=chat.at_row(5), k=1)
    assert (nearest.row, nearest.data) == (5, text)
    chat.add([("another first row", None)])
    for row, told in ((0, "no sample is"), (1, "several samples, of different sources, are")):
        with pytest.raises(hotfit.Refusal, match=f"{told} row {row} of 'chat'"):
            chat.at_row(row)


def test_the_most_different_are_no_copies_of_each_other(chat: Function) -> None:
    found = chat.similar(unlike=True, k=4)
    assert len({str(each.data) for each in found}) == 4
    with pytest.raises(hotfit.Refusal):
        chat.similar()
    with pytest.raises(hotfit.Refusal):
        chat.similar(sample="nonsense")


def test_rows_of_a_table_are_alike_in_all_their_fields(home: Home) -> None:
    assert home.functions() == []
    colours = ("red", "blue", "green")
    rows = [{"x": n % 7, "colour": colours[n % 3], "label": "ab"[n % 2]} for n in range(84)]
    function = hotfit.fit(rows, name="table", target="label", tuned=False)
    found = function.similar({"x": 3, "colour": "red"}, k=3)
    for each in found:
        assert isinstance(each.data, dict)
        assert (float(each.data["x"]), each.data["colour"]) == (3.0, "red")


def test_what_only_searches_says_so(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    with home.app.store.write() as session:
        made = functions.create(session, name="look", input=Input.TEXT, output=Output.SEARCH)
        imports.add(session, made.id, [Sample(number=1, data="red shoes")])
    look = hotfit.load("look")
    assert look.similar("red shoes", k=1)[0].data == "red shoes"
    with pytest.raises(hotfit.Refusal, match="'look' only searches; ask `hotfit similar`"):
        look("red shoes")
    print_report(look.report())
    print_listing([look.report()])
    first, second, third = capsys.readouterr().out.splitlines()
    assert first == "look: text -> what is most like it      1 example"
    assert second == "Searches          hotfit similar look DATA"
    assert third == f"{first}   searches"


def test_where_every_sample_has_an_answer_nothing_is_like_the_examples(chat: Function) -> None:
    found = chat.more_like([chat.at_row(1)])
    assert (len(found), found.sentence) == (
        0,
        "Every sample has an answer, so there is none left to find.",
    )
