"""Which edits turned an answer, held against training again with and without them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from hotfit.heads.discriminant import Choice
from hotfit.heads.edit_influence import Edited, EditInfluence
from hotfit.heads.influence import LabelInfluence
from hotfit.types import Codes, Vectors

CHOICE = Choice(penalty=5.0, weights=np.array([1.0, 0.5]))
NOBODY = np.empty(0, dtype=np.int64)


def world(seed: int = 0) -> tuple[Vectors, Codes]:
    """Three labels, not quite apart."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(3), 20)
    centres = rng.normal(size=(3, 12))
    return (centres[codes] + rng.normal(size=(60, 12))).astype(np.float32), codes


def lead(values: Vectors, codes: Codes, query: Vectors, pair: tuple[int, int]) -> float:
    raw = LabelInfluence(values, codes, labels=3, choice=CHOICE).raw(query[None])[0]
    return float(raw[pair[0]] - raw[pair[1]])


@pytest.fixture
def turned() -> tuple[Vectors, Codes, Codes, list[int], int, int]:
    """A world before and after relabelling, and a row whose answer that turned."""
    values, codes = world()
    moved = [20, 21, 22, 23, 24, 25, 26, 27]
    after = codes.copy()
    after[moved] = 0
    for row in range(60):
        if row in moved:
            continue
        rest = np.delete(np.arange(60), row)
        said = [
            int(
                np.argmax(
                    LabelInfluence(values[rest], each[rest], labels=3, choice=CHOICE).raw(
                        values[row][None]
                    )
                )
            )
            for each in (codes, after)
        ]
        if said == [1, 0]:
            return values, codes, after, moved, row, 0
    raise AssertionError("no answer turned")


def influence(values: Vectors, codes: Codes, after: Codes, moved: list[int]) -> EditInfluence:
    edits = [
        Edited(vector=values[row], left=int(codes[row]), entered=int(after[row])) for row in moved
    ]
    return EditInfluence(LabelInfluence(values, codes, labels=3, choice=CHOICE), edits)


def none_apart(count: int) -> NDArray[np.bool_]:
    return np.zeros(count, dtype=np.bool_)


def test_a_weight_is_what_training_again_with_the_edit_gives(
    turned: tuple[Vectors, Codes, Codes, list[int], int, int],
) -> None:
    values, codes, after, moved, row, _ = turned
    found = influence(values, codes, after, moved).answering(
        values[row], np.array([row]), [int(codes[row])], older=1, newer=0, apart=none_apart(8)
    )
    assert found is not None
    rest = np.delete(np.arange(60), row)
    before = lead(values[rest], codes[rest], values[row], (0, 1))
    for place, weight in zip(found.edits, found.weights, strict=True):
        one = codes.copy()
        one[moved[place]] = after[moved[place]]
        assert weight == pytest.approx(
            lead(values[rest], one[rest], values[row], (0, 1)) - before, abs=1e-6
        )


def test_the_named_edits_are_the_fewest_that_turn_the_answer(
    turned: tuple[Vectors, Codes, Codes, list[int], int, int],
) -> None:
    values, codes, after, moved, row, _ = turned
    found = influence(values, codes, after, moved).answering(
        values[row], np.array([row]), [int(codes[row])], older=1, newer=0, apart=none_apart(8)
    )
    assert found is not None
    assert found.turns
    assert list(found.weights) == sorted(found.weights, reverse=True)
    rest = np.delete(np.arange(60), row)
    for count, turns in ((len(found.edits), True), (len(found.edits) - 1, False)):
        some = codes.copy()
        for place in found.edits[:count]:
            some[moved[place]] = after[moved[place]]
        assert (lead(values[rest], some[rest], values[row], (0, 1)) > 0) is turns


def test_edits_that_stand_apart_are_not_named(
    turned: tuple[Vectors, Codes, Codes, list[int], int, int],
) -> None:
    values, codes, after, moved, row, _ = turned
    apart = none_apart(8)
    apart[0] = True
    found = influence(values, codes, after, moved).answering(
        values[row], np.array([row]), [int(codes[row])], older=1, newer=0, apart=apart
    )
    assert found is not None
    assert 0 not in found.edits


def test_nothing_is_named_where_the_fit_did_not_answer_so() -> None:
    values, codes = world()
    edit = Edited(vector=values[0] + 1, left=None, entered=2)
    fit = EditInfluence(LabelInfluence(values, codes, labels=3, choice=CHOICE), [edit])
    raw = LabelInfluence(values, codes, labels=3, choice=CHOICE).raw(values[:1])[0]
    other = int(np.argmin(raw))
    answer = fit.answering(
        values[0], NOBODY, [], older=other, newer=int(np.argmax(raw)), apart=none_apart(1)
    )
    assert answer is None


def test_edits_that_do_not_turn_an_answer_are_said_not_to() -> None:
    values, codes = world()
    fit = LabelInfluence(values, codes, labels=3, choice=CHOICE)
    raw = fit.raw(values[:1])[0]
    order = np.argsort(-raw)
    older, newer = int(order[0]), int(order[-1])
    edit = Edited(vector=values[0] * 0.5, left=None, entered=newer)
    found = EditInfluence(fit, [edit]).answering(
        values[0], NOBODY, [], older=older, newer=newer, apart=none_apart(1)
    )
    assert found is not None
    assert not found.turns
