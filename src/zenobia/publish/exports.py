"""Tables for other tools, whole, in a fixed order, the same bytes every time: what goes out in which format."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from zenobia.publish.formulas import as_text
from zenobia.publish.geojson import write_geojson
from zenobia.publish.geoparquet import write_geoparquet
from zenobia.publish.hxl import tags_of
from zenobia.publish.located import Point, Shape
from zenobia.publish.workbook import write_workbook
from zenobia.record import written_whole
from zenobia.terms import InputError, did_you_mean

__all__ = [
    "EXPORTS",
    "FORMATS",
    "GEO",
    "claims_table",
    "format_of",
    "refuse_terminal",
    "table_bytes",
    "write_filled",
    "write_table",
]

_TABLE = ("csv", "hxl", "json", "xlsx")
GEO = ("geojson", "geoparquet")

# What goes out, and in which formats; the first of each is what is written where none is named.
EXPORTS: Mapping[str, tuple[str, ...]] = {
    "events": (*_TABLE, *GEO, "ftm"),
    "control": (*_TABLE, *GEO),
    "control-daily": (*_TABLE, *GEO),
    "control-totals": _TABLE,
    "fronts": (*_TABLE, "geojson"),
    "places": (*_TABLE, *GEO),
    "reports": (*_TABLE, *GEO),
    "claims": ("csv", "json", "xlsx", "claimreview"),
    "everything": ("ro-crate", "ftm"),
}
FORMATS = (*_TABLE, *GEO, "claimreview", "ftm", "ro-crate")
_NO_TEXT = {"xlsx": "a workbook", "geoparquet": "GeoParquet", "ro-crate": "a crate of many files"}


def format_of(what: str, form: str | None) -> str:
    """The format of an export: the one asked for, or the first that it has.

    Raises:
        InputError: there is no such export, or it does not go out in that format.
    """
    if what not in EXPORTS:
        fix = did_you_mean(what, EXPORTS) or "choose one of these"
        raise InputError("no such export", value=what, expected=f"one of {', '.join(EXPORTS)}", fix=fix)
    forms = EXPORTS[what]
    if form is not None and form not in forms:
        fix = did_you_mean(form, forms) or "choose one of these, or export something else"
        raise InputError(f"{what} do not go out as this", value=form, expected=f"one of {', '.join(forms)}", fix=fix)
    return form or forms[0]


def write_table(
    table: pa.Table,
    form: str,
    out: Path | None,
    *,
    what: str = "",
    points: Sequence[Point | Shape | None] = (),
    about: Mapping[str, Any] | None = None,
) -> int:
    """Write a table in one of its formats; to standard output without ``out``. Returns how many rows.

    Lists are joined by ``|``; what is not stated is an empty cell, or null.

    Args:
        table: the rows, in the order in which they go out.
        form: a format of tables.
        what: which export it is; its columns are tagged accordingly.
        points: longitude and latitude of each row, where the format is one of `GEO`; its shape, where it is GeoJSON.
        about: what a GeoJSON file says of itself.
    """

    def fill(file: BinaryIO) -> None:
        _fill(table, form, file, what, points, about or {})

    write_filled(fill, form, out)
    return int(table.num_rows)


def table_bytes(
    table: pa.Table,
    form: str,
    *,
    what: str = "",
    points: Sequence[Point | Shape | None] = (),
    about: Mapping[str, Any] | None = None,
) -> bytes:
    """A table in one of its formats, as `write_table` writes it."""
    held = io.BytesIO()
    _fill(table, form, held, what, points, about or {})
    return held.getvalue()


def write_filled(fill: Callable[[BinaryIO], object], form: str, out: Path | None) -> None:
    """Write a file in one step; without ``out`` to standard output.

    Raises:
        InputError: a format that is no text, and no file to write it to.
    """
    if out is not None:
        with written_whole(out) as file:
            fill(file)
        return
    refuse_terminal(form, out)
    held = io.BytesIO()
    fill(held)
    sys.stdout.write(held.getvalue().decode("utf-8"))


def refuse_terminal(form: str, out: Path | None) -> None:
    """Refuse to write to standard output what is no text.

    Raises:
        InputError: there is no file to write it to.
    """
    if out is None and form in _NO_TEXT:
        raise InputError(f"{_NO_TEXT[form]} is no text for a terminal", value=form, fix="say where to: -o FILE")


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


def _fill(
    table: pa.Table,
    form: str,
    out: BinaryIO,
    what: str,
    points: Sequence[Point | Shape | None],
    about: Mapping[str, Any],
) -> None:
    flat = pa.table({name: _flat(table.column(name)) for name in table.column_names})
    if form == "geojson":
        write_geojson(flat, points, about, out)
    elif form == "geoparquet":
        write_geoparquet(flat, [at if isinstance(at, tuple) else None for at in points], out)
    else:
        _write(flat, form, out, what)


def _write(table: pa.Table, form: str, out: BinaryIO, what: str) -> None:
    if form == "xlsx":
        write_workbook(table, out)
        return
    if form == "json":
        rows = json.dumps(table.to_pylist(), ensure_ascii=False, indent=1, default=str)
        out.write(rows.encode("utf-8") + b"\n")
        return
    # The writer would put quotes round every column name and every text; most tables need none.
    out.write((",".join(table.column_names) + "\n").encode("utf-8"))
    if form == "hxl":
        out.write((",".join(tags_of(what, table.column_names)) + "\n").encode("utf-8"))
    table = pa.table({name: as_text(table.column(name)) for name in table.column_names})
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
