"""Tables as people keep them."""

import zipfile

import pytest

from zenobia.case.sheets import read_sheet
from zenobia.terms import InputError


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows(sheet):
    return [(row.number, dict(row.cells)) for row in sheet.rows]


def test_rows_carry_the_number_a_spreadsheet_shows(tmp_path):
    sheet = read_sheet(write(tmp_path, "t.csv", "id,name\na,Alder\n\nb,Birchen\n"), "t.csv")
    assert rows(sheet) == [(2, {"id": "a", "name": "Alder"}), (4, {"id": "b", "name": "Birchen"})]


def test_an_empty_cell_is_not_stated(tmp_path):
    sheet = read_sheet(write(tmp_path, "t.csv", "id,name\na,\n"), "t.csv")
    assert rows(sheet) == [(2, {"id": "a"})]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path):
    sheet = read_sheet(write(tmp_path, "t.csv", b"\xef\xbb\xbfid\na\n"), "t.csv")
    assert sheet.columns == ("id",)


def test_a_row_of_hxl_tags_is_no_data(tmp_path):
    sheet = read_sheet(write(tmp_path, "t.csv", "id,date\n#meta+id,#date\na,2031\n"), "t.csv")
    assert rows(sheet) == [(3, {"id": "a", "date": "2031"})]


def test_a_row_with_too_many_cells_is_kept_with_its_fault(tmp_path):
    (row,) = read_sheet(write(tmp_path, "t.csv", "id,name\na,Alder,upper town\n"), "t.csv").rows
    assert "3 cells where the header names 2 columns" in row.fault
    assert row.cells["(beyond the last column)"] == "upper town"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "an empty file"),
        (b"\n", "no column names"),
        (b"id,id\na,b\n", "two columns of one name"),
        (b"id\n\x00\n", "a NUL byte"),
        (b"id\nPalmyr\xe9\n", "not UTF-8"),
    ],
)
def test_what_is_no_table_of_text_is_refused_by_name(tmp_path, content, message):
    with pytest.raises(InputError, match=message) as refusal:
        read_sheet(write(tmp_path, "t.csv", content), "t.csv")
    assert "t.csv" in str(refusal.value)


def test_the_line_of_a_bad_byte_is_named(tmp_path):
    with pytest.raises(InputError, match="row 3"):
        read_sheet(write(tmp_path, "t.csv", b"id\na\nPalmyr\xe9\n"), "t.csv")


def test_a_file_that_only_claims_to_be_excel_is_refused(tmp_path):
    with pytest.raises(InputError, match="not an Excel workbook"):
        read_sheet(write(tmp_path, "t.xlsx", b"id,name\n"), "t.xlsx")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("zenobia.case.sheets.LARGEST_UNPACKED", 1000)
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000)
    with pytest.raises(InputError, match="unpacks to too much"):
        read_sheet(tmp_path / "t.xlsx", "t.xlsx")


def test_excel_is_read_as_what_a_person_sees_in_it(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    import datetime as dt

    book = openpyxl.Workbook()
    book.active.append(["id", "date", "count", "name"])
    book.active.append(["a", dt.datetime(2031, 5, 3), 7, "سيدر"])
    book.save(tmp_path / "t.xlsx")
    sheet = read_sheet(tmp_path / "t.xlsx", "t.xlsx")
    assert rows(sheet) == [(2, {"id": "a", "date": "2031-05-03", "count": "7", "name": "سيدر"})]
