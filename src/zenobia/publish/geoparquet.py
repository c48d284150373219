"""Tables as GeoParquet: one column more, ``geometry``, and what a GIS must know of it.

Source: GeoParquet 1.1.0, geoparquet.org/releases/v1.1.0
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from zenobia.publish.located import Point

__all__ = ["write_geoparquet"]

_GEOMETRY = "geometry"
_LITTLE_ENDIAN = 1

# WGS 84 as longitude and latitude (OGC:CRS84), in PROJJSON.
_CRS84 = {
    "$schema": "https://proj.org/schemas/v0.7/projjson.schema.json",
    "type": "GeographicCRS",
    "name": "WGS 84 (CRS84)",
    "datum": {
        "type": "GeodeticReferenceFrame",
        "name": "World Geodetic System 1984",
        "ellipsoid": {"name": "WGS 84", "semi_major_axis": 6378137, "inverse_flattening": 298.257223563},
    },
    "coordinate_system": {
        "subtype": "ellipsoidal",
        "axis": [
            {"name": "Geodetic longitude", "abbreviation": "Lon", "direction": "east", "unit": "degree"},
            {"name": "Geodetic latitude", "abbreviation": "Lat", "direction": "north", "unit": "degree"},
        ],
    },
    "id": {"authority": "OGC", "code": "CRS84"},
}


def write_geoparquet(table: pa.Table, points: Sequence[Point | None], out: BinaryIO) -> None:
    """Write a table with its points; a row that lies nowhere has no geometry. Types stay: a day is a day.

    Args:
        table: what is known of each row, its columns flat.
        points: longitude and latitude of each row.
    """
    shapes = pa.array(_wkb(points), type=pa.binary())
    told = table.replace_schema_metadata(None).append_column(_GEOMETRY, shapes)
    told = told.replace_schema_metadata({"geo": json.dumps(_about(points), sort_keys=True)})
    pq.write_table(told, out, compression="zstd")


def _wkb(points: Sequence[Point | None]) -> list[bytes | None]:
    known = np.array([point for point in points if point], dtype=np.float64).reshape(-1, 2)
    written = iter(shapely.to_wkb(shapely.points(known), byte_order=_LITTLE_ENDIAN, output_dimension=2))
    return [next(written) if point else None for point in points]


def _about(points: Sequence[Point | None]) -> dict[str, Any]:
    known = [point for point in points if point]
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"] if known else [], "crs": _CRS84}
    if known:
        lons, lats = zip(*known, strict=True)
        column["bbox"] = [min(lons), min(lats), max(lons), max(lats)]
    return {"version": "1.1.0", "primary_column": _GEOMETRY, "columns": {_GEOMETRY: column}}
