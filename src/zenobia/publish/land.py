"""The ground of a map that moves: land, provinces and borders as GeoJSON, cut to where it may be moved to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shapely.geometry import LineString, Point, Polygon, box

from zenobia.publish.basemap import (
    Area,
    Country,
    Ring,
    clipped,
    countries,
    frontiers,
    provinces,
    runs_within,
    touches,
)

__all__ = ["land_of", "widened"]

OFF = 0.008  # degrees: some 800 m, which is about what borders at 1:50m are out themselves
DIGITS = 3


def widened(area: Area, by: float = 0.2) -> Area:
    """An area with so much of its width and height around it, within what a flat map of the world can show."""
    west, south, east, north = area
    x, y = (east - west) * by, (north - south) * by
    return max(-180.0, west - x), max(-80.0, south - y), min(180.0, east + x), min(80.0, north + y)


def land_of(area: Area, spots: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """A feature of each kind: ``land``, ``home`` (the country that most places lie in), ``province``, ``border``.

    Args:
        area: west, south, east, north, in degrees. spots: (lon, lat) of the places.
    """
    around = [country for country in countries() if any(touches(ring, area) for ring in country.rings)]
    pieces = [
        _feature("land", "MultiPolygon", _polygons((r for c in around for r in c.rings), area)),
        _feature("home", "MultiPolygon", _polygons(_home(around, spots), area)),
        _feature("province", "MultiLineString", _lines((r for p in provinces() for r in p.rings), area)),
        _feature("border", "MultiLineString", _lines(frontiers(), area)),
    ]
    return {"type": "FeatureCollection", "features": pieces}


def _home(around: Sequence[Country], spots: Sequence[tuple[float, float]]) -> tuple[Ring, ...]:
    points = [Point(spot) for spot in spots]
    counts = [sum(Polygon(r).contains(p) for r in c.rings if len(r) > 3 for p in points) for c in around]
    most = max(counts, default=0)
    return around[counts.index(most)].rings if most else ()


def _feature(kind: str, shape: str, coordinates: Sequence[Any]) -> dict[str, Any]:
    geometry = {"type": shape, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"kind": kind}, "geometry": geometry}


def _polygons(rings: Iterable[Ring], area: Area) -> list[Any]:
    cut = [clipped(ring, area) for ring in rings if touches(ring, area)]
    return [[_rounded([*ring, ring[0]])] for ring in cut if len(ring) > 2]


def _lines(lines: Iterable[Ring], area: Area) -> list[Any]:
    edge = box(*area)
    runs = [run for line in lines for run in runs_within(line, area)]
    inside = [part for run in runs for part in _parts(LineString(run).intersection(edge))]
    return [_rounded(list(part.coords)) for part in inside]


def _parts(found: Any) -> list[Any]:
    return [part for part in getattr(found, "geoms", [found]) if part.geom_type == "LineString" and not part.is_empty]


def _rounded(points: Sequence[Any]) -> list[list[float]]:
    kept = LineString(points).simplify(OFF).coords if len(points) > 2 else points
    return [[round(x, DIGITS), round(y, DIGITS)] for x, y in kept]
