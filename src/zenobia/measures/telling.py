"""Which reports carry a change of hands at each of many places, and whether anybody but the taker tells of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.measures.belonging import belonging
from zenobia.measures.holding import speaks_of_place, statuses
from zenobia.measures.question import Apart, SourcesRule
from zenobia.measures.selection import credible, heard, set_apart
from zenobia.measures.sheet import NO, NO_DAY, YES, Sheet
from zenobia.measures.voices import by_voice, is_listed, stands_among

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["Told", "alone_words", "tellings"]

Flags = npt.NDArray[np.bool_]

# Who alone tells of a gain: the side that gains, sources that the record does not list, both of these,
# or others only in what is said to be doubtful.
Alone = Literal["side", "strangers", "either", "doubted"]
_ALONE: Mapping[Alone, str] = {
    "side": "by the side that gains",
    "strangers": "by sources that the record does not list, whose side nobody knows",
    "either": "by the side that gains and by sources whose side nobody knows",
    "doubted": "in reports that are said to be doubtful",
}

# What is said this many days after a period still tells of what came about in it.
_LATER_DAYS = 60


class Told(NamedTuple):
    """What is told of a change of hands at one place.

    Attributes:
        rows: those that tell of it: the taker has or took the place, or the loser lost it.
        turning: of these, those that tell of the turn itself, not only of who holds the place since.
        others: of these, those whose voice does not stand with the taker and is listed, and that nobody doubts.
        voices: how many voices tell of it.
        alone: where there are no others, who those are that tell of it.
    """

    rows: tuple[int, ...]
    turning: tuple[int, ...]
    others: tuple[int, ...]
    voices: int
    alone: Alone | None = None

    @property
    def claimed_only(self) -> bool:
        """Whether nobody tells of it but the side that gains by it, or a stranger, or nobody without a doubt."""
        return not self.others

    @property
    def turned(self) -> bool:
        """Whether anybody else tells of the turn itself."""
        return not set(self.others).isdisjoint(self.turning)


def tellings(
    view: View,
    places: Collection[str],
    before: Collection[str],
    after: Collection[str],
    start: int,
    end: int,
    *,
    sources: SourcesRule,
    apart: Apart,
) -> tuple[dict[str, Told], tuple[str, ...]]:
    """For each place that reports tell of: those that say that it came from ``before`` to ``after``.

    They speak of the period (day numbers, closed-open), or say within 60 days after it that the taker
    holds the place. ``before`` empty means anybody.

    Returns:
        what is told, by place; and the ids of the claimant's own reports, which count for nothing.
    """
    sheet = Sheet.of(view)
    telling, turning = _telling(view, sheet, tuple(before), tuple(after), start, end)
    telling &= sheet.by_word("place", lambda word: YES if word in places else NO) == YES
    telling &= (heard(view, sources) == YES) & speaks_of_place(sheet)
    mine = set_apart(view, apart)
    words, codes = sheet.coded("place")
    found: dict[str, list[int]] = {}
    for row in np.flatnonzero(telling & ~mine).tolist():
        found.setdefault(words[codes[row]], []).append(row)
    told = {place: _told(view, rows, turning, after) for place, rows in sorted(found.items())}
    return told, sheet.named(np.flatnonzero(telling & mine))


def _telling(
    view: View, sheet: Sheet, before: tuple[str, ...], after: tuple[str, ...], start: int, end: int
) -> tuple[Flags, Flags]:
    """Which reports tell of the change, and which of the turn itself."""
    takes, holds, loses = (statuses(sheet, word) for word in ("takes", "holds", "loses"))
    first, after_day = sheet.numbers("date"), sheet.numbers("date_to")
    ended = np.where(after_day == NO_DAY, first + 1, after_day)
    dated = (first != NO_DAY) & (ended > start)
    theirs = sheet.kept(("holder", after), lambda: belonging(view, sheet, "holder", after)) == YES
    # Where no loser is named, that somebody lost the place does not say who has it now.
    lost = np.zeros(len(sheet), dtype=np.bool_)
    if before:
        lost = sheet.kept(("holder", before), lambda: belonging(view, sheet, "holder", before)) == YES
    took = dated & (first < end) & ((takes & theirs) | (loses & lost & ~theirs))
    # What is said to have been taken after the period was not taken in it; what is held then may have been.
    return took | (dated & (first < end + _LATER_DAYS) & holds & theirs), took


def _told(view: View, rows: list[int], turning: Flags, after: Collection[str]) -> Told:
    voices, believed = by_voice(view, rows), credible(Sheet.of(view))
    siding = {voice for voice, said in voices.items() if stands_among(view, voice, said, after)}
    others = [
        row
        for voice, said in voices.items()
        if is_listed(view, voice) and voice not in siding
        for row in said
        if believed[row]
    ]
    heard = {voice for voice, said in voices.items() if believed[said].any()}
    alone = None if others else _alone(heard, siding)
    return Told(tuple(rows), tuple(r for r in rows if turning[r]), tuple(sorted(others)), len(voices), alone)


def _alone(heard: Collection[str], siding: Collection[str]) -> Alone:
    """Who those are that tell without a doubt, where none of them is both listed and on no side that gains."""
    if not heard:
        return "doubted"
    sides = {voice in siding for voice in heard}
    return "either" if len(sides) > 1 else "side" if True in sides else "strangers"


def alone_words(told: Mapping[str, Told]) -> dict[str, tuple[str, ...]]:
    """Places by who alone tells of them: "by the side that gains", and what else there may be."""
    found: dict[str, list[str]] = {}
    for why, words in _ALONE.items():
        found[words] = [place for place, one in told.items() if one.claimed_only and one.alone == why]
    return {words: tuple(places) for words, places in found.items() if places}
