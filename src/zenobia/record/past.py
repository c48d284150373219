"""The history of one row, as a person reads it."""

from __future__ import annotations

from typing import Any

from zenobia.record.ledger import Ledger, Row
from zenobia.terms import NotFound

__all__ = ["row_history"]


def row_history(ledger: Ledger, row_id: str) -> list[dict[str, Any]]:
    """Every version of the rows of an id, oldest first, with the cells that changed.

    Raises:
        NotFound: no row of this id ever entered.
    """
    tables = ledger.tables_with(row_id)
    if not tables:
        raise NotFound("no row of this id ever entered the record", value=row_id, expected="the id of a row")
    return [version for table in tables for version in _versions(ledger, table, row_id)]


def _versions(ledger: Ledger, table: str, row_id: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    before: Row | None = None
    for version in ledger.versions(table, row_id):
        old, new = dict(before or {}), dict(version.cells or {})
        columns = [c for c in {**old, **new} if old.get(c) != new.get(c)]
        told.append(
            {
                "table": table,
                "what": "taken out" if version.cells is None else "added" if before is None else "changed",
                "recorded": version.at.isoformat().replace("+00:00", "Z"),
                "run": version.run,
                "row": new,
                "changed": {c: [old.get(c, ""), new.get(c, "")] for c in columns} if before is not None else {},
            }
        )
        before = version.cells
    return told
