"""Sets a map that is moved through time: its data, its words, its legend, and the frame that its script fills."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from zenobia.publish.basemap import Area
from zenobia.publish.marks import mark, ring, sign_of
from zenobia.publish.moving_words import moving_words
from zenobia.publish.numbers import Numbers, Passing
from zenobia.publish.palette import Style, look_of
from zenobia.publish.programs import packed
from zenobia.publish.timemap import Links, inside_page, map_told
from zenobia.publish.wording import MONTHS, calendar
from zenobia.terms import CONTESTED, SHARED, Place

__all__ = ["moving_map"]

# What the script itself says; everything else stands in the page.
_SPOKEN = (
    "map", "choose", "with", "last", "old", "none", "silent", "besieged", "claimed", "evidence", "summary", "comma",
    "over", "under", "wheel", "fingers", "reports",
)  # fmt: skip
_SVG = Markup('<svg class="mark" viewBox="0 0 20 20" aria-hidden="true">{}</svg>')


def moving_map(
    numbers: Numbers,
    templates: Environment,
    days: Sequence[date],
    area: Area,
    where: str,
    links: Links,
    *,
    start: date,
    language: str = "en",
    called: Mapping[str, str],
    name: Callable[[Place], str] = lambda place: place.name,
    months: Sequence[str] = MONTHS,
    page: Callable[[Place], str | None] = lambda place: None,
) -> Markup:
    """The map with its slider; empty where the installation has no map library.

    Args:
        days: those that the slider stops at. start: the one that it stands at first.
        where: the name of the map on its page.
        links: what leads from a place to its evidence.
        called: what each state is called. name: what a place is called. months: their names.
        page: the address of a place's own page.
    """
    if packed() is None:
        return Markup()
    words, holders = moving_words(language), tuple(numbers.holders)
    look = look_of(holders)
    passing = numbers.through(days)
    told = map_told(
        passing, _silent(numbers, passing), days, area,
        holders=holders, look=look, called=called, name=name, links=links, page=page,
    )  # fmt: skip
    told["start"] = max((n for n, day in enumerate(days) if day <= start), default=0)
    told["words"] = {key: words[key] for key in _SPOKEN} | {"months": list(months)}
    return Markup(
        templates.get_template("timemap.html.j2").render(
            where=where,
            stops=len(days),
            told=inside_page(told),
            legend=_legend(called, look, words),
            t=words | {"foot": _foot(numbers, words, language)},
        )
    )


def _silent(numbers: Numbers, passing: Sequence[Passing]) -> list[Place]:
    told = {p.place.id for p in passing}
    return [place for place in numbers.all_places() if place.id not in told and place.lat is not None]


def _foot(numbers: Numbers, words: Mapping[str, str], language: str) -> str:
    stamp = numbers.stamp
    day = stamp.known.isoformat() if stamp.known and language != "en" else calendar(stamp.known)
    known = f"{words['known']} {day}" if stamp.known else words["everything"]
    return f"{known}. {words['record']} {stamp.record}. {words['credit']}"


def _legend(called: Mapping[str, str], look: Mapping[str, Style], words: Mapping[str, str]) -> list[tuple[Markup, str]]:
    """Each mark with what it means."""
    kinds: list[tuple[str, dict[str, Any], float]] = [
        ("is_old", {"stale": True}, 7.5),
        ("is_claimed", {"claimed": True}, 7.5),
        ("is_unsure", {}, 5),
    ]
    drawn = [(mark("anyone", 10, 10, size, "legend", look, **how), words[key]) for key, how, size in kinds]
    drawn.append((ring(10, 10, 8, None), words["is_besieged"]))
    return [
        *((sign_of(holder, look), called.get(holder, holder)) for holder in look),
        *((sign_of(state, look), words[state]) for state in (CONTESTED, SHARED)),
        *(
            (Markup('<svg class="mark" viewBox="0 0 20 20" aria-hidden="true">{}</svg>').format(Markup(d)), w)
            for d, w in drawn
        ),
    ]
