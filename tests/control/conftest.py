"""Views made of a few reports, each written out in the test that uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from zenobia.engine import DuckEngine
from zenobia.record import View, table_of
from zenobia.terms import Actor, Affiliation, Area, Document, Frame, Place, Report, Setting, Source

Made = Callable[..., View]


def _report(number: int, row: dict[str, Any]) -> Report:
    """Fill in what a test does not care about: an id, a type, a day that ends the next, a day of print."""
    filled = {"id": f"r{number:03d}", "type": "control", "place": "tal", **row}
    filled.setdefault("date_to", filled["date"] + timedelta(days=1) if filled.get("date") else None)
    filled.setdefault("published", filled.get("date") or date(2020, 1, 1))
    return Report(**filled)


@pytest.fixture
def made() -> Made:
    """A view: `made(reports, sources=..., affiliations=...)` with reports as mappings."""

    def make(
        reports: Iterable[dict[str, Any]],
        *,
        sources: Iterable[Source] = (),
        affiliations: Iterable[Affiliation] = (),
        actors: Iterable[Actor] | None = None,
        places: Iterable[str | Place] = ("tal", "wadi", "jisr"),
        holders: tuple[str, ...] = ("reds", "blues"),
        period: tuple[date | None, date | None] = (date(2020, 1, 1), date(2020, 4, 1)),
    ) -> View:
        rows = sorted((_report(n, row) for n, row in enumerate(reports)), key=lambda r: r.id)
        given = {s.id: s for s in sources}
        named = {r.source: given.get(r.source, Source(id=r.source, name=r.source)) for r in rows}
        tables = {
            "sources": table_of(Source, {**given, **named}.values()),
            "actors": table_of(Actor, [Actor(id=h, name=h) for h in holders] if actors is None else actors),
            "affiliations": table_of(Affiliation, affiliations),
            "places": table_of(Place, [p if isinstance(p, Place) else Place(id=p, name=p) for p in places]),
            "coverage": table_of(Frame, []),
            "documents": table_of(Document, []),
            "areas": table_of(Area, []),
        }
        start, end = period
        setting = Setting(id="made", title="made", start=start, end=end, holders=holders)
        return View(
            known=None,
            record="sha256:made",
            setting=setting,
            reports=table_of(Report, rows),
            tables=tables,
            engine=DuckEngine(),
        )

    return make
