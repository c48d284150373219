"""Reads the reports of a view as evidence of control: whole columns at a time.

What a report says depends on its status, on whom it names and, since groups change sides, on the day.
Each such combination is worked out once, however many reports share it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zenobia.control.codes import NOTHING, distinct, number, packed, ranks, texts, used_of
from zenobia.control.evidence import Evidence, News, Siege, Statements
from zenobia.control.nearby import reached
from zenobia.record import NO_DAY, View, voice_of
from zenobia.terms import CONTESTED, SHARED, day_number

__all__ = ["BY_TYPE", "gather"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# What a report that names only the month, or less, is worth beside one that names the day.
_COARSE = {"week": 0.7, "month": 0.5, "quarter": 0.3, "year": 0.2}
_LONGEST_MONTH = 31
# Admiralty credibility 1-6; 6 is "cannot be judged".
_CREDIBILITY = {4: 0.6, 5: 0.3}
# What the word on who lost a place says of the day before, beside the word on who took it; and what it says where
# only the taker is named: that the taker did not have it some days earlier, since news is often stated late. The
# taker's own side says so of towns it has had for long; from it this is worth less.
_BEFORE, _EARLIER, _EARLIER_OWN = 0.5, 0.6, 0.5
_EARLIER_DAYS = 8
_NEWS = ("takes", "loses")
_STATUS_OF_TYPE = {"capture": "takes", "withdrawal": "loses"}
BY_TYPE = tuple(_STATUS_OF_TYPE)
_WIDER = ("admin2", "admin1", "country")
# Evidence farther than this from the case, or from all other evidence, is taken to be misdated. One
# year typed wrongly would otherwise stretch the first day of all, and with it every place.
_FAR_DAYS = 3653


class _Tellings(NamedTuple):
    """What usable reports say, before it is spread over days; one row each, all of shape (t,).

    Texts are codes into the reader's lists; ``event`` and ``leaving`` are -1 for none.
    """

    place: Ints
    first: Ints
    last: Ints
    published: Ints
    witness: Ints
    voice: Ints
    says: Ints
    status: Ints
    leaving: Ints
    weight: Floats
    event: Ints
    report: Ints

    def take(self, rows: npt.NDArray[Any]) -> _Tellings:
        """Some of the rows, in this order."""
        return _Tellings(*(column[rows] for column in self))


class _Word(NamedTuple):
    """What one combination of status, names and day says: of that day, the day before, and some days earlier."""

    says: int
    leaving: int
    before: int
    earlier: int
    why_not: str


def gather(view: View, events: pa.Table | None = None) -> Evidence:
    """Read the control statements of a view.

    Args:
        view: the record as known at one moment.
        events: linkage's table (report, event): one voice counts once in an event.
    """
    reading = _Reading(view)
    tellings = reading.tellings(_event_of(view, events))
    tellings = tellings.take(_in_order(reading, tellings))
    return _evidence(reading, tellings.take(_once_per_voice(tellings)))


class _Reading:
    """Turns the columns of one view into tellings, keeping what had to be left out."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._text = {name: texts(view, name) for name in _TEXTS}
        self._ids = view.column("id")
        self.places = self._text["place"].values
        shared = bool(self._text["status"].among(["shares"]).any())
        self.states = (*view.setting.holders, CONTESTED, *((SHARED,) if shared else ()))
        self._position = {state: k for k, state in enumerate(self.states)}
        self._holders: dict[tuple[str, int], tuple[int, ...]] = {}
        self.statuses = sorted({*self._text["status"].values, *_STATUS_OF_TYPE.values(), "holds", "besieges"})
        self.sayings: dict[tuple[bool, ...], int] = {}
        self.voices: dict[str, int] = {}
        self.witnesses: dict[str, int] = {}
        self.left_out: list[tuple[str, str]] = []
        self.sieges: list[Siege] = []

    def tellings(self, event_of: Ints) -> _Tellings:
        """Every report that says something of control and can be used, and what each says of the day before."""
        status = self._statuses()
        rows = self._usable(np.flatnonzero(status >= 0))
        first, last = self._days(rows)
        near = self._near(first, last)
        self._leave_out(rows[~near], "names a day more than ten years from the case")
        rows, first, last = rows[near], first[near], last[near]
        besieging = status[rows] == self.statuses.index("besieges")
        for row, day, end in zip(rows[besieging], first[besieging], last[besieging], strict=True):
            self._besiege(int(row), int(day), int(end))
        return self._told(rows[~besieging], first[~besieging], last[~besieging], status, event_of)

    def _statuses(self) -> Ints:
        """The status of each report, stated or by its type, as a position in the sorted statuses; -1 for none."""
        said, kind = self._text["status"], self._text["type"]
        stated = [self.statuses.index(value) for value in said.values]
        by_type = [self.statuses.index(_STATUS_OF_TYPE[k]) if k in _STATUS_OF_TYPE else NOTHING for k in kind.values]
        return np.where(
            said.code >= 0, np.array([*stated, NOTHING])[said.code], np.array([*by_type, NOTHING])[kind.code]
        )

    def _usable(self, rows: Ints) -> Ints:
        """The rows that can be used; the others are left out, each with the first reason that holds."""
        faults = {
            "names no place": self._text["place"].code[rows] < 0,
            "speaks of a wider area than the place": self._text["where_precision"].among(_WIDER)[rows],
            "is part of an aggregate": self._text["part_of"].code[rows] >= 0,
            "names no day": self.view.column("date")[rows] == NO_DAY,
        }
        good = np.ones(len(rows), dtype=bool)
        for reason, fault in faults.items():
            self._leave_out(rows[good & fault], reason)
            good &= ~fault
        return rows[good]

    def _leave_out(self, rows: Ints, reason: str) -> None:
        self.left_out.extend((str(report), reason) for report in self._ids[rows])

    def _days(self, rows: Ints) -> tuple[Ints, Ints]:
        """The first and the last stated day of each."""
        first = self.view.column("date")[rows].astype(np.int64)
        after = self.view.column("date_to")[rows].astype(np.int64)
        return first, np.where(after != NO_DAY, np.maximum(first, after - 1), first)

    def _near(self, first: Ints, last: Ints) -> Flags:
        """Which stated days lie near enough to the case; where it names no start or no end, to one another."""
        low, high = _reach(np.sort(np.concatenate([first, last])))
        start, end = self.view.setting.start, self.view.setting.end
        low = low if start is None else day_number(start) - _FAR_DAYS
        high = high if end is None else day_number(end) + _FAR_DAYS
        return np.asarray((first >= low) & (last <= high), dtype=bool)

    def _told(self, rows: Ints, first: Ints, last: Ints, status: Ints, event_of: Ints) -> _Tellings:
        words, which = self._words(rows, first, status)
        for k in np.flatnonzero([bool(word.why_not) for word in words]):
            self._leave_out(rows[which == k], words[int(k)].why_not)
        says, leaving, before, earlier = (np.array([w[k] for w in words], dtype=np.int64)[which] for k in range(4))
        witness, voice = self._mouths(rows)
        whole = _Tellings(
            place=self._text["place"].code[rows],
            first=first,
            last=last,
            published=self.view.column("published")[rows].astype(np.int64),
            witness=witness,
            voice=voice,
            says=says,
            status=status[rows],
            leaving=leaving,
            weight=self._weights(rows),
            event=event_of[rows],
            report=rows,
        )
        holds = self.statuses.index("holds")
        told = (
            whole.take(np.flatnonzero(says >= 0)),
            _days_before(whole, before, holds, 1, np.full(len(says), _BEFORE)),
            _days_before(whole, earlier, holds, _EARLIER_DAYS, self._worth_earlier(whole)),
        )
        return _Tellings(*(np.concatenate(columns) for columns in zip(*told, strict=True)))

    def _worth_earlier(self, whole: _Tellings) -> Floats:
        """What the word on who took a place is worth for the days before, (t,): by whether the taker's side says it."""
        sayings = list(self.sayings)
        camps = [self._position.get(self.view.camp_of(name) or "", NOTHING) for name in self.witnesses]
        pairs, which = np.unique(np.stack([whole.witness, whole.says]), axis=1, return_inverse=True)
        own = [camps[w] >= 0 and says >= 0 and sayings[says][camps[w]] for w, says in pairs.T]
        return np.where(np.array(own, dtype=bool), _EARLIER_OWN, _EARLIER)[which.ravel()]

    def _words(self, rows: Ints, first: Ints, status: Ints) -> tuple[list[_Word], Ints]:
        """The distinct combinations of status, names and day among the rows, and which of them each is."""
        columns = [self._text[name].code[rows] for name in ("type", "holder", "actor", "target")]
        news = np.isin(status[rows], [self.statuses.index(s) for s in _NEWS])
        by_type = self._text["type"].among(list(_STATUS_OF_TYPE))[rows]
        # A column that has no bearing on a row is not told apart there.
        columns[0] = np.where(by_type, columns[0], NOTHING)
        columns[3] = np.where(news, columns[3], NOTHING)
        columns[2] = np.where(columns[1] < 0, columns[2], NOTHING)
        at, which = distinct([status[rows], *columns, first])
        return [self._word(int(rows[k]), int(first[k]), self.statuses[status[rows[k]]]) for k in at], which

    def _word(self, row: int, day: int, status: str) -> _Word:
        holders = self._holders_named(row, day)
        says = self._says(status, holders)
        if says is None:
            named = self._text["holder"].at(row) or self._text["actor"].at(row)
            reason = f"{named!r} belongs to no holder of the case" if named else "names no holder"
            return _Word(NOTHING, NOTHING, NOTHING, NOTHING, reason)
        before = earlier = NOTHING
        lost_by = holders if status == "loses" else self._positions_of(self._text["target"].at(row), day)
        if status in _NEWS and lost_by and not set(lost_by) & {k for k in holders if status == "takes"}:
            # Who takes a place from somebody says who had it: the loser held it the day before, or part of it still.
            had = tuple(k in lost_by or state == CONTESTED for k, state in enumerate(self.states))
            before = number(self.sayings, had)
        elif status == "takes":
            earlier = number(self.sayings, tuple(k not in holders for k in range(len(self.states))))
        leaving = holders[0] if status == "loses" and len(holders) == 1 else NOTHING
        return _Word(number(self.sayings, says), leaving, before, earlier, "")

    def _says(self, status: str, holders: tuple[int, ...]) -> tuple[bool, ...] | None:
        """The states that a statement leaves open, or ``None`` where it says none of them."""
        if status in ("contests", "shares"):
            word = CONTESTED if status == "contests" else SHARED
            return tuple(state == word for state in self.states)
        if not holders:
            return None
        return tuple((k in holders) != (status == "loses") for k in range(len(self.states)))

    def _holders_named(self, row: int, day: int) -> tuple[int, ...]:
        """Positions of the holders that the report names; several where it leaves open which."""
        named = self._text["holder"].at(row)
        if named is None and self._text["type"].at(row) in _STATUS_OF_TYPE:
            named = self._text["actor"].at(row)
        return self._positions_of(named, day)

    def _positions_of(self, named: str | None, day: int) -> tuple[int, ...]:
        if named is None:
            return ()
        if (named, day) not in self._holders:
            parts = [self._holders_of(part, day) for part in named.split("|")]
            # One alternative that is no holder of the case leaves the whole statement open.
            complete = tuple(sorted({self._position[h] for part in parts for h in part})) if all(parts) else ()
            self._holders[named, day] = complete
        return self._holders[named, day]

    def _holders_of(self, actor: str, day: int) -> frozenset[str]:
        """The holder that an actor is part of; of one above several holders, each of these."""
        holder = self.view.holder_of(actor, day)
        return frozenset({holder}) if holder else self.view.sides.holders_under(actor, day)

    def _mouths(self, rows: Ints) -> tuple[Ints, Ints]:
        """Whose record each report is judged by, and whose voice it counts as: codes of witnesses and voices."""
        sources, origins = self._text["source"], self._text["origin"]
        at, which = distinct([sources.code[rows], origins.code[rows]])
        known, pairs = self.view.sources, []
        for row in rows[at]:
            source, origin = str(sources.at(row)), origins.at(row)
            witness = origin if origin is not None and origin in known else source
            voice = voice_of(known, source, origin)
            pairs.append((number(self.witnesses, witness), number(self.voices, voice)))
        both = np.array(pairs, dtype=np.int64).reshape(-1, 2)[which]
        return both[:, 0], both[:, 1]

    def _weights(self, rows: Ints) -> Floats:
        precision, credibility = self._text["date_precision"], self.view.column("credibility")[rows]
        weight = np.array([*(_COARSE.get(value, 1.0) for value in precision.values), 1.0])[precision.code[rows]]
        for letter, worth in _CREDIBILITY.items():
            weight = np.where(np.floor(credibility) == letter, weight * worth, weight)
        return weight

    def of_a_month(self, rows: Ints) -> Flags:
        """Which reports name months and no days."""
        return self._text["date_precision"].among(["month"])[rows]

    def _besiege(self, row: int, first: int, last: int) -> None:
        holders = self._holders_named(row, first)
        if len(holders) != 1:
            self._leave_out(np.array([row]), "names no besieger that is a holder of the case")
            return
        end = last + 1 if last > first else None
        self.sieges.append(Siege(str(self._text["place"].at(row)), first, end, self.states[holders[0]], row))


_TEXTS = (
    "source", "origin", "type", "date_precision", "place", "where_precision",
    "actor", "target", "holder", "status", "part_of",
)  # fmt: skip


def _event_of(view: View, events: pa.Table | None) -> Ints:
    """The event of each report by number, -1 for none."""
    if events is None:
        return np.full(view.reports.num_rows, NOTHING, dtype=np.int64)
    numbers: dict[str, int] = {}
    pairs = zip(events["report"].to_pylist(), events["event"].to_pylist(), strict=True)
    event_of = {report: number(numbers, event) for report, event in pairs}
    return np.array([event_of.get(report, NOTHING) for report in view.column("id")], dtype=np.int64)


def _reach(days: Ints) -> tuple[int, int]:
    """The first and last of some sorted days that no gap of more than ten years parts from their middle."""
    if not len(days):
        return 0, 0
    middle = len(days) // 2
    far = np.flatnonzero(np.diff(days) > _FAR_DAYS)
    low = days[max((int(k) + 1 for k in far if k < middle), default=0)]
    return int(low), int(days[min((int(k) for k in far if k >= middle), default=len(days) - 1)])


def _days_before(whole: _Tellings, says: Ints, holds: int, days: int, worth: Floats) -> _Tellings:
    """What news says of a day so many days before it, worth less than what it says of its own."""
    rows = np.flatnonzero(says >= 0)
    told, nothing = whole.take(rows), np.full(len(rows), NOTHING)
    day = told.first - days
    return told._replace(
        first=day,
        last=day,
        says=says[rows],
        status=np.full(len(rows), holds),
        leaving=nothing,
        weight=told.weight * worth[rows],
    )


def _in_order(reading: _Reading, t: _Tellings) -> Ints:
    """By content, so that the order in which reports came never shows; a voice's own word before its copies."""
    voices, witnesses = np.array([*reading.voices, ""]), np.array([*reading.witnesses, ""])
    copied = (voices[t.voice] != witnesses[t.witness]).astype(np.int64)
    keys = [t.place, t.last, t.first, t.published, ranks(reading.voices)[t.voice], copied]
    keys += [ranks(reading.witnesses)[t.witness], ranks(reading.sayings)[t.says], t.status, t.report]
    return np.argsort(packed(keys), kind="stable")


def _once_per_voice(t: _Tellings) -> Ints:
    """The first of those that say the same of the same days, or of one event, in one voice."""
    kept = np.zeros(len(t.place), dtype=bool)
    kept[np.unique(packed([t.voice, t.place, t.first, t.last, t.says]), return_index=True)[1]] = True
    linked = np.flatnonzero(t.event >= 0)
    event = packed([t.voice[linked], t.place[linked], t.event[linked], t.says[linked]])
    repeated = np.ones(len(linked), dtype=bool)
    repeated[np.unique(event, return_index=True)[1]] = False
    kept[linked[repeated]] = False
    return np.flatnonzero(kept)


def _evidence(reading: _Reading, t: _Tellings) -> Evidence:
    """The tellings spread over the days that they are evidence for, in codes of what is left of each kind."""
    places, place = _with_surroundings(reading, *used_of(reading.places, t.place))
    witnesses, witness = used_of(list(reading.witnesses), t.witness)
    voices, voice = used_of(list(reading.voices), t.voice)
    sayings, says = used_of(list(reading.sayings), t.says)
    news = np.isin(t.status, [reading.statuses.index(s) for s in _NEWS])
    month = reading.of_a_month(t.report) & (t.last - t.first < _LONGEST_MONTH)
    row, day, weight = _spread(t, news, month)
    order = np.argsort(packed([place[row], day, row]), kind="stable")
    row, day, weight = row[order], day[order], weight[order]
    statement = np.empty(len(place), dtype=np.int64)
    statement[row] = np.arange(len(row))
    told = np.flatnonzero(news)
    return Evidence(
        states=reading.states,
        places=tuple(places),
        witnesses=tuple(witnesses),
        voices=tuple(voices),
        sayings=np.array(sayings, dtype=bool).reshape(len(sayings), len(reading.states)),
        statements=Statements(
            place=place[row],
            day=day,
            published=t.published[row],
            witness=witness[row],
            voice=voice[row],
            says=says[row],
            weight=weight,
            report=t.report[row],
        ),
        news=News(
            place=place[told],
            first=t.first[told],
            last=t.last[told],
            witness=witness[told],
            says=says[told],
            leaving=t.leaving[told],
            statement=statement[told],
        ),
        sieges=tuple(sorted(reading.sieges, key=_of_siege)),
        left_out=tuple(sorted(reading.left_out)),
    )


def _with_surroundings(reading: _Reading, mentioned: list[str], code: Ints) -> tuple[list[str], Ints]:
    """The places that are spoken of and those near to them, in order; and the codes of the rows in these."""
    every = sorted([*mentioned, *reached(reading.view, mentioned)])
    at = {place: k for k, place in enumerate(every)}
    return every, np.array([at[place] for place in mentioned], dtype=np.int64)[code]


def _spread(t: _Tellings, news: Flags, month: Flags) -> tuple[Ints, Ints, Floats]:
    """The days that tellings are evidence for: their rows, the days, and the weight there.

    News is evidence from its last day on. What is known to the month stands in its middle: it was so on some day of
    it. Anything else counts once, shared between the first and the last day of its period: what lies between
    follows from both.
    """
    every = np.arange(len(t.place))
    period = np.flatnonzero(~news & ~month & (t.first != t.last))
    weight = t.weight.copy()
    weight[period] /= 2
    day = np.where(month & ~news, (t.first + t.last) // 2, t.last)
    return (
        np.concatenate([every, period]),
        np.concatenate([day, t.first[period]]),
        np.concatenate([weight, weight[period]]),
    )


def _of_siege(siege: Siege) -> tuple[str, int, int, str, int]:
    """Sieges by place and day, the one with the latest stated end first and those without an end last."""
    end = NO_DAY if siege.end is None else siege.end
    return siege.place, siege.start, -end, siege.besieger, siege.report
