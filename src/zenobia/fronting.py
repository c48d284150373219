"""The ground of a case and the fronts on it, asked of an open case: who faced whom, when, along how many kilometres."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple, Protocol

import pyarrow as pa
import shapely

from zenobia import control
from zenobia.record import View
from zenobia.terms import InputError, bounds_of_day, day_number, day_of

__all__ = [
    "EVERY", "SEED", "Asked", "Scenery", "days_of", "fronts", "fronts_table", "placed_in", "scenery", "shapes_of",
]  # fmt: skip

# How often totals and fronts can be told.
EVERY = ("week", "month", "quarter", "year")
SEED = 1
_MONTHS = {"month": 1, "quarter": 3, "year": 12}

_FRONTS = pa.schema(
    [
        ("date", pa.date32()),
        ("date_to", pa.date32()),
        ("one", pa.string()),
        ("other", pa.string()),
        ("chance", pa.float64()),
        ("km_low", pa.float64()),
        ("km_best", pa.float64()),
        ("km_high", pa.float64()),
        ("band_km2", pa.int64()),
        ("voices_changed", pa.int64()),
        ("known", pa.date32()),
        ("cells", pa.string()),
    ]
)


class Asked(Protocol):
    """What is asked of an open case (`zenobia.pipeline.OpenCase`)."""

    def estimate(self, view: View | None = None) -> control.Control: ...


class Scenery(NamedTuple):
    """The ground of a case, or of an area of it, in joint histories."""

    scene: control.Scene
    area: str | None

    def to_json(self) -> dict[str, Any]:
        """What it is made of: how large it is, of which cells of H3, in how many histories."""
        cells = self.scene.ground.cells
        return {
            "in": self.area,
            "km2": round(float(cells.km2.sum())),
            "resolution": cells.resolution,
            "cells": len(cells.ids),
            "reach_km": control.REACH_KM,
            "evidence_days": control.EVIDENCE_DAYS,
            "draws": self.scene.draws,
        }


def scenery(estimate: control.Control, view: View, area: str | None = None, asked: int | None = None) -> Scenery | None:
    """The ground over all days of the case; ``None`` where no place that reports speak of has a position.

    Args:
        area: an area of the case; without it its country, else its box.
        asked: a day before its beginning or after its end that is asked for as well.

    Raises:
        InputError: there is no such area.
    """
    if area is None and not any(view.places[p].lat is not None for p in estimate.told):
        return None
    ground = control.ground_of(estimate, view.places, control.cells_of(control.outline_of(view, area)))
    if ground is None:
        return None
    first, after = estimate.first, estimate.after
    if asked is not None:
        first, after = min(first, asked), max(after, asked + 1)
    return Scenery(control.set_out(estimate, ground, first, after, seed=SEED), area)


def placed_in(view: View, area: str) -> frozenset[str]:
    """The places that lie in an area."""
    outline = control.outline_of(view, area)
    shapely.prepare(outline)
    return frozenset(
        p.id for p in view.places.values() if p.lon is not None and outline.covers(shapely.Point(p.lon, p.lat))
    )


def days_of(estimate: control.Control, view: View, every: str) -> list[int]:
    """The first day, and the first of every week, month, quarter or year up to the end, or to what is known."""
    after = estimate.after if view.known is None else min(estimate.after, day_number(view.known) + 1)
    return list(_days(estimate.first, after, every))


def _days(first: int, after: int, every: str) -> Iterator[int]:
    """The first day, and the first of every week, month, quarter or year that begins before the end."""
    day = day_of(first)
    while day_number(day) < after:
        yield day_number(day)
        if every == "week":
            day += timedelta(days=7 - day.weekday())
        else:
            months = (day.year * 12 + day.month - 1) // _MONTHS[every] * _MONTHS[every] + _MONTHS[every]
            day = date(months // 12, months % 12 + 1, 1)


def fronts(
    asked: Asked, view: View, *, on: date | None, every: str, area: str | None = None, events: bool = False
) -> dict[str, Any]:
    """Who faced whom, in the stable JSON shape of `control --fronts`.

    Args:
        on: one day; without it the first of every week, month, quarter or year.
        area: an area of the case; without it, all of it.
        events: also when each two came to face each other, or no longer did; without an area, there and on each
            front of the case.

    Raises:
        InputError: there is no such area, or no place that reports speak of has a position.
    """
    estimate = asked.estimate(view)
    ground = _ground(estimate, view, area, on)
    ends = _stretches(estimate, view, on, every)
    told: dict[str, Any] = {
        "in": area,
        "on": on.isoformat() if on else None,
        "every": None if on else every,
        "known": view.known.isoformat() if view.known else None,
        "record": view.record,
        "fronts": [
            _front(row, ends[row.day], cells=on is not None) for row in control.facings(ground.scene, list(ends))
        ],
        "ground": ground.to_json(),
        "method": {"draws": ground.scene.draws, "seed": SEED},
    }
    if events:
        told["events"] = list(_events(estimate, view, area))
    return told


def fronts_table(asked: Asked, view: View, on: date | None = None, area: str | None = None) -> pa.Table:
    """The fronts by month, or of one day, in the shape of `export fronts`."""
    estimate = asked.estimate(view)
    ground = _ground(estimate, view, area, on)
    ends = _stretches(estimate, view, on, "month")
    rows = [
        {
            "date": day_of(row.day),
            "date_to": day_of(ends[row.day]),
            "one": row.one,
            "other": row.other,
            "chance": row.chance,
            "km_low": row.km.low,
            "km_best": row.km.best,
            "km_high": row.km.high,
            "band_km2": row.km2,
            "voices_changed": row.voices_changed,
            "known": view.known,
            "cells": "|".join(row.cells),
        }
        for row in control.facings(ground.scene, list(ends))
    ]
    return pa.Table.from_pylist(rows, schema=_FRONTS)


def shapes_of(table: pa.Table) -> list[Mapping[str, Any] | None]:
    """The band of each row of `fronts_table` as a MultiPolygon; ``None`` where no cell is likely enough for it."""
    told = table.column("cells").to_pylist()
    return [control.polygon_of(tuple(cells.split("|"))) if cells else None for cells in told]


def _ground(estimate: control.Control, view: View, area: str | None, on: date | None) -> Scenery:
    ground = scenery(estimate, view, area, day_number(on) if on else None)
    if ground is None:
        raise InputError(
            "no ground to draw a front on",
            expected="reports of control of places that have a position",
            fix="fill lat and lon in places.csv",
        )
    return ground


def _stretches(estimate: control.Control, view: View, on: date | None, every: str) -> dict[int, int]:
    """The days of which fronts are told, each with the first day after it of which it is not."""
    if on:
        return {day_number(on): day_number(on) + 1}
    days = days_of(estimate, view, every)
    after = estimate.after if view.known is None else min(estimate.after, day_number(view.known) + 1)
    return dict(zip(days, [*days[1:], after], strict=True)) if days else {}


def _front(row: control.Facing, end: int, *, cells: bool) -> dict[str, Any]:
    told = {
        "date": day_of(row.day).isoformat(),
        "date_to": day_of(end).isoformat(),
        "one": row.one,
        "other": row.other,
        "chance": row.chance,
        "length": row.km.to_json(),
        "band_km2": row.km2,
        "voices_changed": row.voices_changed,
    }
    return told | ({"cells": dict(row.cells)} if cells else {})


def _events(estimate: control.Control, view: View, area: str | None) -> Iterator[dict[str, Any]]:
    """Changes of who faces whom: in an area, or in the case as a whole and then on each of its fronts with ground."""
    fronts = (held for _, held in sorted(view.areas.items()) if held.kind == "front")
    on_fronts = [held.id for held in fronts if control.has_ground(held)]
    days = days_of(estimate, view, "month")
    for where in [area] if area else [None, *on_fronts]:
        ground = scenery(estimate, view, where)
        for turn in control.turns(ground.scene, days) if ground else ():
            yield _event(turn, where)


def _event(turn: control.Turn, area: str | None) -> dict[str, Any]:
    low, best, high = (day_of(day) for day in (turn.low, turn.best, turn.high))
    return {
        "in": area,
        "one": turn.one,
        "other": turn.other,
        "what": "come to face each other" if turn.meets else "no longer face each other",
        "chance": turn.chance,
        "date": bounds_of_day(low, best, high, "credible90").to_json(),
        "voices_changed": list(turn.voices_changed),
    }
