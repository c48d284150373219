"""What became of an estimate when more was known: which days were seen otherwise then, and how surely."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control.estimate import Control
from zenobia.terms import day_of

__all__ = ["Revision", "revised"]

# How far the chance of a leading holder must have moved to be told where the holder is the same.
_MOVED = 0.2
_NOBODY = -1


class Revision(NamedTuple):
    """Days, closed-open, on which a place is seen otherwise than before.

    ``before`` and ``after`` are the leading state and its mean chance over these days; ``None``
    where there was no basis.
    """

    place: str
    start: date
    end: date
    before: tuple[str, float] | None
    after: tuple[str, float] | None


def revised(then: Control, now: Control) -> tuple[Revision, ...]:
    """Every stretch of days on which the leading holder is another, or its chance moved by 0.2 or more.

    Args:
        then, now: the estimates from what was known earlier and later.
    """
    spans = [(c.first, c.after) for c in (then, now) if c.places]
    if not spans:
        return ()
    days = np.arange(min(first for first, _ in spans), max(after for _, after in spans))
    places = sorted({*then.places, *now.places})
    return tuple(revision for place in places for revision in _of_place(place, days, then, now))


def _of_place(place: str, days: npt.NDArray[np.int64], then: Control, now: Control) -> Iterator[Revision]:
    (state_then, chance_then), (state_now, chance_now) = _leaders(then, place, days), _leaders(now, place, days)
    names = [*then.states, *(state for state in now.states if state not in then.states)]
    was, is_ = _numbered(state_then, then.states, names), _numbered(state_now, now.states, names)
    same = was == is_
    moved = same & (np.abs(chance_now - chance_then) >= _MOVED)
    kind = np.where(same & ~moved, 0, 1 + (was + 1) * (len(names) + 1) + is_ + 1)
    edges = np.flatnonzero(np.diff(kind)) + 1
    for begin, end in zip([0, *edges], [*edges, len(days)], strict=True):
        if kind[begin]:
            yield Revision(
                place=place,
                start=day_of(int(days[begin])),
                end=day_of(int(days[end - 1]) + 1),
                before=_told(was[begin], chance_then[begin:end], names),
                after=_told(is_[begin], chance_now[begin:end], names),
            )


def _leaders(
    control: Control, place: str, days: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    if place not in control.places:
        return np.full(len(days), _NOBODY), np.zeros(len(days))
    chances = control.chances([place] * len(days), days)
    return chances.argmax(axis=1), chances.max(axis=1)


def _numbered(state: npt.NDArray[np.int64], states: tuple[str, ...], names: list[str]) -> npt.NDArray[np.int64]:
    """Positions in ``states`` as positions in ``names``; nobody stays nobody."""
    return np.array([*(names.index(name) for name in states), _NOBODY])[state]


def _told(state: int, chances: npt.NDArray[np.float64], names: list[str]) -> tuple[str, float] | None:
    return None if state == _NOBODY else (names[state], float(chances.mean()))
