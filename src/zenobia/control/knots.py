"""Knots: the days on which something is known of a place, and what a sweep leaves there.

Shapes: S hidden states, C tempos, n knots sorted by place and day, P places.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Chain", "Knots", "Messages", "crossings", "last_knot", "of_places"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Chain(NamedTuple):
    """``start`` (P, S): chances of each place on the first day; ``step`` (C, S, S): of one day's move, by tempo."""

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
        tempo: (n,) at which tempo the days after the knot pass, up to the next one.
    """

    day: Ints
    begin: Ints
    gap: Ints
    likelihood: Floats
    news: Ints
    tilt: Floats
    tempo: Ints


class Messages(NamedTuple):
    """What a sweep leaves at each knot.

    ``forward`` (n, S): chances given what was said up to and on the knot, rows summing to one. ``backward`` (n, S):
    weight of what is said after it, likewise. ``reached`` (n,): likelihood of what is said on the knot, given what
    was said before. ``fit``: log likelihood of all that was said.
    """

    forward: Floats
    backward: Floats
    reached: Floats
    fit: float


def crossings(knots: Knots, days: int) -> Ints:
    """The row of the move into each knot, (n,), in a table of the moves of 0 .. ``days`` - 1 days, by tempo."""
    before = np.concatenate([knots.tempo[:1], knots.tempo[:-1]])
    return np.asarray(before * days + knots.gap)


def of_places(knots: Knots, places: Ints) -> tuple[Ints, Knots]:
    """The knots of some places: their rows, and the knots by themselves."""
    lengths = np.diff(knots.begin)[places]
    begin = np.concatenate([[0], np.cumsum(lengths)])
    rows = np.arange(begin[-1]) + np.repeat(knots.begin[places] - begin[:-1], lengths)
    day, gap, news, tempo = (column[rows] for column in (knots.day, knots.gap, knots.news, knots.tempo))
    return rows, Knots(day, begin, gap, knots.likelihood[rows], news, knots.tilt, tempo)


def last_knot(knots: Knots, place: Ints, day: Ints) -> Ints:
    """The last knot of a place on or before a day."""
    floor = int(min(knots.day.min(), day.min(initial=knots.day[0])))
    span = int(max(knots.day.max(), day.max(initial=floor))) - floor + 1
    owner = np.repeat(np.arange(len(knots.begin) - 1), np.diff(knots.begin))
    found = np.searchsorted(owner * span + (knots.day - floor), place * span + (day - floor), side="right") - 1
    return np.asarray(found, dtype=np.int64)
