"""documents.csv: the list of originals, changed in one step and by no more than what changes."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from zenobia.record import write_whole
from zenobia.terms import Document, InputError

__all__ = ["COLUMNS", "Listing"]

COLUMNS = tuple(f.name for f in fields(Document))


@dataclass(frozen=True)
class Listing:
    """The rows of documents/documents.csv as they were typed.

    Attributes:
        path: the file; it need not exist yet.
        text: its content.
        header: the names of its columns.
        rows: its cells, row by row, ragged where the file is.
    """

    path: Path
    text: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def read(cls, root: Path) -> Listing:
        """The list of a case; an empty one where there is no file yet.

        Raises:
            InputError: the file is no table in UTF-8, or has no column ``id``.
        """
        path = root / "documents" / "documents.csv"
        if not path.exists():
            return cls(path, "", COLUMNS, ())
        try:
            text = path.read_bytes().decode("utf-8-sig")
            header, *rows = [tuple(row) for row in csv.reader(io.StringIO(text, newline=""))] or [COLUMNS]
        except (UnicodeDecodeError, csv.Error) as wrong:
            raise InputError(
                f"not readable as CSV: {wrong}",
                file="documents/documents.csv",
                expected="comma-separated values in UTF-8",
                fix="save the table as 'CSV UTF-8'",
            ) from wrong
        if "id" not in header:
            raise InputError(
                "no column id", file="documents/documents.csv", row=1, expected="a header row", fix="name the columns"
            )
        return cls(path, text, header, tuple(rows))

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """A row by its columns, without empty cells."""
        return {name: cell.strip() for name, cell in zip(self.header, row, strict=False) if cell.strip()}

    def by_id(self, document_id: str) -> dict[str, str] | None:
        """The row of an id."""
        return next((c for c in map(self.cells, self.rows) if c.get("id") == document_id), None)

    def by_hash(self, sha256: str) -> dict[str, str] | None:
        """The row whose original bears this hash in its name."""
        return next((c for c in map(self.cells, self.rows) if Path(c.get("path", "")).stem == sha256), None)

    def ids(self) -> list[str]:
        """The ids of all rows."""
        return [c["id"] for c in map(self.cells, self.rows) if "id" in c]

    def with_row(self, cells: Mapping[str, str]) -> Listing:
        """The list with a row more, or with the row of that id changed; other rows stay as typed."""
        missing = tuple(name for name in COLUMNS if cells.get(name) and name not in self.header)
        listing = self._with_columns(missing) if missing else self
        made = tuple(cells.get(name, "") for name in listing.header)
        for place, row in enumerate(listing.rows):
            if listing.cells(row).get("id") == cells["id"]:
                # Cells beyond the columns, and columns that are nobody's, are kept as they stand.
                kept = (
                    made[i] if name in COLUMNS else row[i] if i < len(row) else ""
                    for i, name in enumerate(listing.header)
                )
                changed = (*kept, *row[len(listing.header) :])
                return listing._laid_out(listing.header, (*listing.rows[:place], changed, *listing.rows[place + 1 :]))
        if not listing.text:
            return listing._laid_out(listing.header, (made,))
        end = "" if listing.text.endswith("\n") else listing._line_end
        added = listing.text + end + _line(made, listing._line_end)
        return replace(listing, text=added, rows=(*listing.rows, made))

    def write(self) -> None:
        """Put the list in place of the old one, in one step."""
        write_whole(self.path, self.text)

    def _with_columns(self, names: tuple[str, ...]) -> Listing:
        width = len(self.header)
        rows = tuple((*row, *("" for _ in names)) if len(row) == width else row for row in self.rows)
        return self._laid_out((*self.header, *names), rows)

    @property
    def _line_end(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def _laid_out(self, header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Listing:
        text = "".join(_line(row, self._line_end) for row in (header, *rows))
        return Listing(self.path, text, header, rows)


def _line(cells: Sequence[str], end: str) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator=end).writerow(cells)
    return line.getvalue()
