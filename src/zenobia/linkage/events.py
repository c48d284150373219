"""What we hold happened: each event with its reports, its bounds and its voices."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from zenobia.record import View, voice_of

__all__ = ["EVENTS", "events"]

EVENTS = pa.schema(
    [
        ("id", pa.string()),
        ("reports", pa.string()),
        ("type", pa.string()),
        ("date", pa.date32()),
        ("date_to", pa.date32()),
        ("place", pa.string()),
        ("lat", pa.float64()),
        ("lon", pa.float64()),
        ("actor", pa.string()),
        ("target", pa.string()),
        ("deaths_low", pa.float64()),
        ("deaths_best", pa.float64()),
        ("deaths_high", pa.float64()),
        ("voices", pa.int64()),
    ]
)

_AGREED = ("type", "date", "date_to", "place", "actor", "target")


def events(view: View, groups: pa.Table) -> pa.Table:
    """The events of a view, by id, in the columns of ``export events``.

    Deaths run from the least to the most that any of the reports says; the best is the middle one of
    the reports' best figures (the lower of two middle ones). Voices are origins: a report that
    names none speaks for its source, or for the one other that this source says it copies, and all compilations
    that name none count together as one.

    Args:
        groups: what `group` returned for this view.
    """
    reports = {row["id"]: row for row in view.reports.select(_COLUMNS).to_pylist()}
    members: dict[str, list[dict[str, Any]]] = {}
    for report, event in zip(groups["report"].to_pylist(), groups["event"].to_pylist(), strict=True):
        members.setdefault(event, []).append(reports[report])
    return pa.Table.from_pylist([_event(view, e, members[e]) for e in sorted(members)], schema=EVENTS)


_COLUMNS = ["id", "source", "origin", "lat", "lon", "deaths_low", "deaths_best", "deaths_high", *_AGREED]


def _event(view: View, event: str, told: list[dict[str, Any]]) -> dict[str, Any]:
    told = sorted(told, key=lambda report: report["id"])
    first = told[0]
    at = next((r for r in told if r["lat"] is not None and r["lon"] is not None), None)
    place = view.places.get(first["place"]) if first["place"] else None
    best = sorted(r["deaths_best"] for r in told if r["deaths_best"] is not None)
    return {
        "id": event,
        "reports": "|".join(r["id"] for r in told),
        **{name: first[name] for name in _AGREED},
        "lat": at["lat"] if at else place.lat if place else None,
        "lon": at["lon"] if at else place.lon if place else None,
        "deaths_low": min(_stated(told, "deaths_low", "deaths_best"), default=None),
        "deaths_best": best[(len(best) - 1) // 2] if best else None,
        "deaths_high": max(_stated(told, "deaths_high", "deaths_best"), default=None),
        "voices": len({voice_of(view.sources, r["source"], r["origin"]) for r in told}),
    }


def _stated(told: list[dict[str, Any]], bound: str, best: str) -> list[float]:
    """Each report's own bound, or its best figure where it states no bound."""
    figures = [r[bound] if r[bound] is not None else r[best] for r in told]
    return [f for f in figures if f is not None]
