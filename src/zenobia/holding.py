"""Who held what, over more than one place or day: two days beside each other, totals and fronts through time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple, Protocol

import pyarrow as pa

from zenobia import control
from zenobia.fronting import EVERY, SEED, Scenery, days_of, placed_in, scenery
from zenobia.record import View
from zenobia.terms import Bounds, InputError, day_number, day_of

__all__ = ["EVERY", "Asked", "compared", "totals", "totals_table"]

_TOTALS = pa.schema(
    [
        ("date", pa.date32()),
        ("holder", pa.string()),
        ("places_low", pa.int64()),
        ("places_best", pa.int64()),
        ("places_high", pa.int64()),
        ("people_low", pa.int64()),
        ("people_best", pa.int64()),
        ("people_high", pa.int64()),
        ("voices_changed", pa.int64()),
        ("km2_low", pa.int64()),
        ("km2_best", pa.int64()),
        ("km2_high", pa.int64()),
        ("km2_no_recent_evidence", pa.int64()),
    ]
)


class Asked(Protocol):
    """What is asked of an open case (`zenobia.pipeline.OpenCase`)."""

    def estimate(self, view: View | None = None) -> control.Control: ...


def compared(asked: Asked, view: View, first: date, last: date) -> dict[str, Any]:
    """What each holder gained, lost and held between two days, in the stable JSON shape of `control --compare`.

    Raises:
        InputError: the later day comes first.
    """
    if last <= first:
        raise InputError("days the wrong way round", value=f"{first} {last}", fix="name the earlier day first")
    estimate = asked.estimate(view)
    found = control.compared(estimate, view.places, day_number(first), day_number(last), seed=SEED)
    holders = [
        {
            "holder": holder,
            "gained": found.gained[holder].to_json(),
            "lost": found.lost[holder].to_json(),
            "held": found.held[holder].to_json(),
        }
        for holder in found.held
    ]
    return {
        "compare": [first.isoformat(), last.isoformat()],
        **_known(view),
        "holders": holders,
        "places": [_between(row) for row in found.places],
        **_counted(estimate, view),
        "method": {"draws": found.draws, "seed": SEED},
    }


def totals(asked: Asked, view: View, every: str, area: str | None = None) -> dict[str, Any]:
    """What each holder had through time, in the stable JSON shape of `control --totals`.

    Args:
        area: an area of the case; without it, all of it.
    """
    estimate = asked.estimate(view)
    ground = scenery(estimate, view, area)
    rows = list(_totals(estimate, view, every, area, ground))
    return {
        "every": every,
        "in": area,
        **_known(view),
        "totals": [
            {
                "date": day_of(row.had.day).isoformat(),
                "holder": row.had.holder,
                "places": row.had.places.to_json(),
                "people": row.had.people.to_json() if row.had.people else None,
                "voices_changed": row.had.voices_changed,
                "km2": row.km2.to_json() if row.km2 else None,
            }
            for row in rows
        ],
        "no_recent_evidence": [
            {"date": day_of(day).isoformat(), "km2": nobody.to_json()}
            for day, nobody in {row.had.day: row.nobody for row in rows}.items()
            if nobody
        ],
        "ground": ground.to_json() if ground else None,
        **_counted(estimate, view, area),
        "method": {"seed": SEED},
    }


def totals_table(asked: Asked, view: View, every: str = "month", area: str | None = None) -> pa.Table:
    """The same as a table, in the shape of `export control-totals`."""
    estimate = asked.estimate(view)
    rows = [
        {
            "date": day_of(row.had.day),
            "holder": row.had.holder,
            **_spread("places", row.had.places),
            **_spread("people", row.had.people),
            "voices_changed": row.had.voices_changed,
            **_spread("km2", row.km2),
            "km2_no_recent_evidence": row.nobody and _whole(row.nobody.best),
        }
        for row in _totals(estimate, view, every, area, scenery(estimate, view, area))
    ]
    return pa.Table.from_pylist(rows, schema=_TOTALS)


class _Row(NamedTuple):
    """What a state had on a day, its ground, and the ground that nobody had spoken of lately."""

    had: control.Total
    km2: Bounds | None
    nobody: Bounds | None


def _totals(
    estimate: control.Control, view: View, every: str, area: str | None, ground: Scenery | None
) -> Iterator[_Row]:
    days = days_of(estimate, view, every)
    inside = None if area is None else placed_in(view, area)
    held = control.held_km2(ground.scene, days) if ground else ()
    on: Mapping[int, control.Held] = {row.day: row for row in held}
    for had in control.totals(estimate, view.places, days, seed=SEED, inside=inside):
        ground_held = on.get(had.day)
        if ground_held is None:
            yield _Row(had, None, None)
        else:
            yield _Row(had, ground_held.km2[had.holder], _certain(ground_held.nobody))


def _certain(km2: int) -> Bounds:
    return Bounds(low=km2, best=km2, high=km2, unit="km2", meaning="certain")


def _known(view: View) -> dict[str, Any]:
    return {"known": view.known.isoformat() if view.known else None, "record": view.record}


def _counted(estimate: control.Control, view: View, area: str | None = None) -> dict[str, Any]:
    """How many places stand behind the figures, and how many do not."""
    inside = frozenset(view.places) if area is None else placed_in(view, area)
    counted = [place for place in control.counted_places(estimate, view.places) if place in inside]
    return {
        "counted": len(counted),
        "without_population": sum(view.places[place].population is None for place in counted),
        "not_counted": len(inside) - len(counted),
    }


def _between(row: control.Between) -> dict[str, Any]:
    holders = {
        holder: {"gained": row.gained[holder], "lost": row.lost[holder], "held": row.held[holder]}
        for holder in row.held
    }
    return {
        "place": row.place,
        "before": {state: round(chance, 6) for state, chance in row.before.items()},
        "after": {state: round(chance, 6) for state, chance in row.after.items()},
        "changed": row.changed,
        "holders": holders,
    }


def _spread(name: str, bounds: Bounds | None) -> dict[str, int | None]:
    if bounds is None:
        return dict.fromkeys((f"{name}_low", f"{name}_best", f"{name}_high"))
    figures = (("low", bounds.low), ("best", bounds.best), ("high", bounds.high))
    return {f"{name}_{key}": _whole(figure) for key, figure in figures}


def _whole(figure: float | None) -> int | None:
    return None if figure is None else round(figure)
