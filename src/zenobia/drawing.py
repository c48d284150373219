"""What a notebook shows of an open case: maps of control, and an estimate that draws itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

from zenobia.numbers import Asked, Numbers
from zenobia.publish import Picture, area_around, course_picture, map_picture
from zenobia.record import View
from zenobia.terms import ControlEstimate, InputError

__all__ = ["DrawnEstimate", "control_map", "drawn"]

_KM_AROUND = 120.0


@dataclass(frozen=True, kw_only=True)
class DrawnEstimate(ControlEstimate):
    """A control estimate that can show how it came about: `plot`."""

    draw: Callable[[date, date], Picture] = field(repr=False, compare=False)

    def plot(self, days: int = 90) -> Picture:
        """The chances of the place so many days before and after, with each report on the day it speaks of."""
        return self.draw(self.on - timedelta(days=days), self.on + timedelta(days=days + 1))


def drawn(asked: Asked, estimate: ControlEstimate, view: View) -> DrawnEstimate:
    """An estimate of an open case, and the way to its picture."""

    def draw(start: date, end: date) -> Picture:
        return course_picture(Numbers(asked, view), estimate.place, start, min(end, asked.until or end))

    told: dict[str, Any] = {each.name: getattr(estimate, each.name) for each in fields(ControlEstimate)}
    return DrawnEstimate(**told, draw=draw)


def control_map(asked: Asked, view: View, on: date, around: str | None, km: float | None) -> Picture:
    """Who most likely held each place on a day: in the case's area, or around a place of it.

    Raises:
        InputError: the place has no position.
    """
    area = None
    if around is not None:
        place = view.place(asked.place(around, view))
        if place.lat is None or place.lon is None:
            raise InputError("a place without a position", value=around, fix="name one that has lat and lon")
        area = area_around(place.lat, place.lon, km or _KM_AROUND)
    return map_picture(Numbers(asked, view), on, area)
