"""The engine for one machine: DuckDB in memory, closed to files and to the network."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from zenobia.engine.protocol import GroupFunction

__all__ = ["DuckEngine"]


class DuckEngine:
    """Answers queries over Arrow tables; it can read no file and reach no host by itself.

    Args:
        threads: how many threads a query may use; one by default, so that the order of rows
            within equal keys never depends on the machine.
    """

    def __init__(self, threads: int = 1) -> None:
        self._connection = duckdb.connect(":memory:", config={"threads": threads})
        self._connection.execute("SET TimeZone = 'UTC'")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def sql(self, query: str, **tables: pa.Table) -> pa.Table:
        """Answer one query over the named tables (see `Engine.sql`)."""
        cursor = self._connection.cursor()
        try:
            for name, table in tables.items():
                cursor.register(name, table)
            return cursor.sql(query).to_arrow_table()
        finally:
            for name in tables:
                cursor.unregister(name)
            cursor.close()

    def map_groups(self, table: pa.Table, key: str, fn: GroupFunction) -> pa.Table:
        """Apply ``fn`` group by group, in the order of the key (see `Engine.map_groups`)."""
        order = pc.sort_indices(table, sort_keys=[(key, "ascending", "at_start")])
        ordered = table.take(order)
        if not ordered.num_rows:
            return fn(ordered)
        starts = _group_starts(ordered.column(key))
        ends = [*starts[1:], ordered.num_rows]
        return pa.concat_tables(fn(ordered.slice(start, end - start)) for start, end in zip(starts, ends, strict=True))


def _group_starts(keys: pa.ChunkedArray) -> list[int]:
    values = keys.to_pylist()
    return [i for i, value in enumerate(values) if i == 0 or value != values[i - 1]]
