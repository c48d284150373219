"""On whose word a place's estimate rests, and the days on which that changes wholly.

A series that seems to turn may only have changed hands among those who tell of it. Such days are marked.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zenobia.control.evidence import Evidence

__all__ = ["CARRY_DAYS", "switches"]

Ints = npt.NDArray[np.int64]

# Who has spoken of a place within so many days carries its estimate; and after a longer silence, who spoke last.
CARRY_DAYS = 180


def switches(evidence: Evidence, rows: slice, stated: Ints) -> list[int]:
    """The days from which on a place's estimate rests on other voices than before, every one of them.

    On such a day somebody speaks of the place, and none of the voices of that day and the 180 days after it is among
    those of the 180 days up to the last word before it.

    Args:
        rows: the place's statements. stated: (n,) the first day that the report of each statement names; what a
            report lets one conclude of days before does not count.
    """
    day, voice = evidence.statements.day[rows], evidence.statements.voice[rows]
    own = day >= stated[rows]
    day, voice = day[own], voice[own]
    before = np.searchsorted(day, day - CARRY_DAYS, side="left").tolist()
    after = np.searchsorted(day, day + CARRY_DAYS, side="right").tolist()
    voices, found = voice.tolist(), []
    # Where the voice is that of the word before, nothing switches.
    for nth in (1 + np.flatnonzero((np.diff(day) > 0) & (np.diff(voice) != 0))).tolist():
        if set(voices[before[nth - 1] : nth]).isdisjoint(voices[nth : after[nth]]):
            found.append(int(day[nth]))
    return found
