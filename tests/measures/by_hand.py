"""A record written by hand in a test: every report visible, and a control estimate that says what it is told.

The ground is a small invented valley: Alder and Birch in the north, Cedar in the south, 20 to 70 km
apart; three parties; a wire, a monitor, each party's own agency, a list of strikes.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from zenobia.engine import DuckEngine
from zenobia.measures import Prepared
from zenobia.record import NOUNS, View, table_of
from zenobia.terms import (
    Actor,
    Affiliation,
    Area,
    ControlEstimate,
    Frame,
    Place,
    Report,
    Setting,
    Source,
    day_number,
    day_of,
)

ENGINE = DuckEngine()

ACTORS = (
    Actor(id="crown", name="the Crown"),
    Actor(id="league", name="the League"),
    Actor(id="guard", name="the Guard"),
    Actor(id="empire", name="the Empire"),
    Actor(id="crown-militia", name="the militia"),
)
AFFILIATIONS = (
    Affiliation(actor="crown-militia", role="part_of", of="crown"),
    Affiliation(actor="empire", role="backed_by", of="crown"),
)
SOURCES = (
    Source(id="wire", name="Border Wire", kind="wire"),
    Source(id="monitor", name="Valley Monitor", kind="monitor"),
    Source(id="gazette", name="The Gazette", kind="outlet"),
    Source(id="crown-agency", name="Crown Agency", kind="ministry", stands_with="crown"),
    Source(id="league-press", name="League Press", kind="outlet", stands_with="league"),
    Source(id="empire-staff", name="Imperial Staff", kind="ministry", stands_with="empire"),
    Source(id="strikes", name="Strike Archive", kind="dataset"),
    Source(id="lexicon", name="Lexicon", kind="encyclopedia"),
    Source(id="almanac", name="Almanac", kind="dataset"),
    Source(id="writer", name="A. Writer", kind="scholar"),
)
PLACES = (
    Place(id="alder", name="Alder", lat=46.0, lon=11.0, admin1="North"),
    # .18 degrees of latitude are 20 km.
    Place(id="birch", name="Birch", lat=46.18, lon=11.0, admin1="North"),
    # .63 degrees are 70 km.
    Place(id="cedar", name="Cedar", lat=45.37, lon=11.0, admin1="South"),
)
AREAS = (
    Area(
        id="valley",
        name="the valley",
        kind="country",
        geometry={"type": "Polygon", "coordinates": [[[10, 45], [12, 45], [12, 47], [10, 47], [10, 45]]]},
    ),
    Area(
        id="northern-front",
        name="the northern front",
        kind="front",
        geometry={
            "type": "Polygon",
            "coordinates": [[[10.5, 45.8], [11.5, 45.8], [11.5, 46.5], [10.5, 46.5], [10.5, 45.8]]],
        },
    ),
)
SETTING = Setting(
    id="valley",
    title="The valley",
    start=date(2031, 1, 1),
    end=date(2031, 7, 1),
    area=(10.0, 45.0, 12.0, 47.0),
    holders=("crown", "league", "guard"),
)


def day(text):
    return date.fromisoformat(text)


def report(id, when, type="air-strike", *, until=None, source="wire", published=None, **fields):
    """One report: a day, or a closed-open stretch; published the day after unless said otherwise."""
    first = day(when) if when else None
    after = day(until) if until else first + timedelta(days=1) if first else None
    said = day(published) if published else (after or date(2031, 6, 1))
    return Report(id=id, source=source, published=said, type=type, date=first, date_to=after, **fields)


def strike(id, when, place="alder", **fields):
    return report(id, when, "air-strike", place=place, actor=fields.pop("actor", "empire"), **fields)


def view_of(*reports, known=None, frames=(), sources=SOURCES, affiliations=AFFILIATIONS, setting=SETTING, record="r"):
    """A view of some reports; what was published after `known` is left out."""
    live = sorted((r for r in reports if known is None or r.published <= known), key=lambda r: r.id)
    rows = {"actors": ACTORS, "affiliations": affiliations, "sources": sources, "places": PLACES, "areas": AREAS}
    tables = {name: table_of(NOUNS[name], rows.get(name, ())) for name in NOUNS if name != "reports"}
    tables["coverage"] = table_of(Frame, frames)
    return View(
        known=known,
        record=record,
        setting=setting,
        reports=table_of(Report, live),
        tables=tables,
        engine=ENGINE,
    )


STRIKE_FRAME = Frame(
    source="strikes",
    type="air-strike",
    area="valley",
    start=date(2031, 1, 1),
    end=date(2031, 7, 1),
    unit="incident",
    rule="every strike that two people filmed; misses strikes that nobody filmed",
)


@dataclass
class Change:
    chance: float
    low: int | None
    best: int | None
    high: int | None


class Courses(NamedTuple):
    begin: np.ndarray
    day: np.ndarray
    state: np.ndarray


@dataclass
class Believed:
    """A control estimate that says what a test tells it: for each place, from which day which chances."""

    history: dict = field(default_factory=dict)
    states: tuple = ("crown", "league", "guard", "contested")
    changed: Change | None = None
    evidence: tuple = ()

    @property
    def places(self):
        return tuple(sorted(self.history))

    def at(self, place, on):
        held = dict(zip(self.states, self.chances([place], np.array([on]))[0].tolist(), strict=True))
        return ControlEstimate(place=place, on=day_of(on), held_by=held, basis="reports", evidence=self.evidence)

    def chances(self, places, days):
        return np.array([self._row(place, int(d)) for place, d in zip(places, days, strict=True)])

    def change(self, place, before, after, start, end):
        return self.changed

    def draws(self, place, start, end, n, seed):
        likeliest = [int(np.argmax(self._row(place, d))) for d in range(start, end)]
        return np.tile(np.array(likeliest, dtype=np.int8), (n, 1))

    def courses(self, places, start, end, n, seed):
        """The same draws as runs, begun some months before the window."""
        first = start - 130
        begin, days, states = [0], [], []
        for place in places:
            for path in self.draws(place, first, end, n, seed):
                turns = np.flatnonzero(np.diff(path, prepend=-1))
                days += (turns + first).tolist()
                states += path[turns].tolist()
                begin.append(len(days))
        return Courses(np.array(begin), np.array(days, dtype=np.int32), np.array(states, dtype=np.int8))

    def _row(self, place, on):
        if place not in self.history:
            return [np.nan] * len(self.states)
        chances = {}
        for since, held in self.history[place]:
            if day_number(day(since)) <= on:
                chances = held
        return [chances.get(state, 0.0) for state in self.states]


def held(**places):
    """A control estimate with one unchanging row of chances a place."""
    return Prepared(control=Believed({place: [("2000-01-01", chances)] for place, chances in places.items()}))
