"""Edits found by content: applied to what was kept they give what is there now."""

from hypothesis import given
from hypothesis import strategies as st

from hotfit.dev.matching import Kept, edits_between
from hotfit.types import Sample

ROWS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["x", "y", None])), max_size=12)


def samples(rows: list[tuple[str, str | None]]) -> list[Sample]:
    return [Sample(number=at, data=text, label=label) for at, (text, label) in enumerate(rows, 1)]


@given(ROWS, ROWS)
def test_applying_the_edits_gives_the_new_rows(
    old: list[tuple[str, str | None]], new: list[tuple[str, str | None]]
) -> None:
    before = [Kept(id=at, sample=one) for at, one in enumerate(samples(old))]
    edits = edits_between(before, samples(new))
    state = {kept.id: (kept.sample.data, kept.sample.label) for kept in before}
    for sample in edits.removed:
        del state[sample]
    for sample, label in edits.relabelled:
        state[sample] = (state[sample][0], label)
    rows = edits.rows(range(1000, 1000 + len(edits.added)))
    state |= {one.id: (one.sample.data, one.sample.label) for one in rows if one.id >= 1000}
    assert [state[one.id] for one in rows] == new
    assert [(one.sample.data, one.sample.label) for one in rows] == new
    assert sorted(one.id for one in rows) == sorted(state)


@given(ROWS, st.data())
def test_one_edited_label_is_one_edit(
    rows: list[tuple[str, str | None]], data: st.DataObject
) -> None:
    unique = [(f"{text}{at}", label) for at, (text, label) in enumerate([*rows, ("a", "x")])]
    at = data.draw(st.integers(0, len(unique) - 1))
    edited = [*unique]
    edited[at] = (unique[at][0], "other")
    before = [Kept(id=place, sample=one) for place, one in enumerate(samples(unique))]
    edits = edits_between(before, samples(edited))
    assert list(edits.relabelled) == [(at, "other")]
    assert not edits.removed
    assert not edits.added


def test_a_moved_row_is_no_edit() -> None:
    rows: list[tuple[str, str | None]] = [("a", "x"), ("b", "y"), ("c", "x"), ("d", "y")]
    before = [Kept(id=at, sample=one) for at, one in enumerate(samples(rows))]
    assert not edits_between(before, samples([rows[3], rows[0], rows[2], rows[1]]))
