from collections.abc import Iterator
from dataclasses import replace as changed

import pytest

from hotfit.functions import functions as f
from hotfit.functions.labels import labels_of
from hotfit.functions.names import NameRefused
from hotfit.samples import imports
from hotfit.samples.annotations import AnswerUnfit, annotate
from hotfit.samples.imports import ExternalIdTaken, add, replace
from hotfit.samples.rows import Rows, count_samples, read_rows
from hotfit.store.blobs import MemoryBlobs
from hotfit.store.columns import UnstorableNumber, UnstorableText
from hotfit.store.content import content_hash
from hotfit.store.outbox import pending
from hotfit.store.sessions import Store
from hotfit.types import Data, Input, Label, Output, Picture, Sample


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "BATCH", 3)


@pytest.fixture
def function(store: Store) -> str:
    return _create(store)


def _create(store: Store, output: Output = Output.CLASSIFICATION, name: str = "sms") -> str:
    with store.write() as w:
        return f.create(w, name=name, input=Input.TEXT, output=output).id


def _samples(*texts: str, label: Label | None = "ham") -> list[Sample]:
    return [Sample(number=n + 1, data=text, label=label) for n, text in enumerate(texts)]


def _fit(store: Store, function: str, *texts: str, origin: str = "a.csv") -> imports.Imported:
    with store.write() as w:
        return replace(w, function, origin, [_samples(*texts)])


def _rows(store: Store, function: str) -> Rows:
    with store.read() as r:
        return read_rows(r, function)


def test_samples_come_back_as_columns_in_order(store: Store, function: str) -> None:
    given = [
        Sample(number=1, data="a", label="ham", split="train"),
        Sample(number=2, data="b", label="spam", external_id="x"),
        Sample(number=4, data="a", label=None, split="test"),
        Sample(number=5, data="é\n=1+1", label="ham"),
    ]
    with store.write() as w:
        done = replace(w, function, "a.csv", [given[:1], [], given[1:]])
    rows = _rows(store, function)
    assert (done.added, done.updated, done.unchanged, done.removed) == (4, 0, 0, 0)
    assert len(rows) == 4
    assert list(rows.numbers) == [1, 2, 4, 5]
    assert list(rows.data) == [one.data for one in given]
    assert list(rows.answers) == ["ham", "spam", None, "ham"]
    assert list(rows.splits) == ["train", None, "test", None]
    assert list(rows.external_ids) == [None, "x", None, None]
    assert list(rows.hashes) == [content_hash(one.data) for one in given]
    assert list(rows.origins) == ["a.csv"] * 4
    assert list(rows.label_names) == ["ham", "spam"]
    assert rows.change == done.change == 2


def test_a_function_without_samples_has_no_rows(store: Store, function: str) -> None:
    assert len(_rows(store, function)) == 0


def test_the_same_source_again_changes_nothing(store: Store, function: str) -> None:
    _fit(store, function, "a", "b", "b", "c")
    before = _rows(store, function)
    again = _fit(store, function, "a", "b", "b", "c")
    after = _rows(store, function)
    assert (again.added, again.updated, again.unchanged, again.removed) == (0, 0, 4, 0)
    assert (after.ids, after.data) == (before.ids, before.data)


def test_a_changed_source_keeps_the_samples_it_still_holds(store: Store, function: str) -> None:
    _fit(store, function, "a", "b", "c", "d", "e")
    before = _rows(store, function)
    done = _fit(store, function, "new", "a", "b", "d", "e", "e")
    after = _rows(store, function)
    assert (done.added, done.updated, done.unchanged, done.removed) == (2, 2, 2, 1)
    assert list(after.data) == ["new", "a", "b", "d", "e", "e"]
    assert list(after.numbers) == [1, 2, 3, 4, 5, 6]
    kept = dict(zip(before.data, before.ids, strict=True))
    assert [after.ids[n] for n in (1, 2, 3, 4)] == [kept[x] for x in ("a", "b", "d", "e")]


def test_many_copies_are_each_recognised_once(store: Store, function: str) -> None:
    _fit(store, function, *"aababaaaab")
    before = _rows(store, function)
    done = _fit(store, function, *"aaaaabaaba", "a")
    after = _rows(store, function)
    assert (done.added, done.removed) == (2, 1)
    assert len(set(after.ids)) == len(after) == 11
    assert len(set(after.ids) & set(before.ids)) == 9
    assert "".join(map(str, after.data)) == "aaaaabaabaa"


def test_samples_of_other_sources_stay(store: Store, function: str) -> None:
    _fit(store, function, "a", "b")
    _fit(store, function, "c", "a", origin="b.csv")
    with store.write() as w:
        add(w, function, _samples("x", "y"))
    _fit(store, function, "b")
    rows = _rows(store, function)
    assert list(rows.data) == ["b", "c", "a", "x", "y"]
    assert list(rows.numbers) == [1, 1, 2, 1, 2]


def test_added_samples_are_numbered_on(store: Store, function: str) -> None:
    with store.write() as w:
        first = add(w, function, _samples("a", "b", "c", "d"))
        second = add(w, function, _samples("e", label="spam"), author="ada")
    rows = _rows(store, function)
    assert list(rows.numbers) == [1, 2, 3, 4, 5]
    assert list(rows.ids) == [*first, *second]
    assert rows.answers[4] == "spam"


def test_what_a_person_said_outlasts_the_same_source(store: Store, function: str) -> None:
    _fit(store, function, "a", "b")
    ids = _rows(store, function).ids
    with store.write() as w:
        annotate(w, function, [(ids[0], "spam"), (ids[1], "spam")], author="ada")
        third = Sample(number=1, data="b", label="eggs")
        replace(w, function, "a.csv", [[*_samples("new", "a"), changed(third, number=3)]])
    assert list(_rows(store, function).answers) == ["ham", "spam", "eggs"]


def test_external_ids_recognise_a_sample_whose_content_changed(store: Store, function: str) -> None:
    one = Sample(number=1, data="a", label="ham", external_id="1")
    two = Sample(number=2, data="b", label="ham", external_id="2")
    with store.write() as w:
        replace(w, function, "a.csv", [[one, two]])
    before = _rows(store, function)
    with store.write() as w:
        done = replace(
            w, function, "a.csv", [[changed(two, number=1), changed(one, number=2, data="A")]]
        )
    after = _rows(store, function)
    assert (done.added, done.updated) == (0, 2)
    assert list(after.ids) == [before.ids[1], before.ids[0]]
    assert list(after.data) == ["b", "A"]
    assert after.hashes[1] == content_hash("A")


@pytest.mark.parametrize("apart", [1, 5])
def test_an_external_id_twice_is_refused_and_nothing_changes(
    store: Store, function: str, apart: int
) -> None:
    _fit(store, function, "old")
    given = [Sample(number=n, data=str(n), label="new", external_id=str(n)) for n in range(1, 9)]
    given[apart] = changed(given[apart], external_id="1")
    told = rf"sample {apart + 1} .* which sample 1 of a\.csv"
    with pytest.raises(ExternalIdTaken, match=told), store.write() as w:
        replace(w, function, "a.csv", [given])
    rows = _rows(store, function)
    assert list(rows.data) == ["old"]
    assert list(rows.label_names) == ["ham"]
    assert rows.change == 2


def test_an_external_id_of_another_source_is_refused(store: Store, function: str) -> None:
    given = Sample(number=7, data="a", external_id="x")
    with store.write() as w:
        replace(w, function, "a.csv", [[given]])
    with (
        pytest.raises(ExternalIdTaken, match=r"sample 1 .* sample 7 of a\.csv"),
        store.write() as w,
    ):
        add(w, function, [given])


def test_a_source_that_fails_half_way_leaves_what_was(store: Store, function: str) -> None:
    def batches() -> Iterator[list[Sample]]:
        yield _samples("new", "newer", "newest", "last")
        raise ZeroDivisionError

    _fit(store, function, "old")
    with pytest.raises(ZeroDivisionError), store.write() as w:
        replace(w, function, "a.csv", batches())
    assert list(_rows(store, function).data) == ["old"]


def test_labels_of_one_key_are_one_label(store: Store, function: str) -> None:
    given = [
        Sample(number=n, data=str(n), label=x) for n, x in enumerate(["Spam", "spam", "SPAM "])
    ]
    with store.write() as w:
        replace(w, function, "a.csv", [given])
    rows = _rows(store, function)
    assert len(set(rows.answers)) == 1
    assert len(rows.label_names) == 1


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (Sample(number=1, data="a\0"), UnstorableText),
        (Sample(number=1, data="\ud800"), UnstorableText),
        (Sample(number=1, data={"a": "\0"}), UnstorableText),
        (Sample(number=1, data={"a": float("nan")}), UnstorableNumber),
        (Sample(number=1, data="a", external_id="\0"), UnstorableText),
        (Sample(number=1, data="a", label="x\0"), NameRefused),
        (Sample(number=1, data="a", label=""), NameRefused),
        (Sample(number=1, data="a", label=1.5), AnswerUnfit),
        (Sample(number=1, data="a", label=("x",)), AnswerUnfit),
    ],
)
def test_bad_samples_are_refused_whole(
    store: Store, function: str, bad: Sample, error: type[Exception]
) -> None:
    with pytest.raises(error), store.write() as w:
        replace(w, function, "a.csv", [_samples("fine"), [bad]])
    with store.read() as r:
        assert count_samples(r, function) == 0
        assert labels_of(r, function) == []


def test_tags_and_numbers_come_back_as_they_went(store: Store) -> None:
    tags, number = _create(store, Output.TAGS, "t"), _create(store, Output.NUMBER, "n")
    cases: list[tuple[str, list[Label | None]]] = [
        (tags, [("b", "a"), (), None, ("a", "A", "b")]),
        (number, [1.5, -0.0, None, 3]),
    ]
    with store.write() as w:
        for function, answers in cases:
            given = [Sample(number=n, data=str(n), label=x) for n, x in enumerate(answers)]
            replace(w, function, "a.csv", [given])
    assert list(_rows(store, tags).answers) == [("b", "a"), (), None, ("a", "b")]
    assert list(_rows(store, number).answers) == [1.5, -0.0, None, 3.0]
    for function, wrong in ((tags, "a"), (number, "a")):
        with pytest.raises(AnswerUnfit, match="expected"), store.write() as w:
            add(w, function, [Sample(number=1, data="a", label=wrong)])


def test_images_are_kept_as_blobs(store: Store) -> None:
    with store.write() as w:
        function = f.create(w, name="i", input=Input.IMAGE, output=Output.CLASSIFICATION).id
    blobs = MemoryBlobs()
    given = [Sample(number=n, data=Picture.of(bytes([n])), label="x") for n in range(3)]
    with store.write() as w:
        replace(w, function, "folder", [given], blobs=blobs)
    with store.read() as r:
        rows = read_rows(r, function, blobs=blobs)
        assert list(rows.data) == [one.data for one in given]
        with pytest.raises(ValueError, match="pass the blobs"):
            read_rows(r, function)
    with store.write() as w, pytest.raises(ValueError, match="pass the blobs"):
        add(w, function, given)


def test_rows_keep_the_order_of_their_fields(store: Store, function: str) -> None:
    row: Data = {"z": 1.5, "a": None, "m": "007", "t": True}
    with store.write() as w:
        replace(w, function, "a.csv", [[Sample(number=1, data=row)]])
    kept = _rows(store, function).data[0]
    assert isinstance(kept, dict)
    assert list(kept.items()) == list(row.items())  # type: ignore[union-attr]


def test_each_import_is_one_change_in_the_outbox(store: Store, function: str) -> None:
    _fit(store, function, "a", "b", "c", "d")
    _fit(store, function, "a")
    with store.read() as r:
        found = [(c.number, c.kind, dict(c.payload)) for c in pending(r)][1:]
    payload = {"origin": "a.csv", "added": 4, "updated": 0, "removed": 0}
    assert found == [
        (2, "samples.imported", payload),
        (3, "samples.imported", payload | {"added": 0, "removed": 3}),
    ]
