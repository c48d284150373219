"""Every SQL query that Zenobia asks, in one place, so that one test can take each to a cluster.

All are in the portable part of DuckDB's dialect (see `zenobia.engine.Engine`). A query's tables
are named in the comment above it.
"""

from __future__ import annotations

__all__ = ["CHANGED_BETWEEN", "LIVE_REPORTS", "QUERIES", "SPEAKERS"]

# stamps(at, id, published, replaces, withdraws) of all reports, params(known): where those stand that had been
# published by `known` and not yet been replaced or withdrawn. A report that only withdraws another says nothing.
LIVE_REPORTS = """
WITH published AS (
    SELECT s.* FROM stamps AS s CROSS JOIN params AS p WHERE p.known IS NULL OR s.published <= p.known
)
SELECT a.at
FROM published AS a
LEFT JOIN (SELECT DISTINCT replaces FROM published WHERE replaces IS NOT NULL) AS b ON a.id = b.replaces
WHERE b.replaces IS NULL AND NOT a.withdraws
ORDER BY a.at
"""

# reports, params(earlier, later): what became known between two days, and what it replaced.
CHANGED_BETWEEN = """
SELECT r.id, r.published, r.source, r.replaces
FROM reports AS r CROSS JOIN params AS p
WHERE r.published > p.earlier AND r.published <= p.later
ORDER BY r.published, r.id
"""

# reports: how many reports each source makes, and over which days.
SPEAKERS = """
SELECT source, COUNT(*) AS reports, MIN(published) AS earliest, MAX(published) AS latest
FROM reports
GROUP BY source
ORDER BY source
"""

QUERIES: dict[str, str] = {
    "live reports": LIVE_REPORTS,
    "changed between": CHANGED_BETWEEN,
    "speakers": SPEAKERS,
}
