"""What is asked of a case, whole or released: from a view to events, control, measures, verdicts, and back again.

A view goes in (the record as known on a day); each room is given it and returns its result, which is handed to
the next. What a room returned is kept by the content it was made from (record, day of knowledge, narrowing),
so that a result never depends on the order in which things were asked.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zenobia import claims, control, fronting, holding, linkage, measures, publish
from zenobia.drawing import DrawnEstimate, control_map, drawn
from zenobia.exporting import export
from zenobia.keeping import KeptAnswers
from zenobia.record import Link, Record, View, concerned, learned
from zenobia.terms import (
    ControlEstimate,
    InputError,
    Names,
    NotFound,
    Run,
    day_number,
    day_of,
    did_you_mean,
    parse_day,
)
from zenobia.tracing import why, why_event
from zenobia.watching import Watching

__all__ = ["Asking"]

_DRAWS, _SEED = 2000, 1


class Asking(ABC):
    """Everything that can be asked of a record as known on a day.

    Args:
        root: the case folder.
        watching: tells how far long work has come.
        code: the version of the program.
    """

    def __init__(self, root: Path, watching: Watching, code: str) -> None:
        self.root, self.watching, self.code = root, watching, code
        self._linked: dict[str, pa.Table] = {}
        self._estimated: dict[str, control.Control] = {}
        self._narrowed: dict[str, control.Control] = {}
        self._rests: dict[tuple[str, measures.Needs], str] = {}
        self._earlier: dict[tuple[str, date], View] = {}
        self._answered = KeptAnswers(root)

    @property
    def until(self) -> date | None:
        """The first day of which control may not be told; ``None``: it may be told of every day."""
        return None

    @property
    @abstractmethod
    def record(self) -> Record:
        """The record in force."""

    @abstractmethod
    def known(self, day: str | date | None = None) -> View:
        """The record as known on a day: only what had been published by then."""

    @abstractmethod
    def runs(self) -> list[Run]:
        """The runs that made the record, oldest first."""

    @abstractmethod
    def briefs(self, view: View) -> Iterator[tuple[str, str]]:
        """Every briefing of the case: what it is called, and its page."""

    @abstractmethod
    def lets_out(self, table: pa.Table) -> pa.Table:
        """A table as it is exported."""

    @abstractmethod
    def look_through(self, files: Callable[[], Mapping[str, bytes]]) -> None:
        """Refuses what may not leave."""

    # --- what is worked out from a view ----------------------------------------------------

    def links(self, view: View | None = None) -> pa.Table:
        """Which report tells of which event: a table (report, event)."""
        view = view or self.known()
        if view.key not in self._linked:
            with self.watching.step("putting reports of one thing together"):
                self._linked[view.key] = linkage.group(view)
        return self._linked[view.key]

    def events(self, view: View | None = None) -> pa.Table:
        """What we hold happened, in the shape of `export events`."""
        view = view or self.known()
        return linkage.events(view, self.links(view))

    def estimate(self, view: View | None = None) -> control.Control:
        """Who held each place through time, from the reports of a view."""
        view = view or self.known()
        if view.key not in self._estimated:
            with self.watching.step("estimating control"):
                made = control.estimate(view, self.links(view))
            # Ways to ask that differ in reports which say nothing of control share what is learned and drawn.
            self._estimated[view.key] = self._estimated.setdefault(control.content_of(made), made)
        return self._estimated[view.key]

    def control(self, place: str, *, on: str | date, view: View | None = None) -> DrawnEstimate:
        """Who held a place on a day, how sure, and by whose word; the place by id or by any of its names."""
        view = view or self.known()
        day = parse_day(on) if isinstance(on, str) else on
        return drawn(self, self.estimate(view).at(self.place(place, view), day_number(day)), view)

    def control_map(
        self, *, on: str | date, around: str | None = None, km: float | None = None, view: View | None = None
    ) -> publish.Picture:
        """A map of control on a day, which a notebook shows: in the case's area, or so far around a place."""
        day = parse_day(on) if isinstance(on, str) else on
        return control_map(self, view or self.known(), day, around, km)

    def control_all(self, on: str | date, view: View | None = None) -> list[ControlEstimate]:
        """Every place of the case on a day; places without any basis are told as such."""
        view = view or self.known()
        day = day_number(parse_day(on) if isinstance(on, str) else on)
        estimate = self.estimate(view)
        return [estimate.at(place, day) for place in self.watching.through(sorted(view.places), "control of places")]

    def control_between(self, first: str | date, last: str | date, view: View | None = None) -> dict[str, Any]:
        """What each holder gained, lost and held between two days, place by place and in all."""
        days = [parse_day(day) if isinstance(day, str) else day for day in (first, last)]
        return holding.compared(self, view or self.known(), *days)

    def control_totals(self, every: str = "month", view: View | None = None, area: str | None = None) -> dict[str, Any]:
        """How many places, people in them and square kilometres each holder had through time, with bounds."""
        return holding.totals(self, view or self.known(), every, area)

    def totals(self, view: View | None = None) -> pa.Table:
        """The same as a table by month, in the shape of `export control-totals`."""
        return holding.totals_table(self, view or self.known())

    def control_fronts(
        self,
        *,
        on: str | date | None = None,
        every: str = "month",
        area: str | None = None,
        events: bool = False,
        view: View | None = None,
    ) -> dict[str, Any]:
        """Who faced whom, along how many kilometres, on a day or through time; and when that changed."""
        day = parse_day(on) if isinstance(on, str) else on
        return fronting.fronts(self, view or self.known(), on=day, every=every, area=area, events=events)

    def fronts(self, view: View | None = None, on: str | date | None = None) -> pa.Table:
        """The fronts by month, or of one day, as a table in the shape of `export fronts`."""
        day = parse_day(on) if isinstance(on, str) else on
        return fronting.fronts_table(self, view or self.known(), day)

    def prepare(self, view: View, needs: measures.Needs) -> measures.Prepared:
        """What a question needs from a view: control from the reports that it may use."""
        if needs.name == "nothing":
            return measures.Prepared(draws=_DRAWS, seed=_SEED)
        rests, heard = self._rests_on(view, needs)
        if rests not in self._narrowed:
            # A claim is judged by what somebody said of a place itself; never by who is said to have fired on it.
            narrowed = control.unheeding(heard.confined(_bearing(heard, needs)))
            self._narrowed[rests] = self.estimate(narrowed).by_reports()
        earlier = None if heard is view else heard
        return measures.Prepared(control=self._narrowed[rests], view=earlier, draws=_DRAWS, seed=_SEED)

    def _rests_on(self, view: View, needs: measures.Needs) -> tuple[str, View]:
        """What `prepare` rests on, as one word, and the view that the need is asked of; nothing is estimated."""
        heard = self._heard(view, needs)
        if (heard.key, needs) not in self._rests:
            self._rests[heard.key, needs] = f"{heard.content(_bearing(heard, needs))} {self.until or ''}"
        return self._rests[heard.key, needs], heard

    def _heard(self, view: View, needs: measures.Needs) -> View:
        """The view itself, or what was known of it on the earlier day that a question asks of."""
        if needs.known is None or (view.known is not None and view.known <= needs.known):
            return view
        if (view.key, needs.known) not in self._earlier:
            self._earlier[view.key, needs.known] = self._as_of(view, needs.known)
        return self._earlier[view.key, needs.known]

    def _as_of(self, view: View, day: date) -> View:
        """What a view held on an earlier day: what has been replaced since is there, what it leaves out is not."""
        earlier, whole = self.known(day), self.known(view.known)
        if view.key == whole.key:
            return earlier
        left = pc.is_in(whole.reports.column("id"), value_set=view.reports.column("id").combine_chunks())
        gone = whole.reports.filter(pc.invert(left)).column("id").combine_chunks()
        kept = pc.invert(pc.is_in(earlier.reports.column("id"), value_set=gone))
        return earlier.of_rows(kept.to_numpy(), label=view.label)

    def measure(self, name: str, words: Sequence[str], view: View | None = None) -> dict[str, Any]:
        """One measure, asked in words such as ``place=palmyra holder=isis on=2016-03-20``."""
        view = view or self.known()
        return {"id": f"m:{name}?{'&'.join(words)}", **self.answered(name, words, view).to_json()}

    def answered(self, name: str, words: Sequence[str], view: View) -> measures.Answer:
        """The answer to one measure, asked in words."""
        question = measures.ask_from_words(name, words)
        return measures.answer(question, view, self.prepare(view, measures.needs(question, view)))

    # --- claims ----------------------------------------------------------------------------

    def claims_asked(self, ids: Iterable[str] | None = None) -> list[claims.Claim]:
        """The claims of the case, or those of some ids.

        Raises:
            NotFound: there is no claim of such an id.
        """
        held = {claim.id: claim for claim in claims.load_all(self.record.content.claims)}
        for wanted in ids or ():
            if wanted not in held:
                raise NotFound(
                    "no such claim", value=wanted, expected=f"one of {', '.join(held)}", fix=did_you_mean(wanted, held)
                )
        return [held[i] for i in ids] if ids else list(held.values())

    def check(self, ids: Iterable[str] | None = None, *, view: View | None = None) -> dict[str, Any]:
        """A verdict for each claim, in the stable JSON shape of `check`."""
        view = view or self.known()
        asked = self.watching.through(self.claims_asked(list(ids or ())), "checking claims")
        with self._kept_answers():
            return claims.check_json(view, [self._judged(claim, view) for claim in asked])

    def check_between(
        self, earlier: str | date, later: str | date | None, ids: Iterable[str] | None = None
    ) -> dict[str, Any]:
        """The verdicts as known on two days side by side, which moved, and the reports that moved them."""
        then, now = self._two_days(earlier, later)
        asked = list(ids or ())
        with self._kept_answers():
            before, after = (self._verdicts(view, asked) for view in (then, now))
        return claims.side_by_side(before, after, learned(self.record, then, now))

    # --- out, and back ---------------------------------------------------------------------

    def export(
        self, what: str, form: str | None, out: Path | None, view: View | None = None, *, on: str | date | None = None
    ) -> int:
        """Write something for other tools; to standard output without ``out``. Returns how many rows or files.

        Args:
            what, form: one of `EXPORTS`, and one of its formats; its first if none is named.
            on: control or the fronts of one day instead of all days.
        """
        return export(self, view or self.known(), what, form, out, on=on, code=self.code)

    def why(self, wanted: str, view: View | None = None) -> Link:
        """Walk an id back to the words of its sources; a bare id is tried as each kind in turn."""
        return why(self, wanted, view or self.known())

    def explain(self, wanted: str, view: View | None = None) -> Link:
        """Which reports an event rests on, asked by its id or by that of one of its reports."""
        return why_event(self, wanted.partition(":")[2] or wanted, view or self.known())

    def diff_known(self, earlier: str | date, later: str | date | None) -> dict[str, Any]:
        """What was learned between two days of knowledge: reports, control of places, verdicts."""
        then, now = self._two_days(earlier, later)
        reports = learned(self.record, then, now)
        judged_then, judged_now = (self._verdicts(view)["claims"] for view in (then, now))
        return {
            "case": self.record.setting.id,
            "record": self.record.hash,
            "known": [day.known.isoformat() if day.known else None for day in (then, now)],
            "reports": reports,
            "control": [_plain_revision(r) for r in control.revised(self.estimate(then), self.estimate(now))],
            "verdicts": claims.moved(judged_then, judged_now, concerned(reports)),
        }

    def link_summary(self, view: View | None = None) -> dict[str, int]:
        """How many reports tell of how many events."""
        links = self.links(view)
        events = len(set(links.column("event").to_pylist()))
        return {"reports": links.num_rows, "events": events, "repeated": links.num_rows - events}

    def last_day(self, view: View | None = None) -> date:
        """The last day on which the case speaks of control.

        Raises:
            InputError: nothing in the case says of what days it is.
        """
        view = view or self.known()
        if not self.estimate(view).places and view.setting.end is None:
            raise InputError(
                "no report speaks of control yet",
                expected="a day, or a case with a period or reports of control",
                fix="name a day with --on, or fill reports.csv and places.csv",
            )
        return day_of(self.estimate(view).after) - timedelta(days=1)

    @property
    def names(self) -> Mapping[str, str]:
        """What sources, actors and places are called, by id."""
        return self.record.names

    def place(self, name: str, view: View) -> str:
        """The id of the place that a name means."""
        return Names.of(view.places.values()).resolve(name).required(what="place")

    # --- steps -----------------------------------------------------------------------------

    @contextmanager
    def _kept_answers(self) -> Iterator[None]:
        """With the answers that were given to this record before; those that are new are kept."""
        self._answered.read(self.record.hash, str(self.until or "all"))
        yield
        self._answered.write()

    def _verdicts(self, view: View, ids: Sequence[str] = ()) -> dict[str, Any]:
        """As `check`, with nothing but the verdicts of the view: no flips, no then."""
        asked = self.watching.through(self.claims_asked(ids), "checking claims")
        verdicts = [
            claims.check(c, view, None, self.prepare, kept=self._answered, rests=self._rests_on, vary=False)
            for c in asked
        ]
        return claims.check_json(view, verdicts)

    def _judged(self, claim: claims.Claim, view: View) -> claims.Verdict:
        then = self._then(claim, view)
        return claims.check(claim, view, then, self.prepare, kept=self._answered, rests=self._rests_on)

    def _two_days(self, earlier: str | date, later: str | date | None) -> tuple[View, View]:
        then, now = self.known(earlier), self.known(None if later == "now" else later)
        if then.known is None or (now.known and now.known < then.known):
            raise InputError("days the wrong way round", value=f"{earlier} {later}", fix="name the earlier day first")
        return then, now

    def _then(self, claim: claims.Claim, view: View) -> View | None:
        """The record as known at the end of the day of the claim, or earlier if the view itself is."""
        if claim.on is None:
            return None
        return self.known(min(claim.on, view.known) if view.known else claim.on)


def _bearing(view: View, needs: measures.Needs) -> npt.NDArray[np.bool_]:
    """The reports of a view that can bear on the estimate that a question needs."""
    left = view.left(
        sources=needs.only_sources,
        without_sources=needs.without_sources,
        without_types=needs.without_types,
        without_documents=needs.without_documents,
    )
    return left & control.bearing(view)


def _plain_revision(revision: control.Revision) -> dict[str, Any]:
    leaders = [{"holder": lead[0], "chance": lead[1]} if lead else None for lead in (revision.before, revision.after)]
    days = {"from": revision.start.isoformat(), "to": revision.end.isoformat()}
    return {"place": revision.place, **days, "then": leaders[0], "now": leaders[1]}
