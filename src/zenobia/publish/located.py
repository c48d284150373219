"""Where the rows of a table lie: by their own position, or else by that of the place that they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from zenobia.terms import Place

__all__ = ["Point", "Shape", "points_of"]

Point = tuple[float, float]
# A geometry of GeoJSON.
Shape = Mapping[str, Any]


def points_of(table: pa.Table, places: Mapping[str, Place]) -> Sequence[Point | None]:
    """Longitude and latitude of each row, WGS 84; ``None`` where nothing says where it lies.

    Args:
        table: rows with columns ``lat`` and ``lon``, or ``place``, or both.
        places: the places of the case, by id.
    """
    own = [_column(table, name) for name in ("lon", "lat")]
    named = [_of_place(places.get(place or "")) for place in _column(table, "place")]
    return [
        (lon, lat) if lon is not None and lat is not None else of_place
        for lon, lat, of_place in zip(*own, named, strict=True)
    ]


def _column(table: pa.Table, name: str) -> list[Any]:
    return table.column(name).to_pylist() if name in table.column_names else [None] * table.num_rows


def _of_place(place: Place | None) -> Point | None:
    if place is None or place.lon is None or place.lat is None:
        return None
    return place.lon, place.lat
