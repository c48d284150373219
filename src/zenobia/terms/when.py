"""Days with their precision: what a date column says, and no more.

A day is a calendar day where it happened, never converted. Periods are closed-open: ``date_to``
is the first day after.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from zenobia.terms.errors import InputError

__all__ = ["DatePrecision", "When", "day_number", "day_of", "parse_day", "parse_published", "parse_when"]

DatePrecision = Literal["day", "week", "month", "quarter", "year", "range"]

_ISO = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, kw_only=True)
class When:
    """A stretch of days in which something was true.

    ``earliest`` is the first day, ``latest`` the first day after (closed-open); ``basis`` is how
    precisely the source put it.
    """

    earliest: date
    latest: date
    basis: DatePrecision

    def __post_init__(self) -> None:
        if self.latest <= self.earliest:
            raise InputError(
                "a period that ends before it begins",
                value=f"{self.earliest}..{self.latest}",
                expected="date_to is the first day after, so later than date",
                fix="check date and date_to; date_to of a single day is the next day",
            )

    @property
    def days(self) -> int:
        """How many days the period holds."""
        return (self.latest - self.earliest).days


def parse_when(text: str, to: str = "", precision: str = "") -> When:
    """Read ``date``, ``date_to`` and ``date_precision`` as a closed-open period.

    Args:
        text: ISO day, month (``2016-03``) or year.
        to: first day after, if stated; same forms (a month or year means its first day).
        precision: overrides what the form of ``text`` implies.

    Raises:
        InputError: neither form fits, or the period is empty.
    """
    first, after, implied = _span(text)
    if to:
        after = _span(to)[0]
        implied = "range" if (after - first).days > 1 else "day"
    basis = precision or implied
    if basis not in DatePrecision.__args__:  # type: ignore[attr-defined]
        raise InputError(
            "unknown date precision",
            column="date_precision",
            value=precision,
            expected="one of day, week, month, quarter, year, range",
            fix="leave it empty to take it from the form of the date",
        )
    return When(earliest=first, latest=after, basis=basis)  # type: ignore[arg-type]


def parse_day(text: str) -> date:
    """Read one ISO day; a month or year means its first day."""
    return _span(text)[0]


def parse_published(text: str) -> date:
    """The day by which a source had certainly said it: a month or year counts as its last day."""
    return _span(text)[1] - timedelta(days=1)


def day_number(day: date) -> int:
    """Days since 1970-01-01, as arrays and Arrow's date32 hold them."""
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """The calendar day of a day number."""
    return date.fromordinal(int(number) + _EPOCH)


def _span(text: str) -> tuple[date, date, DatePrecision]:
    found = _ISO.match(text.strip())
    if not found:
        raise _not_a_date(text)
    year, month, day = found.groups()
    try:
        if day:
            first = date(int(year), int(month), int(day))
            return first, first + timedelta(days=1), "day"
        if month:
            first = date(int(year), int(month), 1)
            return first, _next_month(first), "month"
        first = date(int(year), 1, 1)
        return first, date(int(year) + 1, 1, 1), "year"
    except (ValueError, OverflowError) as wrong:
        raise _not_a_date(text) from wrong


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _not_a_date(text: str) -> InputError:
    return InputError(
        "not a date",
        value=text,
        expected="an ISO day (2016-03-27), month (2016-03) or year (2016)",
        fix="write the date in ISO form; for a table with other dates see `zenobia add --map`",
    )
