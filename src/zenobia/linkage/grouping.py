"""Which reports tell of an event, and which of them tell of the same one."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zenobia.record import NO_DAY, Basis, View
from zenobia.terms import day_of

__all__ = ["GROUPS", "group", "is_event"]

GROUPS = pa.schema([("report", pa.string()), ("event", pa.string())])

# What has to agree. The end of the period is one of them: a raid and a month of raids are not one event.
_TEXTS = ("type", "place", "lat", "lon", "actor", "target", "holder", "status")
_NO_EVENT = ("statement", "control")

# The event that each report of a record would tell of: that hangs on the report alone.
_EVENTS: WeakKeyDictionary[Basis, dict[str, str]] = WeakKeyDictionary()


def group(view: View) -> pa.Table:
    """Each report that tells of an event, with the event's id: columns report, event; by report.

    The id is ``e-`` and twelve hexadecimal digits of what the reports agree on, so that it stays the
    same when another report of the event comes in.
    """
    rows = np.flatnonzero(is_event(view))
    columns = {name: view.column(name) for name in (*_TEXTS, "id", "date", "date_to")}
    ids, known = columns["id"][rows].tolist(), _EVENTS.setdefault(view.basis, {})
    for report, row in zip(ids, rows.tolist(), strict=True):
        if report not in known:
            known[report] = _event_id(columns, row)
    events = [known[report] for report in ids]
    return pa.table({"report": pa.array(ids, pa.string()), "event": events}, schema=GROUPS)


def is_event(view: View) -> npt.NDArray[np.bool_]:
    """Whether each report of a view tells of something that happened on stated days, (reports,).

    A statement does not, nor a bare word on who holds a place: that is a state. News that it was
    taken or lost is an event, whatever type it came under. Aggregates never are: neither the
    totals and their parts nor a count that names no place and no position.
    """
    kind, status = view.column("type"), view.column("status")
    happened = ~np.isin(kind, _NO_EVENT) | np.isin(status, ("takes", "loses"))
    somewhere = np.array([p is not None for p in view.column("place")], dtype=bool) | ~np.isnan(view.column("lat"))
    aggregate = _named(view.column("part_of")) | np.isin(view.column("id"), _totals(view))
    aggregate |= ~np.isnan(view.column("count")) & ~somewhere
    return np.asarray(happened & (view.column("date") != NO_DAY) & ~aggregate, dtype=bool)


def _totals(view: View) -> list[str]:
    """Reports that others name as the total that they are a part of."""
    return sorted({total for total in view.column("part_of") if total is not None})


def _named(column: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    return np.array([value is not None for value in column], dtype=bool)


def _event_id(columns: dict[str, npt.NDArray[Any]], row: int) -> str:
    agreed: dict[str, Any] = {name: _plain(columns[name][row]) for name in _TEXTS}
    if agreed["place"] is not None:
        # A named place is the same place however precisely each report puts it on the map.
        agreed["lat"] = agreed["lon"] = None
    elif agreed["lat"] is None:
        # Nowhere is not a place that two reports can share.
        agreed["report"] = columns["id"][row]
    agreed["days"] = [_day(columns["date"][row]), _day(columns["date_to"][row])]
    digest = hashlib.sha256(json.dumps(agreed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return f"e-{digest[:12]}"


def _plain(value: Any) -> str | float | None:
    """A text, a number or nothing, from a cell of a column."""
    if value is None or value != value:
        return None
    return value if isinstance(value, str) else float(value)


def _day(number: Any) -> str | None:
    return None if number == NO_DAY else day_of(int(number)).isoformat()
