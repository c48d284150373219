"""The loops over knots and days, in numpy. `compiled` holds the same loops compiled.

Both add and multiply the same numbers in the same order and leave powers and logarithms to numpy, so that either
comes to the same bits: what is published does not depend on which of them ran. Whoever changes one changes the other;
a test holds them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control.knots import Knots, Messages, crossings, last_knot

__all__ = ["ENDS_AT_ONCE", "around", "believed", "between", "ends", "reached", "sweep"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Knots whose ends are added up together, before they are added to the others: part of the result, to the last bit.
ENDS_AT_ONCE = 65_536
# Figures of matrices worked on in one go, so that they stay near the processor; and kept for the way back.
_NEAR, _KEPT = 1 << 18, 1 << 22


def sweep(start: Floats, knots: Knots, table: Floats) -> tuple[Floats, Floats, Floats]:
    """Forward (n, S), backward (n, S) and reached (n,), as `Messages` has them.

    Args:
        start: (P, S) chances on the first day of all. table: (C, days, S, S) the moves of 0, 1, 2... days, by tempo.
    """
    ranks = _ranked(knots)
    moves = list(_moves(knots, ranks, table)) if knots.likelihood.size * table.shape[2] <= _KEPT else None
    said = np.ascontiguousarray(knots.likelihood[ranks.row].T)
    forward, total = _forward(start[None], ranks, said[:, None], moves or _moves(knots, ranks, table))
    backward = _backward(ranks, said, moves[::-1] if moves else _moves(knots, ranks, table, back=True))
    return _as_knots(ranks, forward[:, 0].T), _as_knots(ranks, backward.T), _as_knots(ranks, total[0])


def reached(starts: Floats, likelihoods: Floats, knots: Knots, table: Floats) -> Floats:
    """The likelihood of what is said on each knot, given what was said before it, under several models, (c, n).

    Args:
        starts: (c, P, S) chances on the first day of all. likelihoods: (c, n, S) in place of the knots' own.
    """
    ranks = _ranked(knots)
    said = np.ascontiguousarray(likelihoods[:, ranks.row].transpose(2, 0, 1))
    total = _forward(starts, ranks, said, _moves(knots, ranks, table))[1]
    return _as_knots(ranks, total.T).T


class _Ranks(NamedTuple):
    """Knots by their rank within their place, the places with the most knots first; so the knots before those of one
    rank are the first of the rank before.

    ``order`` (P,) of the places; ``edge`` (ranks + 1,) where each rank begins; ``row`` (n,) the knot that stands there.
    """

    order: Ints
    edge: list[int]
    row: Ints


# The moves into the knots of some ranks, (S, S, k), and the first of these ranks.
_Block = tuple[int, int, Floats]


def _ranked(knots: Knots) -> _Ranks:
    begin = knots.begin
    counts = np.diff(begin)
    order = np.argsort(-counts, kind="stable")
    ranks = int(counts.max(initial=0))
    width = np.searchsorted(-counts[order], -np.arange(ranks))
    edge = np.concatenate([[0], np.cumsum(width)])
    nth = np.arange(edge[-1]) - np.repeat(edge[:-1], width)
    row = begin[:-1][order][nth] + np.repeat(np.arange(ranks), width)
    return _Ranks(order, edge.tolist(), row)


def _as_knots(ranks: _Ranks, ranked: Floats) -> Floats:
    """What stands by rank, (n, ...), as the knots stand."""
    found = np.empty(ranked.shape)
    found[ranks.row] = ranked
    return found


def _moves(knots: Knots, ranks: _Ranks, table: Floats, *, back: bool = False) -> Iterator[_Block]:
    """The moves into the knots of each rank but the first from the knots before; as many ranks at a time as fit."""
    states = table.shape[2]
    across, into, most = _across(table), crossings(knots, table.shape[1]), _NEAR // states**2
    blocks, low = [], 1
    while low < len(ranks.edge) - 1:
        high = max(low + 1, int(np.searchsorted(ranks.edge, ranks.edge[low] + most, side="right")) - 1)
        blocks.append((low, min(high, len(ranks.edge) - 1)))
        low = blocks[-1][1]
    for low, high in reversed(blocks) if back else blocks:
        rows = ranks.row[ranks.edge[low] : ranks.edge[high]]
        moves = across.take(into[rows], axis=1).reshape(states, states, -1)
        if len(knots.tilt):
            told = np.flatnonzero(knots.news[rows] >= 0)
            moves[:, :, told] *= knots.tilt[knots.news[rows[told]]].transpose(1, 2, 0)
        yield low, high, moves


def _across(table: Floats) -> Floats:
    """The moves of 0, 1, 2... days, tempo by tempo and the days last: (S * S, C * days)."""
    return np.ascontiguousarray(table.reshape(table.shape[0] * table.shape[1], -1).T)


def _forward(starts: Floats, ranks: _Ranks, said: Floats, moves: Iterable[_Block]) -> tuple[Floats, Floats]:
    """Forward messages (S, c, n) and what they come to (c, n) under c models, from what is ``said`` (S, c, n)."""
    forward, total = np.empty_like(said), np.empty(said.shape[1:])
    coming = starts[:, ranks.order[: _width(ranks, 0)]].transpose(2, 0, 1)
    _arrive(coming, _at(ranks, 0), said, forward, total)
    for low, high, into in moves:
        for rank in range(low, high):
            here, before = _at(ranks, rank), ranks.edge[rank - 1]
            last = forward[:, None, :, before : before + here.stop - here.start]
            part = into[:, :, None, here.start - ranks.edge[low] : here.stop - ranks.edge[low]]
            _arrive(_added(last * part), here, said, forward, total)
    return forward, total


def _arrive(coming: Floats, here: slice, said: Floats, forward: Floats, total: Floats) -> None:
    weight = coming * said[:, :, here]
    total[:, here] = whole = _added(weight)
    np.divide(weight, whole, out=forward[:, :, here])


def _backward(ranks: _Ranks, said: Floats, moves: Iterable[_Block]) -> Floats:
    backward = np.full_like(said, 1.0 / len(said))
    for low, high, into in moves:
        for rank in range(high - 1, low - 1, -1):
            here, before = _at(ranks, rank), ranks.edge[rank - 1]
            ahead = said[:, here] * backward[:, here]
            part = into[:, :, here.start - ranks.edge[low] : here.stop - ranks.edge[low]]
            weight = _added(part * ahead, axis=1)
            np.divide(weight, _added(weight), out=backward[:, before : before + here.stop - here.start])
    return backward


def _at(ranks: _Ranks, rank: int) -> slice:
    return slice(ranks.edge[rank], ranks.edge[rank + 1])


def _width(ranks: _Ranks, rank: int) -> int:
    return ranks.edge[rank + 1] - ranks.edge[rank] if rank + 1 < len(ranks.edge) else 0


def _added(parts: Floats, axis: int = 0) -> Floats:
    """The sum over an axis, one after the other: numpy adds in another order along what lies together in memory."""
    if parts.shape[-1] > 1 and parts.flags.c_contiguous:
        return np.asarray(np.add.reduce(parts, axis=axis))
    first, *others = parts.swapaxes(0, axis)
    total = first.copy()
    for part in others:
        total += part
    return np.asarray(total)


def between(knots: Knots, messages: Messages, table: Floats, place: Ints, day: Ints) -> tuple[Floats, Floats]:
    """Forward and backward messages of places on days, (q, S) each."""
    before, across = last_knot(knots, place, day), _across(table)
    forward = np.empty((len(day), table.shape[2]))
    backward = np.empty_like(forward)
    first = knots.tempo[before] * table.shape[1]
    at_once = max(1, _NEAR // table.shape[2] ** 2)
    for low in range(0, len(day), at_once):
        part = slice(low, low + at_once)
        passed = first[part] + day[part] - knots.day[before[part]]
        forward[part] = _carried(across, messages.forward[before[part]].T, passed)
        backward[part] = _foreseen(knots, messages, across, first[part], before[part], place[part], day[part])
    return forward, backward


def _carried(across: Floats, chances: Floats, row: Ints) -> Floats:
    """Chances (S, q) as many days later as the rows of the moves say, (q, S)."""
    moves = across.take(row, axis=1).reshape(len(chances), -1, len(row))
    return _added(chances[:, None] * moves).T


def _foreseen(
    knots: Knots, messages: Messages, across: Floats, first: Ints, before: Ints, place: Ints, day: Ints
) -> Floats:
    """The weight of what is said after some days, (q, S), given the knots before and the first row of their tempo."""
    states = messages.backward.shape[1]
    weight = np.full((len(day), states), 1.0 / states)
    at_knot = knots.day[before] == day
    weight[at_knot] = messages.backward[before[at_knot]]
    inner = np.flatnonzero(~at_knot & (before + 1 < knots.begin[place + 1]))
    after = before[inner] + 1
    ahead = (knots.likelihood[after] * messages.backward[after]).T
    # A knot with news follows its day before at once, so the way to it from here is plain.
    moves = across.take(first[inner] + knots.day[after] - day[inner], axis=1).reshape(states, states, -1)
    weight[inner] = _added(moves * ahead, axis=1).T
    return weight


def believed(forward: Floats, backward: Floats) -> Floats:
    """The chance of each state by both messages, (n, S), rows summing to one; a row without any weight stays so."""
    both = np.asarray(forward * backward)
    total = _added(both.T)
    both /= np.where(total > 0, total, 1.0)[:, None]
    return both


def ends(knots: Knots, messages: Messages, tempos: int) -> Floats:
    """Chance of each pair of ends over the plain chance of that crossing, summed by tempo and gap: (C, days, S, S)."""
    states, days = knots.likelihood.shape[1], int(knots.gap.max(initial=0)) + 1
    found = np.zeros((states, states, tempos * days))
    into, later = crossings(knots, days), np.flatnonzero(knots.gap > 0)
    for low in range(0, len(later), ENDS_AT_ONCE):
        rows = later[low : low + ENDS_AT_ONCE]
        plain = knots.news[rows] < 0
        _add_ends(knots, messages, rows[plain], into, found)
        # A move that news bears on is one day's.
        for day in range(1, tempos * days, days):
            told = rows[~plain & (into[rows] == day)]
            found[:, :, day] += _ends_with_news(knots, messages, told)
    return np.ascontiguousarray(found.transpose(2, 0, 1)).reshape(tempos, days, states, states)


def _add_ends(knots: Knots, messages: Messages, rows: Ints, into: Ints, found: Floats) -> None:
    before, ahead = _both_ends(knots, messages, rows)
    for s in range(len(found)):
        for t in range(len(found)):
            found[s, t] += np.bincount(into[rows], before[s] * ahead[t], found.shape[2])


def _ends_with_news(knots: Knots, messages: Messages, rows: Ints) -> Floats:
    """The same of moves of one day that news bears on, (S, S)."""
    before, ahead = (np.ascontiguousarray(end.T) for end in _both_ends(knots, messages, rows))
    pairs = before[:, :, None] * ahead[:, None, :] * knots.tilt[knots.news[rows]]
    return np.asarray(np.add.reduce(pairs, axis=0))


def _both_ends(knots: Knots, messages: Messages, rows: Ints) -> tuple[Floats, Floats]:
    """Weights of the states on the knot before and on the knot itself, (S, k) each; the moves between are left out."""
    before, forward, backward, said = (
        np.ascontiguousarray(part.T)
        for part in (
            messages.forward[rows - 1],
            messages.forward[rows],
            messages.backward[rows],
            knots.likelihood[rows],
        )
    )
    # What both ends together are reached by needs no matrix: it was crossed on the way forward.
    return before, said * backward / (messages.reached[rows] * _added(forward * backward))


def around(begin: Ints, other: Ints, weight: Floats, held: Floats) -> Floats:
    """The weighted sum of what is held at the others of each place, (P, w).

    Args:
        begin: (P + 1,) where the pairs of each place begin. other, weight: (m,). held: (P, w).
    """
    total = np.zeros((len(begin) - 1, held.shape[1]))
    counts = np.diff(begin)
    order = np.argsort(-counts, kind="stable")
    at_once = max(1, _NEAR // max(held.shape[1], 1))
    for low in range(0, len(order), at_once):
        rows = order[low : low + at_once]
        some = np.zeros((len(rows), held.shape[1]))
        for nth in range(int(counts[rows[0]])):
            width = int(np.searchsorted(-counts[rows], -nth))
            pairs = begin[rows[:width]] + nth
            some[:width] += held[other[pairs]] * weight[pairs, None]
        total[rows] = some
    return total
