"""Telling homonyms apart by what else is said of them: the day, the kind, the province, the position.

A hint narrows the bearers of a name to those it fits, and decides only by fitting: a bearer of which
nothing is known is not chosen because the others were ruled out. Where a hint speaks against every
bearer, no one is chosen and the reason is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import asin, cos, isnan, nan, radians, sin, sqrt
from typing import TYPE_CHECKING

from zenobia.terms.spelling import normalise, skeleton, vowelled

if TYPE_CHECKING:
    from zenobia.terms.names import Named

__all__ = ["SITES", "Choice", "Hints", "choose", "confirmed", "distance_km", "province_key"]

# Positions given for one town differ by its own size and by rounding; a bearer farther off than
# FAR_KM is another place. Between the two a position neither confirms nor rules out.
NEAR_KM, FAR_KM = 25.0, 60.0

SETTLEMENTS = frozenset({"camp", "city", "hamlet", "neighbourhood", "settlement", "suburb", "town", "village"})
SITES = frozenset(
    {"airbase", "airport", "base", "border", "bridge", "castle", "checkpoint", "crossing", "crossroads"}
    | {
        "dam",
        "field",
        "fort",
        "hill",
        "mountain",
        "plant",
        "port",
        "prison",
        "river",
        "road",
        "site",
        "valley",
    }
)
_PROVINCE_WORDS = re.compile(r"\b(?:governorate|province|muhafazat?|wilayat?|oblast|محافظه|ولايه)\b")


@dataclass(frozen=True, kw_only=True)
class Hints:
    """What else a text says of the thing it names."""

    near: tuple[float, float] | None = None
    admin1: str | None = None
    day: date | None = None
    kind: str | None = None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Who is left of the bearers of a name, which hint decided, and what stood in the way."""

    left: tuple[str, ...]
    decided_by: str | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class _Judge:
    """One hint: whether it fits a bearer (``None``: cannot tell), and its words when it fits none."""

    name: str
    fits: Callable[[Named], bool | None]
    against: Callable[[Sequence[Named]], str]


def choose(bearers: Sequence[Named], hints: Hints, provinces: Collection[str]) -> Choice:
    """Narrow the bearers of a name by each hint in turn.

    Args:
        bearers: the things that bear the name, at least one.
        hints: what the text says.
        provinces: the keys of all provinces known (`province_key`): one never heard of rules out nobody.
    """
    left, decided = list(bearers), None
    for judge in _judges(hints, provinces):
        verdicts = {bearer.id: judge.fits(bearer) for bearer in left}
        if set(verdicts.values()) == {False}:
            return Choice(left=tuple(bearer.id for bearer in bearers), why=judge.against(left))
        if {True, False} <= set(verdicts.values()):
            left = [bearer for bearer in left if verdicts[bearer.id] is not False]
            decided = judge.name
    if len(left) > 1 and hints.near and (nearest := _nearest(left, hints.near)):
        left, decided = [nearest], "near"
    if len(left) == 1:
        return Choice(left=(left[0].id,), decided_by=decided)
    return Choice(left=tuple(bearer.id for bearer in left), why=f"{len(left)} bear this name")


def confirmed(bearer: Named, hints: Hints, provinces: Collection[str]) -> bool:
    """Whether the position given speaks for this bearer, or else the province, and no hint against it."""
    verdicts = {judge.name: judge.fits(bearer) for judge in _judges(hints, provinces)}
    return False not in verdicts.values() and verdicts.get("near", verdicts.get("admin1")) is True


def distance_km(bearer: Named, near: tuple[float, float]) -> float:
    """Great-circle distance in km on a sphere of 6,371 km; not a number where the bearer has no position."""
    if bearer.lat is None or bearer.lon is None:
        return nan
    lat, lon, lat0, lon0 = map(radians, (bearer.lat, bearer.lon, *near))
    half = sin((lat - lat0) / 2) ** 2 + cos(lat) * cos(lat0) * sin((lon - lon0) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(half))


@lru_cache(maxsize=1024)
def province_key(name: str) -> str:
    """One key for a province's spellings: Hama, Hamah Governorate, محافظة حماة to its own script."""
    bare = _PROVINCE_WORDS.sub("", normalise(name)).strip() or normalise(name)
    key = skeleton(bare)
    return key if len(key) > 2 else vowelled(bare) or bare


def _judges(hints: Hints, provinces: Collection[str]) -> Iterator[_Judge]:
    if (day := hints.day) is not None:
        yield _Judge(
            name="day",
            fits=lambda bearer: _valid_on(bearer, day),
            against=lambda _: f"nothing of this name was there on {day.isoformat()}",
        )
    if kind := hints.kind:
        yield _Judge(
            name="kind",
            fits=lambda bearer: _same_kind(bearer.kind, kind),
            against=lambda left: f"this name belongs to a {_said(b.kind for b in left)}, not to a {kind}",
        )
    if (admin1 := hints.admin1) and province_key(admin1) in provinces:
        yield _Judge(
            name="admin1",
            fits=lambda bearer: province_key(bearer.admin1) == province_key(admin1) if bearer.admin1 else None,
            against=lambda left: f"the one of this name lies in {_said(b.admin1 for b in left)}, not in {admin1}",
        )
    if near := hints.near:
        yield _Judge(
            name="near",
            fits=lambda bearer: _close(distance_km(bearer, near)),
            against=lambda left: (
                f"the nearest of this name lies {min(distance_km(b, near) for b in left):.0f} km"
                " from the position given"
            ),
        )


def _said(words: Sequence[str | None] | Iterator[str | None]) -> str:
    return " or ".join(sorted({word for word in words if word}))


def _valid_on(bearer: Named, day: date) -> bool:
    return (bearer.start is None or bearer.start <= day) and (bearer.end is None or day < bearer.end)


def _same_kind(own: str | None, asked: str) -> bool | None:
    if not own:
        return None
    if own == asked or {own, asked} <= SETTLEMENTS:
        return True
    # Kinds are an open list: only words whose meaning is known can speak against each other.
    return False if {own, asked} <= SETTLEMENTS | SITES else None


def _close(km: float) -> bool | None:
    if isnan(km) or NEAR_KM < km <= FAR_KM:
        return None
    return km <= NEAR_KM


def _nearest(left: Sequence[Named], near: tuple[float, float]) -> Named | None:
    """The nearest, where it is clearly so: close, and the next more than twice as far and 5 km farther."""
    placed = sorted(left, key=lambda bearer: (distance_km(bearer, near), bearer.id))
    first, second = (distance_km(bearer, near) for bearer in placed[:2])
    if any(bearer.lat is None for bearer in left) or first > NEAR_KM:
        return None
    return placed[0] if second > 2 * first + 5 else None
