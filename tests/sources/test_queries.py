"""The SQL that reads files is in the part of the dialect that a cluster understands."""

import pytest

from zenobia.engine import to_spark_sql
from zenobia.sources import QUERIES


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_every_query_of_the_feeds_travels_to_spark(name):
    assert to_spark_sql(QUERIES[name]).upper().count("SELECT") >= 1
