"""A map that is moved through time: everything it shows as one small text of JSON, read by `templates/timemap.js`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from zenobia.publish.basemap import Area
from zenobia.publish.land import land_of, widened
from zenobia.publish.mapscene import STALE_AFTER, SURE
from zenobia.publish.numbers import Holder, Passing
from zenobia.publish.palette import Style, outline
from zenobia.publish.wording import plain
from zenobia.terms import CONTESTED, SHARED, Place

__all__ = ["inside_page", "map_days_of", "map_told"]

MOST_STOPS = 160
STEPS = (1, 7, 14, 28, 91, 364, 3640)

Links = Callable[[Passing], Sequence[Sequence[Any]]]


def map_days_of(start: date, end: date, also: Sequence[date] = ()) -> list[date]:
    """The days that the slider stops at: every day, week or longer, as fine as it stays quick, and those named.

    Args:
        start, end: the window, closed-open. also: days that it stops at in any case.
    """
    length = (end - start).days
    step = next(step for step in STEPS if length / step <= MOST_STOPS or step == STEPS[-1])
    last = end - timedelta(days=1)
    named = {day for day in also if start <= day < end}
    return sorted({start + timedelta(days=n) for n in range(0, length, step)} | named | {last})


def map_told(
    passing: Sequence[Passing],
    silent: Sequence[Place],
    days: Sequence[date],
    area: Area,
    *,
    holders: Sequence[Holder],
    look: Mapping[str, Style],
    called: Mapping[str, str],
    name: Callable[[Place], str],
    links: Links,
    page: Callable[[Place], str | None] = lambda place: None,
) -> dict[str, Any]:
    """What the script reads: days, states with their looks, places with what is told of each day, and the ground.

    A place's ``c`` has a number a day: the position of its likeliest state times 101, and the chance in hundredths,
    told as what it is more than the one before: short where little changes.

    Args:
        passing: places that reports speak of. silent: those that none speaks of.
        name: what a place is called on this page.
        links: what a place rests on: (position of the last day it holds for, whether only its own side says so,
            fragments of the page where its reports stand).
        page: the address of a place's own page, if it has one.
    """
    states = [*(h.id for h in holders), CONTESTED, SHARED]
    inside = [p for p in passing if _within(p.place, area)]
    spots = [(p.place.lon, p.place.lat) for p in inside if p.place.lon is not None and p.place.lat is not None]
    wide = widened(area)
    return {
        "days": [day.isoformat() for day in days],
        "states": [_state(state, look, called) for state in states],
        "sure": SURE,
        "stale": STALE_AFTER,
        "area": area,
        "bounds": wide,
        "places": [
            *(
                _place(p.place, name) | _course(p, states, days) | {"e": links(p)} | _page(page(p.place))
                for p in inside
            ),
            *(_place(place, name) for place in silent if _within(place, area)),
        ],
        "ground": land_of(wide, spots),
    }


def inside_page(told: Mapping[str, Any]) -> Markup:
    """JSON that ends no script whatever stands in it, and that no reader of bytes takes for markup."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def _within(place: Place, area: Area) -> bool:
    west, south, east, north = area
    if place.lon is None or place.lat is None:
        return False
    return west <= place.lon <= east and south <= place.lat <= north


def _state(state: str, look: Mapping[str, Style], called: Mapping[str, str]) -> dict[str, str]:
    fills = {CONTESTED: "hatched", SHARED: "striped"}
    style = look.get(state, Style(shape="circle", colour="#23262c"))
    drawn = {"name": plain(called.get(state, state)), "colour": style.colour, "path": outline(style.shape, 0, 0, 10)}
    return drawn | ({"fill": fills[state]} if state in fills else {})


def _place(place: Place, name: Callable[[Place], str]) -> dict[str, Any]:
    at = {"i": place.id, "n": plain(name(place)), "x": round(place.lon or 0.0, 4), "y": round(place.lat or 0.0, 4)}
    arabic = {"a": plain(place.name_ar)} if place.name_ar and plain(place.name_ar) != at["n"] else {}
    return {**at, **arabic, "w": round((place.population or 0) / 1000)}


def _page(address: str | None) -> dict[str, str]:
    return {"u": address} if address else {}


def _course(passing: Passing, states: Sequence[str], days: Sequence[date]) -> dict[str, Any]:
    """Leaders with chances, the days it was heard of (as days since the first), and who besieged it."""
    known = {state: n for n, state in enumerate(states)}
    heard = sorted({(day - days[0]).days for day in passing.heard})
    early = [day for day in heard if day <= 0][-1:]
    said = [
        known[leader] * 101 + round(chance * 100)
        for leader, chance in zip(passing.leaders, passing.chances, strict=True)
    ]
    besieged = {str(n): known[b] for n, b in enumerate(passing.besieged_by) if b in known}
    return {
        "c": [now - before for before, now in pairwise((0, *said))],
        "h": [*early, *(day for day in heard if day > 0)],
    } | ({"b": besieged} if besieged else {})
