"""Whole histories of a place, drawn from what is known; and when it changed hands in them.

Source: Carter & Kohn, "On Gibbs sampling for state space models" (1994): forward filtering,
backward sampling.
"""

from __future__ import annotations

import zlib
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.terms import day_of

__all__ = ["NEVER", "UNKNOWN", "Change", "draw_paths", "first_changes", "generator"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# In place of a column: no such change; or the new holder came, and who held the place before is not known.
NEVER, UNKNOWN = -1, -2
_NOBODY = -1


class Change(NamedTuple):
    """A place going from one holder to another in a window of days.

    ``chance`` that it did so at least once (a draw that does not show who held it before counts for as
    much as ``before`` is believed to have held it); ``low``, ``best``, ``high``: the 5, 50 and 95 % points
    of the day of the first such change, given that it did; day numbers, ``None`` if it never did.
    """

    place: str
    before: str
    after: str
    chance: float
    low: int | None
    best: int | None
    high: int | None
    draws: int
    seed: int

    def __str__(self) -> str:
        if self.best is None or self.low is None or self.high is None:
            return f"{self.place}: no change from {self.before} to {self.after}"
        days = f"{day_of(self.low)}..{day_of(self.high)}, best {day_of(self.best)}"
        return f"{self.place}: {self.before} to {self.after}, chance {self.chance:.2f}, {days}"


def generator(seed: int, place: str) -> np.random.Generator:
    """Randomness that depends on the seed and the place alone, never on what was drawn before."""
    return np.random.default_rng([seed, zlib.crc32(place.encode())])


def draw_paths(forward: Floats, backward: Floats, moves: Floats, n: int, rng: np.random.Generator) -> Ints:
    """Joint daily paths of hidden states, shape (n, days).

    Args:
        forward: (days, S) chances on each day given what was said up to it.
        backward: (S,) weight, on the last of these days, of what was said after it.
        moves: (days, S, S) moves into each day from the day before; the first is not used.
    """
    paths = np.empty((len(forward), n), dtype=np.int64)
    last = forward[-1] * backward
    paths[-1] = _pick((last / last.sum())[None], np.zeros(n, dtype=np.int64), rng)
    for day in range(len(forward) - 2, -1, -1):
        weight = forward[day][:, None] * moves[day + 1]
        paths[day] = _pick((weight / weight.sum(axis=0)).T, paths[day + 1], rng)
    return np.ascontiguousarray(paths.T)


def _pick(chances: Floats, ahead: Ints, rng: np.random.Generator) -> Ints:
    """One state for each path, by the chances (states, S) that go with the state ahead of it."""
    edges = np.cumsum(chances, axis=1)
    dice = rng.random(len(ahead)) * edges[:, -1].take(ahead)
    picked = np.zeros(len(ahead), dtype=np.int64)
    for edge in edges.T:
        picked += dice >= np.ascontiguousarray(edge).take(ahead)
    return picked


def first_changes(paths: Ints, before: int, after: int, holders: int, lead: int) -> Ints:
    """Column of the first change from ``before`` to ``after`` in each path; `NEVER`; or `UNKNOWN`.

    A stretch that is contested or shared lies between holders and is looked through: government,
    contested, rebels is one change, on the first day of rebels.

    Args:
        paths: (n, days) states. holders: how many of the states are holders; the rest lie between.
        lead: days at the beginning that only tell who held the place before the window.
    """
    was = paths if before >= holders or after >= holders else _last_holder(paths, holders)
    entered = (paths[:, 1:] == after) & (was[:, :-1] == before)
    blind = (paths[:, 1:] == after) & (was[:, :-1] == _NOBODY)
    entered[:, : max(lead - 1, 0)] = blind[:, : max(lead - 1, 0)] = False
    none = np.where(blind.any(axis=1), UNKNOWN, NEVER)
    return np.where(entered.any(axis=1), entered.argmax(axis=1) + 1, none)


def _last_holder(paths: Ints, holders: int) -> Ints:
    """Who held the place last, up to each day; nobody before the first holder of a path."""
    column = np.where(paths < holders, np.arange(paths.shape[1]), -1)
    seen = np.maximum.accumulate(column, axis=1)
    return np.where(seen >= 0, np.take_along_axis(paths, np.maximum(seen, 0), axis=1), _NOBODY)
