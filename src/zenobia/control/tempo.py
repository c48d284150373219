"""Tempo: a place amid ground that its own side holds changes hands seldom, one beside somebody else's often.

Between two looks at the ground round it every place goes at one of a few tempos, by how unlike that ground it is: the
chance that a place and one of its neighbours, drawn as they are weighed, are not in the same state. All daily rates at
which a holder loses the place are multiplied by the factor of the tempo; how long a place stays contested or shared
does not depend on it. Derived and measured in docs/control.md.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zenobia.control import nearby
from zenobia.control.knots import Knots

__all__ = ["USUAL", "factors", "kept", "kinds", "steps"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# The tempo of a place about whose surroundings too little is known, or which is as unlike them as can be.
USUAL = 0
# How many times the usual rates hold at each tempo; and up to which unlikeness all but the usual one reach.
_FACTORS = np.array([1.0, 0.05, 0.1, 0.3, 0.8])
_EDGES = np.array([0.02, 0.1, 0.3, 0.6])
# So much has to stand behind what is known of the ground round a place: see `nearby.mean_around`.
_LEAST_KNOWN = 0.3


def kinds(near: nearby.Round, weight: Floats, held: Floats) -> Ints:
    """The tempo of each place from each look at the ground round it to the next, (P, t).

    The more unlike of both looks counts: a front that comes is seen from where it came to.

    Args:
        weight: (m,) of each pair of neighbours. held: (P, t, S) chances of each place at each look.
    """
    mean, known = nearby.mean_around(near, weight, held)
    unlike = 1 - (held * mean).sum(axis=2)
    unlike = np.maximum(unlike, np.concatenate([unlike[:, 1:], unlike[:, -1:]], axis=1))
    kind = (1 + np.searchsorted(_EDGES, unlike, side="right")) % len(_FACTORS)
    return np.asarray(np.where(known[:, None] < _LEAST_KNOWN, USUAL, kind))


def kept(knots: Knots, looks: Ints, kind: Ints) -> Knots:
    """The knots with the tempo of the days after each. A day on which a holder ends goes at the usual one.

    Args:
        looks: (t,) days. kind: (P, t) the tempo of each place from each of them on.
    """
    place = np.repeat(np.arange(len(knots.begin) - 1), np.diff(knots.begin))
    look = np.clip(np.searchsorted(looks, knots.day, side="right") - 1, 0, None)
    ends = np.append(knots.news[1:] >= 0, False)
    return knots._replace(tempo=np.where(ends, USUAL, kind[place, look]))


def factors(between: Bools, tempos: int) -> Floats:
    """How many times the usual rates hold in each state, (C, S).

    Args:
        between: (S,) the states that lie between holders, which know no tempo.
    """
    return np.where(between[None, :], 1.0, _FACTORS[:tempos, None])


def steps(rates: Floats, between: Bools, tempos: int = len(_FACTORS)) -> Floats:
    """One day's moves at each tempo from the usual daily rates, (C, S, S): what does not move stays."""
    step = rates[None] * factors(between, tempos)[:, :, None]
    states = np.arange(len(rates))
    step[:, states, states] = 1 - step.sum(axis=2)
    return np.asarray(step)
