"""One file given to one feed, and what comes of it."""

import hashlib
from pathlib import Path

import pyarrow as pa

from zenobia.engine import DuckEngine
from zenobia.sources import Captured, Options, Reading, look_at, merged

ENGINE = DuckEngine()


def captured(folder: Path, name: str, content: str | bytes, maps=None, sets=None) -> Captured:
    raw = content if isinstance(content, bytes) else content.encode()
    path = folder / name
    path.write_bytes(raw)
    options = Options(maps=maps or {}, sets=sets or {})
    return Captured(path=path, name=name, sha256=hashlib.sha256(raw).hexdigest(), options=options)


def read(feed, folder: Path, name: str, content: str | bytes, maps=None, sets=None) -> Reading:
    """The batches of a file, as one reading."""
    return merged(feed.read(captured(folder, name, content, maps, sets), ENGINE.sql), name)


def sureness(feed, folder: Path, name: str, content: str | bytes) -> float:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return feed.recognises(look_at(path))


def rows(table: pa.Table | None, *columns: str) -> list[tuple]:
    """Some columns of a table, row by row."""
    assert table is not None
    return list(zip(*(table.column(c).to_pylist() for c in columns), strict=True))


def rules(reading: Reading) -> list[tuple]:
    return rows(reading.rejected, "row", "field", "value")


def traps(reading: Reading) -> list[tuple]:
    return rows(reading.doubts, "row", "trap", "severity")


def accounted(reading: Reading) -> int:
    """Rows that came out somewhere: as reports, reference rows, places or rejected."""
    reference = reading.reference.num_rows if reading.reference is not None else 0
    return reading.reports.num_rows + reference + len(reading.places) + reading.rejected.num_rows
