"""The field's nouns: frozen, keyword-only, checked when made.

The record's tables are derived from these types (see `zenobia.record.tables`), so a field that is
added here appears in the record, in exports and in the documentation at once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from zenobia.terms.errors import InputError
from zenobia.terms.spelling import did_you_mean
from zenobia.terms.vocabulary import (
    AFFILIATION_ROLES,
    RELIABILITIES,
    REPORT_TYPES,
    SENSITIVITIES,
    STATUSES,
    UNITS,
    WHERE_PRECISIONS,
)

__all__ = [
    "Actor",
    "Affiliation",
    "Area",
    "ControlEstimate",
    "ControlWarning",
    "Decision",
    "Document",
    "Event",
    "Frame",
    "Passage",
    "Place",
    "Report",
    "Run",
    "Setting",
    "Source",
    "read_topics",
]

# Open words in any script: what a statement is about.
_TOPIC = r"[^\W_]+(?:-[^\W_]+)*"
_TOPICS = re.compile(rf"{_TOPIC}(?:\|{_TOPIC})*")


@dataclass(frozen=True, kw_only=True)
class Source:
    """Somebody who says things: a wire, an organisation, a monitor, a ministry, a party, a dataset.

    ``stands_with`` is the actor whose side it takes, if any; ``reliability`` is the Admiralty
    code's letter (A completely reliable .. E unreliable, F cannot be judged); ``copies_from``
    names the sources whose words it passes on.
    """

    id: str
    name: str
    kind: str | None = None
    stands_with: str | None = None
    reliability: str | None = None
    copies_from: tuple[str, ...] = ()
    url: str | None = None
    licence: str | None = None
    notes: str | None = None
    sensitivity: str | None = None

    def __post_init__(self) -> None:
        _known("reliability", self.reliability, RELIABILITIES)
        _known("sensitivity", self.sensitivity, SENSITIVITIES)


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What a source's list claims to cover, and what gets into it; a row of coverage.csv.

    Only a frame can carry a share, a zero, a rank or an "only": reports coded by hand show
    "at least". ``misses`` names the actors on whose ground the list, by its own words, mostly cannot
    see: there it is no frame.
    """

    source: str
    type: str
    area: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    unit: str | None = None
    rule: str | None = None
    misses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _known("type", self.type, REPORT_TYPES)
        _known("unit", self.unit, UNITS)


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A party to the war, or one that names people in it."""

    id: str
    name: str
    name_ar: str | None = None
    aliases: tuple[str, ...] = ()
    kind: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    colour: str | None = None
    notes: str | None = None
    sensitivity: str | None = None

    def __post_init__(self) -> None:
        _known("sensitivity", self.sensitivity, SENSITIVITIES)


@dataclass(frozen=True, kw_only=True)
class Affiliation:
    """A dated tie of one actor to another, with the source that says so."""

    actor: str
    role: str
    of: str
    start: dt.date | None = None
    end: dt.date | None = None
    source: str | None = None
    locator: str | None = None

    def __post_init__(self) -> None:
        _known("role", self.role, AFFILIATION_ROLES)

    def holds_on(self, day: dt.date | None) -> bool:
        """Whether the tie held on a day; without a day, whether it ever did."""
        if day is None:
            return True
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A named place: city, town, village, airbase, crossing, field. Degrees, WGS 84."""

    id: str
    name: str
    name_ar: str | None = None
    aliases: tuple[str, ...] = ()
    kind: str | None = None
    lat: float | None = None
    lon: float | None = None
    admin1: str | None = None
    admin2: str | None = None
    population: float | None = None
    geonameid: str | None = None
    sensitivity: str | None = None

    def __post_init__(self) -> None:
        _known("sensitivity", self.sensitivity, SENSITIVITIES)
        check_position(self.lat, self.lon)


@dataclass(frozen=True, kw_only=True)
class Area:
    """A named area, front or route; ``geometry`` is GeoJSON in WGS 84 lon/lat."""

    id: str
    name: str
    geometry: Mapping[str, Any]
    name_ar: str | None = None
    kind: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    source: str | None = None


@dataclass(frozen=True, kw_only=True)
class Document:
    """An original that somebody can look up; ``id`` is its SHA-256 once it is captured."""

    id: str
    path: str | None = None
    source: str | None = None
    url: str | None = None
    title: str | None = None
    author: str | None = None
    published: dt.date | None = None
    captured: dt.date | None = None
    media_type: str | None = None
    language: str | None = None
    licence: str | None = None
    sensitivity: str | None = None
    translation_of: str | None = None

    def __post_init__(self) -> None:
        _known("sensitivity", self.sensitivity, SENSITIVITIES)


@dataclass(frozen=True, kw_only=True)
class Passage:
    """Words in a document, found again by quote and by position (W3C text selectors)."""

    document: str
    start: int
    end: int
    quote: str
    prefix: str = ""
    suffix: str = ""
    page: int | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """One source's account of one thing. A field that is ``None`` was not stated; 0 is *stated none*.

    ``published`` is when this source said it; ``date``..``date_to`` when it was true, closed-open.
    ``origin`` is who first reported it, where the source passes it on. ``actor`` and ``target`` may
    name alternatives: ``russia|government``. ``part_of`` is the report of the total that this one
    is a part of. ``replaces`` names an earlier report of the same source. ``topic`` is what a
    statement is about, in words of the case's own: ``amnesty`` or ``amnesty|manpower``.
    """

    id: str
    source: str
    published: dt.date
    type: str
    origin: str | None = None
    document: str | None = None
    locator: str | None = None
    quote: str | None = None
    date: dt.date | None = None
    date_to: dt.date | None = None
    date_precision: str | None = None
    place: str | None = None
    area: str | None = None
    lat: float | None = None
    lon: float | None = None
    where_precision: str | None = None
    actor: str | None = None
    target: str | None = None
    holder: str | None = None
    status: str | None = None
    count: float | None = None
    count_low: float | None = None
    count_high: float | None = None
    unit: str | None = None
    part_of: str | None = None
    deaths_low: float | None = None
    deaths_best: float | None = None
    deaths_high: float | None = None
    deaths_actor: float | None = None
    deaths_target: float | None = None
    deaths_civilians: float | None = None
    deaths_unknown: float | None = None
    injured: float | None = None
    displaced: float | None = None
    credibility: int | None = None
    sensitivity: str | None = None
    replaces: str | None = None
    note: str | None = None
    topic: str | None = None

    def __post_init__(self) -> None:
        _known("type", self.type, REPORT_TYPES)
        _known("status", self.status, STATUSES)
        _known("unit", self.unit, UNITS)
        _known("where_precision", self.where_precision, WHERE_PRECISIONS)
        _known("sensitivity", self.sensitivity, SENSITIVITIES)
        check_position(self.lat, self.lon)
        _ordered("count", self.count_low, self.count, self.count_high)
        _ordered("deaths", self.deaths_low, self.deaths_best, self.deaths_high)
        if self.topic is not None and self.topic != read_topics(self.topic):
            raise InputError("not a topic", column="topic", value=self.topic, expected="no blanks round the bars")
        if self.credibility is not None and not 1 <= self.credibility <= 6:
            raise InputError(
                "credibility out of range", column="credibility", value=self.credibility, expected="1 to 6"
            )


@dataclass(frozen=True, kw_only=True)
class Event:
    """What we hold happened: the reports that tell of one thing, put together."""

    id: str
    reports: tuple[str, ...]
    type: str
    date: dt.date | None = None
    date_to: dt.date | None = None
    place: str | None = None
    lat: float | None = None
    lon: float | None = None
    actor: str | None = None
    target: str | None = None
    deaths_low: float | None = None
    deaths_best: float | None = None
    deaths_high: float | None = None
    voices: int = 0


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A person's or a rule's word on whether two things are one; undone by a later one, never erased."""

    left: str
    right: str
    judgement: Literal["same", "different", "unsure"]
    weight: float | None = None
    by: str | None = None
    recorded: dt.datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class ControlWarning:
    """What to be wary of in an estimate of control.

    ``kind`` is ``one voice`` (fewer than two independent voices say what is believed), ``silence`` (nobody has spoken
    of the place for ``days``) or ``contradiction``; ``voices`` are those concerned, by the holder that they name.
    """

    kind: Literal["one voice", "silence", "contradiction"]
    says: str
    days: int | None = None
    voices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reports: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The stable JSON shape of a warning."""
        return {
            "kind": self.kind,
            "says": self.says,
            "days": self.days,
            "voices": {holder: list(voices) for holder, voices in self.voices.items()},
            "reports": list(self.reports),
        }


@dataclass(frozen=True, kw_only=True)
class ControlEstimate:
    """Who held a place on a day, as chances that sum to 1; empty where there is no basis.

    ``basis`` is ``reports``, ``neighbours`` or ``none``; ``voices`` counts independent origins.
    """

    place: str
    on: dt.date
    held_by: Mapping[str, float]
    basis: Literal["reports", "neighbours", "none"]
    besieged_by: str | None = None
    last_evidence: dt.date | None = None
    voices: int = 0
    evidence: tuple[str, ...] = ()
    known: dt.date | None = None
    warnings: tuple[ControlWarning, ...] = ()

    @property
    def leader(self) -> str | None:
        """The likeliest state, or ``None`` where there is no basis."""
        return max(self.held_by, key=lambda h: self.held_by[h]) if self.held_by else None

    def to_json(self) -> dict[str, Any]:
        """The stable JSON shape of a control estimate."""
        return {
            "place": self.place,
            "on": self.on.isoformat(),
            "known": self.known.isoformat() if self.known else None,
            "held_by": {holder: round(chance, 6) for holder, chance in self.held_by.items()},
            "besieged_by": self.besieged_by,
            "last_evidence": self.last_evidence.isoformat() if self.last_evidence else None,
            "voices": self.voices,
            "evidence": list(self.evidence),
            "basis": self.basis,
            "warnings": [warning.to_json() for warning in self.warnings],
        }


@dataclass(frozen=True, kw_only=True)
class Run:
    """One step that changed the record: who did what, when, with what (PROV-O's Activity)."""

    id: str
    step: str
    started: dt.datetime
    code: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    engine: str | None = None


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What case.toml says of the case: its holders, its period (closed-open), its ground.

    ``incidents``: battles, shelling and strikes may be evidence of control, where that helps; never for claims.
    """

    id: str
    title: str
    timezone: str = "UTC"
    start: dt.date | None = None
    end: dt.date | None = None
    area: tuple[float, float, float, float] | None = None
    languages: tuple[str, ...] = ("en",)
    holders: tuple[str, ...] = ()
    publish: Mapping[str, Any] = field(default_factory=dict)
    incidents: bool = False


def read_topics(text: str) -> str:
    """What a statement is about, as written in a cell: one topic, or several with a vertical bar between them.

    Topics are written one way, so that two people who mean one thing also write it alike.

    Raises:
        InputError: a topic is not in small letters joined by hyphens.
    """
    topic = "|".join(part.strip() for part in text.split("|") if part.strip())
    if _TOPICS.fullmatch(topic) and topic == topic.lower():
        return topic
    parts = (re.sub(r"[\W_]+", "-", part.lower()).strip("-") for part in topic.split("|"))
    raise InputError(
        "not a topic",
        column="topic",
        value=text,
        expected="small letters and digits, joined by hyphens; several with a vertical bar between them",
        fix=f"write {'|'.join(filter(None, parts)) or 'a word, such as amnesty'}",
    )


def check_position(lat: float | None, lon: float | None) -> None:
    """A latitude without a longitude, or one off the globe, is refused."""
    if (lat is None) != (lon is None):
        raise InputError(
            "half a position",
            column="lat" if lat is None else "lon",
            value=f"{_stated(lat)}, {_stated(lon)}",
            expected="both lat and lon, or neither",
            fix="fill the missing one or empty both",
        )
    if lat is not None and lon is not None and not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise InputError(
            "a position that is not on the globe",
            column="lat",
            value=f"{_stated(lat)}, {_stated(lon)}",
            expected="lat -90..90 and lon -180..180, in degrees",
            fix="look whether lat and lon are swapped, or whether they are in another projection",
        )


def _known(column: str, value: str | None, options: tuple[str, ...]) -> None:
    if value is not None and value not in options:
        raise InputError(
            f"unknown {column}",
            column=column,
            value=value,
            expected=f"one of {', '.join(options)}",
            fix=did_you_mean(value, options) or "use one of these words",
        )


def _ordered(column: str, low: float | None, best: float | None, high: float | None) -> None:
    known = [x for x in (low, best, high) if x is not None]
    if any(x < 0 for x in known):
        stated = ", ".join(_stated(x) for x in (low, best, high))
        raise InputError("a negative count", column=column, value=stated, expected="0 or more")
    if known != sorted(known):
        raise InputError(
            "figures out of order",
            column=column,
            value=", ".join(_stated(x) for x in (low, best, high)),
            expected="low <= best <= high",
            fix="check the three figures against the source",
        )


def _stated(figure: float | None) -> str:
    return "empty" if figure is None else f"{figure:g}"
