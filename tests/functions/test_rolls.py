"""What a version was trained on, as it is kept and read again."""

import numpy as np
import pytest
from numpy.typing import NDArray

from hotfit.functions.rolls import Roll, edited, pack_roll, unpack_roll
from hotfit.types import Output


def key(number: int) -> bytes:
    return bytes([number]) * 32


def roll(held_out: NDArray[np.float64] | None = None) -> Roll:
    return Roll(
        output=Output.CLASSIFICATION,
        labels=("a", "b", "c"),
        ids=np.array([3, 5, 9, 11]),
        hashes=[key(1), key(2), key(1), key(4)],
        targets=np.array([0, 1, 0, 2]),
        groups=np.array([0, 1, 0, 3]),
        judged=np.array([True, True, False, True]),
        held_out=held_out,
    )


def test_a_roll_is_read_as_it_was_written() -> None:
    scores = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.5, 0.3, 0.2], [0.0, 0.0, 1.0]])
    found = unpack_roll(pack_roll(roll(scores)))
    before = roll(scores)
    assert found.hashes == before.hashes
    assert found.labels == before.labels
    for name in ("ids", "targets", "groups", "judged"):
        np.testing.assert_array_equal(getattr(found, name), getattr(before, name))
    assert found.held_out is not None
    np.testing.assert_allclose(found.held_out, scores, atol=1e-6)
    assert unpack_roll(pack_roll(roll())).held_out is None


def test_of_many_labels_the_likeliest_are_kept_and_the_rest_shares_what_is_left() -> None:
    rng = np.random.default_rng(0)
    scores = rng.dirichlet(np.full(40, 0.1), size=4)
    many = Roll(**{**vars(roll(scores)), "labels": tuple(f"l{place}" for place in range(40))})
    found = unpack_roll(pack_roll(many)).held_out
    assert found is not None
    np.testing.assert_array_equal(found.argmax(axis=1), scores.argmax(axis=1))
    np.testing.assert_allclose(found.max(axis=1), scores.max(axis=1), atol=1e-6)
    assert (found >= 0).all()
    assert (found.sum(axis=1) <= 1 + 1e-5).all()


@pytest.mark.parametrize("output", [Output.TAGS, Output.NUMBER])
def test_tags_and_quantities_are_kept_whole(output: Output) -> None:
    tags = output is Output.TAGS
    scores = np.array([[0.25, 0.5]] * 4) if tags else np.array([1.0, 2.0, 3.0, 4.5])
    targets = np.array([[1, -1]] * 4, dtype=np.int8) if tags else scores + 1
    given = Roll(**{**vars(roll(scores)), "output": output, "targets": targets})
    found = unpack_roll(pack_roll(given))
    assert found.held_out is not None
    np.testing.assert_allclose(found.held_out, scores, atol=1e-6)
    np.testing.assert_array_equal(found.targets, targets)


def test_edits_remove_relabel_and_add() -> None:
    found = edited(roll(), {5: None, 9: (key(1), "c"), 20: (key(2), "new"), 21: (key(7), "a")})
    assert found.ids.tolist() == [3, 11, 9, 20, 21]
    assert [found.labels[code] for code in found.targets] == ["a", "c", "c", "new", "a"]
    assert found.hashes == [key(1), key(4), key(1), key(2), key(7)]
    groups = found.groups.tolist()
    assert groups[0] == groups[2]  # copies stay together
    assert groups[3] == 1  # content that was there before
    assert len(set(groups)) == 4
    assert found.held_out is None
