"""Exported reports that come back: only what was edited, or is new, enters the record.

A row that says what the record says adds nothing. One that says something else is an edit: a report of its
own, ``ID.e1``, that replaces the one it was made from. A row that was deleted in the spreadsheet deletes
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zenobia.record import nouns_of, schema_of
from zenobia.sources.feed import Sql
from zenobia.sources.versions import Told
from zenobia.terms import InputError, Report

__all__ = ["EDITED", "edits_among", "with_unsaid"]

_SCHEMA = schema_of(Report)
_TEXTS = frozenset(field.name for field in _SCHEMA if pa.types.is_string(field.type))
_SAID = tuple(field.name for field in _SCHEMA if field.name not in ("id", "replaces"))


def _cell(table: str, name: str) -> str:
    """A cell as it is compared: blanks around a text and an empty text say nothing."""
    return f"NULLIF(TRIM({table}.{name}), '')" if name in _TEXTS else f"{table}.{name}"


# came(at, the columns of a report), held(the same): rows that the record has not, and rows that say something else.
EDITED = """
SELECT c.at, h.id IS NULL AS fresh
FROM came AS c LEFT JOIN held AS h ON c.id = h.id
WHERE h.id IS NULL OR {differs}
ORDER BY c.at
""".format(differs=" OR ".join(f"{_cell('c', name)} IS DISTINCT FROM {_cell('h', name)}" for name in _SAID))


def with_unsaid(came: pa.Table, held: pa.Table) -> pa.Table:
    """Rows with what the record says in the columns that they came without: a column that is not there says nothing."""
    at = pc.index_in(came.column("id"), value_set=held.column("id").combine_chunks())
    for name in _SAID:
        if name not in came.column_names:
            came = came.append_column(name, held.column(name).take(at))
    return came


def edits_among(
    came: pa.Table, numbers: Sequence[int], held: pa.Table, sql: Sql
) -> tuple[pa.Table, dict[int, Told], list[dict[str, Any]]]:
    """The rows of exported tables that say something new.

    Args:
        came: all their rows, names resolved, with ``number`` (of the file) and ``row``.
        numbers: the files, in the order in which they were added.
        held: every other report of the record.
        sql: answers a query over tables.

    Returns:
        The new and the edited reports, with ``number`` and the columns that came; what each file did; and the
        rows that no report can be made of.
    """
    held, made = held.select(_SCHEMA.names), [came.slice(0, 0)]
    told: dict[int, Told] = {}
    rejected: list[dict[str, Any]] = []
    for number in numbers:
        rows = came.filter(pc.equal(came.column("number"), number))
        rows = rows.append_column("at", pa.array(range(rows.num_rows), pa.int64()))
        found = sql(EDITED, came=rows, held=held)
        new = rows.take(found.column("at").combine_chunks()).drop_columns(["at"])
        new = _as_edits(new, found.column("fresh").to_pylist(), set(held.column("id").to_pylist()))
        new, wrong = _sound(new)
        rejected += wrong
        fresh = sum(before is None for before in new.column("replaces").to_pylist())
        unchanged = rows.num_rows - found.num_rows
        told[number] = Told(added=fresh, updated=new.num_rows - fresh, unchanged=unchanged)
        made.append(new)
        held = pa.concat_tables([held, new.select(_SCHEMA.names)])
    return pa.concat_tables(made), told, rejected


def _as_edits(rows: pa.Table, fresh: list[bool], taken: set[str]) -> pa.Table:
    """Edited rows under an id of their own, replacing what they were made from."""
    ids, before = rows.column("id").to_pylist(), rows.column("replaces").to_pylist()
    for at, (row_id, is_new) in enumerate(zip(ids, fresh, strict=True)):
        if not is_new:
            before[at] = row_id
            ids[at] = next(name for n in range(1, len(taken) + 2) if (name := f"{row_id}.e{n}") not in taken)
        taken.add(ids[at])
    for name, values in (("id", ids), ("replaces", before)):
        rows = rows.set_column(rows.column_names.index(name), name, pa.array(values, pa.string()))
    return rows


def _sound(rows: pa.Table) -> tuple[pa.Table, list[dict[str, Any]]]:
    """The rows that are reports: the noun itself is the check."""
    fine: list[bool] = []
    wrong: list[dict[str, Any]] = []
    for at, row in enumerate(rows.select(["number", "row"]).to_pylist()):
        try:
            nouns_of(Report, rows.slice(at, 1))
            fine.append(True)
        except InputError as refusal:
            fine.append(False)
            value = "" if refusal.value is None else str(refusal.value)
            rule = f"{refusal.what}; expected {refusal.expected}"
            about = {"field": refusal.column or "", "value": value, "rule": rule}
            wrong.append({**row, **about, "fix": refusal.fix or "correct the row", "cells": "{}"})
    return rows.filter(pa.array(fine, pa.bool_())), wrong
