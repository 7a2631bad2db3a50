"""Maps of the samples of functions; the landmarks are kept, so that a map stays as it is."""

import numpy as np
from sqlalchemy import delete, insert, select

from hotfit.serving.gallery import Gallery
from hotfit.similarity.layout import LANDMARKS, Layout, Places
from hotfit.store.artifacts import pack, unpack
from hotfit.store.sessions import Store
from hotfit.store.tables import layouts
from hotfit.types import State

GROWN = 4
"""Times as many samples as a small map was laid out from at which it is laid out anew."""


class Maps:
    """The maps of one process; belongs to the thread of searches."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._layouts: dict[str, tuple[str, Layout]] = {}

    def places(self, function: str, gallery: Gallery, rows: slice) -> Places:
        """Where the samples at `rows` lie, (m, 2), within -1 and 1."""
        return self._layout(function, gallery).place(gallery.vectors[rows])

    def _layout(self, function: str, gallery: Gallery) -> Layout:
        known = self._layouts.get(function) or self._kept(function)
        if known is None or not _fits(known, gallery):
            known = gallery.encoder, Layout.fit(gallery.vectors)
            self._keep(function, *known)
        self._layouts[function] = known
        return known[1]

    def _kept(self, function: str) -> tuple[str, Layout] | None:
        with self._store.read() as session:
            row = session.first(select(layouts).where(layouts.c.function_id == function))
        if row is None:
            return None
        return row.encoder, Layout(**unpack(bytes(row.data)).arrays)

    def _keep(self, function: str, encoder: str, layout: Layout) -> None:
        if not self._store.writable:
            return
        state: State = layout.state()
        with self._store.write() as session:
            session.run(delete(layouts).where(layouts.c.function_id == function))
            session.run(
                insert(layouts).values(function_id=function, encoder=encoder, data=pack(state))
            )


def _fits(known: tuple[str, Layout], gallery: Gallery) -> bool:
    """Whether a map was made of such vectors, and of enough of them."""
    encoder, layout = known
    size = len(layout.landmarks)
    grown = size < LANDMARKS and len(gallery.ids) > GROWN * max(size, 1)
    same = layout.landmarks.shape[1:] == gallery.vectors.shape[1:] and encoder == gallery.encoder
    return bool(same and not grown and np.isfinite(layout.places).all())
