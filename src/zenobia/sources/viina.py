"""VIINA control: a row a settlement and day, run together here into spells of one status.

Source: Zhukov & Ayers, VIINA 2.0 (github.com/zhukovyuri/VIINA), ODbL. Settlements are GeoNames'.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from zenobia.sources.cells import TableFile
from zenobia.sources.feed import REFERENCE, Captured, Look, Reading, Sql
from zenobia.sources.findings import Findings
from zenobia.sources.rows import Batch
from zenobia.sources.said import Said
from zenobia.terms import InputError

__all__ = ["SPELLS", "TOGETHER", "TWICE", "TYPED", "Viina"]

AT_ONCE = 64 * 2**20
_STATUSES = ("status", "status_wiki", "status_boost", "status_dsm", "status_isw")
_NO_SPELLS = pa.table({"last": pa.array([], pa.date32())})
_MEANS = {"UA": ("Ukraine", "holds"), "RU": ("Russia", "holds"), "CONTESTED": (None, "contests")}

# cells(row, geonameid, date, status): the day may be 20220224 or 2022-02-24.
TYPED = """
SELECT row, REGEXP_EXTRACT(geonameid, '^[0-9]+') AS geonameid, UPPER(TRIM(status)) AS status,
    TRY_CAST(SUBSTRING(REPLACE(date, '-', ''), 1, 4) || '-' || SUBSTRING(REPLACE(date, '-', ''), 5, 2) || '-'
        || SUBSTRING(REPLACE(date, '-', ''), 7, 2) AS DATE) AS day
FROM cells
"""

# days(row, geonameid, day, status): a spell ends where the status changes or a day is missing.
SPELLS = """
SELECT geonameid, status, MIN(day) AS first, MAX(day) AS last, MIN(row) AS row
FROM (
    SELECT *, SUM(begins) OVER (PARTITION BY geonameid ORDER BY day, row ROWS UNBOUNDED PRECEDING) AS spell
    FROM (
        SELECT *, CASE WHEN status = LAG(status) OVER (PARTITION BY geonameid ORDER BY day, row)
            AND DATE_DIFF('day', LAG(day) OVER (PARTITION BY geonameid ORDER BY day, row), day) <= 1
            THEN 0 ELSE 1 END AS begins
        FROM days
    ) AS marked
) AS numbered
GROUP BY geonameid, status, spell
ORDER BY geonameid, first, row
"""

# days(row, geonameid, day, status): settlements that have two statuses on one day.
TWICE = """
SELECT geonameid, day, MIN(row) AS first, MAX(row) AS last
FROM days
GROUP BY geonameid, day
HAVING COUNT(DISTINCT status) > 1
ORDER BY last
"""

# pieces(geonameid, status, first, last, row): spells that batches cut in two, put together again.
TOGETHER = """
SELECT geonameid, status, MIN(first) AS first, MAX(last) AS last, MIN(row) AS row
FROM (
    SELECT *, SUM(begins) OVER (PARTITION BY geonameid ORDER BY first, row ROWS UNBOUNDED PRECEDING) AS spell
    FROM (
        SELECT *, CASE WHEN status = LAG(status) OVER (PARTITION BY geonameid ORDER BY first, row)
            AND DATE_DIFF('day', LAG(last) OVER (PARTITION BY geonameid ORDER BY first, row), first) <= 1
            THEN 0 ELSE 1 END AS begins
        FROM pieces
    ) AS marked
) AS numbered
GROUP BY geonameid, status, spell
ORDER BY geonameid, first, row
"""


class Viina:
    """Reads VIINA's control files as spells of a reference series; ``--set status=status_isw`` takes another column."""

    kind = "viina"
    version = 1
    prefix = "viina"

    def recognises(self, look: Look) -> float:
        """By GeoNames ids, days and statuses side by side."""
        batch = Batch(look.columns, ())
        found = [batch.place(name) is not None for name in ("geonameid", "date", *_STATUSES)]
        return 0.98 if all(found) else 0.8 if all(found[:3]) else 0.0

    def read(self, captured: Captured, sql: Sql) -> Iterator[Reading]:
        """Read the days of all settlements; places are named by their GeoNames number, ``geonames-703448``.

        Raises:
            InputError: a column is missing.
        """
        findings, said = Findings(), Said(captured, settable=("status",))
        file = TableFile(captured.path, captured.name, at_once=AT_ONCE)
        columns = _columns(file, captured.name, said.get("status", "status"))
        source = said.speaker("viina", "VIINA 2.0 territorial control", licence="ODbL 1.0")
        series = said.get("series") or f"viina-control/{columns['status']}"
        pieces = []
        for cells in file.batches(tuple(columns.values())):
            findings.keep(cells.rejected, cells.doubts)
            named = cells.table.select([*columns.values(), "row"]).rename_columns([*columns, "row"])
            pieces.append(_spells(named, findings, sql))
        spells = sql(TOGETHER, pieces=pa.concat_tables(pieces)) if pieces else _NO_SPELLS
        rejected, doubts = findings.take()
        yield Reading(
            series=series,
            source=source.id,
            # It cannot have come out before the last day that it speaks of.
            published=said.published() or pc.max(spells.column("last")).as_py(),
            reference=_reference(spells, series, source.id),
            sources=(source,),
            rejected=rejected,
            doubts=doubts,
        )


def _columns(file: TableFile, name: str, status: str) -> dict[str, str]:
    batch = Batch(file.columns, ())
    wanted = {"geonameid": "geonameid", "date": "date", "status": status}
    return {ours: file.columns[batch.required(name, theirs)] for ours, theirs in wanted.items()}


def _spells(cells: pa.Table, findings: Findings, sql: Sql) -> pa.Table:
    """The spells of some rows; rows that cannot be read go to the findings."""
    typed = sql(TYPED, cells=cells).sort_by("row")
    known = pc.is_in(typed.column("status"), value_set=pa.array(list(_MEANS)))
    sound = pc.and_(known, pc.and_(pc.is_valid(typed.column("day")), pc.not_equal(typed.column("geonameid"), "")))
    sound = pc.fill_null(sound, False)
    for row in cells.filter(pc.invert(sound)).to_pylist():
        number = row.pop("row")
        findings.reject(number, _fault(row), row)
    days = typed.filter(sound)
    _tell_twice(days, findings, sql)
    return sql(SPELLS, days=days)


def _fault(row: dict[str, str]) -> InputError:
    if row["status"].strip().upper() not in _MEANS:
        return InputError(
            "unknown status", column="status", value=row["status"], expected=f"one of {', '.join(_MEANS)}"
        )
    if not row["geonameid"][:1].isdigit():
        return InputError("no geonameid", column="geonameid", value=row["geonameid"], expected="GeoNames' number")
    return InputError("not a day", column="date", value=row["date"], expected="a day, as 20220224")


def _tell_twice(days: pa.Table, findings: Findings, sql: Sql) -> None:
    for row in sql(TWICE, days=days).to_pylist():
        says = f"another status for {row['day']} than in row {row['first']}; both are kept"
        findings.doubt(row["last"], "the same settlement twice", "fault", row["geonameid"], says)


def _reference(spells: pa.Table, series: str, source: str) -> pa.Table:
    """Spells as rows of a reference series, closed-open."""
    if not spells.num_rows:
        return REFERENCE.empty_table()
    day = pa.scalar(1, pa.int32())
    codes = spells.column("status").to_pylist()
    keys = pc.binary_join_element_wise(spells.column("geonameid"), pc.cast(spells.column("first"), pa.string()), "/")
    held = {
        "series": pa.repeat(pa.scalar(series), spells.num_rows),
        "date": spells.column("first"),
        "date_to": pc.add(spells.column("last").cast(pa.int32()), day).cast(pa.date32()),
        "place": pc.binary_join_element_wise("geonames", spells.column("geonameid"), "-"),
        "holder": pa.array([_MEANS[code][0] for code in codes], pa.string()),
        "status": pa.array([_MEANS[code][1] for code in codes], pa.string()),
        "source": pa.repeat(pa.scalar(source), spells.num_rows),
        "key": keys,
        "row": spells.column("row"),
    }
    columns = [held.get(field.name, pa.nulls(spells.num_rows, field.type)) for field in REFERENCE]
    return pa.Table.from_arrays([c.cast(f.type) for c, f in zip(columns, REFERENCE, strict=True)], schema=REFERENCE)
