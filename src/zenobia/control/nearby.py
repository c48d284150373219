"""Who holds the ground round a place: what is known of it before anybody speaks of the place itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from zenobia.record import View

__all__ = ["grid_of", "local_start"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Side of a square of the grid, and what a place in the same square, one beside it and one across the
# corner is worth.
_SQUARE_KM = 25.0
_SAME, _BESIDE, _CORNER = 1.0, 0.6, 0.4
# The neighbourhood is worth at most this many places, and what holds everywhere this many. So the
# ground round a place can make a start likely, never sure, however many towns it holds.
_MOST_NEAR, _EVERYWHERE = 3.0, 2.0
_KM_PER_DEGREE = 111.2
_NOWHERE = -(2**40)


def grid_of(view: View, places: Sequence[str]) -> Ints:
    """The square of each place as (column, row), shape (P, 2); far from all others where it has no position."""
    held = [view.places.get(place) for place in places]
    lat = np.array([p.lat if p is not None and p.lat is not None else np.nan for p in held], dtype=float)
    lon = np.array([p.lon if p is not None and p.lon is not None else np.nan for p in held], dtype=float)
    placed = ~(np.isnan(lat) | np.isnan(lon))
    middle = float(np.cos(np.radians(lat[placed].mean()))) if placed.any() else 1.0
    squares = np.stack([lon * middle, lat], axis=1) * (_KM_PER_DEGREE / _SQUARE_KM)
    alone = _NOWHERE + 4 * np.arange(len(held), dtype=np.int64)[:, None]
    return np.where(placed[:, None], np.floor(np.nan_to_num(squares)).astype(np.int64), alone)


def local_start(grid: Ints, held: Floats, everywhere: Floats) -> Floats:
    """Chances on the first day of all from the places round each one, itself left out, shape (P, S).

    Args:
        grid: (P, 2) squares. held: (P, S) chances at each place. everywhere: (S,) what holds for all.
    """
    squares, inverse, count = np.unique(grid, axis=0, return_inverse=True, return_counts=True)
    inverse = inverse.ravel()
    total = np.zeros((len(squares), held.shape[1]))
    np.add.at(total, inverse, held)
    near, weight = np.zeros_like(total), np.zeros(len(squares))
    at = {(int(x), int(y)): k for k, (x, y) in enumerate(squares)}
    for (x, y), k in at.items():
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                other = at.get((x + dx, y + dy))
                if other is not None:
                    worth = (_SAME, _BESIDE, _CORNER)[abs(dx) + abs(dy)]
                    near[k] += worth * total[other]
                    weight[k] += worth * count[other]
    others = near[inverse] - _SAME * held
    neighbours = np.maximum(weight[inverse] - _SAME, 0.0)
    share = others / np.maximum(neighbours, 1e-12)[:, None]
    trusted = np.minimum(neighbours, _MOST_NEAR)[:, None]
    mixed = trusted * np.clip(share, 0.0, 1.0) + _EVERYWHERE * everywhere
    return np.asarray(mixed / mixed.sum(axis=1, keepdims=True))
