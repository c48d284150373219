"""The grain of the ground: which way fronts run past each place, and distances that count less along than across.

Who holds the next village along a front says more of a place than who holds one as far off across it. Where fronts
run is not told but follows from what is believed of the places round each one: across is the way in which the chances
of the holders change most. Derived in docs/control.md.

Source: Förstner & Gülch, "A fast operator for detection and precise location of distinct points" (1987), for the
structure tensor, whose main axis is that way; stretching distances by it is geometric anisotropy, as in kriging.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zenobia.control.nearby import Round

__all__ = ["STRETCH", "grain", "stretched"]

Floats = npt.NDArray[np.float64]

# How many times more a kilometre across a front counts than it measures, and less one along it.
STRETCH = 1.5
# Neighbours within about this are looked at for the way a front runs.
_NEAR_KM = 30.0
# A plane through few neighbours, or through some that lie in one line, is flattened by so much (square kilometres).
_RIDGE = 100.0


def grain(near: Round, held: Floats) -> Floats:
    """The way across the front at each place, as a unit vector times how clear it is (0 to 1), shape (P, 2).

    A plane is laid through the chances of each holder round the place; of the planes' slopes the main axis is taken.
    One holder's front is quite clear; where several meet, or none is near, it is not.

    Args:
        held: (P, H) chances of each holder at each place.
    """
    slopes = _slopes(near, held)
    xx, xy, yy = ((slopes[:, :, a] * slopes[:, :, b]).sum(axis=1) for a, b in ((0, 0), (0, 1), (1, 1)))
    both, most = xx + yy, np.hypot(xx - yy, 2 * xy)
    clear = np.divide(most, both, out=np.zeros_like(both), where=both > 1e-12)
    turn = np.arctan2(2 * xy, xx - yy) / 2
    return np.asarray(np.stack([np.cos(turn), np.sin(turn)], axis=1) * clear[:, None])


def _slopes(near: Round, held: Floats) -> Floats:
    """The slope of each holder's chances in the ground round each place, per kilometre, (P, H, 2)."""
    places, weight = len(near.begin) - 1, np.exp(-near.km / _NEAR_KM)
    apart = near.spots[near.other] - near.spots[near.place]
    columns = np.concatenate([apart, held[near.other]], axis=1)

    def mean(of: Floats) -> Floats:
        return np.stack([np.bincount(near.place, weight * column, places) for column in of.T], axis=1) / total

    total = np.maximum(np.bincount(near.place, weight, places), 1e-300)[:, None]
    columns = columns - mean(columns)[near.place]
    x, y, of = columns[:, :1], columns[:, 1:2], columns[:, 2:]
    spread = mean(np.concatenate([x * x, x * y, y * y], axis=1))
    a, b, c = spread[:, :1] + _RIDGE, spread[:, 1:2], spread[:, 2:] + _RIDGE
    u, v = mean(x * of), mean(y * of)
    return np.stack([(c * u - b * v), (a * v - b * u)], axis=2) / (a * c - b * b)[:, :, None]


def stretched(across: Floats, by: float = STRETCH) -> Floats:
    """What a way of so many kilometres east and north counts as round each place: matrices, shape (P, 2, 2).

    Along the front ``by`` times less, across it ``by`` times more, as far as it is clear where it runs.
    """
    clear = np.hypot(*across.T)
    unit = across / np.where(clear > 0, clear, 1.0)[:, None]
    more = by**clear
    outer = unit[:, :, None] * unit[:, None, :]
    return np.asarray(np.eye(2) / more[:, None, None] + outer * (more - 1 / more)[:, None, None])
