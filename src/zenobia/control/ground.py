"""Whose the ground between places is: cells, each drawn with one of the places round it, in joint histories.

In each history a cell is with one of the nearest places, and has its state; most often with the nearest. The chance of
each falls with a power of its distance, and one number of chance for each place and history decides for all the
cells round it: the ground of a place grows and shrinks as a whole. Beyond 40 km of any place
of which somebody spoke in the last year it is nobody's.

Sources: Shepard, "A two-dimensional interpolation function for irregularly-spaced data" (1968), for the chances;
Yellott, "The relationship between Luce's choice axiom, Thurstone's theory of comparative judgment, and the double
exponential distribution" (1977), for drawing them by the largest of some numbers. Derived in docs/control.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control.cells import Cells
from zenobia.control.counted import bounds_of, counted_places
from zenobia.control.courses import Courses
from zenobia.control.estimate import Control
from zenobia.control.paths import generator
from zenobia.terms import Bounds, Place

__all__ = [
    "EVIDENCE_DAYS", "NOBODY", "REACH_KM", "Ground", "Held", "Scene", "belongs", "ground_of", "held_km2", "set_out",
]  # fmt: skip

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
States = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]

# The state of ground that nobody speaks of.
NOBODY = -1
# Beyond so many km of any place of which somebody spoke in so many days, ground is nobody's.
REACH_KM, EVIDENCE_DAYS = 40.0, 365
# A cell may be with so many of the nearest places, with chances that fall with this power of the distance.
_NEAREST, _POWER = 6, 2.5
# A place is itself about so wide: nearer than this nothing is nearer still.
_WIDE_KM = 1.0
# Histories of the ground: this many, and fewer where there are very many cells.
DRAWS, _FEWEST, _CELLS_IN_ALL, _PLACES_IN_ALL = 500, 100, 4_000_000, 1_000_000
_EARTH_KM = 6371.0072
# Pairs of a cell and a place that are looked at in one go.
_AT_ONCE = 2_000_000


@dataclass(frozen=True, eq=False)
class Ground:
    """Cells and the places that they may be with.

    Attributes:
        places: the places that reports speak of and that have a position, a city without its neighbourhoods.
        near: (C, k) positions in ``places``, the nearest first; of two as near the larger.
        km: (C, k) how far each is from the middle of the cell.
        close: (m, 2) pairs of a cell and a place within reach, sorted by cell.
        heard: (h, 2) pairs of a place and a day on which somebody spoke of it, sorted.
        power: of the distance, with which the chance of a place falls.
    """

    cells: Cells
    places: tuple[str, ...]
    near: Ints
    km: Floats
    close: Ints
    heard: Ints
    power: float = _POWER

    @cached_property
    def chances(self) -> Floats:
        """(C, k): how likely a cell is with each of the places near it."""
        weight = np.maximum(self.km, _WIDE_KM) ** -self.power
        return np.asarray(weight / weight.sum(axis=1, keepdims=True))

    @cached_property
    def ever(self) -> Bools:
        """Whether any place within reach of each cell is ever spoken of, (C,)."""
        return np.isin(np.arange(len(self.cells.ids)), self.close[:, 0])

    def recent(self, days: Ints) -> Bools:
        """Whether somebody spoke of a place within reach of each cell in the year up to each day, (C, days)."""
        found = np.zeros((len(self.cells.ids), len(days)), dtype=np.bool_)
        if not len(self.heard):
            return found
        told = self.heard[:, 1]
        low = min(int(told.min()), int(days.min())) - EVIDENCE_DAYS
        span = max(int(told.max()), int(days.max())) - low + 1
        clock, places = self.heard[:, 0] * span + told - low, np.arange(len(self.places))[:, None] * span
        by_then, before = (
            np.searchsorted(clock, places + (day - low)[None, :], side="right") for day in (days, days - EVIDENCE_DAYS)
        )
        spoken = by_then > before
        cell, begin = np.unique(self.close[:, 0], return_index=True)
        if len(cell):
            found[cell] = np.logical_or.reduceat(spoken[self.close[:, 1]], begin, axis=0)
        return found


class Held(NamedTuple):
    """The ground on a day: how many km2 each state had of it, and of how many nobody has spoken lately."""

    day: int
    km2: Mapping[str, Bounds]
    nobody: int


@dataclass(frozen=True, eq=False)
class Scene:
    """The ground in joint histories over some days.

    Attributes:
        own: (C, n) the place that each cell is with in each history, by position in the ground's.
        courses: the course of every place in each history.
    """

    control: Control
    ground: Ground
    own: Ints
    courses: Courses

    @property
    def draws(self) -> int:
        """How many histories there are."""
        return int(self.own.shape[1])

    def held(self, day: int, *, ever: bool = False) -> States:
        """The state of each cell in each history on a day, (C, n); ground that nobody speaks of is `NOBODY`'s.

        Args:
            ever: only ground that nobody speaks of on any day, not what nobody has spoken of lately.
        """
        return self.held_at(np.full(self.draws, day), np.arange(self.draws), ever=ever)

    def held_at(self, days: Ints, draws: Ints, *, ever: bool = False) -> States:
        """The same on a day of its own for each of some histories, (C, m)."""
        states = self.states_at(days, draws)
        held = states[self.own[:, draws], np.arange(len(draws))[None, :]]
        if ever:
            held[~self.ground.ever] = NOBODY
            return held
        asked, which = np.unique(days, return_inverse=True)
        held[~self.ground.recent(asked)[:, which]] = NOBODY
        return held

    def states_at(self, days: Ints, draws: Ints) -> States:
        """The state of each place in each of some histories on a day of its own, (places, m)."""
        clock, span, low = self._clock
        owner = np.arange(len(self.ground.places))[:, None] * self._drawn + draws[None, :]
        at = np.searchsorted(clock, owner * span + np.clip(days - low, 0, span - 1)[None, :], side="right") - 1
        return np.asarray(self.courses.state[at])

    @property
    def _drawn(self) -> int:
        return (len(self.courses.begin) - 1) // max(len(self.ground.places), 1)

    @cached_property
    def _clock(self) -> tuple[Ints, int, int]:
        """One rising number for the beginning of each run; how many days there are; the first of them."""
        day = self.courses.day.astype(np.int64)
        low, span = int(day.min()), int(day.max()) - int(day.min()) + 1
        owners = len(self.courses.begin) - 1
        return np.repeat(np.arange(owners), np.diff(self.courses.begin)) * span + (day - low), span, low


def ground_of(control: Control, places: Mapping[str, Place], cells: Cells) -> Ground | None:
    """The ground of some cells; ``None`` where no place that reports speak of has a position, or there is no cell."""
    named = tuple(p for p in counted_places(control, places) if places[p].lat is not None)
    if not named or not cells.ids:
        return None
    spots = np.array([(places[p].lat, places[p].lon) for p in named], dtype=np.float64)
    order = sorted(range(len(named)), key=lambda k: (-(places[named[k]].population or 0), named[k]))
    rank = np.empty(len(named), dtype=np.int64)
    rank[order] = np.arange(len(named))
    step = max(1, _AT_ONCE // len(named))
    parts = [_near(cells.spot[low : low + step], spots, rank) for low in range(0, len(cells.ids), step)]
    near, km = (np.concatenate([part[k] for part in parts]) for k in (0, 1))
    close = [part[2] + [nth * step, 0] for nth, part in enumerate(parts)]
    heard = [(k, day) for k, place in enumerate(named) for day in control.heard(place)]
    return Ground(cells, named, near, km, np.concatenate(close), np.array(heard, dtype=np.int64).reshape(-1, 2))


def set_out(control: Control, ground: Ground, first: int, after: int, *, seed: int = 1) -> Scene:
    """The ground in joint histories from a day to another, closed-open."""
    n = histories(ground)
    return Scene(control, ground, belongs(ground, n, seed), control.courses(ground.places, first, after, n, seed))


def histories(ground: Ground) -> int:
    """How many histories of a ground are drawn."""
    most = min(_CELLS_IN_ALL // len(ground.cells.ids), _PLACES_IN_ALL // len(ground.places))
    return min(DRAWS, max(_FEWEST, most))


def held_km2(scene: Scene, days: Sequence[int]) -> Iterator[Held]:
    """The ground that each state had on each day, in order."""
    cells, states = scene.ground.cells, scene.control.states
    for day in days:
        held = scene.held(day)
        at = (held.astype(np.int64) - NOBODY) * scene.draws + np.arange(scene.draws)
        size = np.bincount(at.ravel(), np.repeat(cells.km2, scene.draws), (len(states) + 1) * scene.draws)
        nobody, *drawn = size.reshape(len(states) + 1, scene.draws)
        told = {state: bounds_of(np.round(km2), "km2") for state, km2 in zip(states, drawn, strict=True)}
        yield Held(day, told, round(float(nobody[0])))


def belongs(ground: Ground, n: int, seed: int) -> Ints:
    """The place that each cell is with in each of ``n`` histories, (C, n), by position.

    A place's numbers of chance depend on the seed and the place alone.
    """
    luck = np.stack([-np.log(-np.log(generator(seed, f"ground of {p}").random(n))) for p in ground.places])
    weight = np.log(ground.chances)
    best, own = weight[:, :1] + luck[ground.near[:, 0]], np.repeat(ground.near[:, :1], n, axis=1)
    for k in range(1, ground.near.shape[1]):
        score = weight[:, k, None] + luck[ground.near[:, k]]
        better = score > best
        best = np.where(better, score, best)
        own = np.where(better, ground.near[:, k, None], own)
    return np.asarray(own)


def _near(cells: Floats, spots: Floats, rank: Ints) -> tuple[Ints, Floats, Ints]:
    """The nearest places of some cells, how far they are, and all pairs within reach."""
    chord = sum(np.subtract.outer(a, b) ** 2 for a, b in zip(_unit(cells), _unit(spots), strict=True))
    assert isinstance(chord, np.ndarray)
    some = min(_NEAREST + 2, len(spots))
    found = np.argpartition(chord, some - 1, axis=1)[:, :some]
    km = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.take_along_axis(chord, found, axis=1)) / 2)
    order = np.lexsort((rank[found], np.round(km, 6)), axis=1)[:, :_NEAREST]
    within = np.argwhere(chord <= (2 * np.sin(REACH_KM / _EARTH_KM / 2)) ** 2)
    return np.take_along_axis(found, order, axis=1), np.take_along_axis(km, order, axis=1), within


def _unit(spots: Floats) -> tuple[Floats, Floats, Floats]:
    """Points (latitude, longitude in degrees) on a sphere of radius 1."""
    lat, lon = np.radians(spots).T
    return np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)
