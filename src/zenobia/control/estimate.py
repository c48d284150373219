"""Who held each place, when, how sure: the face of the room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zenobia.control import chain as chains
from zenobia.control import lives, reasons, tempo
from zenobia.control.carriers import switches
from zenobia.control.courses import Courses, draw_courses
from zenobia.control.evidence import Evidence
from zenobia.control.fitting import Fitted, fit
from zenobia.control.incidents import Incidents, gather_incidents
from zenobia.control.paths import UNKNOWN, Change, draw_paths, first_changes, generator
from zenobia.control.rates import normalised
from zenobia.control.reading import gather
from zenobia.control.reasons import Weight
from zenobia.control.spells import Spell, runs, spells_of, table_of
from zenobia.control.warned import warned
from zenobia.control.worth import Worth, worth_of
from zenobia.record import View
from zenobia.terms import ControlEstimate, ControlWarning, InputError, NotFound, day_number, day_of, did_you_mean

__all__ = ["Control", "estimate"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Rows of chances held in memory at once when a table is made.
_ROWS_AT_ONCE = 262_144
# How far from a change a report of it may stand and still count as a voice for what came of it.
_MARGIN_DAYS = 10
# Days before a window that are drawn as well, to know who held the place when the window opens; more where
# it was long contested: back to a day on which, this surely, somebody held it.
_LEAD_DAYS = 120
_SETTLED = 0.9
_MOST_REPORTS = 12
_LEAST_SHARE = 0.02


def estimate(view: View, events: pa.Table | None = None) -> Control:
    """Estimate control of every place that the reports of a view speak of.

    Args:
        view: the record as known at one moment; nothing published later is used.
        events: linkage's table (report, event): one voice counts once in an event.
    """
    evidence = gather(view, events)
    return Control(view, evidence, gather_incidents(view, evidence) if view.setting.incidents else None)


class Control:
    """Control of places through time, as chances that sum to one on every day.

    Before the first report of a place its chances follow backwards from what is said later; after
    the last they widen, day by day, towards what is usual in the case. Before the first day of all
    (the case's first day, or its first evidence if that is earlier) and from 1000 days past the
    last day of output on, they stay as they are.

    Attributes:
        states: the holders in the order of the case, then ``contested``, then ``shared`` if any
            report speaks of it.
        places: the places with a basis, sorted: those that reports speak of, and those near enough to one of
            them (``told`` tells them apart). Every other place has none.
        first, after: the days of output, closed-open: the case's period, or that of the evidence.
        left_out: (report, reason) of those that speak of control and could not be used.
    """

    def __init__(self, view: View, evidence: Evidence, incidents: Incidents | None = None) -> None:
        self._view, self._evidence, self._incidents = view, evidence, incidents
        self.states: tuple[str, ...] = evidence.states
        self.places: tuple[str, ...] = evidence.places
        self.left_out: tuple[tuple[str, str], ...] = evidence.left_out
        self.first, self.after = _period(view, evidence)
        self._position = {place: k for k, place in enumerate(evidence.places)}
        self._of_report = lru_cache(maxsize=4096)(self._weigh)
        # Questions about one ground and period share their draws.
        self._courses_of = lru_cache(maxsize=8)(self._draw_courses)
        self._holding = lru_cache(maxsize=4096)(self._find_holding)

    # -- one place ---------------------------------------------------------------------------

    def at(self, place: str, day: int) -> ControlEstimate:
        """Who held a place on a day (day number), how sure, and by whose word."""
        self._check_place(place)
        besieger = self._besieger(place, day)
        if place not in self._position:
            return ControlEstimate(
                place=place, on=day_of(day), held_by={}, basis="none", besieged_by=besieger, known=self._view.known
            )
        chances = self.chances([place], np.array([day]))[0]
        voices, leader = self._voices(place, day), self.states[int(chances.argmax())]
        return ControlEstimate(
            place=place,
            on=day_of(day),
            held_by={state: float(c) for state, c in zip(self.states, chances, strict=True)},
            besieged_by=besieger,
            last_evidence=self._last_evidence(place, day),
            voices=len(voices),
            evidence=self._telling(place, day),
            basis="reports" if place in self.told else "neighbours",
            known=self._view.known,
            warnings=self._warned(place, day, leader, voices),
        )

    def why(self, place: str, day: int) -> tuple[Weight, ...]:
        """What each of the nearest reports adds toward the leading state, the weightiest first."""
        self._check_place(place)
        return self._of_report(place, day) if place in self.told else ()

    def heard(self, place: str) -> list[int]:
        """The days (day numbers) that anybody spoke of a place, in order, each once."""
        self._check_place(place)
        if place not in self._position:
            return []
        return [int(day) for day in np.unique(self._evidence.statements.day[self._rows_of(place)])]

    def besieger(self, place: str, day: int) -> str | None:
        """Who besieged a place on a day, if anybody did."""
        self._check_place(place)
        return self._besieger(place, day)

    def draws(self, place: str, start: int, end: int, n: int, seed: int) -> npt.NDArray[np.int8]:
        """Joint histories of a place, shape (n, end - start): positions in ``states`` on each day.

        Exact draws from what the model believes (forward filtering, backward sampling); the same
        for the same seed and place. A place without basis has none.
        """
        if place not in self._position:
            raise InputError("a place without evidence of control has no history to draw", value=place)
        days = np.arange(start, end)
        where = np.full(len(days), self._position[place])
        forward, backward = self._between(where, days)
        paths = draw_paths(forward, backward[-1], self._moves(place, days), n, generator(seed, place))
        return paths.astype(np.int8)

    def change(
        self, place: str, before: str, after: str, start: int, end: int, *, n: int = 2000, seed: int = 1
    ) -> Change:
        """When a place went from one holder to another in a window of days, closed-open.

        The day is the first on which ``after`` holds it; days on which it was contested or shared
        between the two holders are looked through.
        """
        self._check_states(before, after)
        lead, last = self._opening(place, start)
        paths = self.draws(place, start - lead, end, n, seed)
        was, becomes, holders = self.states.index(before), self.states.index(after), len(self._holders)
        column = first_changes(paths.astype(np.int64), was, becomes, holders, lead)
        days = np.sort(column[column >= 0]) - lead + start
        low, best, high = (_quantile(days, share) for share in (0.05, 0.5, 0.95))
        unseen = float(last[was] * (column == UNKNOWN).sum())
        return Change(place, before, after, (len(days) + unseen) / n, low, best, high, n, seed)

    # -- many places -------------------------------------------------------------------------

    def courses(self, places: Sequence[str], start: int, end: int, n: int, seed: int) -> Courses:
        """Joint histories of several places from ``start`` to ``end`` (closed-open), as runs of one state.

        They begin early enough to tell who held each place when the window opened. The same model as
        `draws`, at a cost of evidence and changes instead of days; a place's draws depend on the seed
        and the place, and not on what other places are asked for.
        """
        unknown = next((place for place in places if place not in self._position), None)
        if unknown is not None:
            raise InputError("a place without evidence of control has no history to draw", value=unknown)
        return self._courses_of(tuple(places), start, end, n, seed)

    def chances(self, places: Sequence[str], days: npt.NDArray[np.integer]) -> Floats:
        """Chances of the states, shape (n, states), of one place and day a row; NaN without basis."""
        where = np.array([self._position.get(place, -1) for place in places], dtype=np.int64)
        held = np.full((len(where), len(self.states)), np.nan)
        known = np.flatnonzero(where >= 0)
        if len(known):
            held[known] = self._held(where[known], np.asarray(days, dtype=np.int64)[known])
        return held

    def daily(self, start: int | None = None, end: int | None = None) -> pa.Table:
        """One row a place, day and state: place, date, holder, chance; the chances of a day sum to 1."""
        first, after = self.first if start is None else start, self.after if end is None else end
        batches = [self._daily_batch(names, first, held) for names, held in self._grid(first, after)]
        return pa.Table.from_batches(batches, schema=_DAILY) if batches else _DAILY.empty_table()

    def spells(self) -> pa.Table:
        """Stretches of days with one leading state: place, from, to, holder, and what stands behind them (`Spell`)."""
        return table_of(
            spell
            for names, held in self._grid(self.first, self.after)
            for place, chances in zip(names, held, strict=True)
            for spell in self._spells_of(place, chances)
        )

    def voices_changed(self, place: str) -> list[int]:
        """The days (day numbers) from which on a place's estimate rests on wholly other voices than before."""
        return switches(self._evidence, self._rows_of(place), self._stated)

    def worth(self) -> tuple[Worth, ...]:
        """What each source's word turned out to be worth, by its own record; of one that turned before and after.

        What it said after it turned stands at the end, with no side: which one its word shows, it does not declare.
        """
        if not self._evidence.witnesses:
            return ()
        learned, tables = self._fitted.evidence, self._fitted.tables
        own = len(self._evidence.witnesses)
        sides = [self._view.camp_of(name) if w < own else None for w, name in enumerate(learned.witnesses)]
        return tuple(worth_of(learned, w, side, tables[w]) for w, side in enumerate(sides))

    def by_reports(self) -> Control:
        """The same estimate of the places that reports speak of; all others are without basis in it."""
        narrowed = copy(self)
        if self.places:
            narrowed.__dict__["_fitted"] = self._fitted
        narrowed.places = tuple(place for place in self.places if place in self.told)
        narrowed._position = {place: self._position[place] for place in narrowed.places}
        return narrowed

    @property
    def holders(self) -> tuple[str, ...]:
        """The states that are holders; the others lie between them."""
        return self._evidence.holders

    @property
    def heeds_incidents(self) -> bool:
        """Whether battles, shelling and strikes count: asked for, and found to foretell what is said of control."""
        return bool(self.places) and self._fitted.fire is not None

    # -- below the face ----------------------------------------------------------------------

    @cached_property
    def told(self) -> frozenset[str]:
        """The places that reports speak of; of the others with a basis only the ground round them does."""
        return frozenset(self._evidence.places[k] for k in np.unique(self._evidence.statements.place))

    @cached_property
    def _stated(self) -> Ints:
        """The first day that the report of each statement names, (n,)."""
        return np.asarray(self._view.column("date")[self._evidence.statements.report], dtype=np.int64)

    @cached_property
    def _fitted(self) -> Fitted:
        return fit(self._view, self._evidence, self.first, self.after, self._incidents)

    def _held(self, where: Ints, days: Ints) -> Floats:
        """Chances of places (by position) on days, (n, S).

        A place that nobody speaks of is as the ground round it is, or, so often as the places that are spoken of
        show, as places are anywhere.
        """
        forward, backward = self._between(where, days)
        held, fitted = chains.believed(forward, backward), self._fitted
        silent = np.flatnonzero(~fitted.told[where])
        if len(silent) and fitted.unlike:
            anywhere = fitted.everywhere @ fitted.table[tempo.USUAL, self._reached(days[silent]) - fitted.origin]
            anywhere *= lives.alive(fitted.lives, days[silent])
            held[silent] = (1 - fitted.unlike) * held[silent] + fitted.unlike * normalised(anywhere)
        return held

    def _between(self, where: Ints, days: Ints) -> tuple[Floats, Floats]:
        """Messages of places (by position) on days."""
        fitted, reached = self._fitted, self._reached(days)
        forward, backward = chains.between(fitted.knots, fitted.messages, fitted.table, where, reached)
        return forward * lives.alive(fitted.lives, reached), backward

    def _reached(self, days: Ints) -> Ints:
        """The days themselves; outside of what the model reaches, the nearest day inside."""
        fitted = self._fitted
        return np.clip(days, fitted.origin, fitted.origin + fitted.table.shape[1] - 1)

    def _moves(self, place: str, days: Ints) -> Floats:
        """The one-day moves into each day, news included, shape (days, S, S)."""
        fitted, where = self._fitted, self._position[place]
        before = chains.last_knot(fitted.knots, np.full(len(days), where), np.maximum(days - 1, fitted.origin))
        moves = fitted.chain.step[fitted.knots.tempo[before]]
        # Before the first day of all nothing is known to move.
        moves[days <= fitted.origin] = np.eye(len(self.states))
        begin, end = fitted.knots.begin[where], fitted.knots.begin[where + 1]
        told = begin + np.flatnonzero(fitted.knots.news[begin:end] >= 0)
        inside = told[(fitted.knots.day[told] >= days[0]) & (fitted.knots.day[told] <= days[-1])]
        moves[fitted.knots.day[inside] - days[0]] *= fitted.knots.tilt[fitted.knots.news[inside]]
        return moves

    def _draw_courses(self, places: tuple[str, ...], start: int, end: int, n: int, seed: int) -> Courses:
        fitted = self._fitted
        where = np.array([self._position[place] for place in places], dtype=np.int64)
        lead, last = self._reached(np.array([start - _LEAD_DAYS, end - 1]))
        held = self.chances(places, np.full(len(where), lead))[:, self._holders].sum(axis=1)
        first = np.where(held >= _SETTLED, lead, fitted.origin)
        return draw_courses(fitted, places, where, first, int(last), n, seed)

    def _grid(self, first: int, after: int) -> Iterator[tuple[Sequence[str], Floats]]:
        """Places, and their chances on every day, shape (places, days, states); in batches."""
        days = np.arange(first, after)
        at_once = max(1, _ROWS_AT_ONCE // max(len(days), 1))
        for low in range(0, len(self.places) if len(days) else 0, at_once):
            names = self.places[low : low + at_once]
            where = np.array([self._position[name] for name in names], dtype=np.int64)
            held = self._held(np.repeat(where, len(days)), np.tile(days, len(where)))
            yield names, held.reshape(len(where), len(days), -1)

    def _daily_batch(self, names: Sequence[str], first: int, held: Floats) -> pa.RecordBatch:
        places, days, states = held.shape
        on = np.tile(np.repeat(np.arange(first, first + days, dtype=np.int32), states), places)
        holder = np.tile(np.arange(states, dtype=np.int8), places * days)
        of_row = np.repeat(np.arange(places, dtype=np.int32), days * states)
        place = pa.DictionaryArray.from_arrays(of_row, pa.array(names, pa.string()))
        columns = [
            place,
            pa.array(on).cast(pa.date32()),
            pa.DictionaryArray.from_arrays(holder, pa.array(self.states)),
            pa.array(held.ravel()),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=_DAILY)

    def _spells_of(self, place: str, held: Floats) -> Iterator[Spell]:
        stated = self._evidence.statements.day[self._rows_of(place)]
        return spells_of(place, self.first, held, self.states, stated, self.voices_changed(place))

    def _rows_of(self, place: str) -> slice:
        where = self._position[place]
        low, high = np.searchsorted(self._evidence.statements.place, [where, where + 1])
        return slice(int(low), int(high))

    def _last_evidence(self, place: str, day: int) -> date | None:
        stated = self._evidence.statements.day[self._rows_of(place)]
        nth = int(np.searchsorted(stated, day, side="right"))
        return day_of(int(stated[nth - 1])) if nth else None

    def _find_holding(self, place: str, day: int) -> tuple[int, int, int]:
        """The spell round a day: first day, first day after, leading state."""
        first, after = min(self.first, day), max(self.after, day + 1)
        days = np.arange(first, after)
        leading = self.chances([place] * len(days), days).argmax(axis=1)
        begin, end, state = next(run for run in runs(leading) if run[0] <= day - first < run[1])
        return first + begin, first + end, state

    def _voices(self, place: str, day: int) -> tuple[str, ...]:
        """Independent voices, in the spell round a day, for the state that leads."""
        begin, end, state = self._holding(place, day)
        rows, said = self._rows_of(place), self._evidence.statements
        inside = (said.day[rows] >= begin - _MARGIN_DAYS) & (said.day[rows] < end + _MARGIN_DAYS)
        supports = self._evidence.sayings[said.says[rows], state]
        return tuple(self._evidence.voices[voice] for voice in np.unique(said.voice[rows][inside & supports]))

    def _warned(self, place: str, day: int, leader: str, voices: Sequence[str]) -> tuple[ControlWarning, ...]:
        """What to be wary of; a place that nobody speaks of is known by its neighbours, which ``basis`` says."""
        if place not in self.told:
            return ()
        return warned(self._evidence, self._rows_of(place), day, leader, voices, self._view.column("id"))

    def _telling(self, place: str, day: int) -> tuple[str, ...]:
        """The reports that bear most on a day, either way."""
        weights = self.why(place, day)
        least = _LEAST_SHARE * max((abs(w.log_odds) for w in weights), default=0.0)
        return tuple(sorted({w.report for w in weights[:_MOST_REPORTS] if abs(w.log_odds) >= least}))

    def _weigh(self, place: str, day: int) -> tuple[Weight, ...]:
        asked = int(self._reached(np.array([day]))[0])
        report, stated, odds = reasons.contributions(self._evidence, self._fitted, self._position[place], asked)
        ids, sources = self._view.column("id")[report], self._view.column("source")[report]
        weights = [
            Weight(str(i), str(s), int(d), float(o)) for i, s, d, o in zip(ids, sources, stated, odds, strict=True)
        ]
        return tuple(sorted(weights, key=lambda w: (-abs(w.log_odds), w.report, w.day)))

    def _opening(self, place: str, start: int) -> tuple[int, Floats]:
        """What is to be known of a place before a window opens.

        Returns:
            how many days to draw before it: back to the last on which some holder surely had the place, or
            past its first evidence where there is none; and, for draws that show no holder in all these days
            nevertheless, how likely each was the last, (states,), as it is believed over these days.
        """
        if place not in self._position:
            return _LEAD_DAYS, np.zeros(len(self.states))
        stated = self._evidence.statements.day[self._rows_of(place)]
        days = np.arange(min(int(stated.min(initial=start)), start) - _LEAD_DAYS, start - _LEAD_DAYS + 1)
        held = self.chances([place] * len(days), days)
        held[:, [k for k in range(len(self.states)) if k not in self._holders]] = 0.0
        settled = np.flatnonzero(held.sum(axis=1) >= _SETTLED)
        last = normalised(held.sum(axis=0, keepdims=True))[0]
        return start - int(days[settled[-1]] if len(settled) else days[0]), last

    @cached_property
    def _holders(self) -> list[int]:
        """Positions of the states that are holders; the others lie between them."""
        return [k for k, state in enumerate(self.states) if state in self._evidence.holders]

    def _besieger(self, place: str, day: int) -> str | None:
        """Who besieged a place on a day: from a report of it until its end or a change of hands."""
        told = [s for s in self._evidence.sieges if s.place == place and s.start <= day]
        if not told:
            return None
        siege = max(told, key=lambda s: (s.start, s.besieger))
        if siege.end is not None:
            return siege.besieger if day < siege.end else None
        if place not in self._position:
            return siege.besieger
        _, end, state = self._holding(place, siege.start)
        # A besieger that comes to lead holds the place; it no longer besieges it.
        return siege.besieger if day < end and self.states[state] != siege.besieger else None

    def _check_place(self, place: str) -> None:
        if place not in self._position and place not in self._view.places:
            raise NotFound(
                f"no place {place!r} in this record",
                value=place,
                expected="the id of a place",
                fix=did_you_mean(place, self._view.places),
            )

    def _check_states(self, *states: str) -> None:
        for state in states:
            if state not in self.states:
                raise NotFound(
                    f"{state!r} is no holder of this case",
                    value=state,
                    expected=", ".join(self.states),
                    fix=did_you_mean(state, self.states) or "name one of the holders of case.toml",
                )


_NAME = pa.dictionary(pa.int32(), pa.string())
_DAILY = pa.schema(
    [
        ("place", _NAME),
        ("date", pa.date32()),
        ("holder", pa.dictionary(pa.int8(), pa.string())),
        ("chance", pa.float64()),
    ]
)


def _period(view: View, evidence: Evidence) -> tuple[int, int]:
    """The days of output: the case's period, and where it names none, that of the reports that are evidence."""
    day = evidence.statements.day
    stated = view.column("date")[evidence.statements.report]
    first = day_number(view.setting.start) if view.setting.start else int(stated.min()) if len(day) else 0
    after = day_number(view.setting.end) if view.setting.end else int(day.max()) + 1 if len(day) else first
    return first, max(first, after)


def _quantile(days: npt.NDArray[np.integer], share: float) -> int | None:
    """The day by which a share of the draws had changed; ``None`` of none."""
    return int(days[min(len(days) - 1, int(share * len(days)))]) if len(days) else None
