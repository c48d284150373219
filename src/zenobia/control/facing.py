"""Who comes to face whom, and when: events on a front, each with its chance and its day with bounds.

The chance that two holders face each other is asked at the first of each month. Where it passes one half, each history
has its own day: of its changes that way the nearest, found by halving the month in which it falls. What comes and goes
within a month is not seen. Ground counts all through if anybody ever speaks of it: or a silence would be told as a
change of who faces whom.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control.fronts import facing_at, least_km, lengths, paired, stretches
from zenobia.control.ground import Scene

__all__ = ["Turn", "turns"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
# Changes that fewer than half of the histories have are not told.
_LIKELY = 0.5


class Turn(NamedTuple):
    """Two holders come to face each other (``meets``), or no longer do.

    ``chance``: in how many of the histories; ``low``, ``best``, ``high``: the 5, 50 and 95 % points of its day among
    them, the first on which it is so. ``voices_changed``: places on that front of which wholly other voices tell from
    some day between ``low`` and ``high`` on.
    """

    one: str
    other: str
    meets: bool
    chance: float
    low: int
    best: int
    high: int
    voices_changed: tuple[str, ...]


class _Found(NamedTuple):
    """A change of a pair in those histories that have it: between which days, (h,)."""

    pair: int
    meets: bool
    draw: Ints
    after: Ints
    by: Ints


def turns(scene: Scene, days: Sequence[int]) -> tuple[Turn, ...]:
    """Every change of who faces whom, in order of its day.

    Args:
        days: when it is asked first, rising; a change is then found to the day.
    """
    found = [turn for pair, faced in _series(scene, days).items() for turn in _crossings(pair, faced, np.array(days))]
    dated = [_turn(scene, turn, _halved(scene, turn)) for turn in found]
    return tuple(sorted(dated, key=lambda t: (t.best, t.one, t.other)))


def _series(scene: Scene, days: Sequence[int]) -> dict[int, Bools]:
    """For every pair that ever faces each other, whether it does on each day in each history, (days, draws)."""
    series: dict[int, Bools] = {}
    for nth, day in enumerate(days):
        found = stretches(scene, scene.held(day, ever=True), np.arange(scene.draws))
        for pair in np.unique(found.pair).tolist():
            faced = series.setdefault(pair, np.zeros((len(days), scene.draws), dtype=np.bool_))
            faced[nth] = lengths(found, pair, scene.draws) > least_km(scene)
    return series


def _crossings(pair: int, faced: Bools, days: Ints) -> Iterator[_Found]:
    """Where the chance passes one half, and in each history its change that way which lies nearest."""
    above = faced.mean(axis=1) >= _LIKELY
    at = np.flatnonzero(above[1:] != above[:-1]) + 1
    limits = [0, *at.tolist(), len(days)]
    for nth, step in enumerate(at.tolist(), 1):
        meets, low, high = bool(above[step]), limits[nth - 1] + 1, limits[nth + 1]
        changed = (faced[low:high] == meets) & (faced[low - 1 : high - 1] != meets)
        away = np.where(changed, np.abs(np.arange(low, high) - step)[:, None], len(days))
        draw = np.flatnonzero(changed.any(axis=0))
        if len(draw) >= _LIKELY * faced.shape[1]:
            by = low + away.argmin(axis=0)[draw]
            yield _Found(pair, meets, draw, days[by - 1], days[by])


def _halved(scene: Scene, turn: _Found) -> Ints:
    """The first day in each history on which it is so, (h,)."""
    after, by = turn.after.copy(), turn.by.copy()
    while len(wide := np.flatnonzero(by - after > 1)):
        middle = (after[wide] + by[wide]) // 2
        faced = facing_at(scene, middle, turn.draw[wide], np.full(len(wide), turn.pair))
        turned = faced == turn.meets
        by[wide[turned]], after[wide[~turned]] = middle[turned], middle[~turned]
    return by


def _turn(scene: Scene, turn: _Found, days: Ints) -> Turn:
    low, best, high = np.quantile(days, [0.05, 0.5, 0.95], method="inverted_cdf").tolist()
    one, other = paired(scene.control.states, turn.pair)
    switched = tuple(sorted(_switched(scene, turn, low, high)))
    return Turn(one, other, turn.meets, len(days) / scene.draws, low, best, high, switched)


def _switched(scene: Scene, turn: _Found, low: int, high: int) -> Iterator[str]:
    """The places on a front, when it had come or before it went, whose voices changed wholly in some days."""
    found = stretches(scene, scene.held(high if turn.meets else low - 1, ever=True), np.arange(scene.draws))
    cells = np.unique(found.cell[found.pair == turn.pair])
    for place in np.unique(scene.ground.near[cells, 0]).tolist():
        name = scene.ground.places[place]
        if any(low <= day <= high for day in scene.control.voices_changed(name)):
            yield name
