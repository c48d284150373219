"""What a briefing asks of the pipeline: a small protocol, so that this room never calls another one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

from zenobia.terms import Bounds, ControlEstimate, Place

__all__ = [
    "Course",
    "Evidence",
    "Held",
    "Holder",
    "HowSaid",
    "Numbers",
    "Passing",
    "Run",
    "Saying",
    "Spell",
    "Stamp",
    "Tallies",
    "Tally",
    "Turn",
]

HowSaid = Literal["takes", "holds", "loses", "contests", "shares"]


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What every page and image says of itself: which case, as known when, from which record.

    ``newest`` is the latest day on which any report in it was published; ``start`` and ``end`` are the
    days of the case, closed-open, where it names any. Of ``until`` and what follows control may not be told.
    """

    case: str
    title: str
    record: str
    known: date | None = None
    newest: date | None = None
    start: date | None = None
    end: date | None = None
    area: tuple[float, float, float, float] | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A party that can hold a place, as a reader sees it named; ``colour`` where it is not the safe palette's."""

    id: str
    name: str
    name_ar: str | None = None
    colour: str | None = None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One report as the evidence table shows it.

    ``says`` is our own composed phrase; ``quote`` the source's words, where they may be shown. ``camp``
    is the holder that the voice behind the report stands with, rolled up, or ``None``.
    """

    id: str
    source: str
    says: str
    published: date
    kind: str | None = None
    stands_with: str | None = None
    camp: str | None = None
    date: str | None = None
    locator: str | None = None
    url: str | None = None
    quote: str | None = None


@dataclass(frozen=True, kw_only=True)
class Held:
    """For how many days a holder held a place, and the reports that say so."""

    days: Bounds
    evidence: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Spell:
    """A stretch of days, closed-open, through which one holder was the likeliest.

    ``chance`` is the mean chance of the holder over the days, ``least`` its least; ``voices_changed`` the days
    in it from which on wholly other voices carry the estimate.
    """

    start: date
    end: date
    holder: str
    chance: float
    least: float | None = None
    last_evidence: date | None = None
    evidence: tuple[str, ...] = ()
    voices_changed: tuple[date, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Saying:
    """What one report says of who holds a place: on which day, which state, and how it puts it.

    ``state`` is a holder, ``contested`` or ``shared``; ``own`` is whether the voice behind the report
    stands with that holder, so that it speaks for its own side.
    """

    report: str
    day: date
    state: str
    how: HowSaid
    own: bool = False


@dataclass(frozen=True, kw_only=True)
class Course:
    """The chances of one place through a window of days, closed-open, and every report of it that falls in.

    ``chances`` has a row a day and a column a state; it is empty where no report speaks of the place.
    ``voices_changed`` are the days from which on wholly other voices carry the estimate.
    """

    place: Place
    start: date
    end: date
    states: tuple[str, ...]
    chances: Sequence[Sequence[float]]
    sayings: tuple[Saying, ...]
    voices_changed: tuple[date, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run of days with one likeliest state: the position of its last day, and what that day rests on.

    ``claimed_only`` is whether all who say so stand on that side themselves.
    """

    last: int
    evidence: tuple[str, ...]
    claimed_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Passing:
    """A place through some days: its likeliest state on each with the chance, and who besieged it.

    ``heard`` are the days that anybody spoke of, ``runs`` cover all days in order.
    """

    place: Place
    leaders: tuple[str, ...]
    chances: tuple[float, ...]
    besieged_by: tuple[str | None, ...]
    heard: tuple[date, ...]
    runs: tuple[Run, ...]


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A place that went from one holder to another: the likeliest day, its limits, and how sure the change is.

    ``low`` and ``high`` enclose the day with nine chances in ten, given that the change happened.
    """

    place: Place
    before: str
    after: str
    day: date
    low: date
    high: date
    chance: float
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What one voice counted in one unit, from ``start`` to the day before ``end``; never added to another's."""

    voice: str
    side: str | None
    unit: str
    start: date
    end: date
    found: Bounds
    evidence: tuple[str, ...]
    frame: str | None = None


@dataclass(frozen=True, kw_only=True)
class Tallies:
    """Counts month by month, and the figures that were given for stretches that no month holds."""

    monthly: tuple[Tally, ...]
    longer: tuple[Tally, ...]


class Numbers(Protocol):
    """Everything a briefing may show. The pipeline implements it over one view of one record."""

    @property
    def stamp(self) -> Stamp:
        """The case, the moment of knowledge and the hash of the record."""
        ...

    @property
    def holders(self) -> Sequence[Holder]:
        """The holders of the case, in the case's order."""
        ...

    def check(self) -> Mapping[str, Any]:
        """Every claim's verdict, in the stable JSON shape of `check`."""
        ...

    def control_on(self, day: date) -> Sequence[tuple[Place, ControlEstimate]]:
        """Who held each place on a day, places without any basis included."""
        ...

    def control_of(self, place: str) -> tuple[Place, Sequence[Spell]]:
        """One place through time."""
        ...

    def claimed_only(self, estimate: ControlEstimate) -> bool:
        """Whether all who say that the likeliest holder had the place stand on that holder's own side."""
        ...

    def course(self, place: str, start: date, end: date) -> Course:
        """The chances of a place day by day, with the reports of it, each on the day it speaks of."""
        ...

    def all_places(self) -> Sequence[Place]:
        """Every place of the case, in order of ids."""
        ...

    def through(self, days: Sequence[date]) -> Sequence[Passing]:
        """Every place with a position that reports speak of, through some days in order."""
        ...

    def turns(self, start: date, end: date) -> Sequence[Turn]:
        """Every change of hands in a window of days, closed-open, in order of their days."""
        ...

    def tallies(self, of: Mapping[str, str], units: Sequence[str], start: date, end: date) -> Tallies:
        """What each voice counted of something (type, actor, place, area), unit by unit and month by month."""
        ...

    def held(self, holder: str, place: str, start: date | None, end: date | None) -> Held:
        """For how long a holder held a place, within a window if one is given."""
        ...

    def evidence(self, reports: Iterable[str]) -> Sequence[Evidence]:
        """The reports behind a number, by id."""
        ...

    def name(self, id: str) -> str:
        """What a source, an actor or a place is called; the id itself where nothing is known."""
        ...
