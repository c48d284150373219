"""Control maps: a GeoJSON file a day, polygons of one class or one for each holder."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry

from zenobia.sources.archives import opened
from zenobia.sources.feed import Captured, Look, Reading, Sql
from zenobia.sources.findings import Findings
from zenobia.sources.reference import read_holder, reference_table
from zenobia.sources.said import Said, slug
from zenobia.terms import InputError

__all__ = ["ControlPolygons"]

LARGEST = 256 * 2**20  # bytes; a map of one day is a few megabytes
# Properties that name a holder, in the order in which they are looked for.
_HOLDER = ("holder", "held by", "held_by", "controlled by", "controlled_by", "control", "controller", "side", "status",
           "class", "name")  # fmt: skip
# A change of area by mending that somebody should look at.
_MENDED_MUCH = 0.001


class ControlPolygons:
    """Reads the polygons of a control map as a reference series: never as reports.

    ``--set holder=X`` names who holds what lies inside polygons of one class, ``--set rest=Y`` who holds
    what lies outside all of them in the case's area: that row has no geometry of its own.
    """

    kind = "control-polygons"
    version = 1
    prefix = "control-polygons"

    def recognises(self, look: Look) -> float:
        """By what GeoJSON with polygons begins with."""
        head = look.head.lstrip(b"\xef\xbb\xbf \t\r\n")
        if not head.startswith(b"{") or b'"type"' not in head:
            return 0.0
        polygons = b'Polygon"' in head and (b'"FeatureCollection"' in head or b'"Feature"' in head)
        return 0.9 if polygons else 0.0

    def read(self, captured: Captured, sql: Sql) -> Iterator[Reading]:
        """Read the polygons of one day: the day in the file's name, or ``--set date=``.

        Raises:
            InputError: no GeoJSON in degrees, or nothing says which day it is or who holds the polygons.
        """
        findings = Findings()
        said = Said(captured, settable=("date", "holder", "rest"), mappable=("holder",))
        day, source = said.required_day(), said.speaker("control-polygons", "Control map")
        series = said.get("series") or f"control-polygons/{source.id}"
        shared = {
            "series": series,
            "date": day,
            "date_to": day + dt.timedelta(days=1),
            "source": source.id,
            "url": said.get("url") or None,
        }
        rows = list(_rows(_features(captured), said, day, shared, findings))
        if rest := said.get("rest"):
            rows.append({**shared, "holder": rest, "status": "holds", "key": f"{day}/rest", "row": 0})
        rejected, doubts = findings.take()
        yield Reading(
            series=series,
            source=source.id,
            published=said.published() or day,
            reference=reference_table(rows),
            sources=(source,),
            rejected=rejected,
            doubts=doubts,
        )


def _features(captured: Captured) -> list[Any]:
    with opened(captured.path, captured.name) as (raw, _):
        text = raw.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise InputError("a map that is too large", file=captured.name, expected=f"at most {LARGEST:,} bytes")
    try:
        found = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as wrong:
        raise _no_geojson(captured.name, str(wrong)[:120]) from wrong
    if not isinstance(found, dict):
        raise _no_geojson(captured.name, type(found).__name__)
    _in_degrees(found, captured.name)
    kind, features = found.get("type"), found.get("features")
    if kind == "FeatureCollection" and isinstance(features, list) and features:
        return features
    if kind == "Feature":
        return [found]
    if kind in ("Polygon", "MultiPolygon"):
        return [{"type": "Feature", "properties": {}, "geometry": found}]
    raise _no_geojson(captured.name, f"type {kind!r}, without features")


def _in_degrees(found: Mapping[str, Any], file: str) -> None:
    """GeoJSON is in degrees; an older one may name another projection."""
    named = json.dumps(found.get("crs") or "", default=str)
    if named != '""' and not any(word in named for word in ("CRS84", "4326", "WGS")):
        raise InputError(
            "a map in another projection",
            file=file,
            column="crs",
            value=named,
            expected="degrees of latitude and longitude (WGS 84)",
            fix="export it again as GeoJSON in EPSG:4326",
        )


def _rows(
    features: list[Any], said: Said, day: dt.date, shared: Mapping[str, Any], findings: Findings
) -> Iterator[dict[str, Any]]:
    for number, feature in enumerate(features, 1):
        try:
            holder, status = _holder(feature, said)
            area = _area(number, feature, findings)
        except InputError as wrong:
            findings.reject(number, wrong, _shown(feature))
            continue
        yield {
            **shared,
            "holder": holder,
            "status": status,
            "geometry": shapely.to_wkb(area, byte_order=1),
            "key": f"{day}/{slug(holder or status or 'unknown')}/{number}",
            "row": number,
        }


def _holder(feature: Any, said: Said) -> tuple[str | None, str | None]:
    """Who holds a polygon: as ``--set holder=`` says, else what its properties name."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    properties = properties if isinstance(properties, dict) else {}
    if everywhere := said.get("holder"):
        return everywhere, "holds"
    folded = {str(key).casefold(): value for key, value in properties.items()}
    wanted = [said.mapped("holder").casefold()] if "holder" in said.fields else _HOLDER
    for key in wanted:
        if folded.get(key) not in (None, ""):
            return read_holder(str(folded[key]), said)
    raise InputError(
        "nobody says who holds this polygon",
        column="holder",
        value=", ".join(map(str, properties)) or "no properties",
        expected="a property that names the holder",
        fix="say --set holder=X for all polygons, or --map holder=PROPERTY",
    )


def _area(number: int, feature: Any, findings: Findings) -> BaseGeometry:
    """The polygons of a feature, mended where their lines cross."""
    try:
        found = shapely.force_2d(shape(feature["geometry"]))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, shapely.errors.ShapelyError):
        raise _no_area(feature) from None
    if not isinstance(found, (Polygon, MultiPolygon)) or found.is_empty:
        raise _no_area(feature)
    west, south, east, north = found.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise InputError(
            "a polygon that is not on the globe",
            column="geometry",
            value=found.bounds,
            expected="longitude -180..180 and latitude -90..90, in degrees",
            fix="export it again as GeoJSON in EPSG:4326",
        )
    return found if found.is_valid else _mended(number, found, findings)


def _mended(number: int, broken: BaseGeometry, findings: Findings) -> BaseGeometry:
    mended = shapely.make_valid(broken)
    parts = [part for part in shapely.get_parts(mended) if isinstance(part, (Polygon, MultiPolygon))]
    area = mended if isinstance(mended, (Polygon, MultiPolygon)) else shapely.union_all(parts)
    reason = shapely.is_valid_reason(broken)
    if area.is_empty:
        raise InputError(
            "a polygon without an inside",
            column="geometry",
            value=reason,
            expected="a closed line around an area",
            fix="draw it again, or leave it out",
        )
    change = abs(area.area - broken.area) / area.area
    says = f"its lines cross ({reason}); mended, which changed its area by {change:.2%}"
    findings.doubt(number, "invalid polygon", "fault" if change > _MENDED_MUCH else "doubt", reason, says)
    return area


def _shown(feature: Any) -> dict[str, str]:
    """A feature as it is kept beside a reason: the properties, and how its geometry begins."""
    if not isinstance(feature, dict):
        return {"feature": str(feature)[:500]}
    properties = feature.get("properties")
    named = properties.items() if isinstance(properties, dict) else ()
    return {**{str(k): str(v) for k, v in named}, "geometry": str(feature.get("geometry"))[:500]}


def _no_area(feature: Any) -> InputError:
    geometry = feature.get("geometry") if isinstance(feature, dict) else feature
    return InputError(
        "no polygon",
        column="geometry",
        value=str(geometry)[:120],
        expected="a Polygon or MultiPolygon with coordinates",
        fix="leave points and lines out of the map",
    )


def _no_geojson(file: str, came: str) -> InputError:
    return InputError(
        "not a GeoJSON map",
        file=file,
        value=came,
        expected="a FeatureCollection of polygons",
        fix="export the map as GeoJSON",
    )
