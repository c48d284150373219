"""What a briefing may show, asked of an open case as it was known on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zenobia import control, measures, publish
from zenobia.publish.numbers import HowSaid
from zenobia.record import Record, View, nouns_of, say
from zenobia.terms import CONTESTED, SHARED, Bounds, ControlEstimate, NotMeasurable, Place, Report, day_number, day_of

__all__ = ["Asked", "Numbers"]

# Control as a report puts it: by its status, or else by its type.
_HOW_OF_TYPE = {"capture": "takes", "withdrawal": "loses"}
_HOWS = ("takes", "holds", "loses", "contests", "shares")
_WIDER = ("admin2", "admin1", "country")
# A change of hands is looked for so many days around the day on which another holder came to lead; farther
# around where little is known of when it was.
_AROUND_DAYS = (45, 150, 500)
_LIKELY = 0.5
_DRAWS = 400


class Asked(Protocol):
    """What a briefing asks of an open case (`zenobia.pipeline.OpenCase`)."""

    @property
    def record(self) -> Record: ...
    @property
    def names(self) -> Mapping[str, str]: ...
    @property
    def until(self) -> date | None: ...
    def answered(self, name: str, words: Sequence[str], view: View) -> measures.Answer: ...
    def check(self, *, view: View | None = None) -> dict[str, Any]: ...
    def control_all(self, on: date, view: View | None = None) -> list[ControlEstimate]: ...
    def estimate(self, view: View | None = None) -> control.Control: ...
    def place(self, name: str, view: View) -> str: ...
    def prepare(self, view: View, needs: measures.Needs) -> measures.Prepared: ...


class Numbers:
    """What a briefing may show of one view: the pipeline's side of `publish.Numbers`.

    Args:
        opened: the case.
        view: its record as known on a day.
    """

    def __init__(self, opened: Asked, view: View) -> None:
        self._case, self._view = opened, view
        self._made: dict[str, Report] = {}

    @property
    def stamp(self) -> publish.Stamp:
        """Which case, which record and which day of knowledge the briefing is of."""
        setting = self._view.setting
        return publish.Stamp(
            case=setting.id,
            title=setting.title,
            record=self._view.record,
            known=self._view.known,
            newest=pc.max(self._view.reports["published"]).as_py(),
            start=setting.start,
            end=setting.end,
            area=setting.area,
            until=self._case.until,
        )

    @property
    def holders(self) -> Sequence[publish.Holder]:
        """The holders of the case, in its own order."""
        actors = [self._view.actor(holder) for holder in self._view.setting.holders]
        palette = str(self._view.setting.publish.get("palette", "safe"))
        return [
            publish.Holder(id=a.id, name=a.name, name_ar=a.name_ar, colour=publish.colour_in(palette, a.id))
            for a in actors
        ]

    def check(self) -> Mapping[str, Any]:
        """The verdicts, in the shape of `check --json`."""
        return self._case.check(view=self._view)

    def control_on(self, day: date) -> Sequence[tuple[Place, ControlEstimate]]:
        """Every place of the case on a day."""
        return [(self._view.place(e.place), e) for e in self._case.control_all(day, self._view)]

    def control_of(self, place: str) -> tuple[Place, Sequence[publish.Spell]]:
        """A place, and by whom it was held when."""
        estimate, noun = self._case.estimate(self._view), self._view.place(self._case.place(place, self._view))
        return noun, [
            publish.Spell(
                start=row["from"],
                end=row["to"],
                holder=row["holder"],
                chance=row["chance"],
                least=row["least"],
                last_evidence=row["last_evidence"],
                evidence=estimate.at(noun.id, day_number(row["to"]) - 1).evidence,
                voices_changed=tuple(map(date.fromisoformat, row["voices_changed"])),
            )
            for row in self._spells.get(noun.id, ())
        ]

    def claimed_only(self, estimate: ControlEstimate) -> bool:
        """Whether every report that speaks for the likeliest holder is by that holder's own side."""
        weights = self._case.estimate(self._view).why(estimate.place, day_number(estimate.on))
        told = [w.report for w in weights if w.log_odds > 0 and w.report in estimate.evidence]
        camps = {self._camp(report) for report in self._read(told)}
        return camps == {estimate.leader}

    def course(self, place: str, start: date, end: date) -> publish.Course:
        """The chances of a place day by day, and each report of it on the day it speaks of."""
        estimate, noun = self._case.estimate(self._view), self._view.place(self._case.place(place, self._view))
        days = np.arange(day_number(start), day_number(end))
        known = estimate.at(noun.id, day_number(start)).basis == "reports"
        return publish.Course(
            place=noun,
            start=start,
            end=end,
            states=tuple(estimate.states) if known else (),
            chances=estimate.chances([noun.id] * len(days), days).tolist() if known else (),
            sayings=tuple(self._sayings(noun.id, start, end)),
            voices_changed=tuple(
                day for day in map(day_of, estimate.voices_changed(noun.id) if known else ()) if start <= day < end
            ),
        )

    def all_places(self) -> Sequence[Place]:
        """Every place of the case, in order of ids."""
        return [self._view.place(place) for place in sorted(self._view.places)]

    def through(self, days: Sequence[date]) -> Sequence[publish.Passing]:
        """Each place that reports speak of, with a position, through some days in order."""
        estimate, asked = self._case.estimate(self._view), np.array([day_number(day) for day in days])
        found = [place for place in sorted(estimate.told) if self._view.place(place).lat is not None]
        held = estimate.chances(np.repeat(found, len(days)).tolist(), np.tile(asked, len(found)))
        return [
            self._passing(estimate, place, asked, chances)
            for place, chances in zip(found, held.reshape(len(found), len(days), -1), strict=True)
        ]

    def _passing(
        self, estimate: control.Control, place: str, days: npt.NDArray[np.int64], chances: npt.NDArray[np.float64]
    ) -> publish.Passing:
        leading = chances.argmax(axis=1)
        ends = [n for n in range(len(days)) if n + 1 == len(days) or leading[n + 1] != leading[n]]
        told = [estimate.at(place, int(days[n])) for n in ends]
        heard = [day for day in estimate.heard(place) if day <= days[-1]]
        return publish.Passing(
            place=self._view.place(place),
            leaders=tuple(estimate.states[k] for k in leading),
            chances=tuple(float(c) for c in chances.max(axis=1)),
            besieged_by=tuple(estimate.besieger(place, int(day)) for day in days),
            heard=tuple(map(day_of, heard)),
            runs=tuple(
                publish.Run(last=n, evidence=e.evidence, claimed_only=self.claimed_only(e))
                for n, e in zip(ends, told, strict=True)
            ),
        )

    def turns(self, start: date, end: date) -> Sequence[publish.Turn]:
        """Every change of hands between two days that a report of the place bears out, in order."""
        found = [self._turn(place, *change) for place in self._spells for change in self._changes(place, start, end)]
        return sorted((turn for turn in found if turn), key=lambda turn: (turn.day, turn.place.id))

    def tallies(self, of: Mapping[str, str], units: Sequence[str], start: date, end: date) -> publish.Tallies:
        """What each voice counted, month by month, and figures that no month holds; by the measure `count`."""
        months = list(_months(start, end))
        monthly = [t for unit in units for m, after in months for t in self._tally(of, unit, m, after)]
        whole = [t for unit in units for t in self._tally(of, unit, start, end)]
        seen = {(t.unit, report) for t in monthly for report in t.evidence}
        longer = [
            told
            for t in whole
            for report in t.evidence
            if (t.unit, report) not in seen and (told := self._alone(t, report)) is not None
        ]
        return publish.Tallies(monthly=tuple(monthly), longer=tuple(longer))

    def held(self, holder: str, place: str, start: date | None, end: date | None) -> publish.Held:
        """For how many days a holder held a place; without days, within the case's own period."""
        window = {"from": start or self._view.setting.start, "to": end or self._view.setting.end}
        words = [f"{key}={day.isoformat()}" for key, day in window.items() if day]
        words = [f"holder={holder}", f"place={place}", "unit=day", *words]
        answer = self._case.answered("duration", words, self._view)
        return publish.Held(days=answer.found, evidence=answer.evidence)

    def evidence(self, reports: Iterable[str]) -> Sequence[publish.Evidence]:
        """What reports say, by whose word, and where that can be looked up."""
        return [self._evidence(report) for report in self._read(reports)]

    def name(self, id: str) -> str:
        """What a source, actor or place is called."""
        return self._case.names.get(id, id)

    @cached_property
    def _spells(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Which holder led through which days, for each place."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for row in self._case.estimate(self._view).spells().to_pylist():
            found.setdefault(row["place"], []).append(row)
        return found

    def _changes(self, place: str, start: date, end: date) -> Iterator[tuple[date, str, str]]:
        """The days on which another holder came to lead; what was contested or shared between is looked through."""
        before = None
        for row in self._spells[place]:
            if row["holder"] in (CONTESTED, SHARED):
                continue
            if before and row["holder"] != before and start <= row["from"] < end:
                yield row["from"], before, row["holder"]
            before = row["holder"]

    def _turn(self, place: str, day: date, before: str, after: str) -> publish.Turn | None:
        estimate, on = self._case.estimate(self._view), day_number(day)
        last = day_number(self._case.until or date.max)
        for reach in _AROUND_DAYS:
            found = estimate.change(place, before, after, on - reach, min(on + reach, last), n=_DRAWS)
            if found.chance >= _LIKELY:
                break
        if found.low is None or found.best is None or found.high is None:
            return None
        at = estimate.at(place, found.best)
        if at.basis != "reports":
            return None
        return publish.Turn(
            place=self._view.place(place),
            before=before,
            after=after,
            day=day_of(found.best),
            low=day_of(found.low),
            high=day_of(found.high),
            chance=min(1.0, found.chance),
            evidence=at.evidence,
        )

    def _sayings(self, place: str, start: date, end: date) -> Iterator[publish.Saying]:
        """What each report says of a place, in order of the days they speak of."""
        rows = np.flatnonzero(self._view.column("place") == place)
        told = self._read(str(i) for i in self._view.column("id")[rows])
        for report in sorted(told, key=lambda r: (r.date or r.published, r.published, r.id)):
            said = self._saying(report)
            if said and start <= said.day < end:
                yield said

    def _saying(self, report: Report) -> publish.Saying | None:
        """What a report says of control; ``None`` where it says nothing that can be put on a day and a holder."""
        how = report.status or _HOW_OF_TYPE.get(report.type)
        if how not in _HOWS or report.date is None or report.part_of or report.where_precision in _WIDER:
            return None
        named = report.holder or (report.actor if report.type in _HOW_OF_TYPE else None)
        holders = {self._view.holder_of(actor, day_number(report.date)) for actor in (named or "").split("|")}
        state = {"contests": CONTESTED, "shares": SHARED}.get(how) or (holders.pop() if len(holders) == 1 else None)
        if state is None:
            return None
        own = how in ("takes", "holds") and self._camp(report) == state
        return publish.Saying(report=report.id, day=report.date, state=state, how=cast(HowSaid, how), own=own)

    def _read(self, ids: Iterable[str]) -> list[Report]:
        """Reports by id, many at a time, each made once."""
        wanted = list(ids)
        missing = [id for id in dict.fromkeys(wanted) if id not in self._made]
        if missing:
            table = self._case.record.content.tables["reports"]
            found = nouns_of(Report, table.filter(pc.is_in(table.column("id"), pa.array(missing))))
            self._made.update({report.id: report for report in found})
        return [self._made[id] if id in self._made else self._case.record.reports[id] for id in wanted]

    def _camp(self, report: Report) -> str | None:
        return self._view.camp_of(report.origin or report.source)

    def _tally(self, of: Mapping[str, str], unit: str, start: date, end: date) -> list[publish.Tally]:
        """What each voice counted in one stretch, by the rules of the measure `count`."""
        words = [f"{key}={value}" for key, value in of.items()]
        words += [f"from={start.isoformat()}", f"to={end.isoformat()}", f"unit={unit}"]
        asked = measures.ask_from_words("count", words)
        try:
            answer = measures.answer(
                asked, self._view, self._case.prepare(self._view, measures.needs(asked, self._view))
            )
        except NotMeasurable:
            return []
        return [
            publish.Tally(
                voice=figure.name,
                side=self.name(figure.bloc) if figure.bloc else None,
                unit=unit,
                start=start,
                end=end,
                found=figure.found,
                evidence=figure.reports,
                frame=figure.frame,
            )
            for figure in answer.by_source
        ]

    def _alone(self, tally: publish.Tally, id: str) -> publish.Tally | None:
        """One report's own figure over the days it speaks of; ``None`` where it gives none."""
        (report,) = self._read([id])
        limits = (report.count_low, report.count, report.count_high)
        if report.date is None or report.date_to is None or all(limit is None for limit in limits):
            return None
        low, high = (report.count if side is None else side for side in (report.count_low, report.count_high))
        found = Bounds(low=low, best=report.count, high=high, unit=tally.unit, meaning="reported")
        return replace(tally, start=report.date, end=report.date_to, found=found, evidence=(id,), frame=None)

    @cached_property
    def _urls(self) -> Mapping[str, str | None]:
        documents = self._view.table("documents").select(["id", "url"]).to_pylist()
        return {document["id"]: document["url"] for document in documents}

    def _evidence(self, report: Report) -> publish.Evidence:
        voice = report.origin or report.source
        source = self._view.sources.get(report.source)
        return publish.Evidence(
            id=report.id,
            source=self.name(report.source) + (f", from {self.name(report.origin)}" if report.origin else ""),
            says=say(report, self._case.names),
            published=report.published,
            kind=source.kind if source else None,
            stands_with=self.name(source.stands_with) if source and source.stands_with else None,
            camp=self._view.camp_of(voice),
            date=report.date.isoformat() if report.date else None,
            locator=report.locator,
            url=self._urls.get(report.document or "") or (source.url if source else None),
            quote=report.quote,
        )


def _months(start: date, end: date) -> Iterator[tuple[date, date]]:
    """The calendar months that a window of days, closed-open, touches, cut to it."""
    first = start
    while first < end:
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        yield first, min(after, end)
        first = after
