"""Holders that appear, end, or go over into another: on which days each can hold anything at all.

A holder that begins (`from` in actors.csv) holds nothing before, one that has ended (`to`) nothing from that day on.
What it held on its last day goes to the holder that it is part of from then on, if the case names one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.record import View
from zenobia.terms import day_number

__all__ = ["Lives", "alive", "endings", "lives_of", "successions"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_ALWAYS = 2**31


class Lives(NamedTuple):
    """Per state the first day and the day after the last, (S,); and who follows whom, as (state, heir) with the day."""

    first: Ints
    after: Ints
    heirs: tuple[tuple[int, int, int], ...]

    def turning(self, origin: int, end: int) -> Ints:
        """The days within a period on which somebody appears or ends, in order."""
        days = np.unique(np.concatenate([self.first, self.after]))
        return np.asarray(days[(days > origin) & (days < end)], dtype=np.int64)


def lives_of(view: View, states: tuple[str, ...]) -> Lives:
    """When each state can be that of a place; what lies between holders always can."""
    held = [view.actors.get(state) for state in states]
    first = [day_number(a.start) if a is not None and a.start else -_ALWAYS for a in held]
    after = [day_number(a.end) if a is not None and a.end else _ALWAYS for a in held]
    heirs = []
    for k, state in enumerate(states):
        heir = view.holder_of(state, after[k]) if after[k] < _ALWAYS else None
        if heir in states and heir != state:
            heirs.append((k, states.index(heir), after[k]))
    return Lives(np.array(first, dtype=np.int64), np.array(after, dtype=np.int64), tuple(heirs))


def alive(lives: Lives, day: Ints) -> npt.NDArray[np.bool_]:
    """Which states are possible on each day, shape (n, S)."""
    return np.asarray((day[:, None] >= lives.first) & (day[:, None] < lives.after))


def successions(lives: Lives, step: Floats) -> Floats:
    """Factors on the moves of the days on which holders end, (t, S, S), a row for each of `endings`.

    What a holder had on its last day passes to its heir, or where it has none to anybody, as surely as it must.

    Args:
        step: (S, S) the moves of a usual day.
    """
    days = endings(lives)
    moves = np.ones((len(days), *step.shape))
    heirs = {state: heir for state, heir, _ in lives.heirs}
    for state in map(int, np.flatnonzero(lives.after < _ALWAYS)):
        row = moves[int(np.searchsorted(days, lives.after[state])), state]
        if state in heirs:
            row[:] = 0.0
            row[heirs[state]] = 1.0 / step[state, heirs[state]]
        else:
            row[:] = 1.0 / (1.0 - step[state, state])
    return moves


def endings(lives: Lives) -> Ints:
    """The days on which a holder is none any more, in order, (t,)."""
    return np.asarray(np.unique(lives.after[lives.after < _ALWAYS]), dtype=np.int64)
