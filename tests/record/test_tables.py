"""Tables derived from nouns."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zenobia.record import digest, nouns_of, schema_of, table_of
from zenobia.record.tables import NounsById
from zenobia.terms import Area, Report, Source


def test_the_columns_are_the_fields_in_their_order():
    assert schema_of(Source).names == [
        "id", "name", "kind", "stands_with", "reliability", "copies_from", "url", "licence", "notes",
        "sensitivity",
    ]  # fmt: skip


def test_days_numbers_and_lists_have_types_of_their_own():
    schema = schema_of(Report)
    assert schema.field("published").type == pa.date32()
    assert schema.field("count").type == pa.float64()
    assert schema_of(Source).field("copies_from").type == pa.list_(pa.string())


def test_a_mapping_comes_back_as_it_went():
    area = Area(id="a", name="A", geometry={"type": "Point", "coordinates": [1.5, 2.0]})
    assert nouns_of(Area, table_of(Area, [area])) == (area,)


@given(count=st.none() | st.floats(0, 1e9), note=st.none() | st.text(), day=st.none() | st.dates())
def test_a_report_comes_back_as_it_went(count, note, day):
    report = Report(id="r", source="s", published=date(2031, 1, 1), type="battle", count=count, note=note, date=day)
    assert nouns_of(Report, table_of(Report, [report])) == (report,)


def test_zero_and_not_stated_have_different_digests():
    said = {"id": "r", "source": "s", "published": date(2031, 1, 1), "type": "battle"}
    stated_none, not_stated = Report(**said, deaths_best=0.0), Report(**said)
    assert digest(table_of(Report, [stated_none])) != digest(table_of(Report, [not_stated]))


def test_the_digest_is_of_values_and_not_of_the_file_format(tmp_path):
    import pyarrow.parquet as pq

    table = table_of(Source, [Source(id="a", name="ا", copies_from=("b", "c")), Source(id="b", name="B")])
    pq.write_table(table, tmp_path / "t.parquet")
    assert digest(pq.read_table(tmp_path / "t.parquet")) == digest(table)


def test_the_digest_does_not_see_how_rows_lie_in_memory():
    rows = [Report(id=f"r{n}", source="s", published=date(2031, 1, 1), type="battle", note="é" * n) for n in range(9)]
    table = table_of(Report, rows)
    pieces = pa.concat_tables([table.slice(0, 4), table.slice(4, 1), table.slice(5)])
    assert digest(pieces) == digest(table)
    assert digest(pieces.slice(1)) == digest(table_of(Report, rows[1:]))


@pytest.mark.parametrize("other", [["a", "bc"], ["ab", "c", ""], ["", "abc"], [None, "abc"]])
def test_the_same_letters_cut_otherwise_have_another_digest(other):
    assert digest(pa.table({"x": ["ab", "c"]})) != digest(pa.table({"x": other}))


def test_a_row_is_made_a_noun_when_it_is_asked_for():
    rows = [Report(id=f"r{n}", source="s", published=date(2031, 1, n), type="battle") for n in (1, 2)]
    held = NounsById(Report, table_of(Report, rows))
    assert (held["r2"], list(held), len(held), "r3" in held) == (rows[1], ["r1", "r2"], 2, False)
