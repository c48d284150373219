"""What was found wrong or odd in a file, row by row: the rejected and the doubtful."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pyarrow as pa

from zenobia.sources.feed import DOUBTS, REJECTED, Severity
from zenobia.terms import InputError

__all__ = ["Findings", "table_from"]


class Findings:
    """Rows that broke a rule, and rows that were kept although something about them is odd."""

    def __init__(self) -> None:
        self._rejected: list[tuple[int, str, str, str, str, str]] = []
        self._doubts: list[tuple[int, str, str, str, str]] = []
        self._kept: list[tuple[pa.Table, pa.Table]] = []

    def reject(self, row: int, wrong: InputError, cells: Mapping[str, str]) -> None:
        """Keep a row that broke a rule, whole, with the rule and what to do."""
        rule = f"{wrong.what}; expected {wrong.expected}" if wrong.expected else wrong.what
        value = "" if wrong.value is None else str(wrong.value)
        whole = json.dumps(dict(cells), ensure_ascii=False)
        self._rejected.append((row, wrong.column or "", value, rule, wrong.fix or "correct the row", whole))

    def doubt(self, row: int, trap: str, severity: Severity, value: object, says: str) -> None:
        """Note what is odd about a row that is kept, or about the whole file (as of its first row)."""
        self._doubts.append((row, trap, severity, str(value), says))

    def keep(self, rejected: pa.Table, doubts: pa.Table) -> None:
        """Take over what was found while the rows were cut."""
        self._kept.append((rejected, doubts))

    def take(self) -> tuple[pa.Table, pa.Table]:
        """The rejected rows and the doubts found since this was last asked."""
        rejected = pa.concat_tables([*(kept[0] for kept in self._kept), table_from(REJECTED, self._rejected)])
        doubts = pa.concat_tables([*(kept[1] for kept in self._kept), table_from(DOUBTS, self._doubts)])
        self._rejected, self._doubts, self._kept = [], [], []
        return rejected, doubts


def table_from(schema: pa.Schema, rows: Sequence[Sequence[object]]) -> pa.Table:
    """Rows of values, in the order of the schema, as an Arrow table."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
