"""What names alone say: the nearest name is the likeliest, and one label reads as all do."""

import numpy as np
import pytest

from hotfit.labeling.names import Names, tell_apart
from hotfit.similarity.search import unit


def test_one_label_reads_as_it_does_beside_all() -> None:
    rng = np.random.default_rng(0)
    vectors = unit(rng.normal(size=(50, 8)).astype(np.float32))
    labels = unit(rng.normal(size=(3, 8)).astype(np.float32))
    names = Names(vectors, labels)
    rows = np.array([3, 40, 7])
    scores = names.scores(rows)
    assert np.allclose(scores.sum(axis=1), 1)
    assert (scores.argmax(axis=1) == (vectors[rows] @ labels.T).argmax(axis=1)).all()
    for code in range(3):
        assert np.allclose(names.of(rows, code), scores[:, code], atol=1e-5)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["ham", "spam"], True),
        (["refund not received", "other"], True),
        (["Müll", "Papier", "3"], True),
        (["0", "1", "2"], False),
        (["A", "B"], False),
        (["class_0", "class_1"], False),
        (["ham"], False),
        ([], False),
    ],
)
def test_names_that_are_but_codes_say_nothing(names: list[str], said: bool) -> None:
    assert tell_apart(names) is said
