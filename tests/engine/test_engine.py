"""The contract that every engine keeps."""

import pyarrow as pa
import pytest

from zenobia.engine import DuckEngine, to_spark_sql
from zenobia.record import QUERIES
from zenobia.terms import InputError

VILLAGES = pa.table({"district": ["b", None, "a", "b"], "people": [1, 2, 3, 4]})


def test_a_query_is_answered_over_the_named_tables():
    answer = DuckEngine().sql("SELECT district, SUM(people) AS n FROM v GROUP BY ALL ORDER BY district", v=VILLAGES)
    assert answer.to_pydict() == {"district": ["a", "b", None], "n": [3, 5, 2]}  # b: 1 + 4


def test_a_table_of_one_query_is_not_there_for_the_next():
    engine = DuckEngine()
    engine.sql("SELECT * FROM v", v=VILLAGES)
    with pytest.raises(Exception, match="v"):
        engine.sql("SELECT * FROM v")


def test_a_query_can_read_no_file(tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with pytest.raises(Exception, match=r"(?i)disabled|permission"):
        DuckEngine().sql(f"SELECT * FROM '{tmp_path}/secret.csv'")


def test_a_query_cannot_unlock_the_engine():
    with pytest.raises(Exception, match=r"(?i)lock"):
        DuckEngine().sql("SET enable_external_access = true")


def test_groups_come_in_the_order_of_their_key_nulls_first():
    seen = []

    def note(group):
        seen.append(group.column("district")[0].as_py())
        return group.slice(0, 1)

    first = DuckEngine().map_groups(VILLAGES, "district", note)
    assert seen == [None, "a", "b"]
    assert first.column("people").to_pylist() == [2, 3, 1]


def test_groups_of_an_empty_table_give_the_schema_of_the_function():
    empty = VILLAGES.slice(0, 0)
    assert DuckEngine().map_groups(empty, "district", lambda g: g.select(["people"])).column_names == ["people"]


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_every_query_of_the_project_travels_to_spark(name):
    assert to_spark_sql(QUERIES[name]).upper().count("SELECT") >= 1


def test_what_spark_cannot_say_is_refused_with_the_reason():
    with pytest.raises(InputError, match="does not travel to Spark"):
        to_spark_sql("SELECT * FROM a ASOF JOIN b ON a.t >= b.t WHERE (")
