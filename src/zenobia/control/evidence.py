"""What the reports say of control, as arrays: who said which state of which place for which day.

A report becomes *statements* (a state, or a set of states it leaves open, on a stated day), *news*
(the place changed hands on about that day) or a *siege* (an attribute beside the holder). A report
that says nothing of control is passed over; one that does but cannot be used is left out with its
reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zenobia.record import NO_DAY, View
from zenobia.terms import CONTESTED, SHARED

__all__ = ["UNKNOWN_VOICE", "Evidence", "News", "Siege", "Statements", "gather"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Compilations that do not say where they have it from may all have it from the same place.
UNKNOWN_VOICE = "unknown"
_COMPILATIONS = ("dataset", "encyclopedia", "encyclopaedia")

# What a report that names only the month, or less, is worth beside one that names the day.
_COARSE = {"week": 0.7, "month": 0.5, "quarter": 0.3, "year": 0.2}
# Admiralty credibility 1-6; 6 is "cannot be judged".
_CREDIBILITY = {4: 0.6, 5: 0.3}
# What the word on who lost a place says of the day before, beside the word on who took it.
_BEFORE = 0.5
_NEWS = ("takes", "loses")
_STATUS_OF_TYPE = {"capture": "takes", "withdrawal": "loses"}


class Statements(NamedTuple):
    """One row per stated day of a report, sorted by place, day and content; all of shape (n,).

    Attributes:
        place: index into the places. day: the stated day. published: when it was said.
        witness: index into the witnesses, whose record says what the word is worth.
        voice: index into the voices, which are what is counted as independent.
        says: index into the sayings. weight: 1 for a plain report of one day.
        report: row of the report in the view.
    """

    place: Ints
    day: Ints
    published: Ints
    witness: Ints
    voice: Ints
    says: Ints
    weight: Floats
    report: Ints


class News(NamedTuple):
    """One row per report that a place changed hands: on some day of ``first``..``last``; shape (m,).

    ``says`` names the saying whose states the place is told to have come into; ``leaving`` is the
    holder told to have lost it, or -1; ``statement`` is the row of the statement of the same report.
    """

    place: Ints
    first: Ints
    last: Ints
    witness: Ints
    says: Ints
    leaving: Ints
    statement: Ints


class Siege(NamedTuple):
    """A report that ``besieger`` encircles a place from a day on; ``end`` only if it says so."""

    place: str
    start: int
    end: int | None
    besieger: str
    report: int


class Evidence(NamedTuple):
    """All that a view says of control.

    ``sayings`` has shape (v, states): which states each distinct saying leaves open. ``witnesses``
    and ``voices`` are ids; a witness is a source whose behaviour is learned, a voice is an origin.
    """

    states: tuple[str, ...]
    places: tuple[str, ...]
    witnesses: tuple[str, ...]
    voices: tuple[str, ...]
    sayings: npt.NDArray[np.bool_]
    statements: Statements
    news: News
    sieges: tuple[Siege, ...]
    left_out: tuple[tuple[str, str], ...]


class _Telling(NamedTuple):
    """One usable report, before it is spread over its days."""

    place: str
    first: int
    last: int
    published: int
    witness: str
    voice: str
    says: tuple[bool, ...]
    status: str
    leaving: int
    weight: float
    event: str
    report_id: str
    report: int


def gather(view: View, events: pa.Table | None = None) -> Evidence:
    """Read the control statements of a view.

    Args:
        view: the record as known at one moment.
        events: linkage's table (report, event): one voice counts once in an event.
    """
    reading = _Reading(view, events)
    tellings = sorted(reading.tellings(), key=_order)
    return _columns(reading, _once_per_voice(tellings))


class _Reading:
    """Turns the report rows of one view into tellings, keeping what had to be left out."""

    def __init__(self, view: View, events: pa.Table | None) -> None:
        self._view = view
        self._col = {name: view.column(name) for name in _COLUMNS}
        self._event_of = _events_by_report(events)
        shared = bool((self._col["status"] == "shares").any())
        self.states = (*view.setting.holders, CONTESTED, *((SHARED,) if shared else ()))
        self._position = {state: k for k, state in enumerate(self.states)}
        self._holders: dict[tuple[str, int], tuple[int, ...]] = {}
        self.left_out: list[tuple[str, str]] = []
        self.sieges: list[Siege] = []

    def tellings(self) -> Iterator[_Telling]:
        """Every report that says something of control and can be used, in the order of the view."""
        said, kind = self._col["status"], self._col["type"]
        for row in map(int, np.flatnonzero((said != None) | np.isin(kind, list(_STATUS_OF_TYPE)))):  # noqa: E711
            status = str(said[row] or _STATUS_OF_TYPE[kind[row]])
            why_not = self._unusable(row)
            if why_not:
                self.left_out.append((self._col["id"][row], why_not))
            elif status == "besieges":
                self._besiege(row)
            else:
                yield from self._tell(row, status)

    def _unusable(self, row: int) -> str | None:
        col = self._col
        if col["place"][row] is None:
            return "names no place"
        if col["where_precision"][row] in ("admin2", "admin1", "country"):
            return "speaks of a wider area than the place"
        if col["part_of"][row] is not None:
            return "is part of an aggregate"
        if col["date"][row] == NO_DAY:
            return "names no day"
        return None

    def _tell(self, row: int, status: str) -> Iterator[_Telling]:
        col = self._col
        first, last = self._days(row)
        holders = self._holders_named(row, first)
        says = self._says(status, holders)
        if says is None:
            named = col["holder"][row] or col["actor"][row]
            reason = f"{named!r} belongs to no holder of the case" if named else "names no holder"
            self.left_out.append((col["id"][row], reason))
            return
        source, origin = col["source"][row], col["origin"][row]
        told = _Telling(
            place=col["place"][row],
            first=first,
            last=last,
            published=int(col["published"][row]),
            witness=origin if origin in self._view.sources else source,
            voice=origin or self._voice_of(source),
            says=says,
            status=status,
            leaving=holders[0] if status == "loses" and len(holders) == 1 else -1,
            weight=self._weight(row),
            event=self._event_of.get(col["id"][row], ""),
            report_id=col["id"][row],
            report=int(row),
        )
        yield told
        lost_by = holders if status == "loses" else self._positions_of(col["target"][row], first)
        if status in _NEWS and lost_by and not set(lost_by) & {k for k in holders if status == "takes"}:
            yield self._the_day_before(told, lost_by)

    def _the_day_before(self, told: _Telling, lost_by: tuple[int, ...]) -> _Telling:
        """Who takes a place from somebody says who had it: the loser held it the day before, or part of it still."""
        had = tuple(k in lost_by or state == CONTESTED for k, state in enumerate(self.states))
        day, weight = told.first - 1, told.weight * _BEFORE
        return told._replace(first=day, last=day, says=had, status="holds", leaving=-1, weight=weight, event="")

    def _days(self, row: int) -> tuple[int, int]:
        """The first and the last stated day."""
        first, after = int(self._col["date"][row]), int(self._col["date_to"][row])
        return first, max(first, after - 1) if after != NO_DAY else first

    def _holders_named(self, row: int, day: int) -> tuple[int, ...]:
        """Positions of the holders that the report names; several where it leaves open which."""
        named = self._col["holder"][row]
        if named is None and self._col["type"][row] in _STATUS_OF_TYPE:
            named = self._col["actor"][row]
        return self._positions_of(named, day)

    def _positions_of(self, named: str | None, day: int) -> tuple[int, ...]:
        if named is None:
            return ()
        if (named, day) not in self._holders:
            found = {self._view.holder_of(part, day) for part in named.split("|")}
            # One alternative that is no holder of the case leaves the whole statement open.
            complete = () if None in found else tuple(sorted(self._position[h] for h in found if h))
            self._holders[named, day] = complete
        return self._holders[named, day]

    def _says(self, status: str, holders: tuple[int, ...]) -> tuple[bool, ...] | None:
        """The states that a statement leaves open, or ``None`` where it says none of them."""
        if status in ("contests", "shares"):
            word = CONTESTED if status == "contests" else SHARED
            return tuple(state == word for state in self.states)
        if not holders:
            return None
        return tuple((k in holders) != (status == "loses") for k in range(len(self.states)))

    def _voice_of(self, source: str) -> str:
        known = self._view.sources.get(source)
        return UNKNOWN_VOICE if known is not None and known.kind in _COMPILATIONS else source

    def _weight(self, row: int) -> float:
        coarse = _COARSE.get(self._col["date_precision"][row] or "", 1.0)
        credibility = self._col["credibility"][row]
        return coarse * (_CREDIBILITY.get(int(credibility), 1.0) if credibility == credibility else 1.0)

    def _besiege(self, row: int) -> None:
        first, last = self._days(row)
        holders = self._holders_named(row, first)
        if len(holders) != 1:
            self.left_out.append((self._col["id"][row], "names no besieger that is a holder of the case"))
            return
        end = last + 1 if last > first else None
        self.sieges.append(Siege(self._col["place"][row], first, end, self.states[holders[0]], int(row)))


_COLUMNS = (
    "id", "source", "origin", "published", "type", "date", "date_to", "date_precision", "place", "where_precision",
    "actor", "target", "holder", "status", "part_of", "credibility",
)  # fmt: skip


def _events_by_report(events: pa.Table | None) -> dict[str, str]:
    if events is None:
        return {}
    return dict(zip(events["report"].to_pylist(), events["event"].to_pylist(), strict=True))


def _order(telling: _Telling) -> tuple[Any, ...]:
    """By content, so that the order in which reports came never shows."""
    t = telling
    return (t.place, t.last, t.first, t.published, t.voice, t.witness, t.says, t.status, t.report_id)


def _once_per_voice(tellings: list[_Telling]) -> list[_Telling]:
    """The first of those that say the same of the same days, or of one event, in one voice."""
    kept: list[_Telling] = []
    heard: set[tuple[Any, ...]] = set()
    for t in tellings:
        keys: set[tuple[Any, ...]] = {(t.voice, t.place, t.first, t.last, t.says)}
        if t.event:
            keys.add((t.voice, t.place, t.event, t.says))
        if not keys & heard:
            kept.append(t)
        heard |= keys
    return kept


def _columns(reading: _Reading, tellings: list[_Telling]) -> Evidence:
    places = tuple(sorted({t.place for t in tellings}))
    witnesses = tuple(sorted({t.witness for t in tellings}))
    voices = tuple(sorted({t.voice for t in tellings}))
    sayings = tuple(sorted({t.says for t in tellings}))
    place_at, witness_at = _positions(places), _positions(witnesses)
    voice_at, says_at = _positions(voices), _positions(sayings)
    spread = sorted(
        (place_at[t.place], day, n, t.published, witness_at[t.witness], voice_at[t.voice], says_at[t.says], w, t.report)
        for n, t in enumerate(tellings)
        for day, w in _stated_days(t)
    )
    row_of = {row[2]: k for k, row in enumerate(spread)}
    news = [
        (place_at[t.place], t.first, t.last, witness_at[t.witness], says_at[t.says], t.leaving, row_of[n])
        for n, t in enumerate(tellings)
        if t.status in _NEWS
    ]
    return Evidence(
        states=reading.states,
        places=places,
        witnesses=witnesses,
        voices=voices,
        sayings=np.array(sayings, dtype=bool).reshape(len(sayings), len(reading.states)),
        statements=Statements(*_arrays([row[:2] + row[3:] for row in spread], Statements._fields)),
        news=News(*_arrays(news, News._fields)),
        sieges=tuple(sorted(reading.sieges)),
        left_out=tuple(sorted(reading.left_out)),
    )


def _stated_days(telling: _Telling) -> list[tuple[int, float]]:
    """The days a telling is evidence for, and its weight there.

    News is evidence from its last day on. Anything else counts once, shared between the first and
    the last day of its period: what lies between follows from both.
    """
    if telling.status in _NEWS or telling.first == telling.last:
        return [(telling.last, telling.weight)]
    return [(telling.first, telling.weight / 2), (telling.last, telling.weight / 2)]


def _positions(values: tuple[Any, ...]) -> dict[Any, int]:
    return {value: k for k, value in enumerate(values)}


def _arrays(rows: list[tuple[Any, ...]], names: tuple[str, ...]) -> list[npt.NDArray[Any]]:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    kinds = [np.float64 if name == "weight" else np.int64 for name in names]
    return [np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True)]
