"""Rows of a table as vectors, so that they too are alike or unlike: no answer is needed for it.

The feature pipeline is fitted on the rows, bent and coded as for a linear head (`heads.expansion`);
every column then weighs the same whatever its unit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from hotfit.encoders.base import Progress
from hotfit.functions.functions import Function
from hotfit.functions.representation import OpenEncoder, Representation, represent
from hotfit.heads.expansion import Expansion, plan_expansion
from hotfit.samples.rows import read_data
from hotfit.similarity.search import unit
from hotfit.store.sessions import Store
from hotfit.store.tables import samples
from hotfit.types import Data, Input, Kind, Vectors

MOST = 20_000
"""Rows that the pipeline is fitted on."""

GROWN = 1.5
"""Times as many rows as it was fitted on at which it is fitted afresh."""

UNREAD = frozenset({Kind.IDENTIFIER, Kind.CONSTANT})


@dataclass(kw_only=True)
class RowVectors:
    """An encoder of the rows of one function; `name` says what it was fitted on."""

    name: str
    dimensions: int
    rows: int
    representation: Representation = field(repr=False)
    expansion: Expansion = field(repr=False)
    input: Input = Input.TABULAR

    def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:
        """Encode n rows in order, shape (n, dimensions), each of length 1."""
        return unit(self.expansion.expand(self.representation.features(samples, progress=progress)))

    def is_stale(self, store: Store, function: Function) -> bool:
        """Whether the function has many more rows by now."""
        with store.read() as session:
            count = session.scalar(select(func.count()).where(samples.c.function_id == function.id))
        return int(count) > GROWN * self.rows


def fit_rows(
    store: Store,
    function: Function,
    open_encoder: OpenEncoder,
    *,
    encoders: Mapping[Input, str],
) -> RowVectors:
    """Fit the pipeline on the oldest rows of a function."""
    with store.read() as session:
        found = session.rows(
            select(samples.c.id, samples.c.data)
            .where(samples.c.function_id == function.id)
            .order_by(samples.c.id)
            .limit(MOST)
        )
    data = read_data([row.data for row in found], [None] * len(found), None)
    representation = represent(
        function.input,
        data,
        fields=[one for one in function.fields if one.kind not in UNREAD],
        encoders=encoders,
        open_encoder=open_encoder,
    )
    expansion = plan_expansion(representation.features(data))
    last = found[-1].id if found else 0
    return RowVectors(
        name=f"rows.{function.id}.{last}",
        dimensions=expansion.size,
        rows=max(len(found), 1),
        representation=representation,
        expansion=expansion,
    )
