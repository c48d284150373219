"""Tables for other tools: CSV, JSON and Excel, whole, in a fixed order, the same bytes every time."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from zenobia.publish.workbook import write_workbook
from zenobia.record import written_whole
from zenobia.terms import InputError

__all__ = ["EXPORTS", "FORMATS", "claims_table", "write_table"]

EXPORTS = ("events", "control", "control-daily", "reports", "claims")
FORMATS = ("csv", "json", "xlsx", "claimreview")


def write_table(table: pa.Table, form: str, out: Path | None) -> int:
    """Write a table as CSV, JSON or an Excel workbook; to standard output without ``out``. Returns how many rows.

    Lists are joined by ``|``; what is not stated is an empty cell, or null.
    """
    flat = pa.table({name: _flat(table.column(name)) for name in table.column_names})
    if out is None and form == "xlsx":
        raise InputError("a workbook is no text for a terminal", fix="say where to: -o FILE.xlsx")
    if out is None:
        held = io.BytesIO()
        _write(flat, form, held)
        sys.stdout.write(held.getvalue().decode("utf-8"))
    else:
        with written_whole(out) as file:
            _write(flat, form, file)
    return int(flat.num_rows)


def claims_table(result: Mapping[str, Any]) -> pa.Table:
    """The verdicts of a check as one row a claim; the whole of it is in `check --json`."""
    rows = [
        {
            "id": claim["id"],
            "says": claim["says"],
            "by": claim["by"],
            "on": claim["on"],
            "verdict": claim["verdict"],
            "because": claim["because"],
            **{key: _shown(claim["found"], key) for key in ("low", "best", "high", "unit", "meaning")},
            "then": claim["then"]["verdict"] if claim["then"] else None,
            "for": "|".join(claim["for"]),
            "against": "|".join(claim["against"]),
            "claimant_only": "|".join(claim["claimant_only"]),
            "record": result["record"],
            "known": result["known"],
        }
        for claim in result["claims"]
    ]
    columns = list(rows[0]) if rows else ["id"]
    return pa.table({name: pa.array([row[name] for row in rows], type=pa.string()) for name in columns})


def _write(table: pa.Table, form: str, out: BinaryIO) -> None:
    if form == "xlsx":
        write_workbook(table, out)
        return
    if form == "json":
        rows = json.dumps(table.to_pylist(), ensure_ascii=False, indent=1, default=str)
        out.write(rows.encode("utf-8") + b"\n")
        return
    # The writer would put quotes round every column name and every text; most tables need none.
    out.write((",".join(table.column_names) + "\n").encode("utf-8"))
    style = "needed" if _has_text(table) else "none"
    pcsv.write_csv(table, out, pcsv.WriteOptions(include_header=False, quoting_style=style))


def _has_text(table: pa.Table) -> bool:
    """Whether any cell needs quotes: then all texts get them."""
    texts = [table.column(name) for name in table.column_names if pa.types.is_string(table.column(name).type)]
    return any(pc.any(pc.match_substring_regex(column, '[",\r\n]')).as_py() for column in texts)


def _flat(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_list(column.type):
        return pc.binary_join(column, "|")
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    return column


def _shown(found: Mapping[str, Any] | None, key: str) -> str | None:
    return None if found is None or found[key] is None else str(found[key])
