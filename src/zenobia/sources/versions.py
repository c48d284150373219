"""Releases of one list, put in order: what each added, changed and left out.

The first time a key comes it is a report; a later release whose row says something else is the next version
of it and replaces the one before, from that release's day on; a row that a whole release no longer has, or
that a list of deletions names, is withdrawn. The order is that of publication, never that of adding, so that
the same files always make the same history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zenobia.record import schema_of
from zenobia.sources.feed import Reading, Sql
from zenobia.terms import Report

__all__ = ["COMPARE", "Release", "Told", "in_order", "put_in_order"]

# What a row says, and not where it stands or which release it is.
_NO_CONTENT = frozenset({"id", "source", "published", "locator", "replaces"})
CONTENT = tuple(f.name for f in fields(Report) if f.name not in _NO_CONTENT)

# release(at, key, what it says), state(id, key, what was said last): whether each row is new, changed or the same.
COMPARE = """
SELECT r.at, s.id AS replaces, s.version, s.id IS NULL AS fresh, s.gone OR {differs} AS differs
FROM release AS r LEFT JOIN state AS s ON r.key = s.key
""".format(differs=" OR ".join(f"r.{name} IS DISTINCT FROM s.{name}" for name in CONTENT))


@dataclass(frozen=True, kw_only=True)
class Release:
    """A file as it was read, with its number among the captured files and what ids of its reports begin with."""

    number: int
    prefix: str
    reading: Reading


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a release did to its list: counts of rows."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    spared: int = 0


def put_in_order(releases: Sequence[Release], sql: Sql) -> tuple[pa.Table, dict[int, Told]]:
    """The reports of the releases of one series, and what each release did.

    Returns:
        The columns of a report, with ``number`` (the file), ``row`` and ``withdraws``; ids, ``replaces`` and
        ``published`` are set, names are as written.
    """
    ordered = sorted((r for r in releases if not r.reading.deletes), key=in_order)
    made: list[pa.Table] = [_STATE.empty_table()]
    told: dict[int, Told] = {}
    state: pa.Table | None = None
    for position, release in enumerate(ordered):
        rows = _full(release)
        if state is None:
            fresh, told[release.number] = _as_first(rows, release), Told(added=rows.num_rows)
            made.append(fresh)
            state = fresh if position + 1 < len(ordered) else None
            continue
        if not rows.num_rows and not release.reading.whole:
            told[release.number] = Told()  # a day of a reference series: hundreds of files, and no report in them
            continue
        fresh, told[release.number] = _as_next(rows, state, release, sql)
        made.append(fresh)
        state = _state_after(state, fresh)
    for release in sorted((r for r in releases if r.reading.deletes), key=in_order):
        gone = _taken_back(pa.concat_tables(made), release, ordered)
        told[release.number] = Told(withdrawn=gone.num_rows, unchanged=release.reading.reports.num_rows - gone.num_rows)
        made.append(gone)
    return pa.concat_tables(made).drop_columns(["version", "gone", "key", "scope"]), told


def in_order(release: Release) -> tuple[str, int]:
    """By the day of a release, or where each row carries its own, the latest of them; then as they were added."""
    reading = release.reading
    day = reading.published
    if day is None and "published" in reading.reports.column_names:
        day = pc.max(reading.reports.column("published")).as_py()
    return str(day or ""), release.number


def _as_first(rows: pa.Table, release: Release) -> pa.Table:
    ids = pc.binary_join_element_wise(release.prefix, rows.column("key"), "-")
    ones = pa.array(np.ones(rows.num_rows, dtype=np.int64))
    return _numbered(rows, ids, ones, pa.nulls(rows.num_rows, pa.string()), release, gone=False)


def _as_next(rows: pa.Table, state: pa.Table, release: Release, sql: Sql) -> tuple[pa.Table, Told]:
    at = pa.array(np.arange(rows.num_rows))
    compared = sql(COMPARE, release=rows.append_column("at", at), state=state).sort_by("at")
    fresh, differs = compared.column("fresh"), pc.fill_null(compared.column("differs"), False)
    moved = pc.or_(fresh, differs)
    version = pc.add(pc.fill_null(compared.column("version"), 0), 1).filter(moved)
    taken, before = rows.filter(moved), compared.column("replaces").filter(moved)
    kept = _numbered(taken, _ids(taken, version, release, "v"), version, before, release, gone=False)
    lost, spared = _lost(rows, state, release)
    added = pc.sum(fresh).as_py() or 0
    told = Told(
        added=added,
        updated=kept.num_rows - added,
        unchanged=rows.num_rows - kept.num_rows,
        withdrawn=lost.num_rows,
        spared=spared,
    )
    return pa.concat_tables([kept, lost]), told


def _lost(rows: pa.Table, state: pa.Table, release: Release) -> tuple[pa.Table, int]:
    """Withdrawals of the rows that a whole release should have and has not; and how many were spared.

    A release that would withdraw more than half of its list is no new release but a part of it: then
    nothing is withdrawn.
    """
    missing = pc.and_not(pc.invert(pc.is_in(state.column("key"), value_set=rows.column("key"))), state.column("gone"))
    reading = release.reading
    if reading.covers:
        first, after = (pa.scalar(day) for day in reading.covers)
        dates = state.column("date")
        inside = pc.and_(pc.greater_equal(dates, first), pc.less(dates, after))
        missing = pc.and_(missing, pc.fill_null(inside, False))
    if reading.scopes:
        missing = pc.and_(missing, pc.is_in(state.column("scope"), value_set=pa.array(sorted(reading.scopes))))
    gone = state.filter(missing)
    standing = state.num_rows - (pc.sum(state.column("gone")).as_py() or 0)
    if not reading.whole or gone.num_rows * 2 > standing:
        return _bare(gone.slice(0, 0), release), gone.num_rows if reading.whole else 0
    return _bare(gone, release), 0


def _taken_back(made: pa.Table, release: Release, lists: Sequence[Release]) -> pa.Table:
    """Withdrawals of what a list of deletions names: of the version that stood on the day of the deletion.

    A row that came back later stands; one that is withdrawn already, or that no list has, is passed over.
    """
    rows = release.reading.reports.select(["key", "row", "published"]).to_pylist()
    deleted = {row["key"]: row for row in rows}
    keys = release.reading.reports.column("key").combine_chunks()
    held = made.select(["key", "published", "version", "gone"]).append_column("at", pa.array(np.arange(made.num_rows)))
    held = held.filter(pc.is_in(held.column("key"), value_set=keys))
    back, standing = _seen_after(deleted, keys, lists), dict[str, dict[str, Any]]()
    for row in held.sort_by([("published", "ascending"), ("version", "ascending")]).to_pylist():
        if row["published"] <= deleted[row["key"]]["published"]:
            standing[row["key"]] = row
        else:
            back.discard(row["key"])  # what came back is a version of its own
    taken = [row for key, row in standing.items() if not row["gone"] and key not in back]
    bare = _bare(made.take(pa.array([row["at"] for row in taken], pa.int64())), release)
    for name in ("row", "published"):
        said = pa.array([deleted[row["key"]][name] for row in taken], _STATE.field(name).type)
        bare = bare.set_column(_STATE.names.index(name), _STATE.field(name), said)
    return bare


def _seen_after(deleted: Mapping[str, Mapping[str, Any]], keys: pa.Array, lists: Sequence[Release]) -> set[str]:
    """The keys that some list still has, as published after their deletion."""
    found: set[str] = set()
    for release in lists:
        rows = _full(release).select(["key", "published"])
        mine = rows.filter(pc.is_in(rows.column("key"), value_set=keys)).to_pylist()
        days = ((row["key"], row["published"] or release.reading.published) for row in mine)
        found |= {key for key, day in days if day and day > deleted[key]["published"]}
    return found


def _bare(gone: pa.Table, release: Release) -> pa.Table:
    """A report for each that says nothing but that the one before is taken back."""
    version = pc.add(gone.column("version"), 1)
    kept = {"key", "scope", "type", "number"}
    empty = [
        gone.column(name) if name in kept else pa.nulls(gone.num_rows, gone.schema.field(name).type)
        for name in gone.column_names
    ]
    said = pa.Table.from_arrays(empty, schema=gone.schema).drop_columns(["version", "gone", "withdraws"])
    said = said.set_column(said.column_names.index("published"), "published", gone.column("published"))
    return _numbered(said, _ids(gone, version, release, "w"), version, gone.column("id"), release, gone=True)


def _numbered(
    rows: pa.Table, ids: pa.Array, version: pa.Array, before: pa.Array, release: Release, *, gone: bool
) -> pa.Table:
    count = rows.num_rows
    published = release.reading.published or (pc.max(rows.column("published")).as_py() if gone else None)
    speaker = pa.scalar(release.reading.source)
    set_to = {
        "id": ids,
        "source": pa.repeat(speaker, count) if gone else pc.fill_null(rows.column("source"), speaker),
        "replaces": before,
        "number": pa.repeat(pa.scalar(release.number, pa.int64()), count),
        "version": version,
        "gone": pa.repeat(pa.scalar(gone), count),
        "withdraws": pa.repeat(pa.scalar(gone), count),
    }
    if published:
        set_to["published"] = pa.repeat(pa.scalar(published, pa.date32()), count)
    columns = [set_to[f.name] if f.name in set_to else rows.column(f.name) for f in _STATE]
    return pa.table([c.cast(f.type) for c, f in zip(columns, _STATE, strict=True)], schema=_STATE)


def _ids(rows: pa.Table, version: pa.ChunkedArray, release: Release, letter: str) -> pa.Array:
    plain = pc.binary_join_element_wise(release.prefix, rows.column("key"), "-")
    later = pc.binary_join_element_wise(plain, pc.cast(version, pa.string()), f".{letter}")
    return pc.if_else(pc.equal(version, 1), plain, later)


def _state_after(state: pa.Table, fresh: pa.Table) -> pa.Table:
    """What was said last of every key."""
    kept = state.filter(pc.invert(pc.is_in(state.column("key"), value_set=fresh.column("key").combine_chunks())))
    return pa.concat_tables([kept, fresh])


_REPORT = schema_of(Report)
_EXTRA = [
    ("key", pa.string()),
    ("scope", pa.string()),
    ("admin1", pa.string()),
    ("row", pa.int64()),
    ("number", pa.int64()),
]
_STATE = pa.schema([*_REPORT, *_EXTRA, ("version", pa.int64()), ("gone", pa.bool_()), ("withdraws", pa.bool_())])


def _full(release: Release) -> pa.Table:
    """The rows with every column that a report can have; a column that the feed does not fill is *not stated*."""
    rows = release.reading.reports
    count = rows.num_rows
    made = []
    for field in [*_REPORT, *(pa.field(name, kind) for name, kind in _EXTRA)]:
        if field.name in rows.column_names:
            made.append(rows.column(field.name).cast(field.type))
        else:
            made.append(pa.nulls(count, field.type))
    names = [*_REPORT.names, *(name for name, _ in _EXTRA)]
    return pa.table(made, names=names)
