"""What every feed is: it recognises a file by its look, and reads it into rows of the record.

A feed is one file of this room and one line in `zenobia.sources.FEEDS`. It never changes the file,
never crashes on a row (a bad one goes to ``rejected`` with its reason) and gives the same reading
for the same bytes and options.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import pyarrow as pa

from zenobia.terms import Actor, Frame, Place, Source

__all__ = [
    "DOUBTS",
    "REFERENCE",
    "REJECTED",
    "Captured",
    "Feed",
    "Look",
    "Options",
    "Reading",
    "Severity",
    "Sql",
    "empty",
]

Severity = Literal["note", "doubt", "fault"]
Sql = Callable[..., pa.Table]

# Rows that broke a rule: `row` as a spreadsheet counts (the header is row 1), `cells` the whole row as JSON.
REJECTED = pa.schema(
    [
        ("row", pa.int64()),
        ("field", pa.string()),
        ("value", pa.string()),
        ("rule", pa.string()),
        ("fix", pa.string()),
        ("cells", pa.string()),
    ]
)

# Rows that were kept although something about them is odd.
DOUBTS = pa.schema(
    [
        ("row", pa.int64()),
        ("trap", pa.string()),
        ("severity", pa.string()),
        ("value", pa.string()),
        ("says", pa.string()),
    ]
)

# Other people's control tables and maps: never reports, never evidence unless the case says so.
REFERENCE = pa.schema(
    [
        ("series", pa.string()),
        ("date", pa.date32()),
        ("date_to", pa.date32()),
        ("place", pa.string()),
        ("lat", pa.float64()),
        ("lon", pa.float64()),
        ("holder", pa.string()),
        ("status", pa.string()),
        ("population", pa.float64()),
        ("source", pa.string()),
        ("url", pa.string()),
        ("geometry", pa.binary()),
        ("key", pa.string()),
        ("row", pa.int64()),
    ]
)


def empty(schema: pa.Schema) -> pa.Table:
    """A table of that schema without rows."""
    return schema.empty_table()


@dataclass(frozen=True, kw_only=True)
class Look:
    """What can be seen of a file without reading it whole.

    Attributes:
        path: the file.
        name: its own name, before it was kept under its hash.
        head: its first 64 KiB, unpacked where it is an archive of one file.
        columns: the cells of its first row, where it looks like a table; else empty.
        rows: a few rows beneath, as text.
    """

    path: Path
    name: str
    head: bytes
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the user said about a file: ``--map field=column`` and ``--set field=value``."""

    maps: Mapping[str, str] = field(default_factory=dict)
    sets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Captured:
    """A file as it is kept, whole: where, under which name it came, its SHA-256, what the user said of it."""

    path: Path
    name: str
    sha256: str
    options: Options = field(default_factory=Options)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a file, or one batch of it, comes to.

    Attributes:
        series: what makes two files releases of one list, as "ucdp-ged/Syria".
        source: id of the source that speaks.
        published: the release's day; ``None`` where each row carries its own.
        whole: a row that is missing from a later release of the series is withdrawn.
        edits: the rows are the record's own reports, exported and perhaps edited; only what differs is new.
        deletes: each row is the ``key`` of a row of the list that was taken back on the day ``published``.
        covers: the days (closed-open) of which a whole release speaks; ``None`` is all days. A row outside
            them, or of a ``scope`` that the release does not name, is not missed.
        scopes: of which part of the world a whole release speaks, in the words of the column ``scope``.
        reports: ``key``, ``row`` and any columns of a report, names still as written; ``scope`` if releases
            speak of parts.
        cited: reports of others that the rows pass on, each with ``key``, ``row``, ``source``, ``published``;
            one that comes again (by key) is the same report.
        reference: rows of `REFERENCE`.
        rejected: rows of `REJECTED`.
        doubts: rows of `DOUBTS`.
    """

    series: str
    source: str
    published: dt.date | None = None
    whole: bool = False
    edits: bool = False
    deletes: bool = False
    covers: tuple[dt.date, dt.date] | None = None
    scopes: frozenset[str] = frozenset()
    reports: pa.Table = field(default_factory=lambda: pa.table({"key": pa.array([], pa.string())}))
    cited: pa.Table | None = None
    reference: pa.Table | None = None
    sources: tuple[Source, ...] = ()
    actors: tuple[Actor, ...] = ()
    places: tuple[Place, ...] = ()
    frames: tuple[Frame, ...] = ()
    rejected: pa.Table = field(default_factory=lambda: empty(REJECTED))
    doubts: pa.Table = field(default_factory=lambda: empty(DOUBTS))


class Feed(Protocol):
    """Reads one kind of file.

    Attributes:
        kind: what ``--as`` calls it.
        version: raised whenever the same file would be read otherwise, so that caches are made anew.
        prefix: what the ids of its reports begin with.
    """

    kind: str
    version: int
    prefix: str

    def recognises(self, look: Look) -> float:
        """How sure it is that this file is of its kind: 0 no, 1 certainly."""
        ...

    def read(self, captured: Captured, sql: Sql) -> Iterator[Reading]:
        """Read a file, in one reading or in several batches of the same series.

        Raises:
            InputError: the file as a whole cannot be read as this kind.
        """
        ...
