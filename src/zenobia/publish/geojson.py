"""Tables as GeoJSON, for a web map or a GIS: one feature a row, a point, a shape or nowhere.

Source: RFC 7946, The GeoJSON Format
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import pyarrow as pa

from zenobia.publish.located import Point, Shape

__all__ = ["write_geojson"]

_PLACES = 6  # decimals of a degree: a tenth of a metre


def write_geojson(
    table: pa.Table, points: Sequence[Point | Shape | None], about: Mapping[str, Any], out: BinaryIO
) -> None:
    """Write a feature collection, a feature a line; a row that lies nowhere has the geometry ``null``.

    Args:
        table: what is known of each row, its columns flat.
        points: longitude and latitude of each row, or its shape.
        about: what the collection says of itself: foreign members, which a reader may pass over.
    """
    head = json.dumps({"type": "FeatureCollection", **about}, ensure_ascii=False)
    out.write(f'{head[:-1]}, "features": [\n'.encode())
    for at, feature in enumerate(_features(table, points)):
        line = json.dumps(feature, ensure_ascii=False, allow_nan=False)
        out.write((",\n" if at else "").encode() + line.encode("utf-8"))
    out.write(b"\n]}\n")


def _features(table: pa.Table, points: Sequence[Point | Shape | None]) -> Iterator[dict[str, Any]]:
    at = 0
    for batch in table.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            yield _feature(row, points[at])
            at += 1


def _feature(row: Mapping[str, Any], at: Point | Shape | None) -> dict[str, Any]:
    known = {"id": row["id"]} if row.get("id") else {}
    return {
        "type": "Feature",
        **known,
        "geometry": _geometry(at),
        "properties": {name: _plain(value) for name, value in row.items()},
    }


def _geometry(at: Point | Shape | None) -> Shape | None:
    if isinstance(at, tuple):
        return {"type": "Point", "coordinates": [round(degree, _PLACES) for degree in at]}
    return at


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
