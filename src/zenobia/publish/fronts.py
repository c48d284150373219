"""Who faces whom: neighbouring places that different holders had on a day."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zenobia.publish.marks import INK, PAPER
from zenobia.publish.palette import Style
from zenobia.terms import CONTESTED, SHARED, ControlEstimate, Place

__all__ = ["Contact", "contacts", "draw_contacts", "foremost"]

Point = tuple[float, float]
KM_PER_DEGREE = 111.195
APART = (CONTESTED, SHARED)


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Two neighbours with different likeliest holders; ``chance`` is that both are held so, taken as independent."""

    one: Place
    other: Place
    holders: tuple[str, str]
    km: float
    chance: float
    evidence: tuple[str, ...]

    @property
    def pair(self) -> tuple[str, ...]:
        """The two holders in an order that does not depend on which place came first."""
        return tuple(sorted(self.holders))


def contacts(rows: Sequence[tuple[Place, ControlEstimate]], km: float) -> list[Contact]:
    """All pairs of places at most so far apart that different holders most likely had, the nearest first.

    A place that is contested, shared or without a report of its own faces nobody here; nor does a neighbourhood, which
    is counted with its town.
    """
    held = [
        (place, estimate)
        for place, estimate in rows
        if estimate.basis == "reports"
        and estimate.leader
        and estimate.leader not in APART
        and place.lat is not None
        and place.kind != "neighbourhood"
    ]
    held.sort(key=lambda row: row[0].id)
    found = []
    for i, (one, first) in enumerate(held):
        for other, second in held[i + 1 :]:
            apart = distance(one, other)
            if first.leader != second.leader and apart <= km:
                found.append(contact(one, first, other, second, apart))
    return sorted(found, key=lambda c: (c.km, c.one.id, c.other.id))


def contact(one: Place, first: ControlEstimate, other: Place, second: ControlEstimate, km: float) -> Contact:
    leaders = str(first.leader), str(second.leader)
    return Contact(
        one=one,
        other=other,
        holders=leaders,
        km=km,
        chance=first.held_by[leaders[0]] * second.held_by[leaders[1]],
        evidence=tuple(dict.fromkeys((*first.evidence, *second.evidence))),
    )


def foremost(found: Sequence[Contact], places: Sequence[Place]) -> list[Contact]:
    """Those contacts with no third place between: none in the circle over the line from one to the other.

    All are counted, these are drawn, so that a crowded front stays readable.
    Source: Gabriel & Sokal, "A new statistical approach to geographic variation analysis" (1969).
    """
    known = [place for place in places if place.lat is not None]

    def alone(c: Contact) -> bool:
        others = (place for place in known if place.id not in (c.one.id, c.other.id))
        return not any(distance(c.one, p) ** 2 + distance(p, c.other) ** 2 < c.km**2 for p in others)

    return [c for c in found if alone(c)]


def distance(one: Place, other: Place) -> float:
    """Kilometres between two places, on a sphere of 6,371 km."""
    assert one.lat is not None
    assert one.lon is not None
    assert other.lat is not None
    assert other.lon is not None
    lat, far = math.radians(one.lat), math.radians(other.lat)
    step = math.sin((far - lat) / 2) ** 2
    step += math.cos(lat) * math.cos(far) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 2 * math.asin(math.sqrt(step)) * KM_PER_DEGREE * 180 / math.pi


def draw_contacts(spots: Sequence[tuple[Point, Point, tuple[str, str]]], look: Mapping[str, Style]) -> str:
    """A line between each two neighbours, each half in its holder's colour, with a bar across where they meet.

    One path for each colour, so that a crowded front stays small.
    """
    casing, bars, halves = "", "", dict[str, str]()
    for here, there, holders in spots:
        (x, y), (u, v) = here, there
        middle, length = ((x + u) / 2, (y + v) / 2), math.dist(here, there) or 1.0
        across = (v - y) / length * 5, (x - u) / length * 5
        casing += line(here, there)
        bars += line((middle[0] - across[0], middle[1] - across[1]), (middle[0] + across[0], middle[1] + across[1]))
        for end, holder in zip((here, there), holders, strict=True):
            halves[holder] = halves.get(holder, "") + line(end, middle)
    drawn = f'<path d="{casing}" stroke="{PAPER}" stroke-width="4.5" stroke-opacity="0.9"/>' if casing else ""
    for holder, strokes in sorted(halves.items()):
        colour = look[holder].colour if holder in look else INK
        drawn += f'<path d="{strokes}" stroke="{colour}" stroke-width="2.2"/>'
    return drawn + (f'<path d="{bars}" stroke="{INK}" stroke-width="1.6"/>' if bars else "")


def line(start: Point, end: Point) -> str:
    return f"M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}"
