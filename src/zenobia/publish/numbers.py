"""What a briefing asks of the pipeline: a small protocol, so that this room never calls another one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from zenobia.terms import Bounds, ControlEstimate, Place

__all__ = ["Evidence", "Held", "Holder", "Numbers", "Spell", "Stamp"]


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What every page and image says of itself: which case, as known when, from which record.

    ``newest`` is the latest day on which any report in it was published.
    """

    case: str
    title: str
    record: str
    known: date | None = None
    newest: date | None = None
    area: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A party that can hold a place, as a reader sees it named."""

    id: str
    name: str
    name_ar: str | None = None


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

    ``chance`` is the mean chance of the holder over the days, ``least`` its least.
    """

    start: date
    end: date
    holder: str
    chance: float
    least: float | None = None
    last_evidence: date | None = None
    evidence: tuple[str, ...] = ()


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

    def held(self, holder: str, place: str, start: date | None, end: date | None) -> Held:
        """For how long a holder held a place, within a window if one is given."""
        ...

    def evidence(self, reports: Iterable[str]) -> Sequence[Evidence]:
        """The reports behind a number, by id."""
        ...

    def name(self, id: str) -> str:
        """What a source, an actor or a place is called; the id itself where nothing is known."""
        ...
