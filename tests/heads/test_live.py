"""Edits one at a time must end where a full fit of the same data ends."""

import numpy as np
import pytest

from hotfit.heads.discriminant import fit_discriminant
from hotfit.heads.live import Live
from hotfit.types import Features


def start(seed: int, *, n: int = 80, d: int = 6, k: int = 3) -> Live:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, k, n)
    values = (rng.normal(size=(k, d))[codes] + rng.normal(size=(n, d))).astype(np.float32)
    return Live(values, codes, np.arange(n) // 2, labels=k)


def assert_equals_refit(live: Live) -> None:
    rows = live.rows
    values, codes, groups = live.samples()
    labels = live.held_out().shape[1]
    expected, _ = fit_discriminant(values, codes, labels, groups, choice=live.choice)
    found = live.trained()
    assert len(rows) == len(codes)
    assert np.abs(found.held_out - expected.held_out).max() < 1e-4
    features = Features(values=values)
    assert np.abs(found.model.predict(features) - expected.model.predict(features)).max() < 1e-4


@pytest.mark.parametrize("seed", range(5))
def test_a_long_mix_of_edits_ends_where_a_refit_ends(seed: int) -> None:
    rng = np.random.default_rng(seed)
    live = start(seed)
    for step in range(120):
        row = int(rng.choice(live.rows))
        kind = rng.integers(0, 4)
        if kind <= 1:
            live.relabel(row, int(rng.integers(0, 3)))
        elif kind == 2:
            live.add(rng.normal(size=6).astype(np.float32), int(rng.integers(0, 3)), step // 2)
        elif len(live.rows) > 40:
            live.remove(row)
        if step % 40 == 0:
            assert_equals_refit(live)
    assert_equals_refit(live)


def test_rounding_does_not_add_up_over_many_edits() -> None:
    live = start(3)
    rng = np.random.default_rng(3)
    for _ in range(1000):
        live.relabel(int(rng.integers(0, 80)), int(rng.integers(0, 3)))
    assert_equals_refit(live)


def test_a_new_label_is_answered_as_soon_as_it_has_a_sample() -> None:
    live = start(1)
    code = live.add_label()
    assert (live.held_out()[:, code] == 0).all()
    far = np.full(6, 9.0, dtype=np.float32)
    live.add(far, code, 1000)
    live.add(far + 0.1, code, 1001)
    assert_equals_refit(live)
    answer = live.model().predict(Features(values=far[None]))
    assert answer[0].argmax() == code


def test_a_class_may_lose_its_last_sample_and_get_it_back() -> None:
    live = start(2)
    code = live.add_label()
    row = live.add(np.ones(6, dtype=np.float32), code, 1000)
    live.relabel(row, 0)
    assert_equals_refit(live)
    live.relabel(row, code)
    assert_equals_refit(live)


def test_large_groups_are_held_out_whole_after_edits() -> None:
    rng = np.random.default_rng(0)
    codes = np.arange(60) % 2
    values = (codes[:, None] + rng.normal(size=(60, 4))).astype(np.float32)
    live = Live(values, codes, np.arange(60) // 12, labels=2)
    live.relabel(0, 1)
    assert_equals_refit(live)


def test_retuning_chooses_what_a_fresh_fit_chooses() -> None:
    live = start(4)
    live.relabel(0, 2)
    live.retune()
    values, codes, groups = live.samples()
    _, choice = fit_discriminant(values, codes, 3, groups)
    assert live.choice.penalty == pytest.approx(choice.penalty, rel=1e-3)


def test_a_removed_row_cannot_be_edited() -> None:
    live = start(0)
    live.remove(5)
    with pytest.raises(IndexError, match="row 5 was removed"):
        live.relabel(5, 0)


@pytest.mark.parametrize("removed", [False, True])
def test_the_score_of_some_rows_is_that_of_all(removed: bool) -> None:
    live = start(3)
    live.relabel(4, 0)
    live.add(np.ones(6, dtype=np.float32), 1, 3)
    if removed:
        live.remove(7)
    whole = dict(zip(live.rows.tolist(), live.held_out(), strict=True))
    rows, part = live.held_out_part(30)
    assert 20 <= len(rows) <= 62
    assert np.abs(part - np.array([whole[row] for row in rows])).max() < 1e-5
    assert live.codes(rows).tolist() == [int(live.codes(np.array([row]))[0]) for row in rows]


def test_rows_of_large_groups_are_passed_over() -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 2, 40)
    groups = np.where(np.arange(40) < 20, 0, np.arange(40))
    live = Live(rng.normal(size=(40, 3)).astype(np.float32), codes, groups, labels=2)
    rows, _ = live.held_out_part(1000)
    assert rows.tolist() == list(range(20, 40))
