"""What the record asks of an engine: two methods, so that a cluster can stand in for a laptop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pyarrow as pa

__all__ = ["Engine", "GroupFunction"]

GroupFunction = Callable[[pa.Table], pa.Table]


class Engine(Protocol):
    """Two methods. Queries are written in DuckDB's dialect, in the portable part of it.

    Not portable, so not used in a query: ASOF JOIN, quantile_cont, PIVOT ... IN, recursive CTEs,
    and unnest(generate_series()) with a cast inside.
    """

    def sql(self, query: str, **tables: pa.Table) -> pa.Table:
        """Answer one query over the named tables.

        Row order is the query's own ORDER BY; without one it is not promised.
        """
        ...

    def map_groups(self, table: pa.Table, key: str, fn: GroupFunction) -> pa.Table:
        """Apply ``fn`` to the rows of each value of ``key`` and put the results under one another.

        Groups come in the order of their key (nulls first). All results must share one schema.
        """
        ...
