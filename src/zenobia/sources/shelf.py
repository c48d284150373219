"""Readings kept between builds: what a captured file was read as, by content of the file and how it was asked for.

The shelf is part of the case's cache: it can be deleted at any time and is made anew. A reading is written
batch by batch, so that a file larger than memory can be put on it. What it holds is hashed, and looked at
before it is used: a reading that was damaged or altered is none, and its file is read again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zenobia.record import NOUNS, file_hash, nouns_of, table_of
from zenobia.sources.feed import DOUBTS, REFERENCE, REJECTED, Captured, Feed, Reading, empty
from zenobia.terms import InputError

__all__ = ["Shelf", "merged"]

_MAKING = "making-"
_TABLES = ("reports", "cited", "reference", "rejected", "doubts")
_NOUNS = {"sources": "sources", "actors": "actors", "places": "places", "frames": "coverage"}


@dataclass(frozen=True)
class Shelf:
    """A folder of readings.

    Args:
        folder: where they are kept; made when the first is.
    """

    folder: Path

    def get(self, captured: Captured, feed: Feed) -> Reading | None:
        """The reading of a file, if it is there and as it was put there."""
        place = self.folder / _key(captured, feed)
        with suppress(OSError, ValueError, KeyError, pa.ArrowException):
            _check(place)
            return _load(place)
        return None

    def put(self, captured: Captured, feed: Feed, readings: Iterable[Reading]) -> Reading:
        """Keep what a file was read as, batch by batch; nothing is there before it is whole."""
        place = self.folder / _key(captured, feed)
        making = self.folder / f"{_MAKING}{os.getpid()}"
        self.clear_away()
        making.mkdir(parents=True)
        try:
            _write(making, readings, captured.name)
            shutil.rmtree(place, ignore_errors=True)
            os.replace(making, place)
        finally:
            shutil.rmtree(making, ignore_errors=True)
        return _load(place)

    def clear_away(self) -> None:
        """Remove what writers that were stopped left unfinished. Only for who holds the write lock."""
        for left in self.folder.glob(f"{_MAKING}*"):
            shutil.rmtree(left, ignore_errors=True)

    def keep_only(self, wanted: Iterable[tuple[Captured, Feed]]) -> None:
        """Clear away readings of files, options or feeds that are no longer in use."""
        names = {_key(captured, feed) for captured, feed in wanted}
        for other in self.folder.iterdir() if self.folder.is_dir() else ():
            if other.name not in names:
                shutil.rmtree(other, ignore_errors=True)


def merged(readings: Iterable[Reading], name: str) -> Reading:
    """The batches of one file as one reading.

    Raises:
        InputError: the feed found nothing at all in the file.
    """
    return _joined(_Gathered().take_all(readings), name)


def _key(captured: Captured, feed: Feed) -> str:
    asked = [captured.sha256, captured.name, feed.kind, feed.version]
    options = [sorted(captured.options.maps.items()), sorted(captured.options.sets.items())]
    return hashlib.sha256(json.dumps([*asked, *options], ensure_ascii=False).encode()).hexdigest()[:24]


# --- putting batches together -------------------------------------------------------------------


class _Gathered:
    """What the batches so far come to, apart from their rows."""

    def __init__(self) -> None:
        self.last: Reading | None = None
        self.nouns: dict[str, dict[Any, Any]] = {name: {} for name in _NOUNS}
        self.days: list[dt.date] = []
        self.spans: list[tuple[dt.date, dt.date]] = []
        self.scopes: set[str] = set()
        self.keys: list[pa.Array] = []
        self.tables: dict[str, list[pa.Table]] = {name: [] for name in _TABLES}

    def take_all(self, readings: Iterable[Reading]) -> _Gathered:
        for reading in readings:
            for name, table in self.take(reading):
                self.tables[name].append(table)
        return self

    def take(self, reading: Reading) -> Iterator[tuple[str, pa.Table]]:
        """Note what a batch says of the file, and give its tables."""
        self.last = reading
        for name in _NOUNS:
            for noun in getattr(reading, name):
                self.nouns[name].setdefault(getattr(noun, "id", noun), noun)
        self.days += [reading.published] if reading.published else []
        self.spans += [reading.covers] if reading.covers else []
        self.scopes |= reading.scopes
        reports, twice = self._once(reading.reports)
        yield "reports", reports
        yield "rejected", pa.concat_tables([reading.rejected.cast(REJECTED), twice])
        yield "doubts", reading.doubts.cast(DOUBTS)
        if reading.cited is not None:
            yield "cited", reading.cited
        if reading.reference is not None:
            yield "reference", reading.reference.select(REFERENCE.names).cast(REFERENCE)

    def told(self) -> dict[str, Any]:
        """What the file says as a whole, as plain JSON."""
        last = self.last
        assert last is not None
        covers = (min(a for a, _ in self.spans), max(b for _, b in self.spans)) if self.spans else None
        return {
            "series": last.series,
            "source": last.source,
            "published": max(self.days).isoformat() if self.days else None,
            "whole": last.whole,
            "edits": last.edits,
            "deletes": last.deletes,
            "covers": [day.isoformat() for day in covers] if covers else None,
            "scopes": sorted(self.scopes),
        }

    def _once(self, reports: pa.Table) -> tuple[pa.Table, pa.Table]:
        """Rows whose key comes for the first time: a key twice would be two reports of one id."""
        keys = reports.column("key").combine_chunks() if reports.num_rows else pa.array([], pa.string())
        again = pa.repeat(pa.scalar(False), len(keys))
        if self.keys:
            again = pc.is_in(keys, value_set=pa.concat_arrays(self.keys))
        different = pc.unique(keys)
        if len(different) < len(keys):
            at = pa.table({"key": keys, "at": pa.array(range(len(keys)), pa.int64())})
            firsts = at.group_by("key", use_threads=False).aggregate([("at", "min")]).column("at_min").combine_chunks()
            again = pc.or_(again, pc.invert(pc.is_in(at.column("at").combine_chunks(), value_set=firsts)))
        self.keys.append(different)
        if not pc.any(again).as_py():
            return reports, empty(REJECTED)
        return reports.filter(pc.invert(again)), _twice(reports.filter(again))


def _twice(rows: pa.Table) -> pa.Table:
    told = [
        {
            "row": row.get("row"),
            "field": "key",
            "value": row["key"],
            "rule": "the same row twice; the first one is kept",
            "fix": "keep the one that is meant, or give each an id of its own",
            "cells": json.dumps({k: str(v) for k, v in row.items() if v is not None}, ensure_ascii=False),
        }
        for row in rows.to_pylist()
    ]
    return pa.Table.from_pylist(told, schema=REJECTED)


def _joined(gathered: _Gathered, name: str) -> Reading:
    if gathered.last is None:
        raise _nothing(name)
    tables = {
        name: pa.concat_tables(parts, promote_options="default") for name, parts in gathered.tables.items() if parts
    }
    nouns = {name: tuple(found.values()) for name, found in gathered.nouns.items()}
    return _reading(gathered.told(), tables, nouns)


def _reading(told: dict[str, Any], tables: dict[str, pa.Table], nouns: dict[str, tuple[Any, ...]]) -> Reading:
    covers = told["covers"]
    return Reading(
        series=told["series"],
        source=told["source"],
        published=dt.date.fromisoformat(told["published"]) if told["published"] else None,
        whole=told["whole"],
        edits=told["edits"],
        deletes=told["deletes"],
        covers=(dt.date.fromisoformat(covers[0]), dt.date.fromisoformat(covers[1])) if covers else None,
        scopes=frozenset(told["scopes"]),
        **nouns,
        **tables,
    )


def _nothing(name: str) -> InputError:
    return InputError("nothing in this file", file=name, expected="at least one row", fix="download or export it again")


# --- on disk ------------------------------------------------------------------------------------


def _write(folder: Path, readings: Iterable[Reading], name: str) -> None:
    gathered = _Gathered()
    writers: dict[str, Any] = {}
    with ExitStack() as closing:
        for reading in readings:
            for table, rows in gathered.take(reading):
                if table not in writers:
                    writers[table] = closing.enter_context(pa.ipc.new_file(folder / f"{table}.arrow", rows.schema))
                writers[table].write_table(rows)
    if gathered.last is None:
        raise _nothing(name)
    for nouns, table in _NOUNS.items():
        held = table_of(NOUNS[table], gathered.nouns[nouns].values())
        with pa.ipc.new_file(folder / f"{nouns}.arrow", held.schema) as out:
            out.write_table(held)
    hashes = {path.name: file_hash(path) for path in sorted(folder.glob("*.arrow"))}
    told = {**gathered.told(), "tables": sorted(writers), "sha256": hashes}
    (folder / "reading.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / "reading.sha256").write_text(file_hash(folder / "reading.json"), encoding="utf-8")


def _check(folder: Path) -> None:
    """See that every file of a reading is as it was written.

    Raises:
        ValueError: one is not.
    """
    if file_hash(folder / "reading.json") != (folder / "reading.sha256").read_text(encoding="utf-8"):
        raise ValueError(f"{folder.name}/reading.json is not as it was written")
    told = json.loads((folder / "reading.json").read_text(encoding="utf-8"))
    for name, written in told["sha256"].items():
        if file_hash(folder / name) != written:
            raise ValueError(f"{folder.name}/{name} is not as it was written")


def _load(folder: Path) -> Reading:
    told = json.loads((folder / "reading.json").read_text(encoding="utf-8"))
    tables = {name: _open(folder / f"{name}.arrow") for name in told["tables"]}
    nouns = {name: nouns_of(NOUNS[table], _open(folder / f"{name}.arrow")) for name, table in _NOUNS.items()}
    return _reading(told, tables, nouns)


def _open(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as mapped:
        return pa.ipc.open_file(mapped).read_all()
