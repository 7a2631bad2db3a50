import itertools

import numpy as np
import pytest

from hotfit.training.growth import FEWEST, MOST, parts
from hotfit.training.material import Material
from hotfit.types import Field, Input, Kind, Output


def material(codes: list[int], *, text: str = "short text") -> Material:
    n = len(codes)
    return Material(
        input=Input.TEXT,
        output=Output.CLASSIFICATION,
        fields=(),
        ids=np.arange(n),
        data=[text] * n,
        hashes=[bytes(32)] * n,
        targets=np.array(codes, dtype=np.int64),
        labels=tuple(f"label {code}" for code in range(max(codes) + 1)),
        change=1,
    )


def test_few_samples_are_trained_on_at_once() -> None:
    (everything,) = parts(material([0, 1] * 50))
    assert everything.tolist() == list(range(100))


@pytest.mark.parametrize("n", [1_000, 5_000, 40_000])
def test_parts_grow_each_holding_the_one_before_and_end_with_everything(n: int) -> None:
    found = [set(part.tolist()) for part in parts(material([code % 7 for code in range(n)]))]
    assert all(small < large for small, large in itertools.pairwise(found))
    assert len(found[0]) <= MOST
    assert found[-1] == set(range(n))


def test_a_file_sorted_by_label_has_every_label_in_the_first_part() -> None:
    codes = [0] * 9_000 + [1] * 900 + [2] * 90 + [3] * 2
    first, *_ = parts(material(codes))
    assert set(np.array(codes)[first]) == {0, 1, 2, 3}


def test_long_texts_make_the_first_part_smaller() -> None:
    short, *_ = parts(material([0, 1] * 4_000))
    long, *_ = parts(material([0, 1] * 4_000, text="x" * 2_000))
    assert FEWEST <= len(long) < len(short)


def test_cells_of_a_table_that_no_encoder_reads_cost_nothing() -> None:
    base = material([0, 1] * 4_000)
    rows = [{"essay": "x" * 2_000}] * len(base)
    fields = (Field(name="essay", kind=Kind.CATEGORY),)
    table = Material(**{**vars(base), "input": Input.TABULAR, "data": rows, "fields": fields})
    first, *_ = parts(table)
    assert len(first) == MOST
