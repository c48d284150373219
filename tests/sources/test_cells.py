"""From bytes to cells: every row is there with its number, or is told as a row that is none."""

from __future__ import annotations

import csv
import io
import random
from contextlib import suppress

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zenobia.sources import cells
from zenobia.sources.cells import TableFile, batches_of, read_cells
from zenobia.terms import InputError


@pytest.fixture
def table(tmp_path):
    """Reads bytes as a table of a name."""

    def reading(raw: bytes, name: str = "x.csv"):
        (tmp_path / name).write_bytes(raw)
        return read_cells(tmp_path / name, name)

    return reading


def rows(read) -> list[dict]:
    return read.table.to_pylist()


def test_rows_are_counted_as_a_spreadsheet_counts_them(table):
    read = table(b"a,b\n1,2\n\n3,4\n")
    assert rows(read) == [{"a": "1", "b": "2", "row": 2}, {"a": "3", "b": "4", "row": 4}]


def test_a_ragged_row_is_told_and_the_rows_after_it_keep_their_numbers(table):
    read = table(b"a,b\n1,2\n3\n4,5,6\n7,8\n")
    assert [r["row"] for r in rows(read)] == [2, 5]
    told = read.rejected.to_pylist()
    assert [(r["row"], r["rule"]) for r in told] == [
        (3, "1 cells where the header names 2 columns"),
        (4, "3 cells where the header names 2 columns"),
    ]
    assert told[1]["cells"] == '{"a": "4", "b": "5", "(beyond the last column)": "6"}'


def test_a_cell_with_a_nul_makes_its_row_wait_and_no_other(table):
    read = table(b"a,b\n1,2\n3,\x00\n5,6\n")
    assert [r["row"] for r in rows(read)] == [2, 4]
    assert [(r["row"], r["field"]) for r in read.rejected.to_pylist()] == [(3, "b")]


def test_a_header_shorter_than_its_rows_leaves_columns_with_numbers(table):
    read = table(b"url,place\nu,Alder,35.1,37.2\nv,Birch,35.2,37.3\n")
    assert read.columns == ("url", "place", "#3", "#4")
    assert rows(read)[0] == {"url": "u", "place": "Alder", "#3": "35.1", "#4": "37.2", "row": 2}


def test_a_quote_that_is_never_closed_swallows_no_row_in_silence(table):
    read = table(b'a,b\n1,2\n3,"4\n5,6\n')
    assert [r["row"] for r in rows(read)] + [r["row"] for r in read.rejected.to_pylist()] == [2, 3]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_in_the_header(table, separator):
    assert rows(table(f"a{separator}b\n1{separator}2\n".encode())) == [{"a": "1", "b": "2", "row": 2}]


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", None), ("utf-8-sig", None), ("utf-16", None), ("cp1252", "cp1252")]
)
def test_the_encoding_is_found_in_the_bytes(table, encoding, told):
    read = table("a,b\né,“x”\n".encode(encoding))
    assert rows(read) == [{"a": "é", "b": "“x”", "row": 2}]
    assert [d["value"] for d in read.doubts.to_pylist()] == ([told] if told else [])


def test_bytes_that_are_no_letters_anywhere_lose_no_row(table):
    assert [r["row"] for r in rows(table(b"a,b\n\x81\xff,2\n"))] == [2]


@pytest.mark.parametrize("raw", [b"", b"\n\n", b" , \n"])
def test_a_file_without_a_header_is_refused_in_plain_words(table, raw):
    with pytest.raises(InputError, match=r"an empty file|no column names"):
        table(raw)


def test_a_workbook_that_is_none_is_refused(table):
    with pytest.raises(InputError, match="not an Excel workbook"):
        table(b"PK\x03\x04 not really", "x.xlsx")


# --- long files ---------------------------------------------------------------------------------


def pieces_of(path, block: int, monkeypatch) -> list:
    monkeypatch.setattr(cells, "BLOCK", block)
    return list(batches_of(path, path.name, at_once=0))


def test_a_long_table_comes_in_pieces_with_the_same_rows_and_numbers(tmp_path, monkeypatch):
    lines = [f"{n},x" if n % 7 else f"{n}" for n in range(500)]
    path = tmp_path / "long.csv"
    path.write_text("a,b\n" + "\n".join(lines) + "\n")
    whole = read_cells(path, path.name)
    pieces = pieces_of(path, 256, monkeypatch)
    assert len(pieces) > 10
    assert pa.concat_tables(p.table for p in pieces).to_pylist() == rows(whole)
    assert [r for p in pieces for r in p.rejected.to_pylist()] == whole.rejected.to_pylist()
    assert len(rows(whole)) + whole.rejected.num_rows == 500


def test_memory_is_bounded_by_the_piece_and_not_by_the_file(tmp_path, monkeypatch):
    # 64 MB in pieces of 1 MB: what is held at one time must stay far below the file. A file of 2 GB is read
    # in the same way, in pieces of 16 MB.
    path = tmp_path / "long.csv"
    line = "x" * 1000 + ",y\n"
    with path.open("w") as out:
        out.write("a,b\n")
        for _ in range(64):
            out.write(line * 1000)
    monkeypatch.setattr(cells, "BLOCK", 2**20)
    before, most, count = pa.total_allocated_bytes(), 0, 0
    for piece in TableFile(path, path.name, at_once=0).batches():
        count += piece.table.num_rows
        most = max(most, pa.total_allocated_bytes() - before)
    assert count == 64_000
    assert most < 24 * 2**20


def test_a_row_longer_than_a_piece_is_an_error_in_plain_words(tmp_path, monkeypatch):
    path = tmp_path / "long.csv"
    path.write_text("a,b\n1,2\n" + '3,"' + "x\n" * 20_000)
    with pytest.raises(InputError, match=r"never closed"):
        pieces_of(path, 4096, monkeypatch)


# --- whatever a file holds ----------------------------------------------------------------------

LENIENT = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


def every_row_is_accounted_for(tmp_path, matrix):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["a", "b", "c"], *matrix])
    (tmp_path / "x.csv").write_text(out.getvalue(), encoding="utf-8")
    read = read_cells(tmp_path / "x.csv", "x.csv")
    told = [r["row"] for r in read.rejected.to_pylist()]
    kept = {r["row"]: [r["a"], r["b"], r["c"]] for r in read.table.to_pylist()}
    for number, row in enumerate(matrix, 2):
        if any(row):
            assert (number in told) != (number in kept)
            assert number in told or kept[number] == row


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\r"), max_size=6)
ROW = st.lists(CELL, min_size=3, max_size=3)


@settings(max_examples=60, deadline=None, suppress_health_check=LENIENT)
@given(st.lists(ROW, max_size=6))
def test_what_a_csv_writer_writes_comes_back(tmp_path, matrix):
    every_row_is_accounted_for(tmp_path, matrix)


@pytest.mark.long
@settings(max_examples=3_000, deadline=None, suppress_health_check=LENIENT)
@given(st.lists(ROW, max_size=12))
def test_what_a_csv_writer_writes_comes_back_long(tmp_path, matrix):
    every_row_is_accounted_for(tmp_path, matrix)


def test_any_bytes_at_all_are_read_or_refused(tmp_path):
    chance, letters = random.Random(1), b'a,b;"\n\r\t\x00\xff\xc3\xa9 1'
    for _ in range(300):
        raw = b"a,b\n" + bytes(chance.choice(letters) for _ in range(chance.randrange(40)))
        (tmp_path / "x.csv").write_bytes(raw)
        with suppress(InputError):  # anything else would be a bug
            read_cells(tmp_path / "x.csv", "x.csv")
