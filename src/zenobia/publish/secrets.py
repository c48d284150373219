"""What of the record may stand in no released byte: names, words, points, ids and hashes of what was withheld."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import shapely

from zenobia.publish.leaks import Secrets
from zenobia.publish.policy import Policy
from zenobia.publish.released_claims import statements_of, words_of
from zenobia.publish.released_reports import DELAYED, Sorted
from zenobia.record import Content
from zenobia.terms import REPORT_TYPES, SENSITIVITIES, STATUSES, UNITS

__all__ = ["COMMON", "NAMING", "SOUGHT", "secrets_of"]

Row = dict[str, Any]
_TELLING = 12  # letters
# Every column of text is one of these three: what it says of a row that is withheld is looked for,
SOUGHT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sources": ("id", "name", "url", "notes"),
        "actors": ("id", "name", "name_ar", "aliases", "notes"),
        "affiliations": ("locator",),
        "areas": ("id", "name", "name_ar", "geometry"),
        "coverage": ("rule",),
        "documents": ("id", "path", "url", "title", "author"),
        "places": ("id", "name", "name_ar", "aliases", "geonameid"),
        "reports": ("id", "quote", "note", "locator"),
    }
)
# or it names another row, or a topic, which is looked for where that is withheld,
NAMING = frozenset(
    [
        *("actor", "area", "copies_from", "document", "holder", "misses", "of", "origin", "part_of", "place"),
        *("replaces", "source", "stands_with", "target", "topic", "translation_of"),
    ]
)
# or it is a word that many rows share, and that tells of none of them.
COMMON = frozenset(
    [
        *("admin1", "admin2", "colour", "date_precision", "kind", "language", "licence", "media_type", "reliability"),
        *("role", "sensitivity", "status", "type", "unit", "where_precision"),
    ]
)
# Where something stands, as in "paragraph 3": told by many rows unless it says more than that.
_PLACES_IN_TEXTS = ("locator", "rule")
_SALTY = 8  # letters; what is shorter is a word among others, and no salt


def secrets_of(
    content: Content,
    barred: Mapping[str, Mapping[str, str]],
    found: Sorted,
    policy: Policy,
    released: Content | None = None,
) -> Secrets:
    """What may not be told of a record.

    Args:
        content: the whole record.
        barred: rows that may not be told by their own marking.
        found: its reports, sorted.
        policy: names the words that are harmless.
        released: what is told. Where it is given, what only withheld reports speak of is a secret
            too, unless its name stands in what is told anyway.
    """
    rows = {name: _read(content.tables[name]) for name in SOUGHT}
    told = _identities(released.tables if released else content.tables, barred, found)
    told |= _words_of_reports(rows["reports"], found)
    texts: dict[str, str] = {}
    for name in SOUGHT:
        texts |= dict(_texts(name, (row for row in rows[name] if _is_closed(name, row, barred, found)), found))
    texts = {text: whose for text, whose in texts.items() if text.casefold() not in told}
    if released is not None:
        texts |= _unsaid(rows, content, released, found, policy) | _moments(content)
    harmless = {word.casefold() for word in policy.harmless}
    return Secrets(
        texts={text: whose for text, whose in texts.items() if text.casefold() not in harmless},
        ids=_ids(rows),
        spots=dict(_spots(rows, barred, found)),
    )


def _read(table: pa.Table) -> list[Row]:
    """The rows of a table, without figures and days, which are no words; points are wanted."""
    kinds = zip(table.schema.names, table.schema.types, strict=True)
    words = [n for n, kind in kinds if n in ("lat", "lon") or pa.types.is_string(kind) or pa.types.is_list(kind)]
    return table.select(words).to_pylist()  # type: ignore[no-any-return]


def _is_closed(table: str, row: Row, barred: Mapping[str, Mapping[str, str]], found: Sorted) -> bool:
    """Whether a row is withheld, or told otherwise than it stands; a tie or a list goes with whom it is of."""
    if table == "reports":
        return row["id"] in found.gone or row["id"] in found.changed
    if table in ("affiliations", "coverage"):
        ends = {row.get("actor"), row.get("of")} & barred["actors"].keys()
        return bool(ends) or row["source"] in barred["sources"] or row["source"] in found.hidden
    return row["id"] in barred.get(table, {}) or (table == "sources" and row["id"] in found.hidden)


def _texts(table: str, rows: Iterable[Row], found: Sorted) -> Iterator[tuple[str, str]]:
    """The words of rows that are withheld or changed, with whose they are."""
    told_so = found.changed.keys() - found.renamed
    for row in rows:
        whose = _whose(table, row)
        for column in SOUGHT[table]:
            if column == "geometry" or ((table, column) == ("reports", "id") and row["id"] in told_so):
                continue
            for text in row[column] if isinstance(row[column], list) else (row[column],):
                if text and (column not in _PLACES_IN_TEXTS or _is_telling(text)):
                    yield str(text), whose


def _whose(table: str, row: Row) -> str:
    """What a row is called where its secret is found; ties and lists have no id of their own."""
    return f"{table.removesuffix('s')} {row.get('id') or row.get('actor') or row['source']}"


def _ids(rows: Mapping[str, list[Row]]) -> frozenset[str]:
    """Whatever is an id or a topic, and is no name of anything."""
    names: set[str] = set()
    for row in (row for table in ("sources", "actors", "places", "areas") for row in rows[table]):
        names |= {row["name"], row.get("name_ar"), *(row.get("aliases") or ())} - {None}
    folded = {name.casefold() for name in names}
    named = {row["id"] for held in rows.values() for row in held if "id" in row}
    named |= {topic for row in rows["reports"] for topic in (row["topic"] or "").split("|")}
    return frozenset(one for one in named if one and one.casefold() not in folded)


def _is_telling(text: str) -> bool:
    """Whether a text is long enough to be told apart from any other words."""
    return sum(map(str.isalpha, text)) >= _TELLING


def _words_of_reports(reports: Iterable[Row], found: Sorted) -> frozenset[str]:
    """What reports that are told as they stand say: no secret where another says the same."""
    closed = found.gone.keys() | found.changed.keys()
    return frozenset(
        row[c].casefold() for row in reports if row["id"] not in closed for c in ("quote", "note", "locator") if row[c]
    )


def _identities(
    tables: Mapping[str, pa.Table], barred: Mapping[str, Mapping[str, str]], found: Sorted
) -> frozenset[str]:
    """What the rows that are told are called: no secret, even where something withheld is called the same."""
    names: set[str] = set()
    for table in ("sources", "actors", "places", "areas"):
        columns = [c for c in ("id", "name", "name_ar", "aliases") if c in tables[table].column_names]
        for row in tables[table].select(columns).to_pylist():
            if row["id"] not in barred.get(table, {}) and row["id"] not in found.hidden:
                names |= {row["id"], row["name"], row.get("name_ar") or "", *(row.get("aliases") or ())}
    return frozenset(name.casefold() for name in names if name)


def _unsaid(
    rows: Mapping[str, list[Row]], content: Content, released: Content, found: Sorted, policy: Policy
) -> dict[str, str]:
    """What is called nowhere in what is told: columns that stay in, and what none but withheld rows speak of."""
    spoken = {
        "documents": ("document",),
        "sources": ("source", "origin"),
        "places": ("place", "area"),
        "areas": ("area",),
    }
    spoken |= {"actors": ("actor", "target", "holder")}
    gone = [row for row in rows["reports"] if row["id"] in found.gone]
    texts: dict[str, str] = {}
    for table, columns in spoken.items():
        told = set(released.tables[table].column("id").to_pylist())
        only = {n for row in gone for c in columns for n in (row[c] or "").split("|") if n} - told
        texts |= dict(_texts(table, (row for row in rows[table] if row["id"] in only), found))
    texts |= dict(_unlisted(gone, rows, spoken)) | dict(_untold_topics(rows["reports"], released))
    texts |= dict(_kept_in(rows, policy))
    kept_back = statements_of(content.claims).items() - statements_of(released.claims).items()
    texts |= {text: f"claim {claim}" for claim, text in kept_back if _is_telling(text)}
    texts |= {policy.salt: "the salt"} if len(policy.salt) >= _SALTY else {}
    public = _public_words(released)
    words, ids = frozenset(re.findall(r"[\w-]+", public)), _ids(rows)
    return {text: whose for text, whose in texts.items() if not _is_said(text, public, words, ids)}


def _is_said(text: str, public: str, words: frozenset[str], ids: frozenset[str]) -> bool:
    """Whether a text stands in what is told; a short one and an id as a word of its own, as it is looked for."""
    alone = (text in ids or len(text) < _SALTY) and re.fullmatch(r"[\w-]+", text)
    return text.casefold() in words if alone else text.casefold() in public


def _untold_topics(reports: Iterable[Row], released: Content) -> Iterator[tuple[str, str]]:
    """Topics of reports that no released report has."""
    told = {
        topic for cell in released.tables["reports"].column("topic").to_pylist() for topic in (cell or "").split("|")
    }
    for row in reports:
        for topic in (row["topic"] or "").split("|"):
            if topic and topic not in told:
                yield topic, f"the topic of report {row['id']}"


def _unlisted(
    gone: Iterable[Row], rows: Mapping[str, list[Row]], spoken: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str]]:
    """What withheld reports name and no table lists."""
    listed = {row["id"] for table in spoken for row in rows[table]}
    for row in gone:
        for column in (c for columns in spoken.values() for c in columns):
            for name in (row[column] or "").split("|"):
                if name and name not in listed:
                    yield name, f"the {column} of report {row['id']}"


def _kept_in(rows: Mapping[str, list[Row]], policy: Policy) -> Iterator[tuple[str, str]]:
    """The cells of columns that stay in, if they are long enough to be told apart from any other words."""
    for table, held in rows.items():
        closed = [c for c in (held[0] if held else ()) if not policy.lets_column(table, c)]
        for row in held:
            for column in closed:
                if isinstance(row[column], str) and len(row[column]) >= _TELLING:
                    yield row[column], f"{column} of {_whose(table, row)}"


def _public_words(released: Content) -> str:
    """All that is told anyway: the words of the released tables and claims, and those of our own pages."""
    cells: set[str] = set()
    for table in released.tables.values():
        for name, kind in zip(table.schema.names, table.schema.types, strict=True):
            if pa.types.is_string(kind):
                cells |= set(table.column(name).drop_null().unique().to_pylist())
            elif pa.types.is_list(kind):
                cells |= {text for texts in table.column(name).to_pylist() for text in texts or ()}
    own = (*REPORT_TYPES, *STATUSES, *UNITS, *SENSITIVITIES, _own_pages())
    return "\n".join((*sorted(cells), *sorted(words_of(released.claims)), *own)).casefold()


@cache
def _own_pages() -> str:
    pages = files("zenobia.publish") / "templates"
    inside = [*pages.iterdir(), *(pages / "site").iterdir()]
    own = sorted((p for p in inside if p.is_file()), key=lambda p: p.name)
    return "\n".join(p.read_text(encoding="utf-8") for p in own)


def _moments(content: Content) -> dict[str, str]:
    """When rows were recorded, by which a leak could be tied to whoever recorded them."""
    if "recorded" not in content.tables["reports"].column_names:
        return {}
    moments = content.tables["reports"].column("recorded").drop_null().unique().to_pylist()
    return {moment.isoformat(): "the moment of a recording" for moment in moments}


def _spots(
    rows: Mapping[str, list[Row]], barred: Mapping[str, Mapping[str, str]], found: Sorted
) -> Iterator[tuple[tuple[float, float], str]]:
    """Points of what is withheld or told on a grid; not those at which something stands that is told."""
    open_places = [row for row in rows["places"] if row["id"] not in barred["places"]]
    closed = {*found.gone, *found.changed}
    open_reports = [row for row in rows["reports"] if row["id"] not in closed]
    public = {_rounded(row) for row in (*open_places, *open_reports) if row["lat"] is not None}
    hidden = [(row, f"place {row['id']}") for row in rows["places"] if row["id"] in barred["places"]]
    hidden += [
        (row, f"report {row['id']}")
        for row in rows["reports"]
        if row["id"] in closed and found.gone.get(row["id"]) != DELAYED
    ]
    for row, whose in hidden:
        if row["lat"] is not None and row["lon"] is not None and _rounded(row) not in public:
            yield (row["lat"], row["lon"]), whose
    for row in rows["areas"]:
        if row["id"] in barred["areas"] and row["geometry"]:
            yield from ((corner, f"area {row['id']}") for corner in _corners(row["geometry"]))


def _corners(geometry: str) -> Iterator[tuple[float, float]]:
    """The points of a shape that lie farthest out, latitude first."""
    points = shapely.get_coordinates(shapely.from_geojson(geometry))
    if len(points):
        for at in (*points.argmin(axis=0), *points.argmax(axis=0)):
            yield float(points[at, 1]), float(points[at, 0])


def _rounded(row: Row) -> tuple[float, float]:
    return round(row["lat"], 3), round(row["lon"], 3)
