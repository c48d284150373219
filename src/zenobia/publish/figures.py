"""Figures on a page: a place's chances with its reports, changes of hands, and what was counted month by month.

Each stands with a paragraph and tables that say the same, and every number leads to its reports.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from zenobia.publish.citations import Citations
from zenobia.publish.course import HOWS, Leading, draw_course, leading, quietest, sign_of_saying
from zenobia.publish.directives import Directive, window
from zenobia.publish.footing import OTHER_VOICES, told_by, with_foot
from zenobia.publish.marks import sign_of
from zenobia.publish.monthly import draw_months, foremost, heading
from zenobia.publish.numbers import Course, Evidence, Numbers, Saying, Spell, Tallies, Tally, Turn
from zenobia.publish.palette import Style, look_of
from zenobia.publish.turnings import Changed, draw_turns
from zenobia.publish.wording import calendar, chance, counted, figure, listed
from zenobia.terms import CONTESTED, SHARED, NotFound, Place
from zenobia.terms.names import did_you_mean
from zenobia.terms.vocabulary import UNITS

__all__ = ["Figures"]

MOST_PLACES = 12
STRIKE_UNITS = ("incident", "raid", "strike", "sortie", "target", "location")


class Figures:
    """Sets figures of time."""

    def __init__(self, numbers: Numbers, citations: Citations, templates: Environment) -> None:
        self.numbers, self.citations, self.templates = numbers, citations, templates
        self.count = 0
        self.said = ""  # the paragraph of what was set last

    @cached_property
    def called(self) -> dict[str, str]:
        """What each state is called: the case's holders, and the two reserved words."""
        return {h.id: h.name for h in self.numbers.holders} | {CONTESTED: "contested", SHARED: "shared"}

    @cached_property
    def look(self) -> Mapping[str, Style]:
        return look_of(self.numbers.holders)

    def render(self, template: str, **values: Any) -> Markup:
        self.said = str(values.get("summary", ""))
        return Markup(self.templates.get_template(template).render(stamp=self.numbers.stamp, **values))

    def named(self, kind: str) -> str:
        self.count += 1
        return f"{kind}-{self.count}"

    def footed(
        self,
        drawn: Markup | str,
        reports: Iterable[str],
        legend: Sequence[tuple[Markup, str]] = (),
        *,
        dashed: bool = False,
    ) -> Markup:
        """A figure that says by itself what its signs mean, whose word it rests on, of when and from which record."""
        lines = ((OTHER_VOICES,) if dashed else ()) + told_by(self.numbers.stamp, self.citations, reports)
        return with_foot(Markup(drawn), lines, legend)

    def sign(self, state: str) -> Markup:
        return sign_of(state, self.look)

    # --- one place's chances ---------------------------------------------------------------

    def strip(self, live: Directive, file: str | Path | None) -> Markup:
        """The chances of a place through time, with each report on it."""
        course = self.numbers.course(str(live.arguments["place"]), *self.window(live, file))
        where, place = self.named("strip"), course.place
        reports = [saying.report for saying in course.sayings]
        cited = {e.id: e for e in self.citations.cite(reports, where, f"chances of {place.name}")}
        said = {id: f"{e.source}, {calendar(e.published)}: {e.says}" for id, e in cited.items()}
        drawn = draw_course(course, self.called, self.look, said, where) if course.states else ""
        return self.render(
            "course.html.j2",
            place=place,
            where=where,
            drawn=self.footed(drawn, reports, course_legend(course), dashed=bool(course.voices_changed)),
            summary=self.told(course) if course.states else "No report in the record says who held it.",
            spells=self.stretches(course, where),
            reports=[self.reported(saying, cited[saying.report]) for saying in course.sayings],
            legend=[(sign_of_saying(how), words) for how, words in HOWS.items() if how in used_by(course)],
            own=sign_of_saying("holds", own=True) if any(s.own for s in course.sayings) else None,
        )

    def told(self, course: Course) -> str:
        """The figure in one paragraph."""
        held = [
            f"{self.called.get(s.state, s.state)} until {calendar(s.end - timedelta(days=1))}" for s in leading(course)
        ]
        words = f"Most likely held by {', then '.join(held)}. {counted(len(course.sayings), 'report')} of these days"
        words += " says" if len(course.sayings) == 1 else " say"
        words += " who held it"
        own = sum(saying.own for saying in course.sayings)
        words += f", {own} of them for the speaker's own side." if own else "."
        if course.voices_changed:
            since = listed([calendar(day) for day in course.voices_changed])
            words += f" Wholly other voices carry the estimate from {since}."
        quiet = quietest(course)
        if quiet:
            days, last = (quiet[1] - quiet[0]).days, quiet[1] - timedelta(days=1)
            words += f" The longest silence lasts {days} days, {calendar(quiet[0])} to {calendar(last)}."
        return words

    def stretches(self, course: Course, where: str) -> list[dict[str, Any]]:
        """The table of who was the likeliest when, with the reports behind each stretch."""
        spells = self.numbers.control_of(course.place.id)[1] if course.states else ()
        return [
            {
                "start": stretch.start,
                "end": stretch.end - timedelta(days=1),
                "called": self.called.get(stretch.state, stretch.state),
                "sign": self.sign(stretch.state),
                "chance": chance(stretch.chance),
                "evidence": self.citations.cite(behind(stretch, spells), where, f"chances of {course.place.name}"),
            }
            for stretch in leading(course)
        ]

    def reported(self, saying: Saying, evidence: Evidence) -> dict[str, Any]:
        return {
            "day": saying.day,
            "sign": sign_of_saying(saying.how, own=saying.own),
            "state": self.sign(saying.state),
            "called": self.called.get(saying.state, saying.state),
            "how": "" if saying.how in ("contests", "shares") else HOWS.get(saying.how, saying.how),
            "own": saying.own,
            "evidence": evidence,
        }

    # --- changes of hands ------------------------------------------------------------------

    def changes(self, live: Directive, file: str | Path | None) -> Markup:
        """The changes of hands of some places, or of those that matter most."""
        start, end = self.window(live, file)
        turns = self.numbers.turns(start, end)
        wanted = self.wanted(live, turns)
        turns, where = [turn for turn in turns if turn.place.id in wanted], self.named("changes")
        rows = [self.turned(turn, where, i) for i, turn in enumerate(turns, start=1)]
        marks = [
            (turn.place.id, Changed(day=turn.day, after=turn.after, row=row["anchor"], words=row["words"]))
            for turn, row in zip(turns, rows, strict=True)
        ]
        shown = [(*self.numbers.control_of(id), [m for place, m in marks if place == id]) for id in wanted]
        signs = [(self.sign(state), self.called.get(state, state)) for state in states_of([row[1] for row in shown])]
        return self.render(
            "turns.html.j2",
            where=where,
            rows=rows,
            drawn=self.footed(
                draw_turns(shown, (start, end), self.called, self.look, where) if shown else Markup(),
                [report for _, spells, _ in shown for spell in spells for report in spell.evidence],
                signs,
                dashed=any(spell.voices_changed for _, spells, _ in shown for spell in spells),
            ),
            signs=signs,
            summary=self.counted_turns(turns, len(shown), start, end),
        )

    def wanted(self, live: Directive, turns: Sequence[Turn]) -> list[str]:
        """The places to show, by id, in the order given; else those that changed hands most often."""
        if named := live.text("places"):
            return list(dict.fromkeys(self.numbers.control_of(id.strip())[0].id for id in named.split(",")))
        often = Counter(turn.place.id for turn in turns)
        places: dict[str, Place] = {turn.place.id: turn.place for turn in turns}
        chosen = sorted(places, key=lambda id: (-often[id], -(places[id].population or 0), id))[:MOST_PLACES]
        return [id for id in places if id in chosen]  # by the day of their first change

    def turned(self, turn: Turn, where: str, number: int) -> dict[str, Any]:
        before, after = (self.called.get(state, state) for state in (turn.before, turn.after))
        return {
            "turn": turn,
            "anchor": f"{where}-{number}",
            "words": f"{turn.place.name}: {before} to {after}, {calendar(turn.day)}",
            "before": before,
            "after": after,
            "signs": (self.sign(turn.before), self.sign(turn.after)),
            "chance": chance(turn.chance),
            "evidence": self.citations.cite(turn.evidence, where, "changes of hands")[::-1],
        }

    def counted_turns(self, turns: Sequence[Turn], places: int, start: date, end: date) -> str:
        """The figure in one paragraph."""
        when = f"between {calendar(start)} and {calendar(end - timedelta(days=1))}"
        if not turns:
            return f"None of these places most likely changed hands {when}."
        gained = Counter((turn.before, turn.after) for turn in turns)
        ways = [
            f"{self.called.get(a, a)} to {self.called.get(b, b)} {n}"
            for (a, b), n in sorted(gained.items(), key=lambda item: (-item[1], item[0]))
        ]
        unsure = [f"{turn.place.name} in {calendar(turn.day).split(' ', 1)[1]}" for turn in turns if turn.chance < 0.9]
        words = f"{counted(places, 'place')} changed hands {counted(len(turns), 'time')} {when}: {', '.join(ways)}."
        return words + (f" Least sure (chance under 0.9): {listed(unsure)}." if unsure else "")

    # --- what was counted ------------------------------------------------------------------

    def strikes(self, live: Directive, file: str | Path | None) -> Markup:
        """What each voice counted, month by month, a panel a unit."""
        start, end = self.window(live, file)
        given = {key: live.text(key) for key in ("actor", "place", "area", "admin1")}
        of = {"type": live.text("type") or "air-strike", **{key: value for key, value in given.items() if value}}
        found = self.numbers.tallies(of, units_of(live, file), start, end)
        where = self.named("strikes")
        units = dict.fromkeys(tally.unit for tally in (*found.monthly, *found.longer))
        panels = [self.panel(unit, found, (start, end), where) for unit in units]
        return self.render(
            "months.html.j2",
            where=where,
            panels=panels,
            rows=sum(len(panel["rows"]) for panel in panels),
            summary=summed_up(panels, self.subject(of), start, end),
            subject=self.subject(of),
        )

    def subject(self, of: Mapping[str, str]) -> str:
        """What is counted, in words."""
        words = of["type"].replace("-", " ") + "s"
        words += f" by {self.numbers.name(of['actor'])}" if "actor" in of else ""
        ground = next((of[key] for key in ("place", "area", "admin1") if key in of), None)
        return words + (f" at {self.numbers.name(ground)}" if ground else "")

    def panel(self, unit: str, found: Tallies, when: tuple[date, date], where: str) -> dict[str, Any]:
        monthly = [tally for tally in found.monthly if tally.unit == unit]
        longer = [tally for tally in found.longer if tally.unit == unit]
        voices = foremost([*monthly, *longer])
        return {
            "unit": unit,
            "heading": heading(unit),
            "drawn": self.footed(
                draw_months(unit, monthly, longer, when, f"{where}-{unit}"),
                [report for tally in (*monthly, *longer) for report in tally.evidence],
            ),
            "rows": [
                self.tallied(t, where) for t in sorted((*monthly, *longer), key=lambda t: (t.start, t.end, t.voice))
            ],
            "voices": sorted({t.voice for t in (*monthly, *longer)}),
            "more": len({t.voice for t in (*monthly, *longer)} - set(voices)),
        }

    def tallied(self, tally: Tally, where: str) -> dict[str, Any]:
        return {
            "days": days_in_words(tally.start, tally.end),
            "voice": tally.voice,
            "side": tally.side,
            "figure": figure(tally.found.to_json()),
            "frame": tally.frame,
            "evidence": self.citations.cite(tally.evidence, where, f"{tally.unit}s by month"),
        }

    def window(self, live: Directive, file: str | Path | None) -> tuple[date, date]:
        """The days of a figure, closed-open: those given, else those of the case."""
        stamp = self.numbers.stamp
        return window(live, stamp.start, stamp.end, until=stamp.until, file=file)


def course_legend(course: Course) -> list[tuple[Markup, str]]:
    """What the ticks of a course mean, for the image itself."""
    signs = [(sign_of_saying(how), words) for how, words in HOWS.items() if how in used_by(course)]
    own = any(saying.own for saying in course.sayings)
    return [*signs, *([(sign_of_saying("holds", own=True), "of its own side")] if own else [])]


def used_by(course: Course) -> set[str]:
    return {saying.how for saying in course.sayings}


def days_in_words(start: date, end: date) -> str:
    """A stretch of days, closed-open: March 2016 where it is a whole month, else from its first to its last day."""
    whole = start.day == end.day == 1 and (end - start).days <= 31
    return calendar(start).split(" ", 1)[1] if whole else f"{calendar(start)} to {calendar(end - timedelta(days=1))}"


def behind(stretch: Leading, spells: Sequence[Spell]) -> list[str]:
    """The reports behind a stretch: those of the spells of the same holder that it lies in."""
    return [
        report
        for spell in spells
        if spell.holder == stretch.state and spell.start < stretch.end and spell.end > stretch.start
        for report in spell.evidence
    ]


def states_of(rows: Sequence[Sequence[Spell]]) -> list[str]:
    return sorted({spell.holder for spells in rows for spell in spells})


def units_of(live: Directive, file: str | Path | None) -> tuple[str, ...]:
    """The units to show: those named, else those that strikes are counted in."""
    given = live.text("units")
    units = tuple(unit.strip() for unit in given.split(",")) if given else STRIKE_UNITS
    for unit in units:
        if unit not in UNITS:
            raise NotFound(
                "no such unit",
                file=file,
                row=live.line,
                value=unit,
                expected=f"one of {', '.join(UNITS)}",
                fix=did_you_mean(unit, UNITS) or "take a unit of the list",
            )
    return units


def summed_up(panels: Sequence[Mapping[str, Any]], subject: str, start: date, end: date) -> str:
    """The panels in one paragraph."""
    when = f"between {calendar(start)} and {calendar(end - timedelta(days=1))}"
    if not panels:
        return f"No report counts {subject} {when}; that is not a count of none."
    parts = [f"{panel['heading'].lower()} ({counted(len(panel['voices']), 'voice')})" for panel in panels]
    return (
        f"{subject[:1].upper()}{subject[1:]} {when} are counted in {listed(parts, most=8)}. These are different things"
        " and are never added up. A month without a bar is one for which nobody gave a figure, which is not none."
    )
