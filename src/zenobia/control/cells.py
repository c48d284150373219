"""The ground as hexagons of nearly one size, cut along the outline of an area; and which of them are neighbours.

Sources: the H3 grid (Uber, h3geo.org), whose cells, areas on the sphere and lengths of edges these are; Crofton's
formula of integral geometry for how long a line is that parts cells (Santaló, "Integral Geometry and Geometric
Probability", 1976).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import h3
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPolygon, Polygon, box, mapping, shape
from shapely.geometry.base import BaseGeometry

from zenobia.record import View
from zenobia.terms import Area, InputError, did_you_mean

__all__ = ["Cells", "cells_of", "edge_of", "has_ground", "laid", "outline_of", "polygon_of"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# The finest cells, 5 square kilometres each: a town is no smaller, and its position no better known.
_FINEST = 7
# More than this are not laid: larger areas get coarser cells. Syria has 5,000 of 36 square kilometres.
_MOST = 12_000
_KM_PER_DEGREE = 111.195
# A line that runs anyhow parts cells along edges that are 4 / pi times as long as itself: three families of edges, each
# met |cos| of the angle as often, the mean of which is 2 / pi. By direction it is 1.15 to 1.33.
_STRAIGHT = float(np.pi / 4)
# Of an outline wider than half the globe H3 would lay the other half. So wide ones are laid in strips, in degrees.
_STRIP = 90
# How far round the places the ground reaches where a case names neither country nor area, in degrees: some 40 km.
_ROUND = 0.36


class Cells(NamedTuple):
    """The cells of an area, by id.

    ``spot`` (C, 2): the middle of each, latitude and longitude in degrees. ``km2`` (C,): how much of each lies in the
    area, on the sphere. ``pairs`` (E, 2): neighbours, by position; ``edge_km`` (E,): how many km of a line that parts
    them the edge between them stands for.
    """

    ids: tuple[str, ...]
    resolution: int
    spot: Floats
    km2: Floats
    pairs: Ints
    edge_km: Floats


def outline_of(view: View, area: str | None = None) -> BaseGeometry:
    """The area asked for; without one the case's country (an area of that kind), else its box, else that of its places.

    Raises:
        InputError: there is no such area, it has no ground, or nothing says where the case is.
    """
    if area is None:
        countries = (name for name, held in sorted(view.areas.items()) if held.kind == "country" and has_ground(held))
        area = next(countries, None)
    if area is None:
        return box(*(view.setting.area or _around_places(view)))
    if area not in view.areas:
        fix = did_you_mean(area, view.areas) or "draw it in areas.geojson"
        expected = f"one of {', '.join(view.areas)}" if view.areas else "an area of areas.geojson"
        raise InputError("no such area", value=area, expected=expected, fix=fix)
    ground = _polygons(shapely.make_valid(shape(dict(view.areas[area].geometry))))
    if not ground:
        raise InputError("an area without ground", value=area, expected="a polygon", fix="draw a strip or an outline")
    drawn = MultiPolygon(ground)
    return drawn if drawn.is_valid else shapely.union_all(ground)


def has_ground(area: Area) -> bool:
    """Whether an area is drawn as an outline; a line or a point has no ground."""
    return bool(_polygons(shapely.make_valid(shape(dict(area.geometry)))))


def _polygons(drawn: BaseGeometry) -> list[Polygon]:
    parts = shapely.get_parts(shapely.get_parts(shapely.force_2d(drawn)))
    return [part for part in parts if isinstance(part, Polygon) and not part.is_empty]


def _around_places(view: View) -> tuple[float, float, float, float]:
    spots = [(p.lon, p.lat) for p in view.places.values() if p.lon is not None and p.lat is not None]
    if not spots:
        raise InputError(
            "nothing says where this case is",
            expected="an area, or places with positions",
            fix="set area in case.toml, or fill lat and lon in places.csv",
        )
    west, south = np.min(spots, axis=0)
    east, north = np.max(spots, axis=0)
    return (
        max(float(west) - _ROUND, -180.0),
        max(float(south) - _ROUND, -90.0),
        min(float(east) + _ROUND, 180.0),
        min(float(north) + _ROUND, 90.0),
    )


def cells_of(outline: BaseGeometry) -> Cells:
    """The cells of an outline (WGS 84, longitude and latitude), as fine as their number allows."""
    return laid(outline, _resolution(outline))


def laid(outline: BaseGeometry, resolution: int) -> Cells:
    """The cells of an outline at a resolution of H3.

    A cell on the outline counts for the part of it that lies inside.
    """
    return _laid(shapely.to_wkb(outline, byte_order=1), resolution)


def edge_of(resolution: int) -> float:
    """How many km of a line an edge of a cell stands for on average."""
    return _STRAIGHT * float(h3.average_hexagon_edge_length(resolution, unit="km"))


def polygon_of(ids: tuple[str, ...]) -> Mapping[str, Any]:
    """Some cells as one MultiPolygon of GeoJSON, edges between them left out, to five decimals of a degree."""
    merged = shape(h3.cells_to_geo(ids, tight=False))
    west, _, east, _ = merged.bounds
    if east - west > 180:
        merged = _parted(shapely.union_all([_shape(cell) for cell in ids]))
    return dict(mapping(shapely.transform(merged, lambda at: np.round(at, 5))))


def _parted(drawn: BaseGeometry) -> MultiPolygon:
    """The same cut where it crosses the antimeridian, all longitudes from -180 to 180."""
    parts = [
        _moved(shapely.intersection(drawn, box(turn - 180, -90, turn + 180, 90)), -turn) for turn in (-360, 0, 360)
    ]
    return MultiPolygon(_polygons(shapely.union_all(parts, grid_size=1e-5)))


def _moved(drawn: BaseGeometry, degrees: float) -> BaseGeometry:
    """The same so far to the east."""
    return shapely.transform(drawn, lambda at: at + np.array([degrees, 0.0]))


def _resolution(outline: BaseGeometry) -> int:
    _, south, _, north = outline.bounds
    km2 = outline.area * _KM_PER_DEGREE**2 * float(np.cos(np.radians((south + north) / 2)))
    return next((r for r in range(_FINEST, 0, -1) if km2 <= _MOST * h3.average_hexagon_area(r, unit="km^2")), 0)


@lru_cache(maxsize=32)
def _laid(outline: bytes, resolution: int) -> Cells:
    ground = shapely.from_wkb(outline)
    found = _touched(ground, resolution)
    share = _inside(ground, found)
    ids = [cell for cell, part in zip(found, share, strict=True) if part > 0]
    whole = np.array([h3.cell_area(cell, unit="km^2") for cell in ids])
    pairs = _neighbours(ids)
    edges = [h3.edge_length(h3.cells_to_directed_edge(ids[a], ids[b]), unit="km") for a, b in pairs]
    return Cells(
        ids=tuple(ids),
        resolution=resolution,
        spot=np.array([h3.cell_to_latlng(cell) for cell in ids]).reshape(-1, 2),
        km2=whole * share[share > 0],
        pairs=np.array(pairs, dtype=np.int64).reshape(-1, 2),
        edge_km=_STRAIGHT * np.array(edges, dtype=np.float64),
    )


def _touched(ground: BaseGeometry, resolution: int) -> list[str]:
    """The cells that an outline touches, in order; one that several islands touch is there once."""
    west, _, east, _ = ground.bounds
    wide = east - west > _STRIP
    strips = [box(lon, -90, lon + _STRIP, 90) for lon in range(-180, 180, _STRIP)] if wide else []
    parts = [shapely.intersection(ground, strip) for strip in strips] or [ground]
    shapes = [h3.geo_to_h3shape(mapping(polygon)) for part in parts for polygon in _polygons(part)]
    return sorted({c for s in shapes for c in h3.h3shape_to_cells_experimental(s, resolution, contain="overlap")})


def _shape(cell: str) -> Polygon:
    """A cell in longitude and latitude; across the antimeridian it runs on past 180 degrees."""
    corners = h3.cell_to_boundary(cell)
    return Polygon([(lon - 360 * round((lon - corners[0][1]) / 360), lat) for lat, lon in corners])


def _inside(ground: BaseGeometry, cells: list[str]) -> Floats:
    """Which part of each cell lies in the outline, 0 to 1."""
    shapes = np.array([_shape(cell) for cell in cells], dtype=object)
    if len(cells) and np.abs(shapely.bounds(shapes)[:, [0, 2]]).max() > 180:
        ground = shapely.union_all([_moved(ground, turn) for turn in (-360, 0, 360)])
        shapes = shapely.make_valid(shapes)  # a cell on a pole has no outline in longitude and latitude
    shapely.prepare(ground)
    share = np.where(shapely.contains(ground, shapes), 1.0, 0.0)
    cut = np.flatnonzero(share == 0)
    share[cut] = shapely.area(shapely.intersection(shapes[cut], ground)) / shapely.area(shapes[cut])
    return share


def _neighbours(cells: list[str]) -> list[tuple[int, int]]:
    where = {cell: k for k, cell in enumerate(cells)}
    return sorted(
        (k, where[other]) for k, cell in enumerate(cells) for other in h3.grid_disk(cell, 1) if where.get(other, -1) > k
    )
