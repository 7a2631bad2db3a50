"""Strings alike in spelling land close together."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from hotfit.encoders.table.grams import GramColumn, grams, leading_directions

TITLES = ["Police Officer", "Police Oficer", "Senior Police Officer", "Bus Driver", "Bus Drivr"]


def test_misspelled_titles_are_near_their_correct_form() -> None:
    column = GramColumn.fit("title", TITLES * 3, dimensions=4)
    right, wrong, _, bus, _ = column.encode(TITLES)
    assert np.linalg.norm(right - wrong) < 0.5 * np.linalg.norm(right - bus)


@given(texts=st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=5))
def test_every_gram_belongs_to_one_text(texts: list[str]) -> None:
    together = grams(texts)
    for index, text in enumerate(texts):
        _, alone = grams([text])
        assert sorted(together[1][together[0] == index]) == sorted(alone)


def test_directions_equal_those_of_a_full_decomposition() -> None:
    rng = np.random.default_rng(0)
    matrix = rng.standard_normal((40, 6)) @ rng.standard_normal((6, 30)) * 0.9
    found = leading_directions(csr_array(matrix.astype(np.float32)), 3)
    _, _, exact = np.linalg.svd(matrix, full_matrices=False)
    np.testing.assert_allclose(np.abs(found.T @ exact[:3].T), np.eye(3), atol=1e-3)


def test_empty_cells_are_missing() -> None:
    column = GramColumn.fit("title", TITLES, dimensions=4)
    assert np.isnan(column.encode(["", None])).all()
