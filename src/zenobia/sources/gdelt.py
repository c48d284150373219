"""GDELT 2 events: what a machine read in the world's news, one row for each mention of an action.

One battle becomes hundreds of rows: they are reports, never events, and nothing here makes them
independent. Actors and positions are guesses of a program, and marked so.

Source: GDELT 2.0 Event Database Codebook V2.0 (2015).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa

from zenobia.record.tables import schema_of
from zenobia.sources.feed import Captured, Look, Reading, Sql
from zenobia.sources.findings import Findings
from zenobia.sources.parties import actors_of
from zenobia.sources.rows import Batch, tab_batches
from zenobia.sources.said import Said
from zenobia.sources.values import plain, read_day, read_position, says_nothing
from zenobia.terms import InputError, Report
from zenobia.terms.codes import Coded, from_cameo

__all__ = ["Gdelt"]

_ACTOR = ("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code",
          "Type1Code", "Type2Code", "Type3Code")  # fmt: skip
_GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
_COLUMNS = (
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate",
    *(f"Actor1{part}" for part in _ACTOR), *(f"Actor2{part}" for part in _ACTOR),
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale",
    "NumMentions", "NumSources", "NumArticles", "AvgTone",
    *(f"Actor1Geo_{part}" for part in _GEO), *(f"Actor2Geo_{part}" for part in _GEO),
    *(f"ActionGeo_{part}" for part in _GEO), "DATEADDED", "SOURCEURL",
)  # fmt: skip
_AT = {name: place for place, name in enumerate(_COLUMNS)}
# Countries and provinces are given by a point in their middle.
_WHERE = {"1": "country", "2": "admin1", "3": "near", "4": "near", "5": "admin1"}
_FIELDS = ("published", "type", "origin", "locator", "date", "date_to", "date_precision", "place", "lat", "lon",
           "where_precision", "actor", "target", "credibility", "note")  # fmt: skip


class Gdelt:
    """Reads GDELT 2 event files. A row never changes once it is published."""

    kind = "gdelt"
    version = 2
    prefix = "gdelt"

    def recognises(self, look: Look) -> float:
        """By 61 cells between tabs, a number and a day in front."""
        row = look.head.decode("utf-8", "replace").partition("\n")[0].split("\t")
        fits = len(row) == len(_COLUMNS) and row[0].isdigit() and len(row[1]) == 8 and row[1].isdigit()
        return 0.97 if fits else 0.0

    def read(self, captured: Captured, sql: Sql) -> Iterator[Reading]:
        """Read the rows, batch by batch."""
        findings, said = Findings(), Said(captured)
        source = said.speaker("gdelt", "GDELT 2.0 events", url="https://www.gdeltproject.org")
        schema = pa.schema(
            [("key", pa.string()), *(schema_of(Report).field(name) for name in _FIELDS), ("row", pa.int64())]
        )
        for batch in tab_batches(captured, findings, _COLUMNS):
            reports = pa.Table.from_pylist(list(_reports(batch, findings)), schema=schema)
            rejected, doubts = findings.take()
            yield Reading(
                series=said.get("series") or source.id,
                source=source.id,
                published=None,
                reports=reports,
                sources=(source,),
                actors=actors_of(reports),
                rejected=rejected,
                doubts=doubts,
            )


def _reports(batch: Batch, findings: Findings) -> Iterator[dict[str, Any]]:
    for number, cells in batch.rows:
        try:
            yield _report(number, cells, findings)
        except InputError as wrong:
            findings.reject(number, wrong, batch.named(cells))


def _report(number: int, cells: tuple[str, ...], findings: Findings) -> dict[str, Any]:
    def cell(name: str) -> str:
        return cells[_AT[name]]

    if not cell("GLOBALEVENTID").isdigit():
        raise InputError("no id", column="GLOBALEVENTID", value=cell("GLOBALEVENTID"), expected="GDELT's number")
    code = _code(cell("EventCode"))
    day, published = _day("SQLDATE", cell("SQLDATE")), _day("DATEADDED", cell("DATEADDED")[:8])
    if published < day:
        findings.doubt(number, "published before it happened", "doubt", day, f"added {published}, before its day")
    lat, lon = _position(cell("ActionGeo_Lat"), cell("ActionGeo_Long"))
    where = _WHERE.get(cell("ActionGeo_Type"), "unknown")
    mentions = cell("NumMentions")
    return {
        "key": cell("GLOBALEVENTID"),
        "row": number,
        "published": published,
        "type": code.type if code.type != "control" else "other",
        "origin": _outlet(cell("SOURCEURL")),
        "locator": cell("SOURCEURL") or None,
        "date": day,
        "date_to": day + dt.timedelta(days=1),
        "date_precision": "day",
        # A country or province is no place: its name would be taken for a town of that name.
        "place": plain(cell("ActionGeo_FullName").partition(",")[0]) or None if where == "near" else None,
        "lat": lat,
        "lon": lon,
        "where_precision": where if lat is not None else None,
        "actor": plain(cell("Actor1Name")).replace("|", "/") or None,
        "target": plain(cell("Actor2Name")).replace("|", "/") or None,
        "credibility": 6,  # nobody has read it: truth cannot be judged
        "note": f"CAMEO {cell('EventCode')}" + (f"; {mentions} mentions" if mentions else ""),
    }


@lru_cache(maxsize=1024)
def _code(code: str) -> Coded:
    return from_cameo(code)


def _day(column: str, text: str) -> dt.date:
    try:
        return read_day(text)
    except InputError as wrong:
        raise InputError(wrong.what, column=column, value=text, expected="a day, as 20160327", fix=wrong.fix) from wrong


def _position(lat: str, lon: str) -> tuple[float | None, float | None]:
    if says_nothing(lat) and says_nothing(lon):
        return None, None
    return read_position(lat, lon)


@lru_cache(maxsize=1 << 14)
def _outlet(address: str) -> str | None:
    """The outlet that an article stood in, by its host."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None
