"""What each report counts, in one unit. Units are never added to one another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.measures.sheet import NO_DAY, Sheet

__all__ = ["Counts", "best_chain", "counts", "floor_of", "in_unit", "told_as_deaths"]

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]


class Counts(NamedTuple):
    """Low, best and high of each row, shape (rows,); NaN is *not known*."""

    low: Floats
    best: Floats
    high: Floats


def counts(sheet: Sheet, rows: Rows, unit: str) -> Counts:
    """What some rows count in a unit.

    A report without a figure tells of one incident, or of at least one of anything else. Deaths stand in
    columns of their own beside any other count, so an incident can also be asked for its dead.
    """
    told = _figures(sheet, rows, ("count_low", "count", "count_high"))
    dead = told_as_deaths(sheet, rows) if unit == "death" else np.zeros(len(rows), dtype=bool)
    low, best, high = np.where(dead, _figures(sheet, rows, _DEATHS), told)
    silent = np.isnan(low) & np.isnan(best) & np.isnan(high)
    single = in_unit(sheet, rows, "incident") & (unit != "death")
    best = np.where(silent & single, 1.0, best)
    low = np.where(np.isnan(low), best, low)
    low = np.where(np.isnan(low), np.where(silent, 1.0, 0.0), low)
    # "At least 900" has a low and no best: its high is open. "900" is its own high.
    high = np.where(np.isnan(high), best, high)
    return Counts(low, best, high)


def in_unit(sheet: Sheet, rows: Rows | slice, unit: str) -> npt.NDArray[np.bool_]:
    """Which rows count in a unit; a report without a unit is one incident, and any may state deaths."""
    words, codes = sheet.coded("unit")
    named = np.array([*(word == unit for word in words), unit == "incident"], dtype=bool)[codes[rows]]
    return named | told_as_deaths(sheet, rows) if unit == "death" else named


_DEATHS = ("deaths_low", "deaths_best", "deaths_high")


def told_as_deaths(sheet: Sheet, rows: Rows | slice) -> npt.NDArray[np.bool_]:
    """Which rows state deaths in their own columns and count nothing else in deaths."""
    words, codes = sheet.coded("unit")
    named = np.array([*(word == "death" for word in words), False], dtype=bool)[codes[rows]]
    stated = ~np.isnan(_figures(sheet, rows, _DEATHS)).all(axis=0)
    return np.asarray(stated & ~named, dtype=bool)


def _figures(sheet: Sheet, rows: Rows | slice, columns: tuple[str, str, str]) -> Floats:
    """Low, best and high as stated, shape (3, rows)."""
    return np.stack([np.asarray(sheet.numbers(column), dtype=float)[rows] for column in columns])


def floor_of(sheet: Sheet, rows: Rows, values: Floats, city_of: Mapping[str, str] | None = None) -> float:
    """The most that one voice's reports add up to without counting any day of a place twice.

    "200 in the last day" and "900 in the two weeks" overlap and are not added: the best chain of
    reports that do not overlap is taken (weighted interval scheduling), places and areas apart.
    Two reports of one day and place may tell of one thing, so they too count once: this is a floor.

    Args:
        city_of: the city of each neighbourhood: a figure for the city holds those for its neighbourhoods.
    """
    if not len(rows):
        return 0.0
    grounds = np.stack([sheet.coded("place")[1][rows], sheet.coded("area")[1][rows]], axis=1)
    first, after = sheet.numbers("date")[rows], sheet.numbers("date_to")[rows]
    after = np.where(after == NO_DAY, first + 1, after)
    distinct, group = np.unique(grounds, axis=0, return_inverse=True)
    words = sheet.coded("place")[0]
    in_city: dict[str, list[float]] = {}
    wider = 0.0
    for number, (place, _) in enumerate(distinct):
        mine = np.flatnonzero(group.ravel() == number)
        chain = best_chain(first[mine].tolist(), after[mine].tolist(), values[mine].tolist())
        if place < 0:
            wider = max(wider, chain)
            continue
        city = (city_of or {}).get(words[place])
        own, parts = in_city.setdefault(city or words[place], [0.0, 0.0])
        in_city[city or words[place]] = [own, parts + chain] if city else [max(own, chain), parts]
    # A figure for an area holds those for the places in it, and one for a city those for its neighbourhoods.
    return max(sum(max(own, parts) for own, parts in in_city.values()), wider)


def best_chain(first: list[int], after: list[int], values: list[float]) -> float:
    """The greatest sum of values over periods (closed-open) that do not overlap.

    Source: weighted interval scheduling, Kleinberg & Tardos, "Algorithm Design" (2005), 6.1.
    """
    ends, best = [-(2**62)], [0.0]
    for end, start, value in sorted(zip(after, first, values, strict=True)):
        before = bisect_right(ends, start) - 1
        ends.append(end)
        best.append(max(best[-1], best[before] + value))
    return best[-1]
