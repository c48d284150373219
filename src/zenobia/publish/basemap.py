"""The ground under a map: country borders and provinces, cut to a frame and laid out in pixels."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from shapely.geometry import LineString

__all__ = ["Area", "Country", "Frame", "Province", "countries", "frontiers", "provinces"]

Point = tuple[float, float]
Ring = tuple[Point, ...]
Area = tuple[float, float, float, float]  # west, south, east, north, in degrees

KM_PER_DEGREE = 111.195  # of latitude, on a sphere of 6,371 km


@dataclass(frozen=True, kw_only=True)
class Country:
    """A country's outline: one ring a piece of land."""

    name: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True, kw_only=True)
class Province:
    """A first-level division with its names."""

    name: str
    name_ar: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A window onto the ground, `width` pixels wide: degrees in, pixels out.

    Equirectangular, true to scale along the middle parallel: over a few degrees the error is far below
    the size of a symbol.
    """

    area: Area
    width: float

    @property
    def scale(self) -> float:
        """Pixels per degree of latitude."""
        west, _, east, _ = self.area
        return self.width / ((east - west) * self.squeeze)

    @property
    def squeeze(self) -> float:
        return math.cos(math.radians((self.area[1] + self.area[3]) / 2))

    @property
    def height(self) -> float:
        return (self.area[3] - self.area[1]) * self.scale

    @property
    def pixels_per_km(self) -> float:
        return self.scale / KM_PER_DEGREE

    def place(self, lon: float, lat: float) -> Point:
        """Where a position falls, in pixels from the top left corner."""
        return (lon - self.area[0]) * self.squeeze * self.scale, (self.area[3] - lat) * self.scale

    def holds(self, lon: float, lat: float) -> bool:
        west, south, east, north = self.area
        return west <= lon <= east and south <= lat <= north

    def meets(self, ring: Ring) -> bool:
        """Whether a ring may show."""
        return touches(ring, self.area)

    def land(self, rings: Iterable[Ring]) -> str:
        """SVG path data of closed rings, cut to the frame; empty where none shows."""
        cut = [clipped(ring, self.margin) for ring in rings if touches(ring, self.margin)]
        return "".join(self._drawn(ring) + "Z" for ring in cut if len(ring) > 2)

    def lines(self, lines: Iterable[Ring]) -> str:
        """SVG path data of open lines: those segments that may show."""
        return "".join(self._drawn(run) for line in lines for run in runs_within(line, self.margin))

    @property
    def margin(self) -> Area:
        """The frame and a little more, so that cut edges fall outside what is seen."""
        west, south, east, north = self.area
        x, y = (east - west) / 50, (north - south) / 50
        return west - x, south - y, east + x, north + y

    def _drawn(self, points: Sequence[Point]) -> str:
        kept = thinned([self.place(lon, lat) for lon, lat in points])
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept)


def thinned(points: Sequence[Point], off: float = 0.35) -> list[Point]:
    """A line with the points left out that it passes within a third of a pixel of anyway; the two ends never."""
    return [(x, y) for x, y in LineString(points).simplify(off).coords] if len(points) > 2 else list(points)


def touches(points: Sequence[Point], area: Area) -> bool:
    """Whether the box around the points meets the area."""
    west, south, east, north = area
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    return min(lons) <= east and max(lons) >= west and min(lats) <= north and max(lats) >= south


def runs_within(line: Ring, area: Area) -> Iterator[list[Point]]:
    """The stretches of a line whose segments may cross the area."""
    run: list[Point] = []
    for start, end in pairwise(line):
        if touches((start, end), area):
            run = [*run, end] if run else [start, end]
        elif run:
            yield run
            run = []
    if run:
        yield run


def clipped(ring: Sequence[Point], area: Area) -> list[Point]:
    """A ring cut to a box.

    Source: Sutherland & Hodgman, "Reentrant polygon clipping", CACM 17(1), 1974.
    """
    points = list(ring)
    for axis, limit, keep_above in ((0, area[0], True), (0, area[2], False), (1, area[1], True), (1, area[3], False)):
        points = list(cut_edge(points, axis, limit, keep_above))
    return points


def cut_edge(points: Sequence[Point], axis: int, limit: float, keep_above: bool) -> Iterator[Point]:
    for i, point in enumerate(points):
        before = points[i - 1]
        inside, was_inside = ((p[axis] >= limit) == keep_above for p in (point, before))
        if inside != was_inside:
            share = (limit - before[axis]) / (point[axis] - before[axis])
            yield before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])
        if inside:
            yield point


@cache
def topology() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(asset("borders.topojson"))
    return content


def asset(name: str) -> str:
    return (files("zenobia") / "assets" / name).read_text(encoding="utf-8")


@cache
def frontiers() -> tuple[Ring, ...]:
    """Every border and coast once: TopoJSON's arcs, which are kept as steps on a grid."""
    grid = topology()["transform"]
    (step_x, step_y), (west, south) = grid["scale"], grid["translate"]
    lines = []
    for steps in topology()["arcs"]:
        x = y = 0
        line = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            line.append((west + x * step_x, south + y * step_y))
        lines.append(tuple(line))
    return tuple(lines)


@cache
def countries() -> tuple[Country, ...]:
    """The countries of the world at 1:50m."""
    shapes = topology()["objects"]["countries"]["geometries"]
    return tuple(
        Country(name=shape["properties"]["name"], rings=tuple(joined(ring) for ring in rings_of(shape)))
        for shape in shapes
    )


def rings_of(shape: dict[str, Any]) -> list[list[int]]:
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape.get("arcs", [])
    return [ring for polygon in polygons for ring in polygon]


def joined(arcs: Iterable[int]) -> Ring:
    """A ring from its arcs; a negative number means the arc numbered ~n, walked backwards."""
    points: list[Point] = []
    for n in arcs:
        line = frontiers()[n] if n >= 0 else frontiers()[~n][::-1]
        points.extend(line[1:] if points else line)
    return tuple(points)


@cache
def provinces() -> tuple[Province, ...]:
    """First-level divisions of the countries that the built-in case touches."""
    return tuple(
        Province(
            name=feature["properties"]["name"],
            name_ar=feature["properties"]["name_ar"],
            rings=tuple(flat_rings(feature["geometry"])),
        )
        for feature in json.loads(asset("admin1.geojson"))["features"]
    )


def flat_rings(geometry: dict[str, Any]) -> Iterator[Ring]:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        for ring in polygon:
            yield tuple((lon, lat) for lon, lat in ring)
