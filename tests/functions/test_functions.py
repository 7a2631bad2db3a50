from threading import Thread

import pytest

from hotfit.functions import functions as f
from hotfit.functions.functions import FunctionUnknown
from hotfit.functions.names import NameRefused, NameTaken
from hotfit.store.outbox import pending
from hotfit.store.sessions import Store, Writing
from hotfit.types import Field, Input, Kind, Output

FIELDS = (Field(name="z", kind=Kind.NUMBER), Field(name="a", kind=Kind.CATEGORY))


def _create(session: Writing, name: str = "sms") -> f.Function:
    return f.create(session, name=name, input=Input.TEXT, output=Output.CLASSIFICATION)


def test_what_is_created_is_found_by_name_and_identifier(store: Store) -> None:
    with store.write() as w:
        made = f.create(
            w,
            name=" Wine Quality ",
            input=Input.TABULAR,
            output=Output.NUMBER,
            target="quality",
            fields=FIELDS,
            plan={"notes": ["one"]},
        )
    assert made.name == "Wine Quality"
    assert (made.fields, made.plan, made.target) == (FIELDS, {"notes": ["one"]}, "quality")
    assert (made.change, made.live) == (1, None)
    with store.read() as r:
        bare = made.id.removeprefix("function_")
        assert [f.get(r, n) for n in ("wine quality", made.id, bare)] == [made] * 3


def test_an_unknown_name_names_what_there_is(store: Store) -> None:
    with store.read() as r, pytest.raises(FunctionUnknown, match="none yet"):
        f.get(r, "sms")
    with store.write() as w:
        _create(w)
    with store.read() as r:
        assert f.find(r, "smss") is None
        with pytest.raises(FunctionUnknown, match="'smss'; there are: sms"):
            f.get(r, "smss")


def test_a_name_that_looks_like_an_identifier_is_still_a_name(store: Store) -> None:
    with store.write() as w:
        first = _create(w, "first")
        named = _create(w, first.id)
        assert f.get(w, first.id) == named


@pytest.mark.parametrize("name", ["sms", "SMS", " Sms"])
def test_a_name_is_taken_once(store: Store, name: str) -> None:
    with store.write() as w:
        _create(w)
    with pytest.raises(NameTaken, match="'sms' already"), store.write() as w:
        _create(w, name)
    with store.write() as w:
        other = _create(w, "other")
    with pytest.raises(NameTaken), store.write() as w:
        f.rename(w, other.id, name)


def test_a_function_can_change_the_letters_of_its_name(store: Store) -> None:
    with store.write() as w:
        made = _create(w)
        renamed = f.rename(w, made.id, "SMS")
        assert (renamed.name, renamed.change) == ("SMS", 2)
        with pytest.raises(NameRefused):
            f.rename(w, made.id, "")


def test_functions_are_listed_by_name(store: Store) -> None:
    with store.write() as w:
        for name in ("b", "A", "c"):
            _create(w, name)
        assert [one.name for one in f.all_functions(w)] == ["A", "b", "c"]


def test_describing_replaces_what_is_known_of_the_source(store: Store) -> None:
    with store.write() as w:
        made = _create(w)
        told = f.describe(w, made.id, target="t", fields=FIELDS, plan={"a": 1})
    assert (told.target, told.fields, told.plan, told.change) == ("t", FIELDS, {"a": 1}, 2)


def test_every_write_leaves_a_change(store: Store) -> None:
    with store.write() as w:
        made = _create(w)
        f.rename(w, made.id, "x")
    with store.read() as r:
        assert [(c.number, c.kind) for c in pending(r)] == [
            (1, "function.created"),
            (2, "function.renamed"),
        ]


def test_a_removed_function_is_gone_and_its_name_free(store: Store) -> None:
    with store.write() as w:
        made = _create(w)
        f.remove(w, made.id)
        assert f.find(w, "sms") is None
        assert pending(w) == []
        assert _create(w).id != made.id


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)  # SQLite lets one writer in
@pytest.mark.postgres
def test_a_name_that_two_writers_want_goes_to_the_first(url: str) -> None:
    told: list[Exception] = []

    def create(store: Store) -> None:
        try:
            with store.write() as w:
                _create(w)
        except NameTaken as error:
            told.append(error)

    with Store.open(url) as one, Store.open(url) as two:
        with one.write() as w:
            _create(w)
            second = Thread(target=create, args=(two,))
            second.start()
            second.join(0.5)  # it has found the name free and waits for the row
            assert second.is_alive()
        second.join()
    assert [str(error) for error in told] == [
        "a function called 'sms' already exists; choose another name."
    ]
