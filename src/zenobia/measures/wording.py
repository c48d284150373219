"""Numbers, days and names as a journalist would write them; British English, the same on every machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from zenobia.measures.voices import UNKNOWN_VOICE
from zenobia.terms import CONTESTED, SHARED, Bounds

if TYPE_CHECKING:
    from zenobia.measures.question import Ground, Of
    from zenobia.record import View

__all__ = [
    "about",
    "actor_name",
    "between",
    "chance",
    "day",
    "figure",
    "ground",
    "kind_asked",
    "kind_of_report",
    "listing",
    "month",
    "number",
    "place_name",
    "plural",
    "source_name",
    "span",
]

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_KINDS = {
    "battle": "battles",
    "air-strike": "air strikes",
    "shelling": "shelling",
    "explosion": "explosions",
    "attack-on-civilians": "attacks on civilians",
    "capture": "captures",
    "withdrawal": "withdrawals",
    "siege": "sieges",
    "ceasefire": "ceasefires",
    "evacuation": "evacuations",
    "mobilisation": "mobilisations",
    "formation": "formations",
    "statement": "statements",
    "control": "reports of control",
    "other": "other events",
}


def day(value: dt.date | float) -> str:
    """A day in full: 27 March 2016; a number is a proleptic ordinal."""
    when = value if isinstance(value, dt.date) else dt.date.fromordinal(round(value))
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def month(value: dt.date) -> str:
    """The month of a day: March 2016."""
    return f"{_MONTHS[value.month - 1]} {value.year}"


def span(start: dt.date | None, end: dt.date | None) -> str:
    """A closed-open period, said by its first and last day: 30 September 2015 to 14 March 2016."""
    last = None if end is None else end - dt.timedelta(days=1)
    if start is not None and last is not None:
        return day(start) if start == last else f"{day(start)} to {day(last)}"
    if start is not None:
        return f"from {day(start)}"
    return f"up to {day(last)}" if last is not None else ""


def between(start: dt.date | None, end: dt.date | None) -> str:
    """A closed-open period inside a sentence: between 1 March 2016 and 14 April 2016."""
    if start is None or end is None or end - start <= dt.timedelta(days=1):
        return f"on {span(start, end)}" if start is not None and end is not None else span(start, end)
    return f"between {day(start)} and {day(end - dt.timedelta(days=1))}"


def number(value: float) -> str:
    """Thousands apart, two decimals where there are any that count."""
    return f"{value:,.0f}" if abs(value - round(value)) < 0.005 else f"{value:,.2f}".rstrip("0").rstrip(".")


def chance(value: float) -> str:
    """A chance or share in per cent; what is not quite certain is never rounded to 0 or 100."""
    if 0.995 <= value < 1:
        return "over 99 per cent"
    if 0 < value < 0.005:
        return "under 1 per cent"
    return f"{value * 100:.0f} per cent"


def figure(found: Bounds) -> str:
    """Bounds in words, with their unit: at least 900 raids; 77 to 100 per cent; 26 to 28 March 2016."""
    shown = day if found.unit == "date" else _per_cent if _is_share(found.unit) else number
    unit = "" if found.unit == "date" or _is_share(found.unit) else f" {plural(found.unit, found.high or found.low)}"
    low, high = found.low, found.high
    if low is None and high is None:
        return f"about {shown(found.best)}{unit}" if found.best is not None else "not known"
    if high is None and low is not None:
        return f"{'no earlier than' if found.unit == 'date' else 'at least'} {shown(low)}{_sign(found.unit)}{unit}"
    if low is None and high is not None:
        return f"{'by' if found.unit == 'date' else 'at most'} {shown(high)}{_sign(found.unit)}{unit}"
    assert low is not None
    assert high is not None
    if shown(low) == shown(high):
        return f"{shown(low)}{_sign(found.unit)}{unit}"
    return f"{shown(low)} to {shown(high)}{_sign(found.unit)}{unit}"


def plural(unit: str, count: float | None = None) -> str:
    """A unit after its number: 1 raid, 900 raids, 3 people, 12 km²."""
    if unit == "km2":
        return "km²"
    if count == 1 or unit in ("date", "times") or unit.startswith(("chance", "share")):
        return unit
    return {"person": "people"}.get(unit, f"{unit}s")


def listing(words: Iterable[str], last: str = "and") -> str:
    """a, b and c."""
    told = list(words)
    if len(told) < 2:
        return "".join(told)
    return f"{', '.join(told[:-1])} {last} {told[-1]}"


def kind_of_report(types: Iterable[str]) -> str:
    """Report types as they are spoken of: air strikes and shelling."""
    return listing(_KINDS.get(kind, kind) for kind in types) or "reports"


def kind_asked(of: Of) -> str:
    """What kind of reports a question asks for: statements about amnesty; explosions to do with temples."""
    told = about(of.topic)
    if tuple(of.type) != ("statement",):
        told = told.replace(" about ", " to do with ", 1)
    return f"{kind_of_report(of.type)}{told}"


def about(topics: Iterable[str]) -> str:
    """What statements are about, after them: about foreign fighters or amnesty."""
    words = listing((topic.replace("-", " ") for topic in topics), "or")
    return f" about {words}" if words else ""


def actor_name(view: View, actor: str) -> str:
    """What an actor is called in this record; the reserved states say themselves."""
    if actor in (CONTESTED, SHARED):
        return actor
    return view.actors[actor].name if actor in view.actors else actor


def place_name(view: View, place: str) -> str:
    """What a place is called in this record."""
    return view.places[place].name if place in view.places else place


def source_name(view: View, source: str) -> str:
    """What a source is called in this record; voices that share no name are named for what they are."""
    if source == UNKNOWN_VOICE:
        return "an unnamed origin"
    return view.sources[source].name if source in view.sources else source


def _is_share(unit: str) -> bool:
    return unit.startswith(("chance", "share"))


def _sign(unit: str) -> str:
    return " per cent" if _is_share(unit) else ""


def _per_cent(value: float) -> str:
    if 0.995 <= value < 1:
        return "over 99"
    return "under 1" if 0 < value < 0.005 else f"{value * 100:.0f}"


def ground(view: View, asked: Ground) -> str:
    """Ground as it stands in a sentence: at Palmyra, in Latakia or Idlib, within 60 km of Palmyra."""
    told = []
    if asked.place:
        told.append(f" at {listing((place_name(view, p) for p in asked.place), 'or')}")
    if asked.admin1 or asked.area:
        areas = [view.areas[a].name if a in view.areas else a for a in asked.area]
        told.append(f" in {listing([*asked.admin1, *areas], 'or')}")
    if asked.within_km:
        told.append(f" within {asked.within_km.km:g} km of {place_name(view, asked.within_km.of)}")
    return "".join(told)
