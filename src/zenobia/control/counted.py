"""Places and people counted, per holder, from joint histories: on each of some days, and between two days.

A count is drawn, never a sum of chances: in each history every place is held by somebody, what is held is
counted, and the figures are the 5, 50 and 95 % points over the histories. A history of a place is one course through
time, so what happened there on one day bears on the next. Places are drawn apart from each other.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control.courses import Courses
from zenobia.control.estimate import Control
from zenobia.terms import Bounds, Place

__all__ = ["Between", "Comparison", "Total", "bounds_of", "compared", "counted_places", "totals"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
States = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]

# Histories drawn: of few places as many as are asked for, of many places fewer.
_DRAWS, _FEWEST, _IN_ALL = 2000, 200, 600_000
_LOW, _BEST, _HIGH = 0.05, 0.5, 0.95


class Total(NamedTuple):
    """What one state had on a day; ``people`` is ``None`` where no place has a population.

    ``voices_changed``: how many of the places where it leads rest on wholly other voices than on the day before in
    the series.
    """

    day: int
    holder: str
    places: Bounds
    people: Bounds | None
    voices_changed: int


class Between(NamedTuple):
    """One place on two days: chances of the states on each, and that they differ.

    ``gained``, ``lost`` and ``held`` (per holder): the chance that it has the place on the later day only, on the
    earlier only, on both.
    """

    place: str
    before: Mapping[str, float]
    after: Mapping[str, float]
    changed: float
    gained: Mapping[str, float]
    lost: Mapping[str, float]
    held: Mapping[str, float]


class Comparison(NamedTuple):
    """Two days beside each other: every place, and how many places each holder gained, lost and held."""

    places: tuple[Between, ...]
    gained: Mapping[str, Bounds]
    lost: Mapping[str, Bounds]
    held: Mapping[str, Bounds]
    draws: int


def counted_places(control: Control, places: Mapping[str, Place]) -> tuple[str, ...]:
    """The places that are counted: those that reports speak of, a city once and its neighbourhoods not beside it."""
    return tuple(p for p in control.places if p in control.told and places[p].kind != "neighbourhood")


def totals(
    control: Control,
    places: Mapping[str, Place],
    days: Sequence[int],
    *,
    seed: int = 1,
    inside: Container[str] | None = None,
) -> Iterator[Total]:
    """How many places, and how many people in them, each state had on each day, in order.

    Args:
        inside: which places are counted; without it all. Where none of them is inside, each state had none.
    """
    every = counted_places(control, places)
    counted = tuple(p for p in every if inside is None or p in inside)
    if every and not counted:
        none = bounds_of(np.zeros(1), "place")
        yield from (Total(day, state, none, None, 0) for day in days for state in control.states)
    if not counted or not days:
        return
    people = np.array([places[p].population or 0.0 for p in counted])
    switched = {p: control.voices_changed(p) for p in counted}
    draws = _draws(len(counted))
    courses = control.courses(counted, min(days), max(days) + 1, draws, seed)
    before = min(days) - 1
    for day, states in zip(days, on_days(courses, len(counted), days), strict=True):
        leading = control.chances(counted, np.full(len(counted), day)).argmax(axis=1)
        fresh = np.array([any(before < d <= day for d in switched[p]) for p in counted])
        for k, state in enumerate(control.states):
            mine = states == k
            yield Total(
                day=day,
                holder=state,
                places=bounds_of(mine.sum(axis=0), "place"),
                people=bounds_of(people @ mine, "person") if people.any() else None,
                voices_changed=int((fresh & (leading == k)).sum()) if day != min(days) else 0,
            )
        before = day


def compared(control: Control, places: Mapping[str, Place], first: int, last: int, *, seed: int = 1) -> Comparison:
    """What each holder gained, lost and held between two days, place by place and in all.

    Every place that reports speak of is told; neighbourhoods are not counted beside their city.
    """
    told = tuple(p for p in control.places if p in control.told)
    draws = _draws(len(told))
    if not told:
        return Comparison((), {}, {}, {}, draws)
    courses = control.courses(told, first, last + 1, draws, seed)
    before, after = on_days(courses, len(told), [first, last])
    chances = [control.chances(told, np.full(len(told), day)) for day in (first, last)]
    counted = np.isin(told, counted_places(control, places))
    kinds = {name: _kind(control, before, after, name) for name in ("gained", "lost", "held")}
    rows = tuple(
        Between(
            place=place,
            before=dict(zip(control.states, chances[0][n].tolist(), strict=True)),
            after=dict(zip(control.states, chances[1][n].tolist(), strict=True)),
            changed=float((before[n] != after[n]).mean()),
            **{name: {h: float(drawn[n].mean()) for h, drawn in of.items()} for name, of in kinds.items()},
        )
        for n, place in enumerate(told)
    )
    gained, lost, held = (
        {h: bounds_of(drawn[counted].sum(axis=0), "place") for h, drawn in kinds[name].items()}
        for name in ("gained", "lost", "held")
    )
    return Comparison(rows, gained, lost, held, draws)


def on_days(courses: Courses, places: int, days: Sequence[int]) -> Iterator[States]:
    """The state of each place in each history on some days, one array (places, draws) a day."""
    owners = len(courses.begin) - 1
    low = int(courses.day.min())
    span = max(int(courses.day.max()), *days) - low + 1
    clock = np.repeat(np.arange(owners), np.diff(courses.begin)) * span + (courses.day - low)
    for day in days:
        at = np.searchsorted(clock, np.arange(owners) * span + (day - low), side="right") - 1
        yield courses.state[at].reshape(places, -1)


def _kind(control: Control, before: States, after: States, name: str) -> dict[str, Bools]:
    """For each holder in which places and histories it gained, lost or held them, (places, draws)."""
    found = {}
    for k, state in enumerate(control.states):
        if state in control.holders:
            had, has = before == k, after == k
            found[state] = {"gained": ~had & has, "lost": had & ~has, "held": had & has}[name]
    return found


def _draws(places: int) -> int:
    return min(_DRAWS, max(_FEWEST, _IN_ALL // max(places, 1)))


def bounds_of(drawn: npt.NDArray[Any], unit: str) -> Bounds:
    """The 5, 50 and 95 % points of what was drawn."""
    low, best, high = np.quantile(drawn, [_LOW, _BEST, _HIGH], method="inverted_cdf").tolist()
    return Bounds(low=float(low), best=float(best), high=float(high), unit=unit, meaning="credible90")
