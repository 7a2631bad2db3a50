import pytest

from hotfit.functions import functions as f
from hotfit.functions.labels import LabelUnknown, add_label, by_name, labels_of, rename_label
from hotfit.functions.names import NameRefused, NameTaken
from hotfit.store.sessions import Store
from hotfit.types import Input, Output


@pytest.fixture
def function(store: Store) -> str:
    with store.write() as w:
        return f.create(w, name="sms", input=Input.TEXT, output=Output.CLASSIFICATION).id


def test_labels_keep_the_order_they_were_made_in(store: Store, function: str) -> None:
    with store.write() as w:
        for name in ("spam", "ham"):
            add_label(w, function, name)
        kept = add_label(w, function, "Älter", description="old", metadata={"b": 1, "a": "2"})
    with store.read() as r:
        found = labels_of(r, function)
        assert [one.name for one in found] == ["spam", "ham", "Älter"]
        assert found[2] == kept
        assert (kept.description, kept.metadata) == ("old", {"b": 1, "a": "2"})
        assert f.get(r, function).change == 4
        assert by_name(found, " äLTER").id == kept.id
        with pytest.raises(LabelUnknown, match="the function has: spam, ham"):
            by_name(found, "junk")


@pytest.mark.parametrize("name", ["Spam", "spam ", "SPAM"])
def test_labels_that_differ_only_in_letters_are_refused(
    store: Store, function: str, name: str
) -> None:
    with store.write() as w:
        add_label(w, function, "spam")
    with pytest.raises(NameTaken, match="a label called 'spam' already exists"), store.write() as w:
        add_label(w, function, name)
    with store.read() as r:
        assert len(labels_of(r, function)) == 1
        assert f.get(r, function).change == 2


def test_two_functions_may_have_labels_of_one_name(store: Store, function: str) -> None:
    with store.write() as w:
        other = f.create(w, name="b", input=Input.TEXT, output=Output.TAGS).id
        assert add_label(w, function, "spam").id != add_label(w, other, "spam").id


def test_renaming_keeps_the_identifier(store: Store, function: str) -> None:
    with store.write() as w:
        spam = add_label(w, function, "spam")
        add_label(w, function, "ham")
        rename_label(w, function, spam.id, "Spam")
        first = labels_of(w, function)[0]
        assert (first.id, first.name) == (spam.id, "Spam")
        with pytest.raises(NameTaken):
            rename_label(w, function, spam.id, "HAM")
        with pytest.raises(NameRefused):
            rename_label(w, function, spam.id, " ")
