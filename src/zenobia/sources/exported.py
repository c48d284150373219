"""What `zenobia export reports` wrote, edited in a spreadsheet and added again: our own columns.

Every cell is read by the type of its column, each different text once. Which rows are edits, which are new
and which are as they were is found later, beside the record (see `zenobia.sources.edits`).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zenobia.record import schema_of
from zenobia.sources.cells import Cells, TableFile
from zenobia.sources.feed import REJECTED, Captured, Look, Reading, Sql
from zenobia.terms import InputError, Report, parse_published, parse_when, read_topics

__all__ = ["Exported"]

_NEEDED = ("id", "source", "published", "type")
_SCHEMA = schema_of(Report)
_PERIOD = ("date", "date_to", "date_precision")

Wrong = dict[str, InputError]

# The apostrophe that an export puts before a text that a spreadsheet would run (see `zenobia.publish.formulas`).
_FORMULA = re.compile("^'(?='*[=+\\-@\t\r＝＋－＠])")


class Exported:
    """Reads a table of reports in our own columns."""

    kind = "export"
    version = 1
    prefix = ""

    def recognises(self, look: Look) -> float:
        """By the four columns that every table of reports has, and a fifth of ours."""
        others = sum(column in _SCHEMA.names for column in look.columns)
        return 0.9 if all(column in look.columns for column in _NEEDED) and others > 4 else 0.0

    def read(self, captured: Captured, sql: Sql) -> Iterator[Reading]:
        """One reading, or several of a very large file."""
        if said := [*captured.options.maps, *captured.options.sets]:
            raise InputError(
                f"nothing here reads --map or --set {said[0]}",
                file=captured.name,
                column=said[0],
                expected="our own columns, which say everything themselves",
                fix="leave it out, or edit the table; --as reports reads a table through --map and --set",
            )
        file = TableFile(captured.path, captured.name)
        missing = [column for column in _NEEDED if column not in file.columns]
        if missing:
            raise InputError(
                "not a table of reports in our own columns",
                file=captured.name,
                row=1,
                value=f"no column {', '.join(missing)}",
                expected="what `zenobia export reports` writes",
                fix="use --as reports with --map for a table of another make",
            )
        for cells in file.batches([column for column in file.columns if column in _SCHEMA.names]):
            reports, rejected = _typed(cells)
            yield Reading(
                series="own reports",
                source="",
                edits=True,
                reports=reports,
                rejected=pa.concat_tables([cells.rejected, rejected]),
                doubts=cells.doubts,
            )


def _typed(cells: Cells) -> tuple[pa.Table, pa.Table]:
    """The rows with typed columns, and those with a cell that cannot be read."""
    table, faults = cells.table, dict[str, tuple[Wrong, pa.ChunkedArray]]()
    made: dict[str, Any] = {"row": table.column("row")}
    for column in cells.columns:
        if column not in _PERIOD:
            made[column], wrong = _column(table.column(column), _reader(column), _SCHEMA.field(column).type)
            faults[column] = wrong, table.column(column)
    made |= _period(table, faults)
    made["key"] = made["id"]
    bad = _fault_of_each(table.num_rows, faults)
    sound = pa.array([fault is None for fault in bad], pa.bool_())
    rows = table.filter(pc.invert(sound)).to_pylist()
    told = [_rejected(row, *fault) for row, fault in zip(rows, filter(None, bad), strict=True)]
    return pa.table(made).filter(sound), pa.Table.from_pylist(told, schema=REJECTED)


def _column(column: pa.ChunkedArray, read: Callable[[str], Any], kind: pa.DataType) -> tuple[pa.Array, Wrong]:
    coded = pc.dictionary_encode(column.combine_chunks())
    values, wrong = [], Wrong()
    for text in coded.dictionary.to_pylist():
        try:
            values.append(read(text.strip()) if text.strip() else None)
        except InputError as refusal:
            values.append(None)
            wrong[text] = refusal
    return pa.array(values, kind).take(coded.indices), wrong


def _period(table: pa.Table, faults: dict[str, tuple[Wrong, pa.ChunkedArray]]) -> dict[str, pa.Array]:
    """``date``, ``date_to`` and ``date_precision`` together, since each says something of the others."""
    blank = pa.repeat(pa.scalar(""), table.num_rows)
    said = [table.column(c).combine_chunks() if c in table.column_names else blank for c in _PERIOD]
    joined = pa.chunked_array([pc.binary_join_element_wise(*said, "\x1f")])
    wrong, found = Wrong(), dict[str, Any]()
    for text in pc.unique(joined).to_pylist():
        day, after, precision = (part.strip() for part in text.split("\x1f"))
        try:
            found[text] = parse_when(day, after, precision) if day else None
        except InputError as refusal:
            wrong[text] = refusal
    faults["date"] = wrong, joined
    coded = pc.dictionary_encode(joined.combine_chunks())
    whens = [found.get(text) for text in coded.dictionary.to_pylist()]
    parts = (("earliest", pa.date32()), ("latest", pa.date32()), ("basis", pa.string()))
    return {
        name: pa.array([getattr(when, part) if when else None for when in whens], kind).take(coded.indices)
        for name, (part, kind) in zip(_PERIOD, parts, strict=True)
    }


def _fault_of_each(
    count: int, faults: dict[str, tuple[Wrong, pa.ChunkedArray]]
) -> list[tuple[str, str, InputError] | None]:
    """The first fault of each row, as column, text and refusal."""
    found: list[tuple[str, str, InputError] | None] = [None] * count
    for column, (wrong, texts) in faults.items():
        if wrong:
            for at, text in enumerate(texts.to_pylist()):
                if text in wrong and found[at] is None:
                    found[at] = (column, text, wrong[text])
    return found


def _rejected(row: dict[str, Any], column: str, text: str, wrong: InputError) -> dict[str, Any]:
    number = row.pop("row")
    return {
        "row": number,
        "field": column,
        "value": text.replace("\x1f", " ").strip(),
        "rule": f"{wrong.what}; expected {wrong.expected}",
        "fix": wrong.fix or "correct the cell",
        "cells": json.dumps({name: cell for name, cell in row.items() if cell}, ensure_ascii=False),
    }


def _reader(column: str) -> Callable[[str], Any]:
    if column == "published":
        return parse_published
    if column == "topic":
        return read_topics
    kind = _SCHEMA.field(column).type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        return lambda text: _number(text, whole=pa.types.is_integer(kind))
    return lambda text: _FORMULA.sub("", text)


def _number(text: str, *, whole: bool) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (whole and value != int(value)):
        raise InputError(
            "not a number", expected="digits, with a point for decimals", fix="keep words in the column `note`"
        )
    return int(value) if whole else value
