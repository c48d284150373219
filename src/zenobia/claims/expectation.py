"""What a claim expects of a figure: ``> 0.5``, ``9.5..10.5``, ``<= 2015-12-21``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from zenobia.measures.wording import chance, day, number, plural
from zenobia.terms import Bounds, InputError, parse_day, parse_published

__all__ = ["Expectation", "Finding", "read_expectation"]

Finding = Literal["supported", "contradicted", "cannot tell"]

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_DATE = r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?"
_ONE_SIDED = re.compile(rf"^(>=|<=|>|<|=)\s*({_DATE}|{_NUMBER})$")
_RANGE = re.compile(rf"^({_DATE}|{_NUMBER})\s*\.\.\s*({_DATE}|{_NUMBER})$")
_SHAPE = '"> x", ">= x", "< x", "<= x", "= x" or "a..b" (both included), numbers or ISO days'


@dataclass(frozen=True)
class Expectation:
    """An interval that a figure must lie in; ``None`` is no limit. Days are proleptic ordinals."""

    text: str
    low: float | None
    high: float | None
    low_open: bool = False
    high_open: bool = False
    dates: bool = False

    def judge(self, found: Bounds) -> Finding:
        """supported: the whole of the figure's range meets it; contradicted: none of it does.

        An unknown limit of a figure is open: "at least 950" meets ">= 900" and never "<= 2000". A
        chance is not a quantity but a degree of belief: "> 0.9" is contradicted only where the
        chance of the opposite is that high, and a coin's toss contradicts nothing.
        """
        if self.dates != (found.unit == "date"):
            raise InputError(
                f"`expect: {self.text}` cannot be compared with {'a day' if found.unit == 'date' else found.unit}",
                value=self.text,
                expected="days for a day, numbers for a number",
                fix="look at which measure is asked",
            )
        if self._within(found.low, found.high):
            return "supported"
        if found.unit == "chance":
            against = _opposite(found)
            refuted = self._within(against.low, against.high)
        else:
            refuted = self._outside(found.low, found.high)
        return "contradicted" if refuted else "cannot tell"

    def words(self, unit: str) -> str:
        """The expectation as a person would put it, in the unit of the figure: at least 900 raids."""
        low, high = (None if x is None else self._shown(x, unit) for x in (self.low, self.high))
        told = self._limits(low, high)
        if unit == "rank":
            return f"a rank of {told}"
        plain = self.dates or unit.startswith(("chance", "share"))
        return told if plain else f"{told} {plural(unit, self.low if self.high is None else self.high)}"

    def _limits(self, low: str | None, high: str | None) -> str:
        if low is not None and high is not None:
            return low if low == high else f"{low} to {high}"
        if low is not None:
            over, least = ("after", "no earlier than") if self.dates else ("more than", "at least")
            return f"{over if self.low_open else least} {low}"
        under, most = ("before", "no later than") if self.dates else ("less than", "at most")
        return f"{under if self.high_open else most} {high}"

    def leaning(self, found: Bounds) -> Literal[-1, 0, 1]:
        """Whether what adds to a figure speaks for the claim (1), against it (-1), or neither (0).

        "At most", "none" and "from none to some" ask for little. In a middle range it depends on where the
        figure stands: what adds to one that is too small already speaks for the claim; inside neither does.
        """
        if self.dates or self.high is None:
            return 1
        if self.low is None or self.low <= 0:
            return -1
        best = found.best if found.best is not None else found.low
        if best is None or self.low <= best <= self.high:
            return 0
        return 1 if best < self.low else -1

    def _within(self, low: float | None, high: float | None) -> bool:
        above = self.low is None or (low is not None and (low > self.low if self.low_open else low >= self.low))
        below = self.high is None or (high is not None and (high < self.high if self.high_open else high <= self.high))
        return above and below and not (low is None and high is None)

    def _outside(self, low: float | None, high: float | None) -> bool:
        over = self.high is not None and low is not None and (low >= self.high if self.high_open else low > self.high)
        under = self.low is not None and high is not None and (high <= self.low if self.low_open else high < self.low)
        return over or under

    def _shown(self, value: float, unit: str) -> str:
        if self.dates:
            return day(value)
        return chance(value) if unit.startswith(("chance", "share")) else number(value)


def read_expectation(text: str | float, *, file: str | None = None, of: str = "") -> Expectation:
    """Read what stands under ``expect``.

    Raises:
        InputError: it has none of the forms.
    """
    told = str(text).strip()
    one, both = _ONE_SIDED.match(told), _RANGE.match(told)
    if not one and not both:
        raise _unreadable(told, file, of)
    try:
        return _one_sided(told, *one.groups()) if one else _range(told, *both.groups())  # type: ignore[union-attr]
    except InputError:
        raise _unreadable(told, file, of) from None


def _one_sided(text: str, sign: str, value: str) -> Expectation:
    dates = _is_date(value)
    first, last = _limits(value)
    if sign == "=":
        return Expectation(text, first, last, dates=dates)
    # "> 2016-03" is after March; ">= 2016-03" is from its first day.
    if sign in (">", ">="):
        return Expectation(text, last if sign == ">" else first, None, low_open=sign == ">", dates=dates)
    return Expectation(text, None, first if sign == "<" else last, high_open=sign == "<", dates=dates)


def _range(text: str, low: str, high: str) -> Expectation:
    dates = _is_date(low)
    first, last = _limits(low)[0], _limits(high)[1]
    if dates != _is_date(high) or first > last:
        raise InputError("not a range")
    return Expectation(text, first, last, dates=dates)


def _is_date(value: str) -> bool:
    return re.fullmatch(_DATE, value) is not None


def _limits(value: str) -> tuple[float, float]:
    """First and last value that a word means: a month is all its days."""
    if not _is_date(value):
        return float(value), float(value)
    return float(parse_day(value).toordinal()), float(parse_published(value).toordinal())


def _opposite(found: Bounds) -> Bounds:
    low, high = (None if x is None else 1 - x for x in (found.high, found.low))
    return Bounds(low=low, best=None, high=high, unit=found.unit, meaning=found.meaning)


def _unreadable(text: str, file: str | None, of: str) -> InputError:
    subject = f"{of}, " if of else ""
    return InputError(
        f"{subject}key `expect`: not an expectation",
        file=file,
        value=text,
        expected=_SHAPE,
        fix='write, for example, expect: "> 0.5"',
    )
