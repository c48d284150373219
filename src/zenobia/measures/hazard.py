"""How often places went from one holder to another, by how far the taker stood: a plain hazard with its formula.

Let a place-day be a day on which a place is with the loser. Over the last W days

    base    = (changes in the longest window + 1/2) / (place-days in it)
    rate_W  = (changes_W + 1) / (place-days_W + 1 / base)
    near_c  = (changes at distance c + 1) / (plain rate * place-days at distance c + 1)
    chance  = P(held by the loser) * (1 - exp(-rate_W * near_c * days))

A rate is drawn towards the base as if one more change had been seen, and a distance towards no effect as if
one more change had been expected and seen there, so that a short window or an empty distance says little.
The distance is that to the nearest place which the taker holds.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["DISTANCES", "WINDOWS", "Hazard", "courses_of", "hazard", "nearest"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Days back from the day of issue: the middle one gives the best reading, all of them the range.
WINDOWS = (90, 180, 365)
# Upper limits of the classes of distance, in km; the last one is open.
DISTANCES = (10.0, 25.0, 50.0, 100.0)
_NOBODY = -1


class Hazard(NamedTuple):
    """Changes and place-days in each window, and the factor of each class of distance.

    Attributes:
        changes, days: (windows,). seen, expected: (classes,) changes at each distance, and those that one rate for all
            distances would bring there.
        where: for each counted change of the longest window, (place, day counted from its first).
    """

    changes: Floats
    days: Floats
    seen: Floats
    expected: Floats
    where: tuple[tuple[int, int], ...]

    @property
    def base(self) -> float:
        """Changes a place-day over the longest window, half a change put to it."""
        return float((self.changes[-1] + 0.5) / max(self.days[-1], 1.0))

    @property
    def near(self) -> Floats:
        """Changes at each distance against what one rate for all distances would bring, (classes,)."""
        return np.asarray((self.seen + 1) / (self.expected + 1))

    def rates(self) -> Floats:
        """The rate of each window, drawn towards the base, (windows,)."""
        return np.asarray((self.changes + 1) / (self.days + 1 / self.base))

    def chances(self, held: Floats, distance: Ints, ahead: int) -> Floats:
        """The chance of a change within so many days, (windows, places)."""
        rate = self.rates()[:, None] * self.near[distance][None, :]
        return np.asarray(held[None, :] * -np.expm1(-rate * ahead))

    def drawn(self, held: Floats, distance: Ints, ahead: int, draws: int, seed: int) -> Floats:
        """Draws of each place's chance: what so few changes leave open of it, (windows, draws, places)."""
        dice = np.random.default_rng(seed)
        rate = dice.standard_gamma((self.changes + 1)[:, None], (len(self.changes), draws))
        near = dice.standard_gamma(self.seen + 1, (draws, len(self.seen))) / (self.expected + 1)
        each = (rate / (self.days + 1 / self.base)[:, None])[:, :, None] * near[None, :, distance]
        return np.asarray(held * -np.expm1(-each * ahead))


def courses_of(chances: Floats, holders: int) -> Ints:
    """Who last held each place on each day, (places, days); -1 for nobody yet.

    What is contested, shared, or held by nobody with a chance of one half is looked through.

    Args:
        chances: (places, days, states). holders: how many of the states are holders; the rest lie between.
    """
    leader = chances.argmax(axis=2)
    sure = (leader < holders) & (chances.max(axis=2) >= 0.5)
    column = np.where(sure, np.arange(leader.shape[1])[None, :], _NOBODY)
    last = np.maximum.accumulate(column, axis=1)
    holder = np.take_along_axis(leader, np.maximum(last, 0), axis=1)
    return np.where(last >= 0, holder, _NOBODY)


def hazard(held: Ints, away: Floats, loser: int, taker: int, without: Collection[tuple[int, int]] = ()) -> Hazard:
    """Count changes and place-days in each window.

    Args:
        held: (places, days) who last held each place; the last day is the day of issue.
        away: (places, places) kilometres between places, infinite where one has no position.
        without: changes that are not counted, as (place, day counted from the first).
    """
    was, now = held[:, :-1], held[:, 1:]
    at_risk = was == loser
    changed = at_risk & (now == taker)
    for place, day in without:
        changed[place, day - 1] = False
    reached = np.stack([nearest(held[:, day] == taker, away) for day in range(was.shape[1])], axis=1)
    length = was.shape[1]
    windows = [slice(max(0, length - w), length) for w in WINDOWS]
    seen, expected = _by_distance(changed[:, windows[-1]], at_risk[:, windows[-1]], reached[:, windows[-1]])
    return Hazard(
        changes=np.array([float(changed[:, w].sum()) for w in windows]),
        days=np.array([float(at_risk[:, w].sum()) for w in windows]),
        seen=seen,
        expected=expected,
        where=tuple((int(place), int(day) + 1) for place, day in np.argwhere(changed)),
    )


def nearest(taken: npt.NDArray[np.bool_], away: Floats) -> Ints:
    """The class of distance from each place to the nearest that is taken, itself left out."""
    if not taken.any():
        return np.full(len(taken), len(DISTANCES))
    others = np.where(np.eye(len(taken), dtype=bool), np.inf, away)[:, taken]
    return np.asarray(np.searchsorted(DISTANCES, others.min(axis=1)), dtype=np.int64)


def _by_distance(
    changed: npt.NDArray[np.bool_], at_risk: npt.NDArray[np.bool_], reached: Ints
) -> tuple[Floats, Floats]:
    """Changes at each distance, and what one rate for all distances would bring there."""
    plain = changed.sum() / max(at_risk.sum(), 1)
    classes = range(len(DISTANCES) + 1)
    seen = np.array([(changed & (reached == c)).sum() for c in classes], dtype=float)
    exposed = np.array([(at_risk & (reached == c)).sum() for c in classes], dtype=float)
    return seen, plain * exposed
