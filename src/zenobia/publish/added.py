"""What `add` did, as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = ["added_lines"]

_MOST = 20
_COUNTS = ("added", "updated", "unchanged", "withdrawn", "rejected")


def added_lines(told: Mapping[str, Any], *, dry_run: bool = False) -> Iterator[str]:
    """The counts, the refused rows with what to do, and what is odd; for a dry run each row as well.

    Args:
        told: the JSON of `add`.
        dry_run: nothing was written.
    """
    files = told.get("files") or [told]
    for file in files[:_MOST]:
        yield from _file(file, dry_run)
    if len(files) > 1:
        verb = "would be" if dry_run else "are"
        yield f"{len(files)} files: rows that {verb} " + ", ".join(f"{told[name]:,} {name}" for name in _COUNTS)
    if len(files) > _MOST:
        yield f"  ... the other {len(files) - _MOST} files: --json lists them all"
    if dry_run:
        yield "Nothing was written (--dry-run)."


def _file(file: Mapping[str, Any], dry_run: bool) -> Iterator[str]:
    published = f", published {file['published']}" if file.get("published") else ""
    counts = ", ".join(f"{file[name]:,} {name}" for name in _COUNTS)
    yield f"{file['file']}: {file['kind']}{published}: rows {counts}"
    if "document" in file:
        yield from _document(file["document"]) if file["document"] else map(_refusal, file["rejects"])
        return
    if file["reference"]:
        yield f"  {file['reference']:,} of them are reference rows: other people's map, never evidence by itself"
    if file.get("places"):
        yield f"  {file['places']:,} of them are places that joined the case's own"
    if file["cited"]:
        yield f"  {file['cited']:,} items that it cites are reports of their own"
    if file["spared"]:
        yield (
            f"  {file['spared']:,} rows of the list are missing from it, more than half: taken as a part of the list, "
            "nothing was withdrawn"
        )
    yield from _rows(file.get("rows", ()))
    for refused in _first(file["rejects"]):
        yield _refusal(refused)
    yield from _more(file["rejects"], "refused")
    for odd in file["doubts"]:
        first = odd["first"]
        value = f" {first['value']}:" if first["value"] else ""
        rows = "row" if odd["rows"] == 1 else "rows"
        yield f"  {odd['severity']}: {odd['trap']}, {odd['rows']:,} {rows} (row {first['row']}:{value} {first['says']})"


def _document(document: Mapping[str, Any]) -> Iterator[str]:
    yield f"  document {document.get('id', '')}: {document.get('title') or 'no title'}"
    said = [f"{name} {document.get(name) or 'not stated'}" for name in ("author", "published", "language")]
    pages = f", {document['pages']:,} pages" if document.get("pages") else ""
    yield f"    {', '.join(said)}; {document['characters']:,} characters{pages}"
    if document.get("guessed"):
        yield f"    by its own word: {', '.join(document['guessed'])}   (--set FIELD=VALUE says otherwise)"
    for note in document.get("notes", ()):
        yield f"  note: {note}"


def _rows(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for what in ("added", "updated", "withdrawn"):
        some = [row for row in rows if row["what"] == what]
        for row in _first(some):
            place = f"row {row['row']}: " if row["row"] else ""
            changed = "; ".join(f"{name}: {_cell(a)} -> {_cell(b)}" for name, (a, b) in row.get("changed", {}).items())
            yield f"  {what:9} {place}{row['id']}{f'  {changed}' if changed else ''}"
        yield from _more(some, what)


def _refusal(refused: Mapping[str, Any]) -> str:
    field = f", {refused['field']}" if refused["field"] else ""
    value = f" came {refused['value']!r}:" if refused["value"] else ""
    what = f"row {refused['row']}" if refused["row"] else "the file"
    return f"  rejected {what}{field}:{value} {refused['rule']}. Do: {refused['fix']}."


def _first(rows: Sequence[Any]) -> Sequence[Any]:
    return rows[:_MOST]


def _more(rows: Sequence[Any], what: str) -> Iterator[str]:
    if len(rows) > _MOST:
        yield f"  ... and {len(rows) - _MOST:,} more {what}: --json lists them all"


def _cell(value: Any) -> str:
    return "empty" if value is None else str(value)
