"""Runs one SQL dialect, here or on a cluster, and maps a function over groups."""

from zenobia.engine.duck import DuckEngine
from zenobia.engine.protocol import Engine, GroupFunction
from zenobia.engine.spark import to_spark_sql

__all__ = ["DuckEngine", "Engine", "GroupFunction", "to_spark_sql"]
