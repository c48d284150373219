"""Everything that the captured files of a case come to, as one set of tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zenobia.record import schema_of, table_of
from zenobia.sources.edits import edits_among, with_unsaid
from zenobia.sources.feed import DOUBTS, REFERENCE, REJECTED, Sql
from zenobia.sources.meanings import Known, Understood, understand
from zenobia.sources.versions import Release, Told, put_in_order
from zenobia.terms import Frame, Report

__all__ = ["Collected", "collect"]


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What the captured files say, in the terms of the case.

    Attributes:
        reports: the columns of a report, with ``number`` (which file), ``row`` and ``withdraws``.
        reference: rows of `feed.REFERENCE`, with ``number``.
        rejected: refused rows, with ``number``; likewise ``doubts``.
        told: what each file did to its list, by number.
        placed: how many places of each file joined those of the case, by number.
    """

    understood: Understood
    reference: pa.Table
    rejected: pa.Table
    doubts: pa.Table
    frames: tuple[Frame, ...]
    told: Mapping[int, Told]
    placed: Mapping[int, int]

    @property
    def nouns(self) -> dict[str, tuple[Any, ...]]:
        """The sources, actors, places and frames that the files brought along, by table."""
        made = self.understood
        return {"sources": made.sources, "actors": made.actors, "places": made.places, "coverage": self.frames}

    @property
    def reports(self) -> pa.Table:
        """The reports, their names resolved."""
        return self.understood.reports


def collect(releases: Sequence[Release], known: Known, sql: Sql) -> Collected:
    """Put the readings of all captured files together: versions by series, then names.

    Args:
        releases: the readings, numbered in the order in which the files were captured.
        known: what the case knows.
        sql: answers a query over tables.
    """
    tables, told = [_NONE], dict[int, Told]()
    lists = [r for r in releases if not r.reading.edits]
    for series in dict.fromkeys((r.prefix, r.reading.series) for r in lists):
        members = [r for r in lists if (r.prefix, r.reading.series) == series]
        ordered, counted = put_in_order(members, sql)
        own = pa.repeat(pa.scalar(False), ordered.num_rows)
        tables.append(ordered.append_column("cited", own).select(_NONE.column_names))
        told |= counted
    cited = _cited(releases)
    understood = understand(
        pa.concat_tables([*tables, cited]),
        known,
        sources=[source for r in releases for source in r.reading.sources],
        actors=[actor for r in releases for actor in r.reading.actors],
        places=[place for r in releases for place in r.reading.places],
    )
    if edited := [r for r in releases if r.reading.edits]:
        understood, counted = _with_edits(edited, understood, known, sql)
        told |= counted
    return Collected(
        understood=understood,
        reference=_numbered(releases, "reference", REFERENCE),
        rejected=pa.concat_tables([_numbered(releases, "rejected", REJECTED), understood.rejected]),
        doubts=pa.concat_tables([_numbered(releases, "doubts", DOUBTS), understood.doubts]),
        frames=tuple(frame for r in releases for frame in r.reading.frames),
        told=told,
        placed=_placed(releases, {place.id for place in understood.places}),
    )


def _with_edits(
    edited: Sequence[Release], understood: Understood, known: Known, sql: Sql
) -> tuple[Understood, dict[int, Told]]:
    """What exported tables that came back change in what is known without them."""
    own = table_of(Report, known.reports.values())
    held = pa.concat_tables([own, understood.reports.select(own.column_names)])
    rows = [_as_rows(r, with_unsaid(r.reading.reports, held), r.reading.reports["id"], cited=False) for r in edited]
    richer = replace(
        known,
        sources={**known.sources, **{s.id: s for s in understood.sources}},
        actors={**known.actors, **{a.id: a for a in understood.actors}},
        places={**known.places, **{p.id: p for p in understood.places}},
        reports={},
    )
    came = understand(pa.concat_tables(rows), richer, sources=(), actors=(), places=())
    new, told, wrong = edits_among(came.reports, [r.number for r in edited], held, sql)
    refused = pa.Table.from_pylist(wrong, schema=understood.rejected.schema)
    both = Understood(
        reports=pa.concat_tables([understood.reports, new.select(understood.reports.column_names)]),
        sources=(*understood.sources, *came.sources),
        actors=understood.actors,
        places=understood.places,
        rejected=pa.concat_tables([understood.rejected, came.rejected, refused]),
        doubts=understood.doubts,
    )
    return both, told


_REPORT = pa.schema(
    [
        *schema_of(Report),
        ("admin1", pa.string()),
        ("row", pa.int64()),
        ("number", pa.int64()),
        ("withdraws", pa.bool_()),
        ("cited", pa.bool_()),
    ]
)
_NONE = _REPORT.empty_table()


def _cited(releases: Sequence[Release]) -> pa.Table:
    """What the rows pass on of others: each item once, as the first file that cites it has it."""
    made: list[pa.Table] = []
    seen: dict[str, list[pa.Array]] = {}
    for release in sorted(releases, key=lambda r: (str(r.reading.published or ""), r.number)):
        if release.reading.cited is not None:
            made.append(_as_reports(release, seen.setdefault(release.prefix, [])))
    return pa.concat_tables([_NONE, *made])


def _as_reports(release: Release, seen: list[pa.Array]) -> pa.Table:
    rows: Any = release.reading.cited
    keys = rows.column("key").combine_chunks()
    if seen:
        fresh = pc.invert(pc.is_in(keys, value_set=pa.concat_arrays(seen)))
        rows, keys = rows.filter(fresh), keys.filter(fresh)
    if len(pc.unique(keys)) < len(keys):  # the same item in two batches of one file
        firsts = pc.index_in(pc.unique(keys), value_set=keys)
        rows = rows.take(firsts)
        keys = keys.take(firsts)
    seen.append(keys)
    return _as_rows(release, rows, pc.binary_join_element_wise(release.prefix, "item", keys, "-"), cited=True)


def _as_rows(release: Release, rows: pa.Table, ids: Any, *, cited: bool) -> pa.Table:
    """Rows with every column of a report; one that a feed does not fill is *not stated*."""
    count = rows.num_rows
    set_to = {
        "id": ids,
        "number": pa.repeat(pa.scalar(release.number, pa.int64()), count),
        "withdraws": pa.repeat(pa.scalar(False), count),
        "cited": pa.repeat(pa.scalar(cited), count),
    }
    columns = []
    for field in _REPORT:
        if field.name in set_to:
            columns.append(set_to[field.name])
        elif field.name in rows.column_names:
            columns.append(rows.column(field.name).cast(field.type))
        else:
            columns.append(pa.nulls(count, field.type))
    return pa.table(columns, schema=_REPORT)


def _placed(releases: Sequence[Release], joined: set[str]) -> dict[int, int]:
    """How many places of each file joined the case's own; one that two files list counts for the first."""
    left, counts = set(joined), dict[int, int]()
    for release in releases:
        mine = {place.id for place in release.reading.places} & left
        counts[release.number] = len(mine)
        left -= mine
    return counts


def _numbered(releases: Sequence[Release], name: str, schema: pa.Schema) -> pa.Table:
    """One table of all readings, with the number of the file that each row is from."""
    full = pa.schema([pa.field("number", pa.int64()), *schema])
    made = [full.empty_table()]
    for release in releases:
        table: pa.Table | None = getattr(release.reading, name)
        if table is not None and table.num_rows:
            number = pa.repeat(pa.scalar(release.number, pa.int64()), table.num_rows)
            made.append(table.select(schema.names).add_column(0, "number", number).cast(full))
    return pa.concat_tables(made)
