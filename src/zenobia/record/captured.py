"""The rows of captured files beside the rows that were written by hand: one table of reports, of sources, of actors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zenobia.record.ledger import Entry, Ledger
from zenobia.record.tables import NOUNS, schema_of, table_of
from zenobia.terms import Report

__all__ = ["captured_at", "captured_by", "with_captured"]

_MOMENT = pa.timestamp("us", tz="UTC")


def captured_by(ledger: Ledger) -> dict[str, Entry]:
    """The entry with which each captured file came into the history, last, by the id of the file."""
    return {entry.id: entry for entry in ledger.entries if entry.kind == "dataset" and not entry.body.get("gone")}


def captured_at(ledger: Ledger, ids: Sequence[str]) -> list[datetime | None]:
    """When each captured file entered the history, by the id of its entry."""
    entries = captured_by(ledger)
    return [entries[dataset].at if dataset in entries else None for dataset in ids]


def with_captured(
    tables: Mapping[str, pa.Table],
    *,
    reports: pa.Table,
    reference: pa.Table,
    nouns: Mapping[str, Sequence[Any]],
    moments: Sequence[datetime | None],
) -> dict[str, pa.Table]:
    """The tables of a record, with what captured files add to them.

    Args:
        tables: the tables of the case's own rows; its reports have ``recorded`` and ``withdraws``.
        reports: captured reports with ``number`` (of the file) and ``withdraws``.
        reference: captured rows of other people's control tables, with ``number``.
        nouns: sources, coverage, actors and places that the files brought along.
        moments: when each file entered the history, by its number.
    """
    made = dict(tables)
    for name, rows in nouns.items():
        if rows:
            made[name] = _by_id(pa.concat_tables([made[name], table_of(NOUNS[name], rows)]))
    made["reference"] = reference.drop_columns(["number"])
    if reports.num_rows:
        at = pa.array(moments, _MOMENT).take(reports.column("number"))
        captured = reports.select(schema_of(Report).names).append_column("recorded", at)
        captured = captured.append_column("withdraws", reports.column("withdraws"))
        made["reports"] = _by_id(pa.concat_tables([made["reports"], captured.cast(made["reports"].schema)]))
    return made


def _by_id(table: pa.Table) -> pa.Table:
    """The rows in the order of their ids, so that the same rows are always the same table."""
    if "id" not in table.column_names:
        return table
    ids = table.column("id")
    if table.num_rows < 2 or pc.all(pc.less_equal(ids.slice(0, table.num_rows - 1), ids.slice(1))).as_py():
        return table
    order = pc.sort_indices(ids)
    columns = [
        pa.nulls(table.num_rows, column.type) if column.null_count == len(column) else column.take(order)
        for column in table.columns
    ]
    return pa.Table.from_arrays(columns, schema=table.schema)
