"""The rows of a table one by one, whoever made the table: with a header, without one, or tab-separated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from zenobia.sources.archives import opened
from zenobia.sources.cells import TableFile, look_at_table
from zenobia.sources.feed import Captured
from zenobia.sources.findings import Findings
from zenobia.terms import InputError

__all__ = ["Batch", "batches", "tab_batches"]

# A table up to this size is held in memory at one go; rows as Python texts take ten times that.
AT_ONCE = 32 * 2**20
_LINES = 50_000
_LONGEST_LINE = 4 * 2**20


@dataclass(frozen=True)
class Batch:
    """Some rows of a table: their numbers as a spreadsheet shows them, and their cells without blanks around them.

    ``columns`` are the header's names; one that is empty or taken is ``#`` and its number.
    """

    columns: tuple[str, ...]
    rows: Sequence[tuple[int, tuple[str, ...]]]

    @property
    def unnamed(self) -> int:
        """How many cells the rows have beyond the last name of the header."""
        count = 0
        while count < len(self.columns) and self.columns[-1 - count] == f"#{len(self.columns) - count}":
            count += 1
        return count

    def place(self, *names: str) -> int | None:
        """Where the first of these columns stands, whatever its case and spaces."""
        folded = [_folded(column) for column in self.columns]
        return next((folded.index(_folded(name)) for name in names if _folded(name) in folded), None)

    def required(self, file: str, *names: str) -> int:
        """Where the first of these columns stands.

        Raises:
            InputError: none of them is there.
        """
        place = self.place(*names)
        if place is None:
            raise InputError(
                "a column is missing",
                file=file,
                row=1,
                column=names[0],
                value=", ".join(self.columns),
                expected=f"a column called {' or '.join(names)}",
                fix="say another kind of file with --as KIND, or name the column so",
            )
        return place

    def named(self, cells: Sequence[str]) -> dict[str, str]:
        """The cells of a row by column, as they are kept beside a reason."""
        return dict(zip(self.columns, cells, strict=False))


def batches(captured: Captured, findings: Findings, *, headerless: bool = False) -> Iterator[Batch]:
    """The rows of a CSV, TSV or Excel table, zipped or not, in batches; always at least one.

    Rows that are no rows (ragged, binary) go to the findings.

    Args:
        captured: the file.
        findings: where broken rows and what is odd about the file are put.
        headerless: the first row is a row like the others; columns are then called by their numbers.
    """
    file = TableFile(captured.path, captured.name, at_once=AT_ONCE)
    columns = tuple(f"#{n}" for n in range(1, len(file.columns) + 1)) if headerless else file.columns
    first = True
    for part in file.batches():
        findings.keep(part.rejected, part.doubts)
        cells = [map(str.strip, part.table.column(name).to_pylist()) for name in part.columns]
        numbered = zip(part.table.column("row").to_pylist(), zip(*cells, strict=True), strict=True)
        rows = [row for row in numbered if any(row[1])]
        if first and headerless:
            rows.insert(0, (1, first_row(captured, len(columns))))
        first = False
        yield Batch(columns, rows)
    if first:
        yield Batch(columns, [(1, first_row(captured, len(columns)))] if headerless else ())


def first_row(captured: Captured, width: int = 0) -> tuple[str, ...]:
    """The first row of a table as it stands in the file.

    Raises:
        InputError: it is wanted as a row, and a workbook holds something in it twice, or nothing.
    """
    with opened(captured.path, captured.name) as (raw, inner):
        if not inner.lower().endswith(".xlsx"):
            cells = look_at_table(raw.read(1 << 16))[0]
            return (*cells, *[""] * (width - len(cells)))
    named = TableFile(captured.path, captured.name).columns
    if width and any(name == f"#{n}" for n, name in enumerate(named, 1)):
        raise InputError("a workbook without a header", file=captured.name, fix="name the columns in row 1")
    return named


def tab_batches(captured: Captured, findings: Findings, columns: Sequence[str]) -> Iterator[Batch]:
    """The rows of a tab-separated file without header and without quotes (GeoNames, GDELT).

    A quotation mark in it is a letter like any other. Rows of another width go to the findings;
    what holds tabs alone is no row.
    """
    names, width = tuple(columns), len(columns)
    with opened(captured.path, captured.name) as (raw, _):
        lines = enumerate(_lines(raw), 1)
        while some := list(islice(lines, _LINES)):
            rows = []
            for number, line in some:
                cells = tuple(cell.strip() for cell in line.rstrip("\r\n").split("\t"))
                if not any(cells):
                    continue
                if len(cells) == width:
                    rows.append((number, cells))
                else:
                    _tell_width(number, cells, names, findings)
            yield Batch(names, rows)


def _lines(raw: BinaryIO) -> Iterator[str]:
    """The lines of a text; a line that never ends is cut, so that it cannot fill the memory."""
    mark = b"\xef\xbb\xbf"
    while line := raw.readline(_LONGEST_LINE):
        yield line.removeprefix(mark).replace(b"\x00", b"").decode("utf-8", "replace")


def _tell_width(number: int, cells: Sequence[str], columns: Sequence[str], findings: Findings) -> None:
    wrong = InputError(
        f"{len(cells)} cells in a table of {len(columns)} columns",
        value=" | ".join(cells)[:200],
        expected=f"{len(columns)} cells between tabs",
        fix="download the file again; it may have been opened and saved by another program",
    )
    names = [*columns, *(f"#{n}" for n in range(len(columns) + 1, len(cells) + 1))]
    findings.reject(number, wrong, dict(zip(names, cells, strict=False)))


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("\ufeff", "").casefold().split())
