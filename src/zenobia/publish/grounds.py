"""Control on a page: the map of a day with its table and summary, and one place through time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from zenobia.publish.basemap import Area
from zenobia.publish.charts import strip
from zenobia.publish.citations import Citations
from zenobia.publish.directives import Directive
from zenobia.publish.marks import sign_of
from zenobia.publish.numbers import Evidence, Numbers
from zenobia.publish.palette import styles
from zenobia.publish.svgmap import STALE_AFTER, MapPlace, MapScene, area_around, draw_map, is_stale
from zenobia.publish.wording import calendar, chance
from zenobia.terms import CONTESTED, SHARED, ControlEstimate, InputError, NotFound, Place
from zenobia.terms.names import did_you_mean

__all__ = ["Grounds"]

KM_AROUND = 120.0
WORTH_SAYING = 0.05  # a lesser chance of another holder is not listed beside the leader


class Grounds:
    """Sets maps and tables of control."""

    def __init__(self, numbers: Numbers, citations: Citations, templates: Environment) -> None:
        self.numbers, self.citations, self.templates = numbers, citations, templates
        self.count = 0

    @cached_property
    def called(self) -> dict[str, str]:
        """What each state is called: the case's holders, and the two reserved words."""
        return {h.id: h.name for h in self.numbers.holders} | {CONTESTED: "contested", SHARED: "shared"}

    def map(self, on: date, live: Directive, file: str | Path | None) -> Markup:
        """A map of a day with the table of its places and a paragraph that says the same."""
        where = self.named("map")
        rows = [(place, estimate) for place, estimate in self.numbers.control_on(on) if place.lat is not None]
        scene = self.scene(on, rows, self.area(rows, live, file), where)
        seen = {place.id for place in scene.shown}
        shown = [(place, estimate) for place, estimate in rows if place.id in seen]
        return self.render("map.html.j2", on=on, where=where, drawn=draw_map(scene), **self.table(on, shown, where))

    def on(self, on: date) -> Markup:
        """The table of a day without its map; places that have no position are in it too."""
        where = self.named("control")
        return self.render(
            "map.html.j2", on=on, where=where, drawn="", **self.table(on, self.numbers.control_on(on), where)
        )

    def of(self, id: str) -> Markup:
        """One place through time: a strip and the table of its spells."""
        place, spells = self.numbers.control_of(id)
        where = self.named("control")
        rows = [
            {
                "spell": spell,
                "called": self.called.get(spell.holder, spell.holder),
                "sign": self.sign(spell.holder),
                "chance": chance(spell.chance),
                "least": None if spell.least is None else chance(spell.least),
                "evidence": self.citations.cite(spell.evidence, where, f"control of {place.name}"),
            }
            for spell in spells
        ]
        return self.render(
            "place.html.j2",
            place=place,
            where=where,
            rows=rows,
            drawn=strip(spells, self.numbers.holders, place.name, where),
        )

    def render(self, template: str, **values: Any) -> Markup:
        return Markup(self.templates.get_template(template).render(stamp=self.numbers.stamp, **values))

    def named(self, kind: str) -> str:
        self.count += 1
        return f"{kind}-{self.count}"

    def area(self, rows: Sequence[tuple[Place, ControlEstimate]], live: Directive, file: str | Path | None) -> Area:
        """The frame: around a place where one is named, else the case's area, else around all places."""
        around = live.text("around")
        if around is not None:
            middle = next((place for place, _ in rows if place.id == around), None)
            if middle is None or middle.lat is None or middle.lon is None:
                raise NotFound(
                    "no such place on the map",
                    file=file,
                    row=live.line,
                    value=around,
                    expected="the id of a place that has a position",
                    fix=did_you_mean(around, [place.id for place, _ in rows]) or "look into places.csv",
                )
            return area_around(middle.lat, middle.lon, reach_of(live, file))
        return self.numbers.stamp.area or area_of([place for place, _ in rows])

    def scene(self, on: date, rows: Sequence[tuple[Place, ControlEstimate]], area: Area, where: str) -> MapScene:
        stamp = self.numbers.stamp
        return MapScene(
            id=where,
            on=on,
            places=[self.on_map(place, estimate) for place, estimate in rows],
            holders=tuple(self.numbers.holders),
            area=area,
            record=stamp.record,
            known=stamp.known,
        )

    def on_map(self, place: Place, estimate: ControlEstimate) -> MapPlace:
        assert place.lat is not None
        assert place.lon is not None
        return MapPlace(
            id=place.id,
            name=place.name,
            name_ar=place.name_ar,
            lat=place.lat,
            lon=place.lon,
            basis=estimate.basis,
            held_by=estimate.held_by,
            besieged_by=estimate.besieged_by,
            last_evidence=estimate.last_evidence,
            claimed_only=self.claimed_only(estimate),
            population=place.population,
            voices=estimate.voices,
        )

    def claimed_only(self, estimate: ControlEstimate) -> bool:
        """Whether nobody but the leading holder's own side says so."""
        rows = self.citations.look_up(estimate.evidence)
        return bool(rows) and all(row.camp == estimate.leader for row in rows)

    def table(self, on: date, rows: Sequence[tuple[Place, ControlEstimate]], where: str) -> dict[str, Any]:
        known = [(place, estimate) for place, estimate in rows if estimate.held_by]
        return {
            "rows": [self.row(on, place, estimate, where) for place, estimate in sorted(known, key=by_name)],
            "unknown": sorted((place for place, estimate in rows if not estimate.held_by), key=lambda p: p.name),
            "summary": self.summary(on, known, len(rows) - len(known)),
        }

    def row(self, on: date, place: Place, estimate: ControlEstimate, where: str) -> dict[str, Any]:
        leader = estimate.leader or ""
        others = sorted(estimate.held_by.items(), key=lambda item: -item[1])
        return {
            "place": place,
            "called": self.called.get(leader, leader),
            "sign": self.sign(leader),
            "chance": chance(estimate.held_by[leader]),
            "others": [(self.called.get(h, h), chance(c)) for h, c in others if h != leader and c >= WORTH_SAYING],
            "besieged_by": self.called.get(estimate.besieged_by or "", estimate.besieged_by),
            "estimate": estimate,
            "stale": is_stale(on, estimate.last_evidence),
            "claimed_only": self.claimed_only(estimate),
            "evidence": self.latest_first(estimate, where, f"{place.name}, {calendar(on)}"),
        }

    def latest_first(self, estimate: ControlEstimate, where: str, called: str) -> list[Evidence]:
        return self.citations.cite(estimate.evidence, where, called)[::-1]

    def sign(self, state: str) -> Markup:
        return sign_of(state, styles([h.id for h in self.numbers.holders]))

    def summary(self, on: date, known: Sequence[tuple[Place, ControlEstimate]], silent: int) -> str:
        """The map in one paragraph."""
        if not known:
            return f"No report in the record says who held any of these places on {calendar(on)}."
        known = sorted(known, key=lambda row: (-(row[0].population or 0), -row[1].voices, row[0].id))
        counts = Counter(estimate.leader for _, estimate in known)
        held = ", ".join(f"{self.called.get(h, h)} {counts[h]}" for h in self.called if counts[h])
        words = [f"Of {counted(len(known))} that reports speak of, most likely held by: {held}."]
        unsure = [p.name for p, e in known if e.leader and e.held_by[e.leader] < 0.9]
        stale = [p.name for p, e in known if is_stale(on, e.last_evidence)]
        besieged = [f"{p.name} by {self.called.get(e.besieged_by, e.besieged_by)}" for p, e in known if e.besieged_by]
        words += [f"Least sure (chance under 0.9): {listed(unsure)}."] if unsure else []
        words += [f"Besieged: {listed(besieged)}."] if besieged else []
        words += [f"Nothing was heard for {STALE_AFTER} days of: {listed(stale)}."] if stale else []
        words += [f"Of {silent} more the record says nothing."] if silent else []
        return " ".join(words)


def reach_of(live: Directive, file: str | Path | None) -> float:
    """How many kilometres a map around a place reaches."""
    km = live.arguments.get("km", KM_AROUND)
    if isinstance(km, str) or not 1 <= km <= 2000:
        raise InputError(
            "km is not a distance to draw",
            file=file,
            row=live.line,
            value=km,
            expected="a number of kilometres from 1 to 2000, as in km=120",
            fix="write the number without quotes",
        )
    return float(km)


def by_name(row: tuple[Place, ControlEstimate]) -> tuple[str, str]:
    return row[0].name.casefold().removeprefix("al-"), row[0].id


def counted(places: int) -> str:
    return "1 place" if places == 1 else f"{places} places"


def listed(names: Sequence[str], most: int = 4) -> str:
    """Names in a sentence; past the fourth only how many more there are."""
    shown, more = list(names[:most]), len(names) - most
    shown += [f"{more} more"] if more > 0 else []
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def area_of(places: Sequence[Place]) -> Area:
    """A frame around all places with some room; the whole globe where there is none."""
    spots = [(p.lon, p.lat) for p in places if p.lon is not None and p.lat is not None]
    if not spots:
        return -180.0, -60.0, 180.0, 75.0
    lons, lats = [lon for lon, _ in spots], [lat for _, lat in spots]
    east, north = max(0.2, (max(lons) - min(lons)) * 0.1), max(0.2, (max(lats) - min(lats)) * 0.1)
    return min(lons) - east, min(lats) - north, max(lons) + east, max(lats) + north
