"""Who held the settlements of one war, day by day: the trajectories that an invented press then reports.

One table a day with the columns Name and Held by; they are not part of this project.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tools.press import Truth
from zenobia.terms import day_number

__all__ = ["FOLDER", "load", "some_of"]

Codes = npt.NDArray[np.int8]

FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "ukraine_control" / "daily"
HOLDERS = ("ukraine", "russia")
_STATES = {"ukraine": 0, "russia": 1, "donetsk pr": 1, "luhansk pr": 1, "dpr": 1, "lpr": 1, "contested": 2}
_FLICKER_DAYS, _LEAST_DAYS, _LEAST_ROWS = 3, 60, 50


def load(folder: Path) -> Truth:
    """The trajectories, cleaned: holders by their several names, days without a table carried over."""
    tables = {day_number(dt.date.fromisoformat(f.stem)): _table(f) for f in sorted(folder.glob("*.csv"))}
    tables = {day: held for day, held in tables.items() if len(held) >= _LEAST_ROWS}
    first, last = min(tables), max(tables)
    names = sorted({name for held in tables.values() for name in held})
    grid = np.full((len(names), last - first + 1), -1, dtype=np.int8)
    for day, held in tables.items():
        grid[:, day - first] = [held.get(name, -1) for name in names]
    seen = (grid >= 0).sum(axis=1) >= _LEAST_DAYS
    places = tuple(name for name, kept in zip(names, seen, strict=True) if kept)
    return Truth(
        places=places, first=first, holders=HOLDERS, held=_settled(_filled(grid[seen])), positions=_positions(folder)
    )


def some_of(truth: Truth, rows: npt.NDArray[np.bool_]) -> Truth:
    """The truth of some of the places."""
    places = tuple(name for name, kept in zip(truth.places, rows, strict=True) if kept)
    return Truth(places, truth.first, truth.holders, truth.held[rows], truth.positions)


def _positions(folder: Path) -> dict[str, tuple[float, float]]:
    """Where each settlement lies (lat, lon), by the last table that says so."""
    found = {}
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                try:
                    found[(row.get("Name") or "").strip()] = (float(row["Lat"]), float(row["Lon"]))
                except (KeyError, TypeError, ValueError):
                    continue  # some days' tables give no position
    return found


def _table(file: Path) -> dict[str, int]:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [(r.get("Name") or "", r.get("Held by") or "") for r in csv.DictReader(lines)]
    held = {name.strip(): _STATES.get(holder.strip().lower(), -1) for name, holder in rows}
    return {name: code for name, code in held.items() if name and code >= 0}


def _filled(grid: Codes) -> Codes:
    """Days without an entry take the entry before, and the first days the first entry."""
    before = np.maximum.accumulate(np.where(grid >= 0, np.arange(grid.shape[1]), -1), axis=1)
    first = (grid >= 0).argmax(axis=1)
    return np.take_along_axis(grid, np.where(before >= 0, before, first[:, None]), axis=1)


def _settled(grid: Codes) -> Codes:
    """Stretches shorter than three days between two of one state are slips of an editor."""
    for row in grid:
        edges = [0, *(np.flatnonzero(np.diff(row)) + 1), len(row)]
        for begin, end in [(edges[k], edges[k + 1]) for k in range(1, len(edges) - 2)]:
            if end - begin < _FLICKER_DAYS and row[begin - 1] == row[end]:
                row[begin:end] = row[end]
    return grid
