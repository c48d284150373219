"""The chain: how a place moves between hidden states, and what evidence says of it. Exact.

Evidence stands only on *knots* (a place and a day); the days between are crossed by tabulated
powers of the one-day matrix, so cost grows with evidence and not with days. Shapes: S hidden
states, n knots sorted by place and day, P places.

Source: Rabiner, "A tutorial on hidden Markov models" (1989), for the recursions; the crossing of
gaps and the expected counts inside them are derived in docs/control.md.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Chain", "Knots", "Messages", "between", "expected_moves", "fits", "last_knot", "powers", "sweep"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_BATCH = 65_536


class Chain(NamedTuple):
    """``start`` (P, S): chances of each place on the first day of all; ``step`` (S, S): of one day's move."""

    start: Floats
    step: Floats


class Knots(NamedTuple):
    """The days on which something is known of a place; sorted by place, then day.

    Attributes:
        day: (n,). begin: (P + 1,) where each place's knots begin. gap: (n,) days since the
            knot before; 0 at a place's first knot, which stands on the first day of all.
        likelihood: (n, S) of what was said there, per hidden state.
        news: (n,) row of ``tilt`` for the day's move into the knot; -1 for a plain day. A knot with
            news always has a gap of one day.
        tilt: (t, S, S) factors that news puts on the moves of one day.
    """

    day: Ints
    begin: Ints
    gap: Ints
    likelihood: Floats
    news: Ints
    tilt: Floats


class Messages(NamedTuple):
    """What a sweep leaves at each knot, rows summing to one.

    ``forward`` (n, S): chances given what was said up to and on the knot. ``backward`` (n, S):
    weight of what is said after it. ``fit``: log likelihood of all that was said.
    """

    forward: Floats
    backward: Floats
    fit: float


def powers(step: Floats, longest: int) -> Floats:
    """The moves of 0..``longest`` days, shape (longest + 1, S, S)."""
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
    """Forward and backward over all places at once, by the rank of a knot within its place."""
    order, counts = _longest_first(knots.begin)
    starts = knots.begin[:-1][order]
    forward, fit = _forward(chain.start[order], knots, table, starts, counts)
    return Messages(forward, _backward(knots, table, starts, counts), fit)


def fits(chain: Chain, knots: Knots, table: Floats) -> Floats:
    """The log likelihood of all that was said of each place, shape (P,)."""
    order, counts = _longest_first(knots.begin)
    starts, first, found = knots.begin[:-1][order], chain.start[order], np.zeros(len(order))
    here = first
    for rank in range(int(counts[0]) if len(counts) else 0):
        rows = _rows_of_rank(starts, counts, rank)
        here = here[: len(rows)]
        if rank:
            here = np.einsum("ns,nst->nt", here, _moves(knots, table, rows))
        here = here * knots.likelihood[rows]
        total = here.sum(axis=1, keepdims=True)
        here = here / total
        found[: len(rows)] += np.log(total[:, 0])
    of_place = np.empty(len(order))
    of_place[order] = found
    return of_place


def _longest_first(begin: Ints) -> tuple[Ints, Ints]:
    counts = np.diff(begin)
    order = np.argsort(-counts, kind="stable")
    return order, counts[order]


def _rows_of_rank(starts: Ints, counts: Ints, rank: int) -> Ints:
    return starts[: int(np.searchsorted(-counts, -rank))] + rank


def _moves(knots: Knots, table: Floats, rows: Ints) -> Floats:
    """The moves into each of these knots from the knot before, shape (len(rows), S, S)."""
    moves = table[knots.gap[rows]]
    told = np.flatnonzero(knots.news[rows] >= 0)
    if len(told):
        moves[told] *= knots.tilt[knots.news[rows[told]]]
    return moves


def _forward(first: Floats, knots: Knots, table: Floats, starts: Ints, counts: Ints) -> tuple[Floats, float]:
    forward = np.empty_like(knots.likelihood)
    fit = 0.0
    for rank in range(int(counts[0]) if len(counts) else 0):
        rows = _rows_of_rank(starts, counts, rank)
        if rank == 0:
            here = first * knots.likelihood[rows]
        else:
            here = np.einsum("ns,nst->nt", forward[rows - 1], _moves(knots, table, rows)) * knots.likelihood[rows]
        total = here.sum(axis=1, keepdims=True)
        forward[rows] = here / total
        fit += float(np.log(total).sum())
    return forward, fit


def _backward(knots: Knots, table: Floats, starts: Ints, counts: Ints) -> Floats:
    backward: Floats = np.full_like(knots.likelihood, 1.0 / knots.likelihood.shape[1])
    for rank in range(int(counts[0]) - 1 if len(counts) else 0, 0, -1):
        rows = _rows_of_rank(starts, counts, rank)
        ahead = knots.likelihood[rows] * backward[rows]
        here = np.einsum("nst,nt->ns", _moves(knots, table, rows), ahead)
        backward[rows - 1] = here / here.sum(axis=1, keepdims=True)
    return backward


def between(knots: Knots, messages: Messages, table: Floats, place: Ints, day: Ints) -> tuple[Floats, Floats]:
    """Forward and backward messages on any days, closed form.

    Args:
        place: (q,) positions of places. day: (q,) days, none before the places' first knot.

    Returns:
        forward (q, S) and backward (q, S): their product, normalised, is the chance of each state.
    """
    forward = np.empty((len(day), table.shape[1]))
    backward = np.empty_like(forward)
    for low in range(0, len(day), _BATCH):
        part = slice(low, low + _BATCH)
        forward[part], backward[part] = _between(knots, messages, table, place[part], day[part])
    return forward, backward


def _between(knots: Knots, messages: Messages, table: Floats, place: Ints, day: Ints) -> tuple[Floats, Floats]:
    before = last_knot(knots, place, day)
    forward = np.einsum("qs,qst->qt", messages.forward[before], table[day - knots.day[before]])
    backward = np.full_like(forward, 1.0 / forward.shape[1])
    at_knot = knots.day[before] == day
    backward[at_knot] = messages.backward[before[at_knot]]
    inner = np.flatnonzero(~at_knot & (before + 1 < knots.begin[place + 1]))
    after = before[inner] + 1
    ahead = knots.likelihood[after] * messages.backward[after]
    # A knot with news follows its day before at once, so the way to it from here is plain.
    backward[inner] = np.einsum("qst,qt->qs", table[knots.day[after] - day[inner]], ahead)
    return forward, backward


def last_knot(knots: Knots, place: Ints, day: Ints) -> Ints:
    """The last knot of a place on or before a day."""
    span = int(max(knots.day.max(), day.max())) - int(min(knots.day.min(), day.min())) + 1
    floor = int(min(knots.day.min(), day.min()))
    owner = np.repeat(np.arange(len(knots.begin) - 1), np.diff(knots.begin))
    found = np.searchsorted(owner * span + (knots.day - floor), place * span + (day - floor), side="right") - 1
    return np.asarray(found, dtype=np.int64)


def expected_moves(knots: Knots, messages: Messages, table: Floats, step: Floats) -> Floats:
    """Expected number of moves from s to t on the days between first and last knots, shape (S, S).

    For a gap of d days with ends a and b, the moves inside it are
    step[s,t] * sum over i < d of step^i[a,s] * step^(d-1-i)[t,b], weighted by the chance of the ends
    over step^d[a,b]. Summed over all gaps of one length and nested (Horner), that is one product
    of small matrices per day of the longest gap.
    """
    ends = _ends_by_gap(knots, messages, table)
    return _moves_inside(ends, step)


def _moves_inside(ends: Floats, step: Floats) -> Floats:
    size = len(step)
    later = np.zeros((size, size))
    tails = np.zeros_like(ends)
    for days in range(len(ends) - 1, 0, -1):
        later = ends[days] + later @ step.T
        tails[days - 1] = later
    total = np.zeros((size, size))
    for days in range(len(ends) - 1, 0, -1):
        total = tails[days - 1] + step.T @ total
    return np.asarray(step * total)


def _ends_by_gap(knots: Knots, messages: Messages, table: Floats) -> Floats:
    """Chance of each pair of ends over the plain chance of that crossing, summed by length of gap."""
    size = knots.likelihood.shape[1]
    longest = int(knots.gap.max()) if len(knots.gap) else 0
    ends = np.zeros((longest + 1, size, size))
    later = np.flatnonzero(knots.gap > 0)
    for low in range(0, len(later), _BATCH):
        rows = later[low : low + _BATCH]
        ahead = knots.likelihood[rows] * messages.backward[rows]
        reached = np.einsum("nst,nt->ns", _moves(knots, table, rows), ahead)
        total = (messages.forward[rows - 1] * reached).sum(axis=1)
        pair = messages.forward[rows - 1][:, :, None] * (ahead / total[:, None])[:, None, :]
        told = np.flatnonzero(knots.news[rows] >= 0)
        if len(told):
            pair[told] *= knots.tilt[knots.news[rows[told]]]
        flat = pair.reshape(len(rows), -1)
        for cell in range(size * size):
            ends[:, cell // size, cell % size] += np.bincount(knots.gap[rows], flat[:, cell], longest + 1)
    return ends
