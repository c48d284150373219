"""The chain: how a place moves between hidden states, and what evidence says of it. Exact.

Evidence stands only on *knots* (a place and a day); the days between are crossed by tabulated
powers of the one-day matrix, so cost grows with evidence and not with days. Shapes: S hidden
states, C tempos, n knots sorted by place and day, P places. The loops themselves are in `plain` and `compiled`.

Source: Rabiner, "A tutorial on hidden Markov models" (1989), for the recursions; the crossing of
gaps and the expected counts inside them are derived in docs/control.md.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from zenobia.control.fast import kernels
from zenobia.control.knots import Chain, Knots, Messages, last_knot

__all__ = [
    "Chain",
    "Knots",
    "Messages",
    "believed",
    "between",
    "expected_moves",
    "fits",
    "last_knot",
    "powers",
    "sweep",
]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def powers(step: Floats, longest: int) -> Floats:
    """The moves of 0..``longest`` days at each tempo, shape (C, longest + 1, S, S).

    Args:
        step: (C, S, S) of one day.
    """
    return np.stack([_powers(one, longest) for one in step])


def _powers(step: Floats, longest: int) -> Floats:
    table = np.empty((longest + 1, *step.shape))
    table[0] = np.eye(len(step))
    filled = 1
    while filled <= longest:
        # Doubling: the moves of d + e days are those of d days followed by those of e.
        more = min(filled, longest + 1 - filled)
        table[filled : filled + more] = table[:more] @ (table[filled - 1] @ step)
        filled += more
    return table


def sweep(chain: Chain, knots: Knots, table: Floats) -> Messages:
    """Forward and backward over all places at once."""
    forward, backward, reached = kernels(len(knots.day)).sweep(chain.start, knots, table)
    return Messages(forward, backward, reached, float(np.log(reached).sum()))


def fits(starts: Floats, likelihoods: Floats, knots: Knots, table: Floats) -> Floats:
    """The log likelihood of all that was said of each place, under several models, shape (c, P).

    Args:
        starts: (c, P, S) chances on the first day. likelihoods: (c, n, S) in place of the knots' own.
    """
    places, owner = len(knots.begin) - 1, np.repeat(np.arange(len(knots.begin) - 1), np.diff(knots.begin))
    reached = kernels(likelihoods.shape[0] * len(knots.day)).reached(starts, likelihoods, knots, table)
    return np.stack([np.bincount(owner, log, places) for log in np.log(reached)])


def believed(forward: Floats, backward: Floats) -> Floats:
    """The chance of each state by both messages, (n, S): rows that sum to one; one without any weight stays so."""
    return np.asarray(kernels(len(forward)).believed(forward, backward))


def between(knots: Knots, messages: Messages, table: Floats, place: Ints, day: Ints) -> tuple[Floats, Floats]:
    """Forward and backward messages on any days, closed form.

    Args:
        place: (q,) positions of places. day: (q,) days, none before the places' first knot.

    Returns:
        forward (q, S) and backward (q, S): their product, normalised, is the chance of each state.
    """
    forward, backward = kernels(len(day)).between(knots, messages, table, place, day)
    return forward, backward


def expected_moves(knots: Knots, messages: Messages, step: Floats) -> Floats:
    """Expected number of moves from s to t on the days between first and last knots at each tempo, shape (C, S, S).

    For a gap of d days with ends a and b, the moves inside it are
    step[s,t] * sum over i < d of step^i[a,s] * step^(d-1-i)[t,b], weighted by the chance of the ends
    over step^d[a,b]. Summed over all gaps of one length and nested (Horner), that is two products
    of small matrices per day of the longest gap.
    """
    ends = kernels(len(knots.day)).ends(knots, messages, len(step))
    return np.stack([_moves_inside(part, one) for part, one in zip(ends, step, strict=True)])


def _moves_inside(ends: Floats, step: Floats) -> Floats:
    """Horner's scheme over the days of gaps, both ways, in blocks that go side by side."""
    size, days = len(step), len(ends) - 1
    length = max(1, math.isqrt(days))
    blocks = -(-days // length)
    back = _powers(np.ascontiguousarray(step.T), length)
    padded = np.zeros((blocks * length, size, size))
    padded[:days] = ends[1:]
    tails = padded.reshape(blocks, length, size, size)
    for day in range(length - 2, -1, -1):
        tails[:, day] += tails[:, day + 1] @ back[1]
    # What comes to each block from those after it, carried to each of its days.
    for block in range(blocks - 2, -1, -1):
        tails[block] += tails[block + 1, 0] @ back[length:0:-1]
    inside = (back[:length] @ tails).sum(axis=1)
    total = np.zeros((size, size))
    for block in range(blocks - 1, -1, -1):
        total = inside[block] + back[length] @ total
    return np.asarray(step * total)
