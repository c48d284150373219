"""Who held what, over more than one place or day: two days beside each other, and totals through time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Protocol

import pyarrow as pa

from zenobia import control
from zenobia.record import View
from zenobia.terms import Bounds, InputError, day_number, day_of

__all__ = ["EVERY", "Asked", "compared", "totals", "totals_table"]

# How often totals can be told.
EVERY = ("week", "month", "quarter", "year")
_SEED = 1
_MONTHS = {"month": 1, "quarter": 3, "year": 12}

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
    found = control.compared(estimate, view.places, day_number(first), day_number(last), seed=_SEED)
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
        "method": {"draws": found.draws, "seed": _SEED},
    }


def totals(asked: Asked, view: View, every: str) -> dict[str, Any]:
    """What each holder had through time, in the stable JSON shape of `control --totals`."""
    estimate = asked.estimate(view)
    return {
        "every": every,
        **_known(view),
        "totals": [
            {
                "date": day_of(row.day).isoformat(),
                "holder": row.holder,
                "places": row.places.to_json(),
                "people": row.people.to_json() if row.people else None,
                "voices_changed": row.voices_changed,
            }
            for row in _totals(estimate, view, every)
        ],
        **_counted(estimate, view),
        "method": {"seed": _SEED},
    }


def totals_table(asked: Asked, view: View, every: str = "month") -> pa.Table:
    """The same as a table, in the shape of `export control-totals`."""
    rows = [
        {
            "date": day_of(row.day),
            "holder": row.holder,
            **_spread("places", row.places),
            **_spread("people", row.people),
            "voices_changed": row.voices_changed,
        }
        for row in _totals(asked.estimate(view), view, every)
    ]
    return pa.Table.from_pylist(rows, schema=_TOTALS)


def _totals(estimate: control.Control, view: View, every: str) -> Iterator[control.Total]:
    after = estimate.after if view.known is None else min(estimate.after, day_number(view.known) + 1)
    return control.totals(estimate, view.places, list(_days(estimate.first, after, every)), seed=_SEED)


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


def _known(view: View) -> dict[str, Any]:
    return {"known": view.known.isoformat() if view.known else None, "record": view.record}


def _counted(estimate: control.Control, view: View) -> dict[str, Any]:
    """How many places stand behind the figures, and how many do not."""
    counted = control.counted_places(estimate, view.places)
    return {
        "counted": len(counted),
        "without_population": sum(view.places[place].population is None for place in counted),
        "not_counted": len(view.places) - len(counted),
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
    return {f"{name}_{key}": None if figure is None else round(figure) for key, figure in figures}
