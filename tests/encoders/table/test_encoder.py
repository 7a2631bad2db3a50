"""A table is read by kinds, from the rows it was fitted on, and the same again from its state."""

import json
from collections.abc import Sequence

import numpy as np
import pytest

from hotfit.encoders.table import FittedTableEncoder, TableEncoder
from hotfit.types import Cell, Field, Kind, State, Vectors

FIELDS = (
    Field(name="price", kind=Kind.NUMBER),
    Field(name="city", kind=Kind.CATEGORY),
    Field(name="when", kind=Kind.DATE),
    Field(name="paid", kind=Kind.BOOLEAN),
    Field(name="note", kind=Kind.TEXT),
    Field(name="id", kind=Kind.IDENTIFIER),
)
Row = dict[str, Cell]


def rows(n: int = 60) -> list[Row]:
    return [
        {
            "price": f"${i * 1000:,}",
            "city": ["Ulm", "Bonn", "Ulm", ""][i % 4],
            "when": f"2024-{i % 12 + 1:02}-15",
            "paid": i % 2 == 0,
            "note": f"Dr. {'late' if i % 3 else 'broken'} parcel {i}",
            "id": f"x{i}",
        }
        for i in range(n)
    ]


def embed(texts: Sequence[str]) -> Vectors:
    return np.array([[len(t), t.count("a"), t.count("e"), 1] for t in texts], dtype=np.float32)


def column(encoder: FittedTableEncoder, table: Sequence[Row], name: str) -> list[float]:
    values: list[float] = encoder.encode(table).values[:, encoder.names.index(name)].tolist()
    return values


def test_each_kind_is_read_in_its_own_way() -> None:
    encoder = TableEncoder.fit(rows(), FIELDS, embed_text=embed)
    assert column(encoder, rows(3), "price") == [0, 1000, 2000]
    assert column(encoder, rows(3), "city") == [0, 1, 0]
    assert column(encoder, rows(3), "when (month)") == [1, 2, 3]
    assert len(set(column(encoder, rows(2), "paid"))) == 2
    assert any(name.startswith("note (meaning") for name in encoder.names)
    assert not any(name.startswith("id") for name in encoder.names)


def test_date_parts_that_never_vary_are_left_out() -> None:
    names = TableEncoder.fit(rows(), FIELDS, embed_text=None).names
    assert "when (year)" not in names
    assert "when (hour)" not in names


def test_categories_say_how_many_codes_a_column_may_hold() -> None:
    encoder = TableEncoder.fit(rows(), FIELDS, embed_text=None)
    features = encoder.encode(rows())
    assert len(features.categories) == features.values.shape[1] == encoder.dimensions
    for values, codes in zip(features.values.T, features.categories, strict=True):
        known = values[~np.isnan(values)]
        assert codes == 0 or (known.max() < codes and np.array_equal(known, known.round()))


def test_missing_unseen_and_absent_cells_are_encoded() -> None:
    encoder = TableEncoder.fit(rows(), FIELDS, embed_text=embed)
    table: list[Row] = [
        {},
        {"price": "n/a", "city": None, "when": "?", "note": ""},
        {"city": "Rome", "note": "\ud800 \x00", "price": float("nan")},
    ]
    values = encoder.encode(table).values
    assert np.isnan(values[:, encoder.names.index("price")]).all()
    assert np.isnan(values[:, encoder.names.index("city")]).all()
    assert not np.isinf(values).any()


def test_no_rows_are_no_features() -> None:
    encoder = TableEncoder.fit(rows(), FIELDS, embed_text=embed)
    assert encoder.encode([]).values.shape == (0, encoder.dimensions)


@pytest.mark.parametrize("with_text", [True, False])
def test_state_is_data_and_encodes_the_same(with_text: bool) -> None:
    embed_text = embed if with_text else None
    encoder = TableEncoder.fit(rows(), FIELDS, embed_text=embed_text)
    state = encoder.state()
    read = State(arrays=dict(state.arrays), parameters=json.loads(json.dumps(state.parameters)))
    again = FittedTableEncoder.load(read, embed_text=embed_text)
    np.testing.assert_array_equal(again.encode(rows()).values, encoder.encode(rows()).values)
    assert (again.names, again.categories) == (encoder.names, encoder.categories)


def test_one_row_is_encoded_as_among_others() -> None:
    encoder = TableEncoder.fit(rows(), FIELDS, embed_text=embed)
    alone = np.concatenate([encoder.encode([row]).values for row in rows()])
    np.testing.assert_allclose(alone, encoder.encode(rows()).values, atol=1e-5)


def test_encoding_does_not_learn_from_the_rows_it_encodes() -> None:
    encoder = TableEncoder.fit(rows(), FIELDS, embed_text=None)
    before = encoder.encode(rows(5)).values
    encoder.encode([{"city": "Rome", "price": "1e9"}] * 100)
    np.testing.assert_array_equal(encoder.encode(rows(5)).values, before)


def test_a_table_that_reads_meaning_asks_for_its_text_encoder() -> None:
    state = TableEncoder.fit(rows(), FIELDS, embed_text=embed).state()
    with pytest.raises(ValueError, match="by meaning"):
        FittedTableEncoder.load(state, embed_text=None)


def test_columns_without_a_single_value_are_harmless() -> None:
    empty: list[Row] = [{}] * 30
    encoder = TableEncoder.fit(empty, FIELDS, embed_text=embed)
    assert len(encoder.encode(empty)) == 30


def test_images_are_read_by_how_they_look() -> None:
    fields = (Field(name="photo", kind=Kind.IMAGE),)
    held: list[Row] = [{"photo": f"image {n}" if n % 3 else None} for n in range(30)]

    def look(cells: Sequence[str]) -> Vectors:
        vectors = np.random.default_rng(0).normal(size=(30, 50)).astype(np.float32)
        rows = vectors[[int(cell.split()[-1]) for cell in cells]]
        rows[[cell == "image 4" for cell in cells]] = np.nan  # cannot be read
        return rows

    encoder = TableEncoder.fit(held, fields, embed_text=None, embed_image=look)
    values = encoder.encode(held).values
    assert encoder.names[0] == "photo (look 1)"
    missing = [not n % 3 or n == 4 for n in range(30)]
    assert (np.isnan(values).all(axis=1) == missing).all()
    again = FittedTableEncoder.load(encoder.state(), embed_text=None, embed_image=look)
    np.testing.assert_array_equal(again.encode(held).values, values)
    assert not TableEncoder.fit(held, fields, embed_text=None).names
