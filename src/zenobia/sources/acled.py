"""ACLED exports: one row an event, edited in place (`timestamp`), without directions and without ranges.

Its terms forbid redistribution: every report is ``restricted``, and its words stay in the captured
file. Which of two sides took a place is said only where the code and the kinds of the sides leave one.

Source: ACLED Codebook (2024-10-03); Raleigh et al. 2010, doi:10.1177/0022343310378914.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pyarrow as pa

from zenobia.record.tables import schema_of
from zenobia.sources.feed import Captured, Look, Reading, Sql
from zenobia.sources.findings import Findings
from zenobia.sources.parties import actors_of
from zenobia.sources.rows import Batch, batches
from zenobia.sources.said import Said
from zenobia.sources.values import plain, read_day, read_number, read_position, says_nothing
from zenobia.terms import InputError, Report, Source
from zenobia.terms.codes import Coded, from_acled

__all__ = ["Acled", "day_of_moment", "speaker"]

_NEEDED = ("event_id_cnty", "event_date", "event_type", "actor1", "latitude", "longitude")
_WELCOME = ("sub_event_type", "time_precision", "inter1", "actor2", "inter2", "location", "geo_precision", "source",
            "fatalities", "timestamp", "admin1", "civilian_targeting")  # fmt: skip
_FIELDS = ("published", "type", "origin", "locator", "date", "date_to", "date_precision", "place", "area", "lat", "lon",
           "where_precision", "actor", "target", "holder", "status", "deaths_best", "sensitivity", "note")  # fmt: skip
_WHERE = {"1": "exact", "2": "near", "3": "admin1"}
# Whose side it is: ACLED wrote numbers, and since 2024 words.
_STATE = frozenset({"1", "state forces"})
_NON_STATE = frozenset({"2", "3", "4", "rebel group", "rebel groups", "political militia", "political militias",
                        "identity militia", "identity militias"})  # fmt: skip
_TAKEN_BY_STATE, _TAKEN_BY_OTHERS = "government regains territory", "non-state actor overtakes territory"


class Acled:
    """Reads ACLED exports. An event edited since is a new version; deletions come separately."""

    kind = "acled"
    version = 2
    prefix = "acled"

    def recognises(self, look: Look) -> float:
        """By the columns that ACLED alone has."""
        batch = Batch(look.columns, ())
        return sum(batch.place(name) is not None for name in _NEEDED) / len(_NEEDED)

    def read(self, captured: Captured, sql: Sql) -> Iterator[Reading]:
        """Read the events, batch by batch.

        Raises:
            InputError: a column is missing, or nothing says when the rows were published.
        """
        findings, said = Findings(), Said(captured)
        source = speaker(said)
        reader = _Events(captured, said, findings)
        for batch in batches(captured, findings):
            reports = reader.read(batch)
            rejected, doubts = findings.take()
            yield Reading(
                series=said.get("series") or source.id,
                source=source.id,
                published=None,
                reports=reports,
                sources=(source,),
                actors=actors_of(reports),
                rejected=rejected,
                doubts=doubts,
            )


def speaker(said: Said) -> Source:
    """ACLED, or whom the user says the file is from."""
    return said.speaker(
        "acled",
        "Armed Conflict Location & Event Data (ACLED)",
        url="https://acleddata.com",
        licence="ACLED terms of use: no redistribution",
    )


class _Events:
    """Turns rows into reports; remembers the ids that it has seen."""

    def __init__(self, captured: Captured, said: Said, findings: Findings) -> None:
        self.file, self.said, self.findings = captured.name, said, findings
        self.released = said.published()
        self.ids: set[str] = set()
        self.schema = pa.schema(
            [
                ("key", pa.string()),
                *(schema_of(Report).field(name) for name in _FIELDS),
                ("admin1", pa.string()),
                ("row", pa.int64()),
            ]
        )

    def read(self, batch: Batch) -> pa.Table:
        """The reports of some rows."""
        places = {name: batch.required(self.file, name) for name in _NEEDED}
        places |= {name: at for name in _WELCOME if (at := batch.place(name)) is not None}
        if "timestamp" not in places and self.released is None:
            raise InputError(
                "nobody says when these rows were published",
                file=self.file,
                column="timestamp",
                expected="ACLED's own column of that name",
                fix="export it with the column timestamp, or say the day: --set published=2024-05-03",
            )
        made = []
        for number, cells in batch.rows:
            try:
                made.append(self._report(number, {name: cells[at] for name, at in places.items()}))
            except InputError as wrong:
                self.findings.reject(number, wrong, batch.named(cells))
        return pa.Table.from_pylist(made, schema=self.schema)

    def _report(self, number: int, cells: dict[str, str]) -> dict[str, Any]:
        event = cells["event_id_cnty"]
        self._check_id(event)
        code = _code(cells["event_type"], cells.get("sub_event_type", ""))
        lat, lon = read_position(cells["latitude"], cells["longitude"])
        first, after, precision = _period(cells["event_date"], cells.get("time_precision", "1"))
        actor, target = _sides(code, cells)
        holder = _taker(code, cells)
        if code.status == "takes" and holder is None:
            says = "two sides, and the code does not say which took the place; no holder is given"
            self.findings.doubt(number, "taker not known", "doubt", event, says)
        deaths = None if says_nothing(cells.get("fatalities", "")) else read_number(cells["fatalities"])
        if deaths is not None and deaths < 0:
            raise InputError("a negative count", column="fatalities", value=deaths, expected="0 or more")
        where = _WHERE.get(cells.get("geo_precision", ""), "unknown")
        published = self._published(cells)
        if published < first:
            says = f"published {published}, before the day it tells of"
            self.findings.doubt(number, "published before it happened", "doubt", first, says)
        outlets = [outlet.strip() for outlet in cells.get("source", "").split(";") if outlet.strip()]
        # The id is taken only now, so that a bad row does not keep a good one of the same id out.
        self.ids.add(event)
        return {
            "key": event,
            "row": number,
            "published": published,
            "type": code.type if code.type != "control" else "other",
            "origin": outlets[0] if len(outlets) == 1 else None,
            "locator": f"ACLED event {event}",
            "date": first,
            "date_to": after,
            "date_precision": precision,
            # A point that stands for a province is no place, so that it is never inside a radius.
            "place": None if where == "admin1" else plain(cells.get("location", "")) or None,
            "area": plain(cells.get("admin1", "")) or None if where == "admin1" else None,
            "admin1": plain(cells.get("admin1", "")) or None,
            "lat": lat,
            "lon": lon,
            "where_precision": where,
            "actor": actor,
            "target": target,
            "holder": holder,
            "status": "takes" if holder else None,
            "deaths_best": deaths,
            "sensitivity": "restricted",
            "note": plain(f"{cells['event_type']}: {cells.get('sub_event_type', '')}").rstrip(": "),
        }

    def _check_id(self, event: str) -> None:
        if not event or event in self.ids:
            raise InputError(
                "the same id twice" if event else "no id",
                column="event_id_cnty",
                value=event,
                expected="ACLED's id of the event, once in a file",
                fix="keep the row with the later timestamp",
            )

    def _published(self, cells: dict[str, str]) -> dt.date:
        """The day of the row's last edit, in UTC; without one the day of the release."""
        text = cells.get("timestamp", "")
        if says_nothing(text) and self.released:
            return self.released
        return day_of_moment(text)


@lru_cache(maxsize=1 << 16)
def day_of_moment(text: str, column: str = "timestamp") -> dt.date:
    """The day of a moment, in UTC.

    Raises:
        InputError: it is neither seconds since 1970 nor a day.
    """
    try:
        if text.isdigit():
            return dt.datetime.fromtimestamp(int(text), dt.UTC).date()
        return read_day(text)
    except (InputError, OverflowError, ValueError, OSError):
        raise InputError(
            "not a timestamp",
            column=column,
            value=text,
            expected="seconds since 1970, or a day",
            fix="export the file again",
        ) from None


@lru_cache(maxsize=4096)
def _code(event_type: str, sub_event_type: str) -> Coded:
    return from_acled(event_type, sub_event_type)


@lru_cache(maxsize=1 << 16)
def _period(text: str, precision: str) -> tuple[dt.date, dt.date, str]:
    """The days in which it happened: the day, the week around it, or the month."""
    try:
        day = read_day(text)
    except InputError as wrong:
        raise InputError(wrong.what, column="event_date", value=text, expected=wrong.expected, fix=wrong.fix) from wrong
    if precision == "2":
        return day - dt.timedelta(days=3), day + dt.timedelta(days=4), "week"
    if precision == "3":
        first = day.replace(day=1)
        return first, (first + dt.timedelta(days=31)).replace(day=1), "month"
    return day, day + dt.timedelta(days=1), "day"


def _sides(code: Coded, cells: dict[str, str]) -> tuple[str | None, str | None]:
    """Actor and target: known only in violence against civilians, else both are one of the two."""
    first, second = plain(cells["actor1"]), plain(cells.get("actor2", ""))
    if cells["event_type"].strip().casefold() == "violence against civilians":
        return first or None, second or "civilians"
    if first and second:
        either = f"{first.replace('|', '/')}|{second.replace('|', '/')}"
        return either, either
    return first or second or None, None


def _taker(code: Coded, cells: dict[str, str]) -> str | None:
    """Who took the place: the one side of the kind that the code names, or the only side there is."""
    if code.status != "takes":
        return None
    sides = [
        (plain(cells.get(f"actor{n}", "")), cells.get(f"inter{n}", "").strip().casefold())
        for n in (1, 2)
        if plain(cells.get(f"actor{n}", ""))
    ]
    wanted = {_TAKEN_BY_STATE: _STATE, _TAKEN_BY_OTHERS: _NON_STATE}.get(
        cells.get("sub_event_type", "").strip().casefold()
    )
    fitting = [name for name, kind in sides if wanted is None or kind in wanted]
    return fitting[0] if len(fitting) == 1 else None
