"""What was believed of contradictions and of places that changed hands by turns: as known then, later and now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from zenobia.control import Control
from zenobia.pipeline import OpenCase
from zenobia.record import View
from zenobia.terms import day_of

__all__ = ["LATER", "Clash", "Said", "Then", "clashes", "flapping", "given_up", "then"]

LATER = (("that day", 0), ("a week on", 7), ("a month on", 30))
# A place flaps that is said to have been taken by another side than the last time, so often.
_FLAPS = 3

# Who is said, of which place and single day, to hold or take it, and by which voices.
Said = Mapping[tuple[str, int], Mapping[str, set[str]]]
# What was believed of a place on a day: by what was known when, the leading state, its chance.
Then = Callable[[str, int], tuple[tuple[str, str, float], ...]]


class Clash(NamedTuple):
    """What sides are said to have held or taken a place on one day; and who is believed to have held it the day after.

    ``said``: each side with its voices. ``believed``: what was known when, the leading state, its chance.
    """

    place: str
    day: int
    said: tuple[tuple[str, tuple[str, ...]], ...]
    believed: tuple[tuple[str, str, float], ...]


def then(case: OpenCase, view: View) -> Then:
    """What is believed of the day after a day, as known that day, later and now."""

    @cache
    def known(day: int) -> Control:
        return case.estimate(case.known(day_of(day)))

    def believed(place: str, day: int) -> tuple[tuple[str, str, float], ...]:
        asked = [*((label, known(day + later)) for label, later in LATER), ("now", case.estimate(view))]
        return tuple((label, *_leading(estimate, place, day + 1)) for label, estimate in asked)

    return believed


def clashes(said: Said, believed: Then) -> Iterator[Clash]:
    """Each place and day on which independent voices give different holders."""
    for (place, day), sides in sorted(said.items()):
        if len(sides) > 1 and len(set().union(*sides.values())) > 1:
            yield Clash(place, day, _sides(sides), believed(place, day))


def flapping(taken: Said, believed: Then) -> Iterator[Clash]:
    """Every capture of the places said to be taken by turns, at least three times from one side by another."""
    of_place: dict[str, list[tuple[int, Mapping[str, set[str]]]]] = defaultdict(list)
    for (place, day), sides in sorted(taken.items()):
        of_place[place].append((day, sides))
    for place, rows in sorted(of_place.items()):
        if _turns([set(sides) for _, sides in rows]) >= _FLAPS:
            for day, sides in rows:
                yield Clash(place, day, _sides(sides), believed(place, day))


def given_up(taken: Said, believed: Then) -> Iterator[Clash]:
    """Captures told by one side's name that were believed as known then, or within a month, and are not now."""
    for (place, day), sides in sorted(taken.items()):
        if len(sides) == 1:
            ((side, _),) = sides.items()
            found = believed(place, day)
            if found[-1][1] != side and any(leads == side for _, leads, _ in found[:-1]):
                yield Clash(place, day, _sides(sides), found)


def _turns(takers: Sequence[set[str]]) -> int:
    """How often a place went over to a side that had not just taken it."""
    return sum(not before & after for before, after in pairwise(takers))


def _sides(said: Mapping[str, set[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((side, tuple(sorted(voices))) for side, voices in sorted(said.items()))


def _leading(estimate: Control, place: str, day: int) -> tuple[str, float]:
    if place not in estimate.places:
        return "no report yet", float("nan")
    held = estimate.chances([place], np.array([day]))[0]
    return estimate.states[int(held.argmax())], float(held.max())
