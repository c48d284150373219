"""Settlement-control tables: a file a day, a row a settlement, who holds it as the table's maker says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from zenobia.sources.feed import Captured, Look, Reading, Sql
from zenobia.sources.findings import Findings
from zenobia.sources.reference import NOBODY, read_holder, reference_table
from zenobia.sources.rows import Batch, batches
from zenobia.sources.said import Said, slug
from zenobia.sources.values import plain, read_day, read_number, read_position, says_nothing
from zenobia.terms import InputError

__all__ = ["ControlTable"]

_NAME = ("name", "settlement", "place", "city", "town")
_HOLDER = ("held by", "held_by", "controlled by", "holder")
_LAT = ("lat", "latitude")
_OTHERS = {
    "lat": _LAT,
    "lon": ("lon", "lng", "long", "longitude"),
    "population": ("population",),
    "url": ("sourcelink", "url", "link"),
    "as of": ("as of",),
    "update": ("update", "updated"),
}
# No settlement has more people than this; a spreadsheet once made 5.6e43 of a cell.
_MOST_PEOPLE = 50_000_000

_Held = tuple[int, str | None, str | None]  # row, holder, status


class ControlTable:
    """Reads a settlement-control table as a reference series: never as reports."""

    kind = "control-table"
    version = 1
    prefix = "control-table"

    def recognises(self, look: Look) -> float:
        """By a column of names and one of who holds them."""
        batch = Batch(look.columns, ())
        if batch.place(*_NAME) is None or batch.place(*_HOLDER) is None:
            return 0.0
        return 0.95 if batch.place("held by") is not None and batch.place(*_LAT) is not None else 0.7

    def read(self, captured: Captured, sql: Sql) -> Iterator[Reading]:
        """Read the settlements of one day: the day in the file's name, or ``--set date=``.

        Raises:
            InputError: nothing says which day it is, or a column is missing.
        """
        findings, said = Findings(), Said(captured, settable=("date", "holder"))
        day, source = said.required_day(), said.speaker("control-table", "Settlement-control table")
        series = said.get("series") or f"control-table/{source.id}"
        for batch in batches(captured, findings):
            table = _Table(batch, captured.name, day, said, {"series": series, "source": source.id})
            rows = list(_read(batch, table, findings))
            rejected, doubts = findings.take()
            yield Reading(
                series=series,
                source=source.id,
                published=said.published() or day,
                reference=reference_table(rows),
                sources=(source,),
                rejected=rejected,
                doubts=doubts,
            )


class _Table:
    """Where the columns of one table stand, and what all its rows share."""

    def __init__(self, batch: Batch, file: str, day: dt.date, said: Said, shared: Mapping[str, Any]) -> None:
        self.day, self.said, self.shared = day, said, shared
        self._places = {"name": batch.required(file, *_NAME), "holder": batch.required(file, *_HOLDER)}
        for key, names in _OTHERS.items():
            if (place := batch.place(*names)) is not None:
                self._places[key] = place

    def cell(self, cells: tuple[str, ...], key: str) -> str:
        """The text of a column; empty where the table has no such column."""
        return cells[self._places[key]] if key in self._places else ""


def _read(batch: Batch, table: _Table, findings: Findings) -> Iterator[dict[str, Any]]:
    seen: dict[str, _Held] = {}
    for number, cells in batch.rows:
        try:
            row = _settlement(number, cells, table, findings)
        except InputError as wrong:
            findings.reject(number, wrong, batch.named(cells))
            continue
        held = (number, row["holder"], row["status"])
        first = seen.setdefault(row["key"], held)
        if first != held:
            _tell_twice(number, row, first, findings)
        yield row
    if batch.rows:
        _tell_edit_day(batch.rows[0][1], table, findings)


def _settlement(number: int, cells: tuple[str, ...], table: _Table, findings: Findings) -> dict[str, Any]:
    name = plain(table.cell(cells, "name"))
    if says_nothing(name):
        raise InputError("no settlement", column="Name", expected="every row needs one", fix="fill in the name")
    holder, status = read_holder(table.cell(cells, "holder"), table.said)
    if table.cell(cells, "holder").strip().casefold() in NOBODY:
        says = "the table says that nobody holds it; kept without a holder"
        findings.doubt(number, "nobody holds it", "note", name, says)
    position = _position(number, cells, table, findings)
    _tell_attested(number, table.cell(cells, "as of"), table.day, findings)
    at = "" if position is None else f"{position[0]:.2f},{position[1]:.2f}"
    return {
        **table.shared,
        "date": table.day,
        "date_to": table.day + dt.timedelta(days=1),
        "place": name,
        "lat": position[0] if position else None,
        "lon": position[1] if position else None,
        "holder": holder,
        "status": status,
        "population": _population(number, table.cell(cells, "population"), findings),
        "url": table.cell(cells, "url") or None,
        # Settlements share names: the position tells them apart.
        "key": f"{table.day}/{slug(name) or name}@{at}",
        "row": number,
    }


def _position(number: int, cells: tuple[str, ...], table: _Table, findings: Findings) -> tuple[float, float] | None:
    lat, lon = table.cell(cells, "lat"), table.cell(cells, "lon")
    if says_nothing(lat) and says_nothing(lon):
        return None
    position = read_position(lat, lon)
    if position[0] == 0 == position[1]:
        findings.doubt(number, "null island", "fault", "0, 0", "the position 0, 0 means none; it is left out")
        return None
    return position


def _population(number: int, text: str, findings: Findings) -> float | None:
    if says_nothing(text):
        return None
    try:
        people = read_number(text)
    except InputError:
        people = -1.0
    if 0 <= people <= _MOST_PEOPLE:
        return people
    findings.doubt(number, "population", "doubt", text, "not a number of people; it is left out")
    return None


def _tell_attested(number: int, text: str, day: dt.date, findings: Findings) -> None:
    """The column *As of* says when the holder was last attested, which no table can know ahead."""
    if says_nothing(text) or (attested := _day_or_none(text)) is None or attested <= day:
        return
    findings.doubt(number, "attested later", "fault", text, f"attested on a day after the table's own, {day}")


def _tell_twice(number: int, row: dict[str, Any], first: _Held, findings: Findings) -> None:
    same = first[1:] == (row["holder"], row["status"])
    says = f"the settlement stands in row {first[0]} too, {'with the same holder' if same else 'held by another'}"
    findings.doubt(number, "the same settlement twice", "note" if same else "fault", row["place"], says)


def _tell_edit_day(cells: tuple[str, ...], table: _Table, findings: Findings) -> None:
    """*update* is the day on which the page was last edited, not the day of the table."""
    edited = _day_or_none(table.cell(cells, "update"))
    if edited is None or edited == table.day:
        return
    if edited > table.day:
        says = f"last edited on {edited}, after the day in the file's name"
        findings.doubt(1, "edited later", "doubt", edited, says)
    else:
        says = f"last edited on {edited}: nothing new for {(table.day - edited).days} days"
        findings.doubt(1, "not edited since", "note", edited, says)


@lru_cache(maxsize=4096)
def _day_or_none(text: str) -> dt.date | None:
    try:
        return read_day(text)
    except InputError:
        return None
