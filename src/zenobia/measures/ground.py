"""Whether a report stands on the ground that is asked about: a place, a named area, a district, a circle.

A point that is really the middle of a district, a province or a country is never inside a place or
a circle. What a source calls *near* carries an error radius: it is inside only if the whole of that
circle is, and possibly inside if some of it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import box, shape

from zenobia.measures.question import Ground, Within
from zenobia.measures.sheet import COARSE, MAYBE, NO, UNPLACED, YES, Levels, Sheet
from zenobia.terms import InputError, did_you_mean

if TYPE_CHECKING:
    from zenobia.record import Basis, View

__all__ = ["COARSE_PRECISIONS", "away_km", "city_of", "covers_case", "ground_covers", "ground_levels", "places_on"]

Floats = npt.NDArray[np.float64]

# Kilometres by which a point that is said to be near may be off: the event datasets' own second class.
_NEAR_KM = 25.0
# How far a district or province reaches from its middle: beyond that a report is surely elsewhere.
_REACH_KM = {"admin2": 100.0, "admin1": 300.0, "country": np.inf, "unknown": np.inf}
COARSE_PRECISIONS = ("admin2", "admin1", "country", "unknown")
# How far from the middle of a city its neighbourhoods lie.
_CITY_KM = 10.0
_EARTH_KM = 6371.0
_KM_PER_DEGREE = 111.32

_SHAPES: WeakKeyDictionary[Basis, dict[str, Any]] = WeakKeyDictionary()
_WHOLE: WeakKeyDictionary[Basis, dict[str, bool]] = WeakKeyDictionary()
_STANDING: WeakKeyDictionary[Basis, dict[tuple[Ground, tuple[str, ...]], tuple[str, ...]]] = WeakKeyDictionary()


def ground_levels(view: View, sheet: Sheet, ground: Ground) -> Levels:
    """Levels of the reports against a ground; every key that it names must hold."""
    return sheet.kept(("ground", ground), lambda: _levels(view, sheet, ground))


def ground_covers(view: View, area: str | None, asked: Ground) -> bool:
    """Whether a list that claims an area covers the ground that is asked about.

    A list without an area, and one whose area is the whole country of the case, cover everything.
    """
    if area is None or covers_case(view, area):
        return True
    if asked.place:
        return all(_place_inside(view, place, area) for place in asked.place)
    if asked.admin1:
        return all(name.casefold() == area.casefold() for name in asked.admin1)
    if asked.area:
        return all(_area_inside(view, name, area) for name in asked.area)
    if asked.within_km:
        return _circle_inside(view, asked.within_km, area)
    return False


def places_on(view: View, places: Iterable[str], ground: Ground) -> tuple[str, ...]:
    """Those of some places that stand on a ground; every key that it names must hold.

    A neighbourhood is part of its city and is left out unless it is named. A place without a position
    stands in no area and no circle.
    """
    kept, asked = _STANDING.setdefault(view.basis, {}), (ground, tuple(places))
    if asked not in kept:
        kept[asked] = _standing(view, asked[1], ground)
    return kept[asked]


def _standing(view: View, places: tuple[str, ...], ground: Ground) -> tuple[str, ...]:
    circle = ground.within_km
    near = _within(view, circle) if circle else None
    areas = [_area_holding(view, name) for name in ground.area]

    def inside(place: str) -> bool:
        return (
            (place in ground.place or (not ground.place and view.place(place).kind != "neighbourhood"))
            and (not ground.admin1 or any(_in_district(view, place, name) for name in ground.admin1))
            and (not areas or any(area is None or _place_inside(view, place, area) for area in areas))
            and (near is None or place in near)
        )

    return tuple(place for place in places if place in view.places and inside(place))


def _in_district(view: View, place: str, name: str) -> bool:
    return (view.place(place).admin1 or "").casefold() == name.casefold()


def _area_holding(view: View, area: str) -> str | None:
    """An area that has to hold a place; ``None`` for one that holds the whole case."""
    if area not in view.areas and not any(_in_district(view, p, area) for p in view.places):
        raise InputError(
            f"no area {area!r} in this record",
            value=area,
            expected="the id of an area in areas.geojson, or the name of a first-level district",
            fix=did_you_mean(area, view.areas),
        )
    return None if covers_case(view, area) else area


def _within(view: View, circle: Within) -> frozenset[str]:
    centre = view.place(circle.of)
    if centre.lat is None or centre.lon is None:
        raise InputError(
            f"{circle.of!r} has no position", expected="a place with lat and lon", fix="add them to places.csv"
        )
    names = list(view.places)
    at = np.array([(p.lat, p.lon) for p in view.places.values()], dtype=float).reshape(-1, 2)
    away = _haversine(at[:, 0], at[:, 1], centre.lat, centre.lon)
    return frozenset(name for name, km in zip(names, away, strict=True) if km <= circle.km)


def away_km(view: View, places: Sequence[str]) -> Floats:
    """Distances between places in kilometres, shape (n, n); NaN where one has no position."""
    held = [view.place(place) for place in places]
    at = np.array([(p.lat, p.lon) for p in held], dtype=float).reshape(-1, 2)
    rows = [_haversine(at[:, 0], at[:, 1], lat, lon) for lat, lon in at]
    return np.stack(rows) if rows else np.zeros((0, 0))


def covers_case(view: View, area: str) -> bool:
    """Whether a named area is the whole ground of the case: by its kind, or because it holds the case's box."""
    known = _WHOLE.setdefault(view.basis, {})
    if area not in known:
        known[area] = area in view.areas and _covers_case(view, area)
    return known[area]


def _covers_case(view: View, area: str) -> bool:
    if view.areas[area].kind == "country":
        return True
    bounds = view.setting.area
    return bounds is not None and bool(_polygon(view, area).buffer(1e-6).covers(box(*bounds)))


def city_of(view: View) -> dict[str, str]:
    """The city of each neighbourhood: the nearest of its own district, at most 10 km away."""
    placed = [p for p in view.places.values() if p.lat is not None and p.lon is not None]
    cities = [p for p in placed if p.kind == "city"]
    found: dict[str, str] = {}
    for part in (p for p in placed if p.kind == "neighbourhood"):
        near = [c for c in cities if (c.admin1, c.admin2) == (part.admin1, part.admin2)]
        lat, lon = (np.array([getattr(c, side) for c in near], dtype=float) for side in ("lat", "lon"))
        away = _haversine(lat, lon, part.lat or 0.0, part.lon or 0.0)
        if len(near) and away.min() <= _CITY_KM:
            found[part.id] = near[int(away.argmin())].id
    return found


def _levels(view: View, sheet: Sheet, ground: Ground) -> Levels:
    levels = np.full(len(sheet), YES, dtype=np.int8)
    parts: list[Levels] = []
    if ground.place:
        parts.append(_in_places(view, sheet, ground.place))
    if ground.admin1:
        parts.append(_in_admin1(view, sheet, ground.admin1))
    if ground.area:
        parts.append(np.maximum.reduce([_in_area(view, sheet, name) for name in ground.area]))
    if ground.within_km:
        parts.append(_in_circle(view, sheet, ground.within_km))
    for part in parts:
        levels = np.where((levels == NO) | (part == NO), NO, np.minimum(levels, part)).astype(np.int8)
    return levels


def _in_places(view: View, sheet: Sheet, places: tuple[str, ...]) -> Levels:
    named = sheet.by_word("place", lambda word: YES if word in places else NO)
    precision = _precision(sheet)
    levels = named.copy()
    levels[(named == YES) & (precision == "near")] = MAYBE
    levels[(named == YES) & np.isin(precision, COARSE_PRECISIONS)] = COARSE
    provinces = {view.places[p].admin1 for p in places if p in view.places}
    return _loose(view, sheet, levels, lambda admin1: admin1 is None or admin1 in provinces)


def _in_admin1(view: View, sheet: Sheet, names: tuple[str, ...]) -> Levels:
    wanted = {name.casefold() for name in names}
    known = {p.admin1.casefold() for p in view.places.values() if p.admin1}

    def of_place(word: str) -> int:
        admin1 = view.places[word].admin1 if word in view.places else None
        return COARSE if admin1 is None else YES if admin1.casefold() in wanted else NO

    by_place = sheet.by_word("place", of_place, missing=UNPLACED)
    # An area may be a first-level district by its name; any other area does not say which it is in.
    by_area = sheet.by_word(
        "area", lambda w: YES if w.casefold() in wanted else NO if w.casefold() in known else UNPLACED, missing=UNPLACED
    )
    levels = np.where(by_place == UNPLACED, by_area, by_place).astype(np.int8)
    levels[(levels == YES) & np.isin(_precision(sheet), ("country", "unknown"))] = COARSE
    return levels


def _in_area(view: View, sheet: Sheet, name: str) -> Levels:
    if name not in view.areas:
        if any((p.admin1 or "").casefold() == name.casefold() for p in view.places.values()):
            return _in_admin1(view, sheet, (name,))
        raise InputError(
            f"no area {name!r} in this record",
            value=name,
            expected="the id of an area in areas.geojson, or the name of a first-level district",
            fix=did_you_mean(name, view.areas),
        )
    inside = _in_polygon(sheet, view, name)
    if covers_case(view, name):
        # The whole ground of the case: only an exact point beyond its edge lies outside.
        return np.where(inside == NO, NO, YES).astype(np.int8)
    stated = sheet.by_word("area", lambda word: _area_in_area(view, word, name), missing=UNPLACED)
    # What a report calls the area is its own word; else its point decides.
    return np.where(stated == YES, YES, np.where(inside == UNPLACED, stated, inside)).astype(np.int8)


def _in_circle(view: View, sheet: Sheet, circle: Within) -> Levels:
    centre = view.place(circle.of)
    if centre.lat is None or centre.lon is None:
        raise InputError(
            f"{circle.of!r} has no position", expected="a place with lat and lon", fix="add them to places.csv"
        )
    lat, lon = _points(view, sheet)
    away = _haversine(lat, lon, centre.lat, centre.lon)
    return _by_margin(sheet, circle.km - away)


def _in_polygon(sheet: Sheet, view: View, name: str) -> Levels:
    lat, lon = _points(view, sheet)
    return _by_margin(sheet, _depth_km(_polygon(view, name), lat, lon))


def _by_margin(sheet: Sheet, inside_km: Floats) -> Levels:
    """Levels from how many kilometres inside the edge each point lies (negative: outside)."""
    precision = _precision(sheet)
    radius = np.where(precision == "near", _NEAR_KM, 0.0)
    levels = np.where(inside_km >= radius, YES, np.where(inside_km >= -radius, MAYBE, NO)).astype(np.int8)
    for word, reach in _REACH_KM.items():
        levels[(precision == word) & (inside_km >= -reach)] = COARSE
    levels[np.isnan(inside_km)] = UNPLACED
    return levels


def _points(view: View, sheet: Sheet) -> tuple[Floats, Floats]:
    """Where each report stands: its own position, else its place's."""
    words, codes = sheet.coded("place")
    at = np.full((len(words) + 1, 2), np.nan)
    for code, word in enumerate(words):
        place = view.places.get(word)
        if place is not None and place.lat is not None and place.lon is not None:
            at[code] = place.lat, place.lon
    lat, lon = np.asarray(sheet.numbers("lat"), dtype=float), np.asarray(sheet.numbers("lon"), dtype=float)
    own = ~np.isnan(lat)
    return np.where(own, lat, at[codes, 0]), np.where(own, lon, at[codes, 1])


def _precision(sheet: Sheet) -> npt.NDArray[Any]:
    """The stated precision; one that is not stated is that of the place or point itself."""
    words, codes = sheet.coded("where_precision")
    return np.array([*words, "exact"], dtype=object)[codes]


def _loose(view: View, sheet: Sheet, levels: Levels, plausible: Any) -> Levels:
    """Reports that name no place, or a coarse one, on ground that may be the one asked about."""
    _, codes = sheet.coded("place")
    placeless = codes < 0
    by_area = sheet.by_word("area", lambda word: COARSE if plausible(_admin1_of(view, word)) else NO, missing=UNPLACED)
    return np.where(placeless, by_area, levels).astype(np.int8)


def _admin1_of(view: View, area: str) -> str | None:
    """The first-level district that an area's name is, if it is one."""
    return next((p.admin1 for p in view.places.values() if p.admin1 and p.admin1.casefold() == area.casefold()), None)


def _area_in_area(view: View, inner: str, outer: str) -> int:
    if inner == outer:
        return YES
    if inner not in view.areas:
        return COARSE
    mine, asked = _polygon(view, inner), _polygon(view, outer)
    return YES if asked.covers(mine) else MAYBE if asked.intersects(mine) else NO


def _place_inside(view: View, place: str, area: str) -> bool:
    if place == area:
        return True
    held = view.place(place)
    if area not in view.areas:
        return held.admin1 is not None and held.admin1.casefold() == area.casefold()
    return held.lat is not None and bool(_polygon(view, area).covers(shapely.Point(held.lon, held.lat)))


def _area_inside(view: View, inner: str, outer: str) -> bool:
    if inner == outer:
        return True
    if inner not in view.areas or outer not in view.areas:
        return inner.casefold() == outer.casefold()
    return bool(_polygon(view, outer).covers(_polygon(view, inner)))


def _circle_inside(view: View, circle: Within, area: str) -> bool:
    centre = view.place(circle.of)
    if area not in view.areas or centre.lat is None or centre.lon is None:
        return False
    depth = _depth_km(_polygon(view, area), np.array([centre.lat]), np.array([centre.lon]))
    return bool(depth[0] >= circle.km)


def _polygon(view: View, name: str) -> Any:
    return _shapes(view)[name]


def _shapes(view: View) -> dict[str, Any]:
    """The areas of a record as shapes, mended where they cross themselves; made once."""
    if view.basis not in _SHAPES:
        areas = view.areas.items()
        _SHAPES[view.basis] = {name: shapely.make_valid(shape(dict(area.geometry))) for name, area in areas}
    return _SHAPES[view.basis]


def _depth_km(polygon: Any, lat: Floats, lon: Floats) -> Floats:
    """How far inside the edge each point lies, in km; negative outside; NaN without a point.

    Degrees are stretched by the cosine of the polygon's own latitude: within a country the error of
    that is far below the error radius of any report.
    """
    depth = np.full(len(lat), np.nan)
    known = np.flatnonzero(~np.isnan(lat))
    if not len(known):
        return depth
    pairs, back = np.unique(np.stack([lon[known], lat[known]], axis=1), axis=0, return_inverse=True)
    squeeze = np.cos(np.radians(polygon.centroid.y))
    flat = shapely.transform(polygon, lambda xy: xy * [squeeze * _KM_PER_DEGREE, _KM_PER_DEGREE])
    points = shapely.points(pairs * [squeeze * _KM_PER_DEGREE, _KM_PER_DEGREE])
    edge = shapely.distance(flat.boundary if flat.area else flat, points)
    signed = np.where(shapely.intersects(flat, points), edge, -edge)
    depth[known] = signed[back.ravel()]
    return depth


def _haversine(lat: Floats, lon: Floats, lat0: float, lon0: float) -> Floats:
    """Great-circle distance in kilometres."""
    a, b = np.radians(lat), np.radians(lat0)
    half = np.sin((a - b) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon - lon0) / 2) ** 2
    return np.asarray(2 * _EARTH_KM * np.arcsin(np.sqrt(half)))
