"""areas.geojson: named areas, fronts and routes, with valid geometry."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import shape

from zenobia.terms import Area, InputError, parse_day

__all__ = ["read_areas"]


def read_areas(path: Path, name: str) -> list[tuple[Mapping[str, str], Area]]:
    """The features of a GeoJSON FeatureCollection as areas, each with its cells for the ledger.

    Raises:
        InputError: the file is not GeoJSON, or a feature has no id or no sound geometry.
    """
    try:
        said = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, UnicodeDecodeError, RecursionError) as wrong:
        raise InputError(f"not JSON: {wrong}", file=name, fix="correct the line that is named") from wrong
    features = said.get("features") if isinstance(said, dict) else None
    if not isinstance(features, list):
        raise InputError("not a GeoJSON FeatureCollection", file=name, expected='{"type": "FeatureCollection", ...}')
    areas = [_area(feature, number, name) for number, feature in enumerate(features, 1)]
    ids = [area.id for _, area in areas]
    for area_id in ids:
        if ids.count(area_id) > 1:
            raise InputError("two areas of one id", file=name, column="id", value=area_id, fix="rename one of them")
    return areas


def _area(feature: Any, number: int, name: str) -> tuple[Mapping[str, str], Area]:
    said = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(said, dict) or not said.get("id"):
        raise InputError("an area without an id", file=name, row=number, column="properties.id")
    geometry = feature.get("geometry")
    try:
        drawn = shape(geometry)
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError) as wrong:
        raise _unsound(name, number, said["id"], str(wrong)) from wrong
    west, south, east, north = drawn.bounds if not drawn.is_empty else (0.0, 0.0, 0.0, 0.0)
    if drawn.is_empty or not drawn.is_valid or not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise _unsound(name, number, said["id"], "empty, crossing itself, or not in degrees lon/lat")
    area = Area(
        id=str(said["id"]),
        name=str(said.get("name") or said["id"]),
        geometry=geometry,
        name_ar=said.get("name_ar"),
        kind=said.get("kind"),
        start=parse_day(said["from"]) if said.get("from") else None,
        end=parse_day(said["to"]) if said.get("to") else None,
        source=said.get("source"),
    )
    cells = {key: str(value) for key, value in said.items() if value not in (None, "")}
    return cells | {"geometry": json.dumps(geometry, sort_keys=True, separators=(",", ":"))}, area


def _unsound(name: str, number: int, area_id: object, why: str) -> InputError:
    return InputError(
        "no sound geometry",
        file=name,
        row=number,
        column="geometry",
        value=area_id,
        expected=f"valid GeoJSON in WGS 84 lon/lat ({why})",
        fix="draw it again, or run it through a 'make valid'",
    )
