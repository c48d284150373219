"""Control on a page: the map of a day with its table and summary, and one place through time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from zenobia.publish.basemap import Area
from zenobia.publish.charts import strip
from zenobia.publish.citations import Citations
from zenobia.publish.directives import Directive, day, window
from zenobia.publish.footing import OTHER_VOICES
from zenobia.publish.fronts import Contact, contacts, foremost
from zenobia.publish.mapscene import STALE_AFTER, MapPlace, MapScene, area_around, is_stale
from zenobia.publish.marks import sign_of
from zenobia.publish.moving import moving_map
from zenobia.publish.numbers import Evidence, Numbers, Passing, Run, Spell
from zenobia.publish.palette import look_of
from zenobia.publish.svgmap import draw_map
from zenobia.publish.timemap import map_days_of
from zenobia.publish.wording import anchor, calendar, chance, counted, listed
from zenobia.terms import CONTESTED, SHARED, ControlEstimate, InputError, NotFound, Place
from zenobia.terms.names import did_you_mean

__all__ = ["Grounds"]

KM_AROUND = 120.0
APART = 15.0  # kilometres between neighbours, as the measure `front` has them
MANY = 80  # places in a table; one with more names the latest report of each only
WORTH_SAYING = 0.05  # a lesser chance of another holder is not listed beside the leader


class Grounds:
    """Sets maps and tables of control."""

    def __init__(self, numbers: Numbers, citations: Citations, templates: Environment) -> None:
        self.numbers, self.citations, self.templates = numbers, citations, templates
        self.count = 0
        self.moves = False  # whether any map that was set is moved by a script
        self.said = ""  # the paragraph of what was set last

    @cached_property
    def called(self) -> dict[str, str]:
        """What each state is called: the case's holders, and the two reserved words."""
        return {h.id: h.name for h in self.numbers.holders} | {CONTESTED: "contested", SHARED: "shared"}

    def map(self, live: Directive, file: str | Path | None) -> Markup:
        """A map of a day with the table of its places and a paragraph that says the same."""
        where, on = self.named("map"), of_day(live, file)
        rows = [(place, estimate) for place, estimate in self.numbers.control_on(on) if place.lat is not None]
        scene = self.scene(on, rows, self.area(rows, live, file), where)
        seen = {place.id for place in scene.shown}
        shown = [(place, estimate) for place, estimate in rows if place.id in seen]
        table = self.table(on, shown, where)
        moving = self.moving(live, on, scene.area, where, file)
        return self.render("map.html.j2", on=on, where=where, drawn=draw_map(scene), moving=moving, **table)

    def moving(self, live: Directive, on: date, area: Area, where: str, file: str | Path | None) -> Markup:
        """The same map moved through a window of days, where one is asked for."""
        if not {"from", "to"} & live.arguments.keys():
            return Markup()
        stamp = self.numbers.stamp
        start, end = window(live, stamp.start, stamp.end, until=stamp.until, file=file)

        def links(passing: Passing) -> list[list[Any]]:
            return [
                [run.last, int(run.claimed_only), [anchor("r", e.id) for e in self.latest(run, where)]]
                for run in passing.runs
            ]

        days = map_days_of(start, end, [on])
        drawn = moving_map(self.numbers, self.templates, days, area, where, links, start=on, called=self.called)
        self.moves |= bool(drawn)
        return drawn

    def latest(self, run: Run, where: str) -> list[Evidence]:
        """Of what a run of days rests on, the reports of the latest days by two sources, cited."""
        rows = sorted(
            self.citations.look_up(run.evidence), key=lambda e: (e.date or "", e.published, e.id), reverse=True
        )
        latest = {e.source: e for e in reversed(rows)}
        ids = [e.id for e in rows if latest[e.source] is e][:2]
        return self.citations.cite(ids, where, "the map through time")

    def front(self, live: Directive, file: str | Path | None) -> Markup:
        """Who faced whom: the map with a line between neighbours of different holders, and the pairs counted."""
        where, on, km = self.named("front"), of_day(live, file), reach_of(live, file, "apart", APART)
        rows = [(place, estimate) for place, estimate in self.numbers.control_on(on) if place.lat is not None]
        scene = self.scene(on, rows, self.area(rows, live, file), where)
        seen = {place.id for place in scene.shown}
        found = contacts([row for row in rows if row[0].id in seen], km)
        drawn = foremost(found, [place for place, e in rows if place.id in seen and e.basis == "reports"])
        scene = replace(scene, facing=[(c.one.id, c.other.id) for c in drawn], within=km)
        pairs = Counter(c.pair for c in found).most_common()
        return self.render(
            "front.html.j2",
            on=on,
            where=where,
            drawn=draw_map(scene),
            km=km,
            called=self.called,
            signs={holder: self.sign(holder) for holder in self.called},
            faced=self.faced([row for row in rows if row[0].id in seen], found, where, on),
            pairs=[(pair, n, chance(n / len(found))) for pair, n in sorted(pairs, key=lambda p: (-p[1], p[0]))],
            summary=self.facing(on, found, km),
        )

    def faced(
        self, rows: Sequence[tuple[Place, ControlEstimate]], found: Sequence[Contact], where: str, on: date
    ) -> list[dict[str, Any]]:
        """Each place on the front with its holder, its reports, and the neighbours that it faces."""
        facing: dict[str, list[str]] = {}
        for c in found:
            for one, other in ((c.one, c.other), (c.other, c.one)):
                facing.setdefault(one.id, []).append(f"{other.name} ({c.km:.0f} km)")
        return [
            self.row(on, place, estimate, where, "front") | {"facing": facing[place.id]}
            for place, estimate in sorted(rows, key=by_name)
            if place.id in facing
        ]

    def facing(self, on: date, found: Sequence[Contact], km: float) -> str:
        """The front in one paragraph."""
        if not found:
            return f"No two places on this map at most {km:g} km apart most likely had different holders on this day."
        counts = Counter(c.pair for c in found)
        (first, most), sides = min(counts.items(), key=lambda item: (-item[1], item[0])), len(counts)
        both = " and ".join(self.called.get(holder, holder) for holder in first)
        more = "" if sides == 1 else f", in {sides} different pairings"
        return (
            f"{counted(len(found), 'pair')} of neighbouring places, at most {km:g} km apart, most likely had different"
            f" holders{more}. Most often {both} faced each other: {most} of {len(found)}. Only places with a report of"
            " their own count; nothing is said of the land between them."
        )

    def on(self, on: date) -> Markup:
        """The table of a day without its map; places that have no position are in it too."""
        where = self.named("control")
        return self.render(
            "map.html.j2", on=on, where=where, drawn="", moving="", **self.table(on, self.numbers.control_on(on), where)
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
            summary=listed([f"{self.called.get(s.holder, s.holder)} from {s.start}" for s in spells], len(spells)),
            drawn=strip(spells, self.numbers.holders, place.name, where, self.foot(place, spells)),
        )

    def foot(self, place: Place, spells: Sequence[Spell]) -> tuple[str, ...]:
        """What an image of one place says of itself."""
        stamp = self.numbers.stamp
        known = stamp.known.isoformat() if stamp.known else "everything"
        return (
            f"{place.name}: who most likely held it, by colour and shape · known: {known}",
            *((OTHER_VOICES,) if any(spell.voices_changed for spell in spells) else ()),
            self.heard(report for spell in spells for report in spell.evidence),
            f"Zenobia · record {stamp.record}",
        )

    def heard(self, reports: Iterable[str]) -> str:
        """By whose word a figure stands, for the image itself."""
        return self.citations.heard(reports)

    def render(self, template: str, **values: Any) -> Markup:
        self.said = str(values.get("summary", ""))
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
            return area_around(middle.lat, middle.lon, reach_of(live, file, "km", KM_AROUND))
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
            sources=self.heard(r for _, e in rows for r in e.evidence),
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
            claimed_only=self.numbers.claimed_only(estimate),
            population=place.population,
            voices=estimate.voices,
        )

    def table(self, on: date, rows: Sequence[tuple[Place, ControlEstimate]], where: str) -> dict[str, Any]:
        known = [(place, estimate) for place, estimate in rows if estimate.held_by and estimate.basis == "reports"]
        most = 1 if len(known) > MANY else 12
        return {
            "rows": [self.row(on, *row, where, most=most) for row in sorted(known, key=by_name)],
            "most": most if len(known) > MANY else None,
            "unknown": sorted(
                (place for place, estimate in rows if not estimate.held_by or estimate.basis != "reports"),
                key=lambda p: p.name,
            ),
            "summary": self.summary(on, known, len(rows) - len(known)),
        }

    def row(
        self, on: date, place: Place, estimate: ControlEstimate, where: str, kind: str = "map", most: int = 12
    ) -> dict[str, Any]:
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
            "claimed_only": self.numbers.claimed_only(estimate),
            "evidence": self.latest_first(estimate, where, f"{kind} of {calendar(on)}", most),
        }

    def latest_first(self, estimate: ControlEstimate, where: str, called: str, most: int) -> list[Evidence]:
        latest = self.citations.look_up(estimate.evidence)[::-1][:most]
        return self.citations.cite([e.id for e in latest], where, called)[::-1]

    def sign(self, state: str) -> Markup:
        return sign_of(state, look_of(self.numbers.holders))

    def summary(self, on: date, known: Sequence[tuple[Place, ControlEstimate]], silent: int) -> str:
        """The map in one paragraph."""
        if not known:
            return f"No report in the record says who held any of these places on {calendar(on)}."
        known = sorted(known, key=lambda row: (-(row[0].population or 0), -row[1].voices, row[0].id))
        counts = Counter(estimate.leader for _, estimate in known)
        held = ", ".join(f"{self.called.get(h, h)} {counts[h]}" for h in self.called if counts[h])
        words = [f"Of {counted(len(known), 'place')} that reports speak of, most likely held by: {held}."]
        unsure = [p.name for p, e in known if e.leader and e.held_by[e.leader] < 0.9]
        stale = [p.name for p, e in known if is_stale(on, e.last_evidence)]
        besieged = [f"{p.name} by {self.called.get(e.besieged_by, e.besieged_by)}" for p, e in known if e.besieged_by]
        words += [f"Least sure (chance under 0.9): {listed(unsure)}."] if unsure else []
        words += [f"Besieged: {listed(besieged)}."] if besieged else []
        words += [f"Nothing was heard for {STALE_AFTER} days of: {listed(stale)}."] if stale else []
        words += [f"Of {silent} more no report speaks."] if silent else []
        return " ".join(words)


def of_day(live: Directive, file: str | Path | None) -> date:
    """The day that a map is of."""
    on = day(live, "on", file=file)
    assert on is not None  # the list of live parts has it as an argument that must be given
    return on


def reach_of(live: Directive, file: str | Path | None, argument: str, usual: float) -> float:
    """A distance in kilometres: how far a map around a place reaches, or how near neighbours stand."""
    km = live.arguments.get(argument, usual)
    if isinstance(km, str) or not 1 <= km <= 2000:
        raise InputError(
            f"{argument} is not a distance to draw",
            file=file,
            row=live.line,
            value=km,
            expected=f"a number of kilometres from 1 to 2000, as in {argument}=120",
            fix="write the number without quotes",
        )
    return float(km)


def by_name(row: tuple[Place, ControlEstimate]) -> tuple[str, str]:
    return row[0].name.casefold().removeprefix("al-"), row[0].id


def area_of(places: Sequence[Place]) -> Area:
    """A frame around all places with some room; the whole globe where there is none."""
    spots = [(p.lon, p.lat) for p in places if p.lon is not None and p.lat is not None]
    if not spots:
        return -180.0, -60.0, 180.0, 75.0
    lons, lats = [lon for lon, _ in spots], [lat for _, lat in spots]
    east, north = max(0.2, (max(lons) - min(lons)) * 0.1), max(0.2, (max(lats) - min(lats)) * 0.1)
    return min(lons) - east, min(lats) - north, max(lons) + east, max(lats) + north
