"""A stretch of time cut into days, weeks or months."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from zenobia.measures.wording import day, listing, month
from zenobia.terms import day_number, day_of

__all__ = ["Every", "Period", "named_periods", "periods", "stabbed"]

Every = Literal["day", "week", "month"]


class Period(NamedTuple):
    """One period, closed-open, in day numbers; its place among the others; and what it is cut by."""

    start: int
    end: int
    nth: int
    every: Every

    def name(self) -> str:
        """June 2015; the week from 1 June 2015; 1 June 2015."""
        first = day_of(self.start)
        if self.every == "month":
            return month(first)
        return day(first) if self.every == "day" else f"the week from {day(first)}"


def periods(start: dt.date, end: dt.date, every: Every) -> tuple[Period, ...]:
    """A closed-open stretch, cut; weeks begin with its first day, months are those of the calendar, cut at its ends."""
    cuts = [*_cuts(day_number(start), day_number(end), every), day_number(end)]
    return tuple(Period(a, b, nth, every) for nth, (a, b) in enumerate(itertools.pairwise(cuts)))


def _cuts(start: int, end: int, every: Every) -> Iterator[int]:
    reached = start
    while reached < end:
        yield reached
        reached = _next_month(reached) if every == "month" else reached + (7 if every == "week" else 1)


def _next_month(reached: int) -> int:
    first = day_of(reached).replace(day=1)
    return day_number((first + dt.timedelta(days=31)).replace(day=1))


def named_periods(some: Sequence[Period]) -> str:
    """Periods in words, neighbours together: June 2015 to August 2015 and October 2015."""
    runs: list[list[Period]] = []
    for one in some:
        if runs and runs[-1][-1].nth + 1 == one.nth:
            runs[-1].append(one)
        else:
            runs.append([one])
    return listing(run[0].name() if len(run) == 1 else f"{run[0].name()} to {run[-1].name()}" for run in runs)


def stabbed(stretches: Iterable[tuple[int, int]]) -> int:
    """The least number of periods that can hold something of every stretch (first and last period, both in).

    What is told of a stretch happened somewhere in it: two that overlap may be one thing.

    >>> stabbed([(0, 0), (0, 3), (2, 3)])
    2

    Source: interval stabbing by earliest end, Kleinberg & Tardos, "Algorithm Design" (2005), 4.1.
    """
    found, reached = 0, -1
    for end, start in sorted((last, first) for first, last in stretches):
        if start > reached:
            found, reached = found + 1, end
    return found
