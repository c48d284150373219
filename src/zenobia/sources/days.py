"""Columns of days as people and programs write them, read by what the column itself shows.

`03/04/2016` means nothing by itself. A column in which some value can only be day first (`27/01/2014`)
is day first all through; one in which some can only be month first is month first; one that shows both, or
neither, says nothing, and its ambiguous values are not read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Order", "days_in", "order_of", "read_day"]

Order = Literal["day first", "month first"]

_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"^(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_TIME}$", re.I)
_TYPED = re.compile(rf"^(\d{{1,2}})([/.])(\d{{1,2}})\2(\d{{4}}){_TIME}$", re.I)


def order_of(values: Iterable[str]) -> Order | None:
    """Which comes first in the typed days of a column; ``None`` where it shows neither or both."""
    found = [match for value in values if (match := _TYPED.match(value.strip()))]
    day_first = any(int(match[1]) > 12 for match in found) or any(match[2] == "." for match in found)
    month_first = any(int(match[3]) > 12 for match in found)
    if day_first == month_first:
        return None
    return "day first" if day_first else "month first"


def read_day(text: str, order: Order | None = None) -> dt.date | None:
    """One day, or nothing where the text is none or could be two.

    >>> read_day("05/02/2014 00:00", "month first"), read_day("05/02/2014"), read_day("27/01/2014")
    (datetime.date(2014, 5, 2), None, datetime.date(2014, 1, 27))
    """
    text = text.strip()
    if iso := _ISO.match(text):
        return _day(iso[1], iso[2], iso[3])
    typed = _TYPED.match(text)
    if not typed:
        return None
    first, second, year = typed[1], typed[3], typed[4]
    if order == "month first":
        return _day(year, first, second)
    if order == "day first" or typed[2] == ".":
        return _day(year, second, first)
    readings = {day for day in (_day(year, first, second), _day(year, second, first)) if day}
    return readings.pop() if len(readings) == 1 else None


def days_in(column: pa.ChunkedArray, order: Order | None = None) -> pa.Array:
    """A column of text as days: each different text is read once; what cannot be read is null."""
    coded = pc.dictionary_encode(column.combine_chunks())
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    read = pa.array([read_day(text or "", order) for text in coded.dictionary.to_pylist()], pa.date32())
    return read.take(coded.indices)


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
