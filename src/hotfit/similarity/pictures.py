"""Images that are near copies: encoded again, shrunk, made lighter, or cropped.

Two thumbnails of whole images are compared by their correlation r, which light and contrast do not
change: of another encoding or size r is above 0.97, of other photographs hardly ever. A crop is
looked for among the nearest by vectors alone: r of every window of one thumbnail, at least 22 of
its 32 pixels wide, with the whole other one, both shrunk to 12 x 12 pixels (template matching,
Lewis 1995). Every image meets every other in few dimensions only (the shrunken thumbnail; vectors
projected at random, Johnson and Lindenstrauss 1984); what is near there is compared in full. Of
more than 30,000 images none are compared, for the time that it would take; nor where most pairs are
alike, as of one camera over one belt: there a thumbnail does not tell a copy from another piece.
"""

import numpy as np
from numpy.typing import NDArray

from hotfit.types import Vectors

Floats = NDArray[np.float32]

_COPY = 0.97
_CROP = 0.94
_ALIKE = 0.8  # cosine of vectors, from which a crop is looked for
_MOST_CROPS = 6000  # pairs looked at, the most alike first
_NEAREST = 8
_COARSE = 0.93  # of shrunken thumbnails, from which whole ones are compared
_FEW = 128  # dimensions that every pair is compared in
_MOST = 30_000
_FLAT = 0.02  # deviation of brightness below which any two are alike
_ONE_SCENE = 0.6  # median correlation of the pairs of a set; of mixed photographs below 0.35
_JUDGED = 500  # images that it is taken from
_FEWEST = 10  # of fewer, copies alone may make most pairs alike
_SMALL = 12
_WINDOWS = range(31, 21, -1)
_BLOCK_CELLS = 8_000_000
_PAIRS = 200

Found = tuple[int, int, float]


def near_pictures(thumbnails: Floats, vectors: Vectors) -> list[Found]:
    """Find pairs (i, j, similarity), i < j, of n near copies from (n, s, s) and (n, d)."""
    shown = np.flatnonzero(thumbnails.std(axis=(1, 2)) >= _FLAT)
    if not 2 <= len(shown) <= _MOST:
        return []
    flat = _scaled(thumbnails[shown].reshape(len(shown), -1))
    if _is_one_scene(flat):
        return []
    shrink = _shrinking(thumbnails.shape[-1])
    coarse = _scaled(_shrunk(thumbnails[shown], shrink))
    unit = vectors[shown] / np.maximum(
        np.linalg.norm(vectors[shown], axis=1, keepdims=True), np.float32(1e-12)
    )
    few = _projected(unit)
    found: dict[tuple[int, int], float] = {}
    asked: list[Found] = []
    block = max(1, _BLOCK_CELLS // len(shown))
    for start in range(0, len(shown), block):
        stop = min(start + block, len(shown))
        later = np.arange(len(shown)) > np.arange(start, stop)[:, None]
        near = np.argwhere((coarse[start:stop] @ coarse.T >= _COARSE) & later)
        alike = np.einsum("pd,pd->p", flat[near[:, 0] + start], flat[near[:, 1]])
        found |= {
            (start + i, j): value
            for (i, j), value in zip(near.tolist(), alike.tolist(), strict=True)
            if value >= _COPY
        }
        asked += _candidates(unit, few, start, stop)
    asked = sorted({(min(i, j), max(i, j), c) for i, j, c in asked}, key=lambda x: (-x[2], x))
    pairs = [(i, j) for i, j, _ in asked[:_MOST_CROPS] if (i, j) not in found]
    for start in range(0, len(pairs), _PAIRS):
        part = np.array(pairs[start : start + _PAIRS])
        one, other = (thumbnails[shown[part[:, side]]] for side in (0, 1))
        best = np.maximum(window_in(one, other), window_in(other, one))
        found |= {
            (i, j): value
            for (i, j), value in zip(part.tolist(), best.tolist(), strict=True)
            if value >= _CROP
        }
    return sorted(
        (int(shown[i]), int(shown[j]), min(value, 0.999)) for (i, j), value in found.items()
    )


def _is_one_scene(flat: Floats) -> bool:
    """Whether most pairs of the thumbnails (n, s * s) show the same, but for little."""
    if len(flat) < _FEWEST:
        return False
    some = flat[:: -(-len(flat) // _JUDGED)]
    pairs = np.triu_indices(len(some), 1)
    return bool(np.median((some @ some.T)[pairs]) >= _ONE_SCENE)


def _projected(unit: Vectors) -> Vectors:
    """Vectors in few random dimensions, of about the same cosines."""
    dimensions = unit.shape[1]
    if dimensions <= _FEW:
        return unit
    axes = np.random.default_rng(0).normal(size=(dimensions, _FEW)).astype(np.float32)
    few: Vectors = unit @ axes
    few /= np.maximum(np.linalg.norm(few, axis=1, keepdims=True), np.float32(1e-12))
    return few


def _candidates(unit: Vectors, few: Vectors, start: int, stop: int) -> list[Found]:
    """The nearest by vectors of some rows, where they are near enough to be crops."""
    cosines = few[start:stop] @ few.T
    cosines[np.arange(stop - start), np.arange(start, stop)] = -1
    top = min(_NEAREST, len(unit) - 1)
    nearest = np.argpartition(-cosines, top - 1, axis=1)[:, :top]
    near = np.einsum("nd,nmd->nm", unit[start:stop], unit[nearest])
    return [
        (start + row, int(nearest[row, place]), round(float(near[row, place]), 5))
        for row, place in np.argwhere(near >= _ALIKE).tolist()
    ]


def window_in(whole: Floats, part: Floats) -> Floats:
    """The best correlation of a window of `whole` with `part`, each (p, s, s); shape (p,)."""
    side = whole.shape[-1]
    shrink = _shrinking(side)
    wanted = _scaled(_shrunk(part, shrink))
    best = np.full(len(whole), -1.0, np.float32)
    for width in _WINDOWS:
        step = 1 if width > 26 else 2
        offsets = range(0, side - width + 1, step)
        shrinks = np.stack(
            [np.pad(_shrinking(width), ((0, 0), (at, side - width - at))) for at in offsets]
        )
        lines = np.einsum("omh,phw->pomw", shrinks, whole, optimize=True)
        windows = np.einsum("pomw,qnw->poqmn", lines, shrinks, optimize=True)
        seen = windows.reshape(len(whole), len(shrinks) ** 2, _SMALL * _SMALL)
        alike = np.einsum("pkd,pd->pk", _scaled(seen), wanted)
        best = np.maximum(best, alike.max(axis=1))
    return best


def _shrunk(pictures: Floats, shrink: Floats) -> Floats:
    """Thumbnails (p, s, s) at 12 x 12 pixels, as rows."""
    small: Floats = np.einsum("mh,phw,nw->pmn", shrink, pictures, shrink, optimize=True)
    return small.reshape(len(pictures), -1)


def _scaled(values: Floats) -> Floats:
    """Values along the last axis, around 0 and of length 1."""
    centred = values - values.mean(axis=-1, keepdims=True)
    length = np.maximum(np.linalg.norm(centred, axis=-1, keepdims=True), np.float32(1e-3))
    scaled: Floats = (centred / length).astype(np.float32)
    return scaled


def _shrinking(width: int) -> Floats:
    """What averages `width` pixels to 12, by area, (12, width)."""
    edges = np.linspace(0, width, _SMALL + 1)
    left, right = np.arange(width), np.arange(width) + 1
    shared = np.minimum(edges[1:, None], right) - np.maximum(edges[:-1, None], left)
    weights = np.maximum(shared, 0)
    shares: Floats = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares
