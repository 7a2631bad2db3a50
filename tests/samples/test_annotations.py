import pytest

from hotfit.functions import functions as f
from hotfit.functions.labels import labels_of, rename_label
from hotfit.samples.annotations import SampleUnknown, annotate, history_of
from hotfit.samples.imports import add
from hotfit.samples.rows import read_rows
from hotfit.store.outbox import pending
from hotfit.store.sessions import Store
from hotfit.types import Input, Output, Sample


@pytest.fixture
def function(store: Store) -> str:
    with store.write() as w:
        made = f.create(w, name="sms", input=Input.TEXT, output=Output.CLASSIFICATION).id
        add(w, made, [Sample(number=n, data=str(n), label="ham") for n in range(3)])
        return made


def _ids(store: Store, function: str) -> list[int]:
    with store.read() as r:
        return list(read_rows(r, function).ids)


def test_the_latest_annotation_counts_and_the_earlier_ones_stay(
    store: Store, function: str
) -> None:
    sample = _ids(store, function)[1]
    for answer in ("spam", None, "eggs"):
        with store.write() as w:
            annotate(w, function, [(sample, answer)], author="ada")
    with store.read() as r:
        assert list(read_rows(r, function).answers) == ["ham", "eggs", "ham"]
        names = {label.id: label.name for label in labels_of(r, function)}
        told = history_of(r, sample)
        values = [one.value and names[one.value[0][0]] for one in told]
    assert values == ["eggs", None, "spam", "ham"]
    assert [one.latest for one in told] == [True, False, False, False]
    assert [one.author for one in told] == ["ada", "ada", "ada", "source"]


def test_a_withdrawn_annotation_leaves_the_sample_without_an_answer(
    store: Store, function: str
) -> None:
    with store.write() as w:
        annotate(w, function, [(_ids(store, function)[0], None)], author="ada")
        assert list(read_rows(w, function).answers) == [None, "ham", "ham"]


def test_an_annotation_is_one_change_that_names_its_samples(store: Store, function: str) -> None:
    ids = _ids(store, function)
    with store.write() as w:
        number = annotate(w, function, [(ids[0], "a"), (ids[2], "b"), (ids[0], "c")], author="ada")
        last = pending(w)[-1]
        assert list(read_rows(w, function).answers) == ["c", "ham", "b"]
    assert (last.number, last.kind) == (number, "samples.annotated")
    assert last.payload == {"samples": [ids[0], ids[2]], "count": 2}


def test_a_sample_of_another_function_is_unknown(store: Store, function: str) -> None:
    with store.write() as w:
        other = f.create(w, name="b", input=Input.TEXT, output=Output.CLASSIFICATION).id
    with pytest.raises(SampleUnknown, match="no sample"), store.write() as w:
        annotate(w, other, [(_ids(store, function)[0], "spam")], author="ada")
    with store.read() as r:
        assert labels_of(r, other) == []


def test_renaming_a_label_renames_every_answer(store: Store, function: str) -> None:
    with store.write() as w:
        rename_label(w, function, labels_of(w, function)[0].id, "fine")
        assert list(read_rows(w, function).answers) == ["fine"] * 3
