"""The same SQL on a cluster: queries transpiled from DuckDB's dialect to Spark's."""

from __future__ import annotations

from zenobia.terms import InputError

__all__ = ["to_spark_sql"]


def to_spark_sql(query: str) -> str:
    """The query in Spark SQL.

    Raises:
        InputError: the query is not one statement, or uses something that Spark cannot express.
    """
    # Here, because the parser takes a quarter of a second to load and only a cluster needs it.
    import sqlglot
    from sqlglot.errors import ErrorLevel, SqlglotError

    try:
        statements = sqlglot.transpile(
            query, read="duckdb", write="spark", unsupported_level=ErrorLevel.RAISE, pretty=True
        )
    except SqlglotError as wrong:
        raise InputError(
            "a query that does not travel to Spark",
            value=query,
            expected="the portable part of DuckDB's dialect",
            fix=str(wrong),
        ) from wrong
    if len(statements) != 1:
        raise InputError("more than one statement", value=query, expected="one SELECT")
    return statements[0]
