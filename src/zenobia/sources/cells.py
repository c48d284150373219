"""From the bytes of a table to its cells: columns of text with row numbers, and rows that are no rows.

Nothing is interpreted here: a cell is the text that stands in it. Encoding (UTF-8, UTF-16 or cp1252),
separator and width are found in the file itself.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv
from python_calamine import CalamineError, CalamineWorkbook

from zenobia.sources.archives import opened
from zenobia.sources.feed import DOUBTS, REJECTED, empty
from zenobia.terms import InputError

__all__ = ["Cells", "Shape", "TableFile", "batches_of", "look_at_table", "read_cells", "shape_of"]

# A table up to this size is read at one go, which is fastest; a larger one in batches, so that memory
# is bounded however long it is.
AT_ONCE = 384 * 2**20
BLOCK = 16 * 2**20
LARGEST_WORKBOOK = 512 * 2**20

_SEPARATORS = (",", ";", "\t", "|")
_UNDEFINED_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How a table's file is made: found once, by reading it through."""

    encoding: str
    separator: str
    columns: tuple[str, ...]
    size: int
    nuls: bool
    lines_in_cells: bool


@dataclass(frozen=True, kw_only=True)
class Cells:
    """Rows of text, or one batch of them.

    Attributes:
        columns: names as the header gives them, in order; one that is empty or taken is ``#`` and its number.
        table: one string column for each, and ``row``: as a spreadsheet counts, the header is row 1.
        rejected: rows with too few or too many cells, or with binary content (`feed.REJECTED`).
        doubts: what is odd about the file as a whole (`feed.DOUBTS`).
    """

    columns: tuple[str, ...]
    table: pa.Table
    rejected: pa.Table = field(default_factory=lambda: empty(REJECTED))
    doubts: pa.Table = field(default_factory=lambda: empty(DOUBTS))


def read_cells(path: Path, name: str) -> Cells:
    """All the rows of a CSV, TSV or Excel table, zipped or not, at one go."""
    parts = list(batches_of(path, name))
    return Cells(
        columns=parts[0].columns,
        table=pa.concat_tables(p.table for p in parts),
        rejected=pa.concat_tables(p.rejected for p in parts),
        doubts=pa.concat_tables(p.doubts for p in parts),
    )


def batches_of(path: Path, name: str, *, at_once: int | None = None, only: Sequence[str] = ()) -> Iterator[Cells]:
    """The rows of a table in batches; one batch where the table is not very large (see `TableFile`)."""
    return TableFile(path, name, at_once=at_once).batches(only)


class TableFile:
    """A table that was looked through once, and can be read as often as needed.

    Args:
        path: the file.
        name: its own name; its ending says what it is.
        at_once: bytes up to which the table is read in one batch.

    Raises:
        InputError: the file is no table.
    """

    def __init__(self, path: Path, name: str, *, at_once: int | None = None) -> None:
        self.path, self.name = path, name
        with opened(path, name) as (_, inner):
            workbook = PurePosixPath(inner).suffix.lower() == ".xlsx"
        self._sheet = _workbook(path, name) if workbook else None
        self._shape = None if workbook else shape_of(path, name)
        self.columns = self._sheet.columns if self._sheet else self._shape.columns  # type: ignore[union-attr]
        self.large = self._shape is not None and self._shape.size > (AT_ONCE if at_once is None else at_once)

    def batches(self, only: Sequence[str] = ()) -> Iterator[Cells]:
        """Its rows in batches, in one where it is not large; of all columns, or of some."""
        if self._sheet:
            kept = [column for column in self.columns if not only or column in only]
            yield Cells(columns=tuple(kept), table=self._sheet.table.select([*kept, "row"]))
        elif self._shape:
            read = _pieces if self.large else _whole
            yield from read(self.path, self.name, self._shape, only)


def look_at_table(head: bytes) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The first row and a few beneath, of a text that may be a table; nothing where it is none."""
    text = _decoded(head)
    if "\x00" in text:
        return (), ()
    separator = _separator(text)
    rows = [tuple(cell.strip() for cell in row) for row in _records(text, separator, 8)]
    return (rows[0], tuple(rows[1:])) if rows else ((), ())


# --- the shape of a file ------------------------------------------------------------------------


def shape_of(path: Path, name: str) -> Shape:
    """Read a file through once: its encoding, separator, columns, size, and whether it holds NULs."""
    with opened(path, name) as (raw, _):
        head = raw.read(2**20)
        seen = _survey(head, raw)
    text = head.decode(seen.encoding, errors="replace").removeprefix("\ufeff")
    separator = _separator(text)
    records = list(_records(text, separator, 50))
    if not records or not any(cell.strip() for cell in records[0]):
        raise InputError(
            "an empty file" if not records else "no column names",
            file=name,
            row=1,
            expected="a header row",
            fix="name the columns in the first row",
        )
    return Shape(
        encoding=seen.encoding,
        separator=separator,
        columns=_columns(records),
        size=seen.size,
        nuls=seen.nuls,
        lines_in_cells=seen.lines_in_cells,
    )


def _survey(head: bytes, raw: BinaryIO) -> _Survey:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        size = len(head) + sum(len(block) for block in iter(lambda: raw.read(BLOCK), b""))
        return _Survey(encoding="utf-16", size=size, lines_in_cells=True)
    seen, carry, block = _Survey(), b"", head
    while block:
        seen.size += len(block)
        seen.nuls = seen.nuls or b"\x00" in block
        seen.lines_in_cells = seen.lines_in_cells or _cut_by_lines(block, seen)
        if seen.encoding == "utf-8":
            valid, carry = _is_utf8(carry + block if carry else block)
            seen.encoding = "utf-8" if valid else "cp1252"
        if seen.encoding == "cp1252" and any(byte in block for byte in _UNDEFINED_IN_CP1252):
            seen.encoding = "latin-1"  # it has a character for every byte, so that no row is lost
        block = raw.read(BLOCK)
    if carry and seen.encoding == "utf-8":
        seen.encoding = "cp1252"
    return seen


@dataclass
class _Survey:
    encoding: str = "utf-8"
    size: int = 0
    nuls: bool = False
    lines_in_cells: bool = False
    quotes: int = 0


def _cut_by_lines(block: bytes, seen: _Survey) -> bool:
    """Whether a line ends inside a quoted cell: whether an odd number of quotes stands before it."""
    found = np.frombuffer(block, dtype=np.uint8)
    quotes, ends = np.flatnonzero(found == ord('"')), np.flatnonzero(found == ord("\n"))
    odd = bool(((np.searchsorted(quotes, ends) + seen.quotes) % 2).any())
    seen.quotes += len(quotes)
    return odd


def _is_utf8(block: bytes) -> tuple[bool, bytes]:
    """Whether a block is UTF-8, and the beginning of a character that its end may have cut."""
    end = len(block)
    for back in range(1, min(4, end) + 1):
        if block[-back] & 0xC0 != 0x80:
            end -= back if block[-back] >= 0xC0 else 0
            break
    bounds = pa.array([0, end], pa.int64()).buffers()[1]
    text = pa.LargeStringArray.from_buffers(1, bounds, pa.py_buffer(block))
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False, b""
    return True, block[end:]


def _decoded(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="replace")
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return head.decode("cp1252", errors="replace")


def _separator(text: str) -> str:
    """The separator that cuts the first row into most cells; a comma where none does."""
    return max(_SEPARATORS, key=lambda s: len(next(_records(text, s, 1), [])))


def _records(text: str, separator: str, most: int) -> Iterator[list[str]]:
    csv.field_size_limit(2**30)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for _, row in zip(range(most), reader, strict=False):
            yield row
    except csv.Error:
        return


def _columns(records: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The header's names, as many as most rows have cells."""
    header = [cell.strip() for cell in records[0]]
    widths = Counter(len(row) for row in records[1:-1] or records[1:] if any(row))
    while len(header) > max(widths, default=len(header)) and not header[-1]:
        header.pop()
    width = max(len(header), widths.most_common(1)[0][0]) if widths else len(header)
    padded = header + [""] * (width - len(header))
    return tuple(name if name and name not in padded[:i] else f"#{i + 1}" for i, name in enumerate(padded))


# --- CSV ----------------------------------------------------------------------------------------


def _whole(path: Path, name: str, shape: Shape, only: Sequence[str]) -> Iterator[Cells]:
    """The table at one go, by all cores; once more by one core where rows are ragged, to number them."""
    for threads in (True, False):
        ragged = _Ragged()
        with opened(path, name) as (raw, _), _plain_faults(name):
            table = arrow_csv.read_csv(raw, **_options(shape, only, ragged, threads=threads))
        if not ragged.rows:
            break
    yield _cells(table, 1, ragged, shape, first=True, final=True)[0]


def _pieces(path: Path, name: str, shape: Shape, only: Sequence[str]) -> Iterator[Cells]:
    ragged, number, first = _Ragged(), 1, True
    with opened(path, name) as (raw, _), _plain_faults(name):
        reader = arrow_csv.open_csv(raw, **_options(shape, only, ragged, threads=False))
        for batch in reader:
            if not batch.num_rows:
                continue
            cells, number = _cells(pa.Table.from_batches([batch]), number, ragged, shape, first=first, final=False)
            first = False
            yield cells
        if ragged.rows:
            yield _cells(reader.schema.empty_table(), number, ragged, shape, first=False, final=True)[0]


class _Ragged:
    """Rows with too few or too many cells, gathered while the others are read."""

    def __init__(self) -> None:
        self.rows: list[tuple[int | None, str]] = []

    def __call__(self, row: Any) -> str:
        self.rows.append((row.number, row.text))
        return "skip"

    def numbered(self, first: int, good: int, *, final: bool) -> tuple[npt.NDArray[np.int64], list[tuple[int, str]]]:
        """The numbers of the next good rows, and the ragged rows among them, which are taken out."""
        known = sorted((n, text) for n, text in self.rows if n is not None)
        ragged = np.array([n for n, _ in known], dtype=np.int64)
        numbers = np.arange(first, first + good + len(ragged), dtype=np.int64)
        kept = numbers[~np.isin(numbers, ragged)][:good] if len(ragged) else numbers
        last = None if final else int(kept[-1])
        among = [row for row in known if last is None or row[0] < last]
        self.rows = [(n, text) for n, text in known[len(among) :]]
        return kept, among


def _options(shape: Shape, only: Sequence[str], ragged: _Ragged, *, threads: bool) -> dict[str, Any]:
    names = list(shape.columns)
    return {
        "read_options": arrow_csv.ReadOptions(
            use_threads=threads,
            block_size=BLOCK,
            column_names=names,
            encoding="utf8" if shape.encoding == "utf-8" else shape.encoding,
        ),
        "parse_options": arrow_csv.ParseOptions(
            delimiter=shape.separator,
            newlines_in_values=shape.lines_in_cells,
            ignore_empty_lines=False,
            invalid_row_handler=ragged,
        ),
        "convert_options": arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=[name for name in names if name in only] if only else None,
            strings_can_be_null=False,
        ),
    }


def _cells(
    table: pa.Table, number: int, ragged: _Ragged, shape: Shape, *, first: bool, final: bool
) -> tuple[Cells, int]:
    """Rows with their numbers, without header, empty rows and rows that are none; and the next row's number."""
    numbers, broken = ragged.numbered(number, table.num_rows, final=final)
    after = int(max(numbers[-1:].tolist() + [n for n, _ in broken], default=number - 1)) + 1
    if first and broken and broken[0][0] == 1:
        broken = broken[1:]  # a header of another width than the rows
    elif first:
        table, numbers = table.slice(1), numbers[1:]
    table = _without_empty(table.append_column("row", pa.array(numbers)))
    rejected = [_broken(n, text, shape) for n, text in broken if text.strip(f"{shape.separator} \r\n")]
    if shape.nuls:
        table, binary = _without_nuls(table)
        rejected += binary
    made = Cells(
        columns=tuple(table.column_names[:-1]),
        table=table,
        rejected=pa.Table.from_pylist(rejected, schema=REJECTED),
        doubts=_doubts(shape) if first else empty(DOUBTS),
    )
    return made, after


def _without_empty(table: pa.Table) -> pa.Table:
    """The rows in which something stands; looked for only where the first cell is empty."""
    if table.num_columns < 2 or not table.num_rows:
        return table
    bare = pc.equal(table.column(0), "")
    if not pc.any(bare).as_py():
        return table
    for column in table.columns[1:-1]:
        bare = pc.and_(bare, pc.equal(column, ""))
    return table.filter(pc.invert(bare))


def _without_nuls(table: pa.Table) -> tuple[pa.Table, list[dict[str, Any]]]:
    bad = pa.array(np.zeros(table.num_rows, dtype=bool))
    for column in table.columns[:-1]:
        bad = pc.or_(bad, pc.match_substring(column, "\x00").combine_chunks())
    rows = [
        {
            "row": row.pop("row"),
            "field": next(c for c, cell in row.items() if "\x00" in cell),
            "value": next(cell for cell in row.values() if "\x00" in cell),
            "rule": "binary content (a NUL byte); expected text",
            "fix": "export the table again, or delete the byte in a text editor",
            "cells": json.dumps(row, ensure_ascii=False),
        }
        for row in table.filter(bad).to_pylist()
    ]
    return table.filter(pc.invert(bad)), rows


def _broken(number: int, text: str, shape: Shape) -> dict[str, Any]:
    found = next(_records(text, shape.separator, 1), [])
    named = dict(zip(shape.columns, found, strict=False))
    if len(found) > len(shape.columns):
        named["(beyond the last column)"] = " | ".join(found[len(shape.columns) :])
    return {
        "row": number,
        "field": "",
        "value": text[:200],
        "rule": f"{len(found)} cells where the header names {len(shape.columns)} columns",
        "fix": 'put a cell that holds the separator into double quotes ("...")',
        "cells": json.dumps(named, ensure_ascii=False),
    }


def _doubts(shape: Shape) -> pa.Table:
    if shape.encoding in ("utf-8", "utf-16"):
        return empty(DOUBTS)
    says = f"the file is not UTF-8; it was read as {shape.encoding}"
    odd = {"row": 1, "trap": "encoding", "severity": "note", "value": shape.encoding, "says": says}
    return pa.Table.from_pylist([odd], schema=DOUBTS)


@contextmanager
def _plain_faults(name: str) -> Iterator[None]:
    try:
        yield
    except pa.ArrowInvalid as wrong:
        raise InputError(
            f"not readable as a table: {str(wrong)[:200]}",
            file=name,
            expected="rows of cells, text in double quotes where it holds the separator or a line end",
            fix="look for a quotation mark that is never closed",
        ) from wrong
    except UnicodeError as wrong:
        raise InputError("not readable as text", file=name, fix="save the table as 'CSV UTF-8'") from wrong


# --- Excel --------------------------------------------------------------------------------------


def _workbook(path: Path, name: str) -> Cells:
    """The first sheet of a workbook, its cells as a person sees them."""
    rows = [[_as_text(cell) for cell in row] for row in _sheet(path, name)]
    if not rows or not any(rows[0]):
        raise InputError("no column names", file=name, row=1, expected="a header row", fix="name the columns in row 1")
    columns = _columns([*rows[:50], rows[-1]])
    numbered = [(n, row) for n, row in enumerate(rows[1:], 2) if any(row)]
    arrays = [
        pa.array([row[i] if i < len(row) else "" for _, row in numbered], pa.string()) for i in range(len(columns))
    ]
    numbers = pa.array([n for n, _ in numbered], pa.int64())
    return Cells(columns=columns, table=pa.Table.from_arrays([*arrays, numbers], names=[*columns, "row"]))


def _sheet(path: Path, name: str) -> Sequence[Sequence[Any]]:
    try:
        with opened(path, name) as (raw, _):
            held = io.BytesIO(raw.read(LARGEST_WORKBOOK + 1))
        with zipfile.ZipFile(held) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if max(unpacked, held.getbuffer().nbytes) > 4 * LARGEST_WORKBOOK:
            raise InputError(
                "a spreadsheet that unpacks to too much",
                file=name,
                value=f"{unpacked:,} bytes",
                expected=f"at most {4 * LARGEST_WORKBOOK:,} bytes",
                fix="save the sheet as CSV",
            )
        held.seek(0)  # it is read from where it stands
        with CalamineWorkbook.from_filelike(held) as book:
            rows: Sequence[Sequence[Any]] = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError) as wrong:
        raise InputError(
            "not an Excel workbook", file=name, expected="an .xlsx file", fix="open and save it again, or export CSV"
        ) from wrong
    return rows


def _as_text(cell: Any) -> str:
    """What a person sees in the cell: whole numbers without ``.0``, days in ISO form."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
