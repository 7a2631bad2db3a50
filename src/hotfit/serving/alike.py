"""The samples of functions in memory, and what is asked of them: alike, unlike, of a label.

Synchronous: the server calls it from one thread, a program from wherever it is.
"""

from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from hotfit.encoders.base import Encoder
from hotfit.errors import Refusal
from hotfit.functions.functions import Function
from hotfit.functions.representation import OpenEncoder
from hotfit.samples.ids import sample_id
from hotfit.serving.gallery import Gallery, Near, hang
from hotfit.serving.indexed import Indexed
from hotfit.serving.row_vectors import RowVectors, fit_rows
from hotfit.similarity.index import EXACT, Index
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Store
from hotfit.store.tables import sample_set_members
from hotfit.types import Data, Input, Vectors

RESIDENT = 8
"""Galleries kept in memory at most."""


class SampleMissing(Refusal):
    """A search starts from a sample that the function does not have."""

    status = 404

    def __init__(self, *, given: str | int) -> None:
        named = repr(sample_id(given) if isinstance(given, int) else given)
        super().__init__(
            f"the function has no sample {named} to search from; samples are named as in "
            f"{sample_id(1)!r}, which lists of samples and findings say."
        )


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which samples may be found: those of a label, of a sample set, with an answer or without.

    `unlike` asks for the most different instead of the nearest.
    """

    label: str | None = None
    sample_set: str | None = None
    annotated: bool | None = None
    unlike: bool = False

    @property
    def everything(self) -> bool:
        """Whether all samples may be found."""
        return self.label is None and self.sample_set is None and self.annotated is None


ALL = Wanted()
"""Every sample."""


class Alike:
    """The galleries of one process, and the indexes over the large ones."""

    def __init__(
        self,
        *,
        store: Store,
        blobs: Blobs,
        open_encoder: OpenEncoder,
        encoders: Mapping[Input, str],
    ) -> None:
        self.store = store
        self._blobs = blobs
        self._open_encoder = open_encoder
        self._encoders = encoders
        self._galleries: OrderedDict[str, Gallery] = OrderedDict()
        self._indexes: dict[str, Indexed] = {}
        self._indexing: set[str] = set()
        self._rows: dict[str, RowVectors] = {}
        self._building = ThreadPoolExecutor(1, thread_name_prefix="hotfit-index")

    def known(self, function: Function, encoder: str) -> Gallery | None:
        """The samples of a function where they are in memory as they are now."""
        found = self._galleries.get(function.id)
        if found is None or found.change < function.change:
            return None
        if found.encoder != encoder and function.input is not Input.TABULAR:
            return None
        self._galleries.move_to_end(function.id)
        return found

    def gallery(self, function: Function, encoder: str) -> Gallery:
        """The samples of a function as they are now, read by `encoder`; of a table, by its own."""
        made = self._hung(function, encoder, self._galleries.get(function.id))
        self._galleries[function.id] = made
        self._galleries.move_to_end(function.id)
        while len(self._galleries) > RESIDENT:
            dropped, _ = self._galleries.popitem(last=False)
            self._indexes.pop(dropped, None)
            self._rows.pop(dropped, None)
        return made

    def close(self) -> None:
        """Begin nothing more."""
        self._building.shutdown(wait=False, cancel_futures=True)

    def _hung(self, function: Function, encoder: str, old: Gallery | None) -> Gallery:
        if function.input is not Input.TABULAR:
            return hang(self.store, self._blobs, function.id, self._open_encoder(encoder), old=old)
        known = self._rows.get(function.id)
        if known is None or known.is_stale(self.store, function):
            known = fit_rows(self.store, function, self._open_encoder, encoders=self._encoders)
            self._rows[function.id] = known
        return hang(self.store, self._blobs, function.id, known, old=old, keep=False)

    def index(self, function: str, gallery: Gallery) -> None:
        """Begin to index many samples; they are searched exactly until that is done."""
        if len(gallery.ids) < EXACT or function in self._indexing:
            return
        known = self._indexes.get(function)
        same = known is not None and known.encoder == gallery.encoder
        if same and known is not None and not known.is_stale(gallery.ids):
            return
        self._indexing.add(function)

        def build() -> None:
            index = Index.build(gallery.vectors)
            made = Indexed(encoder=gallery.encoder, ids=gallery.ids, index=index)
            self._indexes[function] = made

        done = self._building.submit(build)
        done.add_done_callback(lambda _: self._indexing.discard(function))

    def near(
        self,
        function: Function,
        gallery: Gallery,
        *,
        query: Data | int | None,
        count: int,
        wanted: Wanted = ALL,
    ) -> list[Near]:
        """The samples nearest to an input or a sample; without a query, the most different."""
        mask = None if wanted.everything else self._allowed(gallery, wanted)
        vector = None if query is None else self._vector(function, gallery, query)
        if vector is None or wanted.unlike:
            return gallery.most_different(vector, count=count, mask=mask)
        index = self._indexes.get(function.id)
        if index is not None and index.encoder != gallery.encoder:
            index = None
        found = gallery.nearest(vector, count=count, mask=mask, index=index)
        if not isinstance(query, int):
            return found
        # The sample itself comes first, also where many copies of it lie as near.
        row = gallery.places[query]
        itself = [] if mask is not None and not mask[row] else [gallery.itself(row)]
        return (itself + [near for near in found if near.sample != query])[:count]

    def _vector(self, function: Function, gallery: Gallery, query: Data | int) -> Vectors:
        """The vector (d,) of an input or of a sample; raise SampleMissing."""
        if not isinstance(query, int):
            vector: Vectors = self.reader(function, gallery).encode([query])[0]
            return vector
        row = gallery.places.get(query)
        if row is None:
            raise SampleMissing(given=query)
        found: Vectors = gallery.vectors[row]
        return found

    def reader(self, function: Function, gallery: Gallery) -> Encoder:
        """What reads the samples of a gallery."""
        if function.input is Input.TABULAR:
            return self._rows[function.id]
        return self._open_encoder(gallery.encoder)

    def _allowed(self, gallery: Gallery, wanted: Wanted) -> NDArray[np.bool_]:
        """Which rows may be found."""
        mask = np.ones(len(gallery.ids), dtype=np.bool_)
        if wanted.annotated is not None:
            there = np.array([answer is not None for answer in gallery.answers], dtype=np.bool_)
            mask &= there == wanted.annotated
        if wanted.label is not None:
            said = f'["{wanted.label}",true]'
            mask &= np.array([said in (answer or "") for answer in gallery.answers], np.bool_)
        if wanted.sample_set is not None:
            members = sample_set_members.c
            with self.store.read() as session:
                rows = session.rows(
                    select(members.sample_id).where(members.set_id == wanted.sample_set)
                )
            mask &= np.isin(gallery.ids, [row.sample_id for row in rows])
        return mask
