"""The ground round a place through time: a weak pull towards whoever holds what lies near.

Places do not change hands alone. On every so many days each place hears, beside its own reports, who holds the places
round it, as these are believed to be held by their own reports. How far that reaches and how much it counts is not
assumed: of a few reaches and strengths those are taken under which the reports of each place are likeliest, foretold
from the places round it.

Source: Besag, "Statistical analysis of non-lattice data" (1975), for choosing a strength by what the neighbours of each
site foretell of it; the pull is one step of a mean field. Derived in docs/control.md.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zenobia.control import chain as chains
from zenobia.control.chain import Knots
from zenobia.control.knots import of_places

__all__ = ["REACHES", "STRENGTHS", "USUAL_STRENGTH", "foretold", "looks", "part_of", "pull", "unlike"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# What is tried: in how many kilometres likeness falls to a third, and strengths a day.
REACHES = (40.0, 120.0, 360.0)
STRENGTHS = (0.0, 0.0015, 0.004, 0.01)
# How strong a pull is before anything is heard, a day: few reports choose none that is far stronger.
USUAL_STRENGTH = 0.003
# Neighbours that all agree are never quite sure to be right for the place.
_NEVER_SURE = 0.02
# Days between two looks at the ground; more where there would be more looks than reports, and than this many.
_EVERY = 20
_MOST_LOOKS = 200_000
# Shares of places that may be unlike the ground round them.
_UNLIKE = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4)
# So many places are enough to choose a strength by.
_SAMPLE = 200


def looks(first: int, after: int, places: int, statements: int) -> Ints:
    """The days on which each place looks at the ground round it: evenly spaced, from the first day on, (t,)."""
    every = max(_EVERY, -(-(after - first) * places // max(_MOST_LOOKS, statements)))
    return np.arange(first, max(after, first + 1), every, dtype=np.int64)


def pull(day: Ints, mean: Floats, trusted: Floats, between: npt.NDArray[np.bool_]) -> Floats:
    """The log weight that the ground round a place puts on its states at each look, (P, t, S), at strength 1 a day.

    What lies between holders (contested, shared) gets the mean of the holders: whether a place is fought over, its
    neighbours do not say.

    Args:
        day: (t,) of the looks. mean: (P, t, S) chances round each place. trusted: (P,) how much stands behind
            them, 0 to 1. between: (S,) the states that lie between holders.
    """
    log = np.log(_NEVER_SURE + mean)
    log[:, :, between] = log[:, :, ~between].mean(axis=2, keepdims=True)
    every = int(day[1] - day[0]) if len(day) > 1 else 1
    return np.asarray(log * (every * trusted)[:, None, None])


def part_of(knots: Knots, told: npt.NDArray[np.bool_]) -> tuple[Ints, Ints, Knots]:
    """Some of the places that reports speak of, evenly taken: which, the rows of their knots, and these."""
    places = np.flatnonzero(told)
    places = places[:: -(-len(places) // _SAMPLE)]
    return places, *of_places(knots, places)


def foretold(starts: Floats, knots: Knots, table: Floats, pulled: Floats) -> Floats:
    """The log likelihood of what is said of some places, as each of several pulls foretells it, (c, P).

    The likelihood of all that is said under a pull, over that of the pull alone: so a pull is not rewarded for its
    own weight.

    Args:
        starts: (c, P, S) chances on the first day, under each pull. knots: (n,) with the likelihood of what is
            said. pulled: (c, n, S) log weight of each pull.
    """
    ways = len(starts)
    factor = np.exp(pulled - pulled.max(axis=2, keepdims=True))
    said = np.concatenate([factor * knots.likelihood, factor])
    fits = chains.fits(np.concatenate([starts, starts]), said, knots, table)
    return np.asarray(fits[:ways] - fits[ways:])


def unlike(foretold: Floats, everywhere: Floats) -> float:
    """The share of places that are not as the ground round them is, but as places are anywhere: the likeliest of a few.

    Args:
        foretold, everywhere: (P,) log likelihood of what is said of each place, as foretold from the places
            round it, and from what holds for all.
    """
    shares = np.array(_UNLIKE)[:, None]
    mixed = np.logaddexp(np.log1p(-shares) + foretold, np.log(shares) + everywhere)
    return float(_UNLIKE[int(mixed.sum(axis=1).argmax())])
