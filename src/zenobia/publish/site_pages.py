"""The pages of the site, each in every language of it: the frame is ours, what the record says stays as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, cast

from jinja2 import Environment
from markupsafe import Markup

from zenobia.publish.basemap import Area
from zenobia.publish.cards import VERDICTS, Cards, badge
from zenobia.publish.citations import Citations
from zenobia.publish.directives import Directive
from zenobia.publish.foretold import Round, Track, in_words, shown_with_limits, together_in_words
from zenobia.publish.grounds import Grounds, by_name
from zenobia.publish.moving import moving_map
from zenobia.publish.numbers import Holder, Numbers, Spell
from zenobia.publish.programs import LIBRARY
from zenobia.publish.remembering import Remembering
from zenobia.publish.site_feeds import claim_entries, feed, place_entries
from zenobia.publish.site_words import DIRECTIONS, LANGUAGES, day_in, months_in, words_in
from zenobia.publish.svgmap import draw_map
from zenobia.publish.timemap import map_days_of
from zenobia.publish.wording import anchor, chance, plain
from zenobia.terms import CONTESTED, SHARED, ControlEstimate, Place

__all__ = ["Pages"]

SECTIONS = ("index", "map", "claims", "places", "actors", "forecasts", "corrections", "method")
MOST_OPEN = 60

Row = tuple[Place, ControlEstimate]


class Pages:
    """Writes the pages of one released record.

    Args:
        numbers: what may be asked of it.
        templates: the house's.
        days: the days that maps are drawn for.
        corrections: reports that replaced or took back another.
        forecasts: those that are due; track: how all of them came off.
        parties: rows of the released actors.
        ties: rows of the released affiliations.
        files: tables that are handed on, with how many rows each has.
        briefs: files of briefings with their titles.
        rules: what may be told, in words.
    """

    def __init__(
        self,
        numbers: Numbers,
        templates: Environment,
        *,
        days: Sequence[date],
        corrections: Sequence[Mapping[str, Any]],
        forecasts: Sequence[Round],
        track: Track,
        parties: Sequence[Mapping[str, Any]],
        ties: Sequence[Mapping[str, Any]],
        files: Sequence[tuple[str, int]],
        briefs: Sequence[tuple[str, str]],
        rules: Sequence[str],
    ) -> None:
        self.numbers = cast("Numbers", Remembering(numbers))
        self.templates, self.days = templates, days
        self.corrections, self.parties, self.ties = corrections, parties, ties
        self.forecasts, self.track = forecasts, track
        self.files, self.briefs, self.rules = files, briefs, rules
        self.templates.filters |= {"with_limits": shown_with_limits, "together": together_in_words}
        self.templates.filters["shown_at"] = lambda evidence: (None, False)

    # --- what there is ---------------------------------------------------------------------

    @cached_property
    def claims(self) -> Sequence[Mapping[str, Any]]:
        """Every released claim with its verdict."""
        found: Sequence[Mapping[str, Any]] = self.numbers.check()["claims"]
        return found

    @cached_property
    def last(self) -> Sequence[Row]:
        """Every place on the last day that is told."""
        return sorted(self.numbers.control_on(self.days[-1]), key=by_name)

    @cached_property
    def spells(self) -> Mapping[str, tuple[Place, Sequence[Spell]]]:
        """Places that reports speak of, each with who held it when."""
        told = {place.id: self.numbers.control_of(place.id) for place, _ in self.last}
        return {place: found for place, found in told.items() if found[1]}

    @cached_property
    def maps(self) -> Sequence[Mapping[str, Any]]:
        """The map of each day, drawn, with its paragraph and the rows of its table."""
        return [self.map_of(on) for on in self.days]

    def map_of(self, on: date) -> dict[str, Any]:
        grounds = self.grounds(Citations(self.numbers))
        rows = [row for row in self.numbers.control_on(on) if row[0].lat is not None]
        scene = grounds.scene(on, rows, grounds.area(rows, live("map"), None), f"map-{on.isoformat()}")
        seen = {place.id for place in scene.shown}
        told = [row for row in rows if row[0].id in seen and row[1].basis == "reports" and row[1].held_by]
        summary = grounds.summary(on, told, len(seen) - len(told))
        drawn = draw_map(scene)
        return {"on": on, "drawn": drawn, "size": size_of(drawn), "summary": summary, "told": sorted(told, key=by_name)}

    def grounds(self, citations: Citations) -> Grounds:
        return Grounds(self.numbers, citations, self.templates)

    # --- images and feeds ------------------------------------------------------------------

    def images(self) -> Iterator[tuple[str, str]]:
        """Each map as an image of its own."""
        for drawn in self.maps:
            yield f"maps/{drawn['on'].isoformat()}.svg", f'<?xml version="1.0" encoding="utf-8"?>\n{drawn["drawn"]}\n'

    def feeds(self) -> Iterator[tuple[str, str]]:
        """A feed for each claim and each place."""
        stamp = self.numbers.stamp
        newest = stamp.known or stamp.newest or self.days[-1]
        for claim in self.claims:
            page, entries = f"../{claim_file(claim)}", claim_entries(claim, newest)
            title = f"{claim['id']}: {claim['says']}"
            yield claim_feed(claim), feed(stamp.case, f"claim:{claim['id']}", title, page, newest, entries)
        for place, spells in self.spells.values():
            page, entries = f"../{place_file(place.id)}", place_entries(place.name, spells, self.called("en"))
            yield place_feed(place.id), feed(stamp.case, f"place:{place.id}", place.name, page, newest, entries)

    # --- pages -----------------------------------------------------------------------------

    def written(self, lang: str) -> Iterator[tuple[str, str]]:
        """Every page in a language."""
        words = words_in(lang)
        claims = [self.claim_row(claim) for claim in self.claims]
        counted = Counter(str(claim["verdict"]) for claim in self.claims)
        counts = [(counted[verdict], verdict) for verdict in VERDICTS if counted[verdict]]
        yield self.section(
            lang, "index", heading=self.numbers.stamp.title, counts=counts, claims=claims, files=self.files,
            briefs=self.briefs,
        )  # fmt: skip
        yield self.section(lang, "claims", counts=counts, claims=claims)
        yield self.section(lang, "map", maps=[self.shown_map(m, lang) for m in self.maps], **self.moving(lang))
        yield self.section(
            lang, "places", places=[self.place_row(row, lang) for row in self.last], last_day=self.days[-1]
        )
        yield self.section(lang, "actors", actors=[self.party(row, lang) for row in self.parties])
        yield self.section(
            lang, "forecasts", rounds=[self.foretold(one, lang) for one in self.forecasts], track=self.track
        )
        yield self.section(lang, "corrections", corrections=self.corrections)
        yield self.section(lang, "method", rules=self.rules)
        for claim in self.claims:
            heading = f"{words['claim']} {claim['id']}"
            yield self.thing(lang, "claims", claim_file(claim), claim_feed(claim), heading, *self.card(claim))
        for place, _ in self.spells.values():
            heading = place.name_ar if lang == "ar" and place.name_ar else place.name
            yield self.thing(lang, "places", place_file(place.id), place_feed(place.id), heading, *self.course(place))

    def section(self, lang: str, name: str, **more: Any) -> tuple[str, str]:
        return self.page(lang, name, f"{name}.html", f"site/{name}.html.j2", **more)

    def thing(
        self, lang: str, section: str, path: str, feed: str, heading: str, body: Markup, rows: Sequence[Any]
    ) -> tuple[str, str]:
        more: dict[str, Any] = {"heading": heading, "body": body, "evidence": rows, "most_open": MOST_OPEN}
        return self.page(lang, section, path, "site/thing.html.j2", feed=feed, **more)

    def page(self, lang: str, section: str, path: str, template: str, **more: Any) -> tuple[str, str]:
        """One page: where it lies, and its text."""
        other = next(known for known in LANGUAGES if known != lang)
        up, words = "../" * path.count("/"), words_in(lang)
        top = up + ("../" if lang != LANGUAGES[0] else "")
        values: dict[str, Any] = {
            "lang": lang,
            "direction": DIRECTIONS[lang],
            "w": words,
            "day": lambda day: day_in(lang, day),
            "stamp": self.numbers.stamp,
            "heading": words[section],
            "sections": SECTIONS,
            "section": section,
            "up": up,
            "top": top,
            "other": other,
            "other_page": top + home(other) + path,
            "feed": None,
            "moving": None,
            "scripts": ["keys.js"] if section == "claims" else [],
        }
        return home(lang) + path, self.templates.get_template(template).render({**values, **more})

    def moving(self, lang: str) -> dict[str, Any]:
        """The map that is moved through time, and the scripts of the page."""
        words = words_in(lang)
        drawn = moving_map(
            self.numbers,
            self.templates,
            map_days_of(self.days[0], self.days[-1] + timedelta(days=1), self.days),
            self.area,
            "time",
            lambda passing: [[run.last, int(run.claimed_only), []] for run in passing.runs],
            start=self.days[-1],
            language=lang,
            called=self.called(lang) | {CONTESTED: words["contested"], SHARED: words["shared"]},
            name=lambda place: place.name_ar if lang == "ar" and place.name_ar else place.name,
            months=months_in(lang),
            page=lambda place: place_file(place.id) if place.id in self.spells else None,
        )
        return {"moving": drawn, "scripts": ["slider.js", *([LIBRARY, "timemap.js"] if drawn else [])]}

    @cached_property
    def area(self) -> Area:
        """The frame of every map."""
        rows = [row for row in self.last if row[0].lat is not None]
        return self.grounds(Citations(self.numbers)).area(rows, live("map"), None)

    # --- parts of pages --------------------------------------------------------------------

    def card(self, claim: Mapping[str, Any]) -> tuple[Markup, Sequence[Any]]:
        """A claim's card, and the evidence below it."""
        citations = self.fresh()
        cards = Cards(self.numbers, citations, self.templates)
        return cards.one(live("claim", id=str(claim["id"])), None), citations.rows()

    def course(self, place: Place) -> tuple[Markup, Sequence[Any]]:
        """A place through time, and the evidence below it."""
        citations = self.fresh()
        return self.grounds(citations).of(place.id), citations.rows()

    def fresh(self) -> Citations:
        """Citations of a new page."""
        citations = Citations(self.numbers)
        self.templates.filters |= {"with_limits": shown_with_limits, "together": together_in_words}
        self.templates.filters["shown_at"] = citations.shown_at
        return citations

    def claim_row(self, claim: Mapping[str, Any]) -> dict[str, Any]:
        then = claim.get("then") or {}
        return {
            "id": claim["id"],
            "file": claim_file(claim).partition("/")[2],
            "says": claim["says"],
            "by": self.numbers.name(str(claim.get("by") or "")) or "",
            "on": claim.get("on"),
            "now": badge(claim),
            "then": badge(then) if then else None,
        }

    def shown_map(self, drawn: Mapping[str, Any], lang: str) -> dict[str, Any]:
        rows = [self.place_row(row, lang) for row in drawn["told"]]
        return {**drawn, "rows": rows}

    def place_row(self, row: Row, lang: str) -> dict[str, Any]:
        """A place with who most likely held it on a day; nobody where no report speaks of it."""
        place, estimate = row
        told = estimate.basis == "reports" and bool(estimate.held_by)
        leader = (estimate.leader or "") if told else ""
        return {
            "place": place,
            "shown": place.name_ar if lang == "ar" and place.name_ar else place.name,
            "file": place_file(place.id).partition("/")[2] if place.id in self.spells else None,
            "leader": leader,
            "called": self.called(lang).get(leader, leader),
            "sign": self.grounds(Citations(self.numbers)).sign(leader) if leader else "",
            "chance": chance(estimate.held_by[leader]) if leader else None,
            "last": estimate.last_evidence,
        }

    def party(self, row: Mapping[str, Any], lang: str) -> dict[str, Any]:
        """An actor with its ties."""
        called = {p["id"]: p["name_ar"] if lang == "ar" and p["name_ar"] else p["name"] for p in self.parties}
        ties = [tie for tie in self.ties if tie["actor"] == row["id"]]
        holds = any(holder.id == row["id"] for holder in self.numbers.holders)
        return {
            **row,
            "holds": holds,
            "sign": self.grounds(Citations(self.numbers)).sign(row["id"]) if holds else "",
            "ties": [
                {"role": t["role"], "of": t["of"], "called": called.get(t["of"], t["of"]), "from": t["start"]}
                | {"to": t["end"]}
                for t in ties
            ],
        }

    def foretold(self, told: Round, lang: str) -> dict[str, Any]:
        """A forecast with its paragraph, its places and its scores."""
        english, called = self.called("en"), self.called(lang)
        files = {claim["id"]: claim_file(claim).partition("/")[2] for claim in self.claims}
        return {
            "told": told,
            "before": called.get(told.before, told.before),
            "after": called.get(told.after, told.after),
            "summary": in_words(told, english.get(told.before, told.before), english.get(told.after, told.after)),
            "claims": [(id, files[id]) for id in told.claims if id in files],
            "rows": [
                {
                    "row": row,
                    "file": place_file(row.place.id).partition("/")[2] if row.place.id in self.spells else None,
                    "chance": chance(row.chance.best or 0.0),
                    "limits": [chance(side or 0.0) for side in (row.chance.low, row.chance.high)],
                    "one_rate": chance(row.one_rate),
                    "came": None if row.came is None else chance(row.came),
                }
                for row in told.places
            ],
        }

    def called(self, lang: str) -> dict[str, str]:
        """What each state is called in a language."""
        words = words_in(lang)
        names = {h.id: named(h, lang) for h in self.numbers.holders}
        return names | {CONTESTED: words["contested"], SHARED: words["shared"]}


def size_of(drawn: str) -> tuple[str, str]:
    """How wide and high a map is drawn, in pixels."""
    _, _, wide, high = drawn.partition('viewBox="')[2].partition('"')[0].split()
    return wide, high


def named(holder: Holder, lang: str) -> str:
    return plain(holder.name_ar if lang == "ar" and holder.name_ar else holder.name)


def home(lang: str) -> str:
    """The folder of a language: the first one's is the top."""
    return "" if lang == LANGUAGES[0] else f"{lang}/"


def live(name: str, **arguments: str) -> Directive:
    """A live part that the site itself asks for."""
    return Directive(name=name, arguments=arguments, attribute=None, source=name, line=1)


def claim_file(claim: Mapping[str, Any]) -> str:
    return f"claims/{anchor('claim', str(claim['id']))}.html"


def place_file(place: str) -> str:
    return f"places/{anchor('place', place)}.html"


def claim_feed(claim: Mapping[str, Any]) -> str:
    return f"feeds/{anchor('claim', str(claim['id']))}.xml"


def place_feed(place: str) -> str:
    return f"feeds/{anchor('place', place)}.xml"
