"""Tables as people keep them: CSV and Excel files, read as rows of text with their row numbers."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from zenobia.terms import InputError

__all__ = ["RawRow", "Sheet", "read_sheet"]

# A spreadsheet that unpacks to more than this is refused: nothing a person keeps is that large.
LARGEST_UNPACKED = 2 * 2**30
LARGEST_CELL = 10 * 2**20

Cell = str | int | float | bool | dt.date | dt.time | dt.datetime | dt.timedelta | None


@dataclass(frozen=True)
class RawRow:
    """One row as typed: the number a spreadsheet shows for it, and its cells that are not empty.

    ``fault`` says what is wrong with the row as a row, before any column is looked at.
    """

    number: int
    cells: Mapping[str, str]
    fault: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table of one file: its name for messages, its columns, its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]


def read_sheet(path: Path, name: str) -> Sheet:
    """Read a ``.csv`` or ``.xlsx`` file (its first sheet).

    The first row names the columns. A second row of HXL tags (``#date``, ``#adm1``) is passed over.
    Empty rows are passed over; a row with more cells than columns is kept with its fault.

    Args:
        path: the file.
        name: what messages call it.

    Raises:
        InputError: the file is not a table of text: undecodable, binary, without a header, with two
            columns of one name, or too large.
    """
    numbered = _xlsx_rows(path, name) if path.suffix.lower() == ".xlsx" else _csv_rows(path, name)
    try:
        _, header = next(numbered)
    except StopIteration:
        raise InputError(
            "an empty file",
            file=name,
            row=1,
            expected="a header row",
            fix="name the columns in the first row",
        ) from None
    columns = _columns(header, name)
    rows = [_row(number, cells, columns) for number, cells in numbered if any(cells)]
    if rows and _is_hxl(rows[0]):
        rows = rows[1:]
    return Sheet(name=name, columns=columns, rows=tuple(rows))


def _csv_rows(path: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(io.StringIO(_text(path, name), newline=""))
    try:
        for number, cells in enumerate(reader, 1):
            yield number, [cell.strip() for cell in cells]
    except csv.Error as wrong:
        raise InputError(
            f"not readable as CSV: {wrong}",
            file=name,
            row=reader.line_num,
            expected="comma-separated values with double quotes",
            fix="look for a quotation mark that is never closed on or before this line",
        ) from wrong


def _text(path: Path, name: str) -> str:
    raw = path.read_bytes()
    if b"\x00" in raw:
        raise InputError(
            "binary content (a NUL byte)",
            file=name,
            row=raw[: raw.index(b"\x00")].count(b"\n") + 1,
            expected="a text file in UTF-8",
            fix="export the table again as CSV UTF-8; a file saved as UTF-16 also looks like this",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise InputError(
            "not UTF-8",
            file=name,
            row=raw[: wrong.start].count(b"\n") + 1,
            value=raw[wrong.start : wrong.start + 8],
            expected="a text file in UTF-8",
            fix="save the table as 'CSV UTF-8'",
        ) from wrong


def _xlsx_rows(path: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise InputError(
                "a spreadsheet that unpacks to too much",
                file=name,
                value=f"{unpacked} bytes",
                expected=f"at most {LARGEST_UNPACKED} bytes",
                fix="save the sheet as CSV",
            )
        with CalamineWorkbook.from_path(path) as book:
            rows: Sequence[Sequence[Cell]] = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError) as wrong:
        raise InputError(
            "not an Excel workbook",
            file=name,
            expected="an .xlsx file",
            fix="open and save it again, or export CSV",
        ) from wrong
    for number, cells in enumerate(rows, 1):
        yield number, [_as_text(cell) for cell in cells]


def _as_text(cell: Cell) -> str:
    """What a person sees in the cell: whole numbers without ``.0``, days in ISO form."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _columns(header: Sequence[str], name: str) -> tuple[str, ...]:
    columns = tuple(header)
    while columns and not columns[-1]:
        columns = columns[:-1]
    if not columns:
        raise InputError(
            "no column names",
            file=name,
            row=1,
            expected="a header row",
            fix="name the columns in the first row",
        )
    for position, column in enumerate(columns):
        if column and column in columns[:position]:
            raise InputError(
                "two columns of one name", file=name, row=1, column=column, fix="rename or drop one of them"
            )
    return columns


def _row(number: int, cells: Sequence[str], columns: Sequence[str]) -> RawRow:
    kept = {column: cell for column, cell in zip(columns, cells, strict=False) if cell}
    beyond = [cell for cell in cells[len(columns) :] if cell]
    if beyond:
        kept["(beyond the last column)"] = " | ".join(beyond)
        return RawRow(number, kept, fault=f"{len(cells)} cells where the header names {len(columns)} columns")
    return RawRow(number, kept)


def _is_hxl(row: RawRow) -> bool:
    return not row.fault and bool(row.cells) and all(cell.startswith("#") for cell in row.cells.values())
