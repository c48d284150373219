"""Warnings beside an estimate: one voice only, silence, contradiction.

They do not change who is believed to hold a place. They say on how little, on what that is long past, or against
whose word that rests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt

from zenobia.control.evidence import Evidence
from zenobia.terms import ControlWarning, day_of

__all__ = ["CLASH_DAYS", "SILENT_DAYS", "warned"]

# Days without evidence from which on silence is told of.
SILENT_DAYS = 60
# Within how many days of the day asked voices that say different holders contradict each other.
CLASH_DAYS = 10


def warned(
    evidence: Evidence, rows: slice, day: int, leader: str, voices: Collection[str], ids: npt.NDArray[np.object_]
) -> tuple[ControlWarning, ...]:
    """What to be wary of in the estimate of a place on a day.

    Args:
        rows: the place's statements. leader: the state that leads. voices: those who speak for it in its spell.
        ids: of the reports of the view.
    """
    return (*_few(leader, voices), *_silent(evidence, rows, day), *_clashing(evidence, rows, day, ids))


def _few(leader: str, voices: Collection[str]) -> Iterator[ControlWarning]:
    if not voices:
        yield ControlWarning(
            kind="one voice", says=f"no voice says {leader}: it follows from what is said of other days"
        )
    elif len(voices) == 1:
        (voice,) = voices
        yield ControlWarning(kind="one voice", says=f"one voice only: {voice}", voices={leader: (voice,)})


def _silent(evidence: Evidence, rows: slice, day: int) -> Iterator[ControlWarning]:
    stated = evidence.statements.day[rows]
    nth = int(np.searchsorted(stated, day, side="right"))
    later = int(stated[nth]) - day if nth < len(stated) else None
    if nth and day - int(stated[nth - 1]) > SILENT_DAYS:
        days = day - int(stated[nth - 1])
        ahead = "" if later is None else f"; the next is {later} days later"
        yield ControlWarning(
            kind="silence", says=f"no evidence for {days} days, since {day_of(day - days)}{ahead}", days=days
        )
    elif not nth and later is not None and later > SILENT_DAYS:
        yield ControlWarning(
            kind="silence", says=f"no evidence up to this day; the first is {later} days later", days=later
        )


def _clashing(evidence: Evidence, rows: slice, day: int, ids: npt.NDArray[np.object_]) -> Iterator[ControlWarning]:
    """Voices that say different holders within ten days of the day, where no one change of hands explains both."""
    told = _holders_told(evidence, rows, day)
    clashing = {
        holder for pair in combinations(sorted(told), 2) if _clash(told[pair[0]], told[pair[1]]) for holder in pair
    }
    if not clashing:
        return
    sides = {h: tuple(sorted({voice for _, voice, _ in told[h]})) for h in evidence.states if h in clashing}
    words = "; ".join(f"{holder} ({', '.join(voices)})" for holder, voices in sides.items())
    reports = sorted({str(ids[report]) for holder in sides for *_, report in told[holder]})
    yield ControlWarning(
        kind="contradiction",
        says=f"within {CLASH_DAYS} days voices say different holders: {words}",
        voices=sides,
        reports=tuple(reports),
    )


def _holders_told(evidence: Evidence, rows: slice, day: int) -> dict[str, list[tuple[int, str, int]]]:
    """For each holder that is plainly said to hold the place near the day: the days, voices and reports."""
    said = evidence.statements
    near = rows.start + np.flatnonzero(np.abs(said.day[rows] - day) <= CLASH_DAYS)
    told: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for row in near:
        open_to = np.flatnonzero(evidence.sayings[said.says[row]])
        if len(open_to) == 1 and evidence.states[open_to[0]] in evidence.holders:
            voice = evidence.voices[said.voice[row]]
            told[evidence.states[open_to[0]]].append((int(said.day[row]), voice, int(said.report[row])))
    return told


def _clash(one: list[tuple[int, str, int]], other: list[tuple[int, str, int]]) -> bool:
    """Whether different voices say both, and neither is said to have come only after the other."""
    days = [[day for day, *_ in side] for side in (one, other)]
    in_turn = max(days[0]) < min(days[1]) or max(days[1]) < min(days[0])
    return not in_turn and len({voice for _, voice, _ in (*one, *other)}) > 1
