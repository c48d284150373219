"""GeoNames country files: named places, with their Arabic names where GeoNames has them.

Source: download.geonames.org/export/dump/readme.txt: 19 columns between tabs, no header.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from zenobia.sources.feed import Captured, Look, Reading, Sql
from zenobia.sources.findings import Findings
from zenobia.sources.rows import Batch, tab_batches
from zenobia.sources.said import Said
from zenobia.sources.values import read_number, read_position
from zenobia.terms import InputError, Place, normalise, parse_published, skeleton

__all__ = ["GeoNames"]

_COLUMNS = (
    "geonameid", "name", "asciiname", "alternatenames", "latitude", "longitude", "feature class", "feature code",
    "country code", "cc2", "admin1 code", "admin2 code", "admin3 code", "admin4 code", "population", "elevation",
    "dem", "timezone", "modification date",
)  # fmt: skip

# What a war is fought over, besides towns; --set features= names others. The words are kinds of our places.
_SITES = {
    "AIRB": "airbase",
    "AIRF": "airbase",
    "AIRP": "airport",
    "INSM": "base",
    "MILB": "base",
    "NVB": "base",
    "FRT": "fort",
    "CSTL": "castle",
    "DAM": "dam",
    "OILF": "field",
    "GASF": "field",
    "OILR": "site",
    "PSTB": "crossing",
    "PSTC": "crossing",
    "CMPRF": "camp",
}
# Capitals and seats of administration are places whatever their number of people; ruins are none.
_SEAT = re.compile(r"PPL[ACG]\w*")
_GONE = frozenset({"PPLCH", "PPLH", "PPLQ", "PPLW"})

_ARABIC = re.compile(r"[\u0621-\u064a\u0670\u0671 '’-]+")
_LINK = re.compile(r"https?:|www\.|\.org|\.com", re.I)
_MOST_ALIASES = 30


class GeoNames:
    """Reads populated places and sites of military use as places of the case.

    ``--set population=500`` leaves smaller places out, ``--set features=AIRB|HLL`` chooses other sites.
    """

    kind = "geonames"
    version = 1
    prefix = "geonames"

    def recognises(self, look: Look) -> float:
        """By the width and by what stands in the columns of the first rows."""
        lines = look.head.decode("utf-8", "replace").splitlines()[:20]
        rows = [line.split("\t") for line in lines[:-1] or lines if line]
        fits = [
            len(row) == len(_COLUMNS)
            and row[0].lstrip("\ufeff").isdigit()
            and row[6] in "AHLPRSTUV"
            and len(row[8]) <= 2
            for row in rows
        ]
        return 0.97 if fits and all(fits) else 0.0

    def read(self, captured: Captured, sql: Sql) -> Iterator[Reading]:
        """Read the places of a country."""
        findings, said = Findings(), Said(captured, settable=("population", "features"))
        least = read_number(said.get("population", "1"))
        sites = {code: _SITES.get(code, "site") for code in said.get("features").split("|") if code} or _SITES
        source = said.speaker("geonames", "GeoNames", url="https://www.geonames.org", licence="CC BY 4.0")
        kept: list[tuple[int, tuple[str, ...]]] = []
        provinces: dict[tuple[str, ...], str] = {}
        left_out: Counter[str] = Counter()
        for batch in tab_batches(captured, findings, _COLUMNS):
            _gather(batch, least, sites, kept, provinces, left_out, findings)
        places = tuple(_places(kept, provinces, sites, findings))
        for why, times in sorted(left_out.items()):
            findings.doubt(1, "left out", "note", times, f"{times} rows left out: {why}")
        rejected, doubts = findings.take()
        yield Reading(
            series=said.get("series") or f"geonames/{captured.name.partition('.')[0]}",
            source=source.id,
            published=said.published() or _latest_edit(kept),
            places=places,
            sources=(source,),
            rejected=rejected,
            doubts=doubts,
        )


def _gather(
    batch: Batch,
    least: float,
    sites: Mapping[str, str],
    kept: list[tuple[int, tuple[str, ...]]],
    provinces: dict[tuple[str, ...], str],
    left_out: Counter[str],
    findings: Findings,
) -> None:
    """The rows that are wanted, and the names of provinces and districts, which stand in the same file."""
    for number, cells in batch.rows:
        code, people = cells[7], _people(cells[14])
        if people is None:
            wrong = InputError("not a population", column="population", value=cells[14], expected="a whole number")
            findings.reject(number, wrong, batch.named(cells))
        elif code == "ADM1":
            provinces[cells[10],] = cells[1]
            left_out["areas of administration"] += 1
        elif code == "ADM2":
            provinces[cells[10], cells[11]] = cells[1]
            left_out["areas of administration"] += 1
        elif (cells[6] == "P" and code not in _GONE and (people >= least or _SEAT.fullmatch(code))) or code in sites:
            kept.append((number, cells))
        else:
            left_out["no population given, or below the least" if cells[6] == "P" else "features not asked for"] += 1


def _places(
    kept: Sequence[tuple[int, tuple[str, ...]]],
    provinces: Mapping[tuple[str, ...], str],
    sites: Mapping[str, str],
    findings: Findings,
) -> Iterator[Place]:
    seen: set[str] = set()
    for number, cells in kept:
        try:
            if not cells[0].isdigit() or cells[0] in seen:
                raise InputError(
                    "the same id twice" if cells[0] in seen else "no geonameid",
                    column="geonameid",
                    value=cells[0],
                    expected="GeoNames' number of the place, once",
                )
            yield _place(cells, provinces, sites)
            seen.add(cells[0])
        except InputError as wrong:
            findings.reject(number, wrong, dict(zip(_COLUMNS, cells, strict=True)))


def _place(cells: tuple[str, ...], provinces: Mapping[tuple[str, ...], str], sites: Mapping[str, str]) -> Place:
    id, name, ascii_name, others = cells[:4]
    if not (name or ascii_name):
        raise InputError("no name", column="name", expected="every place has one")
    lat, lon = read_position(cells[4], cells[5])
    alternatives = [other.strip() for other in others.split(",") if other.strip() and not _LINK.search(other)]
    arabic = _arabic_name(name or ascii_name, alternatives)
    people = _people(cells[14]) or 0
    return Place(
        id=f"geonames-{id}",
        name=name or ascii_name,
        name_ar=arabic,
        aliases=_aliases(name or ascii_name, arabic, [ascii_name, *alternatives]),
        kind=sites.get(cells[7]) or _settlement(cells[7], people),
        lat=lat,
        lon=lon,
        admin1=provinces.get((cells[10],)),
        admin2=provinces.get((cells[10], cells[11])),
        population=people or None,  # GeoNames writes 0 for not known
        geonameid=id,
    )


def _arabic_name(name: str, alternatives: Sequence[str]) -> str | None:
    """The Arabic name that sounds like the Latin one, else the first in Arabic letters; Persian ones are passed by."""
    arabic = [other for other in alternatives if _ARABIC.fullmatch(other)]
    sounds = skeleton(name)
    return next((other for other in arabic if skeleton(other) == sounds), arabic[0] if arabic else None)


def _aliases(name: str, arabic: str | None, others: Sequence[str]) -> tuple[str, ...]:
    """Other spellings, each once however it is written; a vertical bar would cut one in two."""
    kept = {normalise(name): ""} | ({normalise(arabic): ""} if arabic else {})
    for other in others:
        if other and (key := normalise(other)) and key not in kept and "|" not in other:
            kept[key] = other
    return tuple(spelling for spelling in kept.values() if spelling)[:_MOST_ALIASES]


def _settlement(code: str, people: float) -> str:
    if code == "PPLX":
        return "suburb"
    return "city" if people >= 100_000 else "town" if people >= 10_000 else "village"


def _people(text: str) -> float | None:
    if not text:
        return 0.0
    try:
        return read_number(text)
    except InputError:
        return None


def _latest_edit(kept: Sequence[tuple[int, tuple[str, ...]]]) -> dt.date | None:
    """The day of the last edit in the file: it cannot have come out before."""
    days = [cells[18] for _, cells in kept if re.fullmatch(r"\d{4}-\d\d-\d\d", cells[18])]
    return parse_published(max(days)) if days else None
