"""Limited-memory BFGS with a diagonal preconditioner, for smooth convex losses of a matrix.

The two-loop recursion of Nocedal and Wright (Numerical Optimization, 2006, algorithm 7.4), its
initial inverse Hessian a given diagonal times s'y / y'Py, with backtracking. In eigenbasis
coordinates and with the fixed quadratic bound (Boehning 1992) as the diagonal, ten steps do what
takes a plain solver hundreds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Objective = Callable[[Matrix], tuple[float, Matrix]]
"""Loss and gradient at a point."""

MEMORY = 8
SHORTEST = 1e-3


@dataclass
class _Curvature:
    """The last moves and gradient changes."""

    moves: list[Matrix] = field(default_factory=list)
    changes: list[Matrix] = field(default_factory=list)
    inverse: list[float] = field(default_factory=list)

    def remember(self, move: Matrix, change: Matrix) -> None:
        product = float(np.vdot(move, change))
        if product <= 0:
            return
        self.moves = [*self.moves, move][-MEMORY:]
        self.changes = [*self.changes, change][-MEMORY:]
        self.inverse = [*self.inverse, 1 / product][-MEMORY:]

    def direction(self, gradient: Matrix, diagonal: Matrix) -> Matrix:
        q = gradient.copy()
        shares = []
        history = list(zip(self.moves, self.changes, self.inverse, strict=True))
        for move, change, inverse in reversed(history):
            share = inverse * float(np.vdot(move, q))
            shares.append(share)
            q -= np.float32(share) * change
        q *= diagonal
        if history:
            _, change, inverse = history[-1]
            q *= np.float32(1 / inverse / float(np.vdot(change, diagonal * change)))
        for (move, change, inverse), share in zip(history, reversed(shares), strict=True):
            q += np.float32(share - inverse * float(np.vdot(change, q))) * move
        return q


def minimise(
    objective: Objective, start: Matrix, *, diagonal: Matrix, tolerance: float, steps: int
) -> Matrix:
    """Descend from `start` until a step lowers the loss by less than `tolerance` of it.

    `diagonal` (r, 1) bounds the inverse Hessian from below, so the first step always descends.
    """
    point = start
    loss, gradient = objective(point)
    curvature = _Curvature()
    for _ in range(steps):
        direction = curvature.direction(gradient, diagonal)
        slope = float(np.vdot(gradient, direction))
        if slope <= 0:
            return point
        size = 1.0
        candidate, found = point, (loss, gradient)
        while size > SHORTEST:
            candidate = point - np.float32(size) * direction
            found = objective(candidate)
            if found[0] <= loss - 1e-4 * size * slope:
                break
            size *= 0.4
        else:
            return point
        curvature.remember(candidate - point, found[1] - gradient)
        gained = loss - found[0]
        point, (loss, gradient) = candidate, found
        if gained <= tolerance * loss:
            return point
    return point
