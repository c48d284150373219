"""Numbers that every page of a site asks for, asked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from zenobia.publish.numbers import Numbers, Passing
from zenobia.terms import ControlEstimate, Place

__all__ = ["Remembering"]

Row = tuple[Place, ControlEstimate]


class Remembering:
    """Numbers that are asked once for what every page needs."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._days: dict[date, Sequence[Row]] = {}
        self._through: dict[tuple[date, ...], Sequence[Passing]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._numbers, name)

    @cached_property
    def _checked(self) -> Mapping[str, Any]:
        return self._numbers.check()

    def check(self) -> Mapping[str, Any]:
        return self._checked

    def through(self, days: Sequence[date]) -> Sequence[Passing]:
        if tuple(days) not in self._through:
            self._through[tuple(days)] = self._numbers.through(days)
        return self._through[tuple(days)]

    def control_on(self, day: date) -> Sequence[Row]:
        if day not in self._days:
            self._days[day] = self._numbers.control_on(day)
        return self._days[day]
