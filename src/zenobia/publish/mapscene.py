"""What one map shows: its places on a day, how surely each was held, and who faced whom."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from zenobia.publish.basemap import Area
from zenobia.publish.numbers import Holder

__all__ = ["STALE_AFTER", "SURE", "MapPlace", "MapScene", "area_around", "is_stale", "is_unsure"]

SURE = 0.9
STALE_AFTER = 90


@dataclass(frozen=True, kw_only=True)
class MapPlace:
    """A place as a map shows it: where it is, who held it by which chance, and how fresh that is."""

    id: str
    name: str
    lat: float
    lon: float
    basis: str
    held_by: Mapping[str, float] = field(default_factory=dict)
    name_ar: str | None = None
    besieged_by: str | None = None
    last_evidence: date | None = None
    claimed_only: bool = False
    population: float | None = None
    voices: int = 0

    @property
    def leader(self) -> str | None:
        """The likeliest state, or ``None`` where there is no basis."""
        return max(self.held_by, key=lambda h: (self.held_by[h], h)) if self.held_by else None

    @property
    def told(self) -> bool:
        """Whether any report speaks of the place itself; if not, its neighbours' are all there is."""
        return self.basis == "reports" and bool(self.held_by)


@dataclass(frozen=True, kw_only=True)
class MapScene:
    """Everything one map shows. `id` keeps the names inside two SVGs of one page apart.

    ``facing`` holds pairs of places, by id, that different holders had at most ``within`` km apart.
    """

    id: str
    on: date
    places: Sequence[MapPlace]
    holders: Sequence[Holder]
    area: Area
    record: str
    known: date | None = None
    stale_after: int = STALE_AFTER
    facing: Sequence[tuple[str, str]] = ()
    within: float = 0.0
    sources: str = ""

    @property
    def title(self) -> str:
        """What the map is of, as its heading says it."""
        return "Who faced whom" if self.within else "Who held what"

    @property
    def zoom(self) -> float:
        """How large marks are drawn: smaller where there are many."""
        count = len([p for p in self.shown if p.told])
        return 1.0 if count <= 40 else 0.82 if count <= 90 else 0.68

    @property
    def shown(self) -> list[MapPlace]:
        """Places within the frame, the most important first."""
        west, south, east, north = self.area
        inside = [p for p in self.places if west <= p.lon <= east and south <= p.lat <= north]
        return sorted(inside, key=importance)


def importance(place: MapPlace) -> tuple[bool, float, str]:
    """Order of labels: places with reports first, then by how many people and how many voices they have."""
    weight = math.log10(1000 + (place.population or 0)) + math.log2(1 + place.voices) / 2
    return not place.told, -weight, place.id


def is_stale(on: date, last_evidence: date | None, stale_after: int = STALE_AFTER) -> bool:
    """Whether nothing has been heard of a place for so long that its holder is mere persistence."""
    return last_evidence is None or (on - last_evidence).days > stale_after


def area_around(lat: float, lon: float, km: float) -> Area:
    """The square frame that reaches so many kilometres from a point, a little wider than high."""
    north = km / 111.195
    east = 1.25 * north / math.cos(math.radians(lat))
    return lon - east, lat - north, lon + east, lat + north


def is_unsure(place: MapPlace) -> bool:
    return place.told and max(place.held_by.values()) < SURE
