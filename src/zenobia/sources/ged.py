"""UCDP GED: a row is what UCDP says on its release; what the row cites is a report of that office on its day.

Sides have no direction there: in a battle ``actor`` and ``target`` are both "one of these two", and
the note keeps the dyad and whose dead they were. Releases of 41 and of 49 columns are read, UTF-8 or cp1252,
with days in any of the forms that spreadsheets leave behind.

Source: UCDP GED Codebook 25.1 (Sundberg & Melander 2013, Journal of Peace Research 50(4)).
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zenobia.sources import ged_queries as queries
from zenobia.sources.cells import Cells, TableFile
from zenobia.sources.days import Order, days_in, order_of
from zenobia.sources.feed import DOUBTS, REJECTED, Captured, Look, Reading, Sql
from zenobia.sources.ged_items import items_of
from zenobia.sources.said import Said, id_of
from zenobia.terms import Actor, InputError, Source, did_you_mean, parse_published

__all__ = ["Ged"]

_NEEDED = ("id", "type_of_violence", "side_a", "side_b", "latitude", "longitude", "date_start", "date_end", "best")
_WELCOME = (
    "dyad_name", "side_a_new_id", "side_b_new_id", "source_article", "source_office", "source_date",
    "source_headline", "where_prec", "where_coordinates", "adm_1", "adm_2", "country", "date_prec", "code_status",
    "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low", "high",
)  # fmt: skip
_CITING = ("source_article", "source_office", "source_date", "source_headline")
_DAYS = ("date_start", "date_end", "source_date")
_TELLING = ("type_of_violence", "side_a", "side_b", "where_prec", "date_prec", "event_clarity", "dyad_name")

_RULES = {
    "id": ("no id; expected UCDP's event id", "take the row from UCDP's own file"),
    "type_of_violence": ("unknown code; expected 1, 2 or 3", "check whether the columns are shifted"),
    "date_start": (
        "not a day, or one that could be two; expected 2016-03-27, or a column whose order of day and month shows",
        "write ISO days, or say the order: --set days='day first' or --set days='month first'",
    ),
    "date_end before date_start": ("an event that ends before it begins", "look whether day and month are swapped"),
    "latitude": ("not a latitude; expected degrees from -90 to 90, with a longitude", "correct it, or empty both"),
    "longitude": ("not a longitude; expected degrees from -180 to 180, with a latitude", "correct it, or empty both"),
}
_RULES["date_end"] = _RULES["date_start"]
_RULES["twice"] = ("the same id twice; the first row is kept", "keep the one that is meant")
_FIGURE = ("not a count; expected 0 or more, or empty for not stated", "correct the figure against UCDP's own file")

_RELEASE = re.compile(r"(?:ged[ _v-]*(?P<close>[1-4]\d)\d|(?<![a-z\d])v?(?P<open>[1-4]\d)[._]\d+)(?![a-z\d])", re.I)
_CANDIDATE = re.compile(r"candidate|(?<!\d)\d{2}[._]0[._]\d|\d{2}[._]01[._]", re.I)
_WHOLE_SHARE = 0.05


class Ged:
    """Reads releases of the UCDP Georeferenced Event Dataset."""

    kind = "ucdp-ged"
    version = 2
    prefix = "ged"

    def recognises(self, look: Look) -> float:
        """By the columns that no other dataset has together."""
        found = {column.lower() for column in look.columns}
        return sum(column in found for column in _TELLING) / len(_TELLING)

    def read(self, captured: Captured, sql: Sql) -> Iterator[Reading]:
        """One reading, or several of a file too large to be read at one go."""
        release, file = _release_of(captured), TableFile(captured.path, captured.name)
        names = _columns_of(file, captured)
        batches = file.batches(tuple(names.values()))
        if file.large:  # its columns of days are read through first: what shows their order may stand at the end
            orders = _orders(file.batches([names[c] for c in _DAYS if c in names]), captured, names)
        else:
            first = next(batches)
            orders, batches = _orders([first], captured, names), chain([first], batches)
        seen: list[pa.Array] = []
        for cells in batches:
            yield _Batch(cells, names, orders, release, seen, sql).reading()


# --- the file as a whole ------------------------------------------------------------------------


def _columns_of(file: TableFile, captured: Captured) -> dict[str, str]:
    """GED's columns by the names that they have in this file."""
    by_name = {column.lower().strip(): column for column in file.columns}
    found: dict[str, str] = {}
    for column in (*_NEEDED, *_WELCOME):
        said = captured.options.maps.get(column, column)
        if said.lower().strip() in by_name:
            found[column] = by_name[said.lower().strip()]
    missing = [column for column in _NEEDED if column not in found]
    if missing:
        hint = did_you_mean(missing[0], file.columns)
        raise InputError(
            "not the header of a GED file",
            file=captured.name,
            row=1,
            value=f"no column {', '.join(missing)}",
            expected="the columns of UCDP GED",
            fix=f"--map {missing[0]}=ITS_COLUMN{f' ({hint})' if hint else ''}",
        )
    return found


def _orders(read: Iterable[Cells], captured: Captured, names: dict[str, str]) -> dict[str, Order | None]:
    """Whether day or month comes first in each column of days: as the user says, or as the column shows."""
    wanted = [column for column in _DAYS if column in names]
    said = captured.options.sets.get("days")
    if said and said not in get_args(Order):
        raise InputError("unknown order of days", column="days", value=said, expected="'day first' or 'month first'")
    if said:
        return dict.fromkeys(wanted, cast(Order, said))
    values: dict[str, set[str]] = {column: set() for column in wanted}
    for cells in read:
        for column in wanted:
            values[column].update(pc.unique(cells.table.column(names[column])).to_pylist())
    return {column: order_of(values[column]) for column in wanted}


@dataclass(frozen=True, kw_only=True)
class _Release:
    source: Source
    series: str
    published: dt.date | None
    whole: bool


def _release_of(captured: Captured) -> _Release:
    """Who speaks, on which day, and whether of everything."""
    said = Said(captured, settable=("days", "whole"), mappable=(*_NEEDED, *_WELCOME))
    whole = said.flag("whole")
    source = Source(
        id=said.get("source", "ucdp-ged"),
        name=said.get("source_name", "UCDP Georeferenced Event Dataset"),
        kind="dataset",
        url=said.get("url", "https://ucdp.uu.se/"),
        licence=said.get("licence", "CC BY 4.0"),
        notes="Deadly events only; sides have no direction; low and high are known to be too narrow.",
    )
    return _Release(
        source=source,
        series=said.get("series", "ucdp-ged"),
        published=parse_published(said.get("published")) if said.get("published") else _day_in_name(captured.name),
        whole=not _CANDIDATE.search(captured.name) if whole is None else whole,
    )


def _day_in_name(name: str) -> dt.date | None:
    """The year of the version that a file's name gives (ged191, 19_1, 25.1), as its last day."""
    version = _RELEASE.search(name.rpartition(".")[0] or name)
    return dt.date(2000 + int(version["close"] or version["open"]), 12, 31) if version else None


# --- a batch of rows ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Batch:
    """Some rows of a file, on their way from text to reports."""

    cells: Cells
    names: dict[str, str]
    orders: dict[str, Order | None]
    release: _Release
    seen: list[pa.Array]
    sql: Sql

    def reading(self) -> Reading:
        table = self._named()
        cells, actors = _with_actors(self._with_days(table.drop_columns(list(_CITING))))
        typed = _in_order(self.sql(queries.TYPED, cells=cells))
        faults = typed.column("fault").combine_chunks()
        sound = pc.is_null(faults)
        first = self._first(typed.column("key").combine_chunks(), sound)
        typed, citing = _kept(typed, first), _kept(table.select(["row", "side_a", "side_b", *_CITING]), first)
        items, unread = items_of(citing.append_column("event", typed.column("key")), self.orders.get("source_date"))
        reports = _in_order(self.sql(queries.REPORTS, typed=typed))
        published, assumed = self._published(reports)
        return Reading(
            series=self.release.series,
            source=self.release.source.id,
            published=published,
            whole=self.release.whole,
            covers=_years_of(reports),
            scopes=_scopes_of(reports),
            reports=reports,
            cited=self.sql(queries.CITED, items=items),
            sources=(self.release.source, *_offices(items)),
            actors=actors,
            rejected=pa.concat_tables([self.cells.rejected, _refused(table, faults, pc.and_not(sound, first))]),
            doubts=pa.concat_tables([self.cells.doubts, assumed, self._doubts(typed, citing, items), unread]),
        )

    def _named(self) -> pa.Table:
        """The columns under GED's names; those that this release lacks are empty."""
        held = self.cells.table
        blank = pa.repeat(pa.scalar(""), held.num_rows)
        columns = {
            column: held.column(self.names[column]) if column in self.names else blank
            for column in (*_NEEDED, *_WELCOME)
        }
        return pa.table({"row": held.column("row"), **columns})

    def _with_days(self, table: pa.Table) -> pa.Table:
        for column, made in (("date_start", "begins"), ("date_end", "ends")):
            table = table.append_column(made, days_in(table.column(column), self.orders.get(column)))
        return table

    def _first(self, keys: pa.Array, sound: pa.Array) -> pa.Array:
        """The sound rows whose id comes for the first time, in this batch and those before it."""
        kept = keys.filter(sound)
        different = pc.unique(kept)
        if len(different) == len(kept) and not self.seen:
            first = sound
        else:
            first = pc.and_(sound, _first_of(keys, sound))
            for earlier in self.seen:
                first = pc.and_not(first, pc.is_in(keys, value_set=earlier))
        self.seen.append(different)
        return first

    def _published(self, reports: pa.Table) -> tuple[dt.date | None, pa.Table]:
        """The release's day: as said, or as the name says, or the end of the last year that the file speaks of."""
        last = pc.max(reports.column("date_to")).as_py()
        if last is None:
            return self.release.published, DOUBTS.empty_table()
        year_end = dt.date((last - dt.timedelta(days=1)).year, 12, 31)
        if self.release.published and self.release.published >= last - dt.timedelta(days=1):
            return self.release.published, DOUBTS.empty_table()
        says = "the name gives no version" if not self.release.published else "the file tells of later events"
        odd = {
            "row": 1,
            "trap": "release day",
            "severity": "doubt",
            "value": year_end.isoformat(),
            "says": f"{says}: taken as published at the end of its last year; --set published=DAY says better",
        }
        return year_end, pa.Table.from_pylist([odd], schema=DOUBTS)

    def _doubts(self, typed: pa.Table, citing: pa.Table, items: pa.Table) -> pa.Table:
        said = items.group_by("row", use_threads=False).aggregate([("day", "min")]).rename_columns(["row", "earliest"])
        middles = self.sql(queries.MIDDLES, typed=typed)
        odd = self.sql(queries.DOUBTS, typed=typed, said=said, middles=middles, strangers=_strangers(citing))
        return odd.cast(DOUBTS)


def _in_order(table: pa.Table) -> pa.Table:
    """The rows as they stand in the file; a query promises no order, and sorting in it costs more."""
    rows = table.column("row").to_numpy()
    return table if (rows[1:] > rows[:-1]).all() else table.sort_by("row")


def _kept(table: pa.Table, mask: pa.Array) -> pa.Table:
    return table if pc.all(mask).as_py() else table.filter(mask)


def _first_of(keys: pa.Array, sound: pa.Array) -> pa.Array:
    """Whether each key comes for the first time among the sound rows."""
    table = pa.table({"key": keys, "at": pa.array(np.arange(len(keys)))})
    firsts = table.filter(sound).group_by("key", use_threads=False).aggregate([("at", "min")]).column("at_min")
    return pc.is_in(table.column("at").combine_chunks(), value_set=firsts.combine_chunks())


# --- actors and offices -------------------------------------------------------------------


def _with_actors(table: pa.Table) -> tuple[pa.Table, tuple[Actor, ...]]:
    """The table with the ids of both sides, and the actors: UCDP's number, or the name where there is none."""
    actors: dict[str, Actor] = {}
    for side in ("a", "b"):
        pairs = (
            table.select([f"side_{side}", f"side_{side}_new_id"])
            .group_by([f"side_{side}", f"side_{side}_new_id"], use_threads=False)
            .aggregate([])
        )
        ids: dict[str, str] = {}
        for name, number in zip(*(column.to_pylist() for column in pairs.columns), strict=True):
            number = number.strip().removesuffix(".0")
            actor = f"ucdp-{number}" if number.isdigit() else id_of(name.strip(), "actor")
            if name.strip():
                actors.setdefault(actor, Actor(id=actor, name=name.strip()))
                ids.setdefault(name, actor)
        coded = pc.dictionary_encode(table.column(f"side_{side}").combine_chunks())
        made = pa.array([ids.get(name) for name in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)
        table = table.append_column(f"actor_{side}", made)
    return table, tuple(actors[key] for key in sorted(actors))


def _offices(items: pa.Table) -> tuple[Source, ...]:
    names = sorted(pc.unique(items.column("office")).to_pylist())
    return tuple(Source(id=id_of(name, "source"), name=name) for name in names)


def _strangers(citing: pa.Table) -> pa.Table:
    """Rows whose headline names a party that is no side of its dyad, and no side of it: (row, named, headline)."""
    sides = set(pc.unique(citing.column("side_a")).to_pylist()) | set(pc.unique(citing.column("side_b")).to_pylist())
    words = sorted((s for s in sides if len(s) > 2 and s.lower() != "civilians"), key=len, reverse=True)
    pattern = rf"\b(?P<party>{'|'.join(re.escape(word) for word in words) or '$.'})\b"
    party = pc.struct_field(pc.extract_regex(citing.column("source_headline").combine_chunks(), pattern), "party")
    named = pc.is_valid(party)
    rows = citing.select(["row", "side_a", "side_b", "source_headline"]).filter(named).to_pylist()
    odd = [
        {"row": row["row"], "named": who, "headline": row["source_headline"]}
        for row, who in zip(rows, party.filter(named).to_pylist(), strict=True)
        if who not in (row["side_a"], row["side_b"]) and not _names_a_side(row)
    ]
    return pa.Table.from_pylist(
        odd, schema=pa.schema([("row", pa.int64()), ("named", pa.string()), ("headline", pa.string())])
    )


def _names_a_side(row: dict[str, str]) -> bool:
    headline = row["source_headline"].lower()
    return any(side and side.lower() in headline for side in (row["side_a"], row["side_b"]))


# --- what is refused, and what a release covers -------------------------------------------------


def _refused(table: pa.Table, faults: pa.Array, twice: pa.Array) -> pa.Table:
    """The rows that broke a rule, whole, with the first rule that each broke."""
    bad = pc.or_(pc.is_valid(faults), twice)
    rows = table.filter(bad).to_pylist()
    told = [
        _rejected(cells, fault or "twice") for cells, fault in zip(rows, faults.filter(bad).to_pylist(), strict=True)
    ]
    return pa.Table.from_pylist(told, schema=REJECTED)


def _rejected(cells: dict[str, Any], fault: str) -> dict[str, Any]:
    column = "id" if fault == "twice" else fault.partition(" ")[0]
    rule, fix = _RULES.get(fault, _FIGURE)
    stated = {name: cell for name, cell in cells.items() if cell != "" and name != "row"}
    return {
        "row": cells["row"],
        "field": column,
        "value": cells[column],
        "rule": rule,
        "fix": fix,
        "cells": json.dumps(stated, ensure_ascii=False),
    }


def _years_of(reports: pa.Table) -> tuple[dt.date, dt.date] | None:
    """The whole years of which a release speaks."""
    first, last = pc.min(reports.column("date")).as_py(), pc.max(reports.column("date")).as_py()
    return (dt.date(first.year, 1, 1), dt.date(last.year + 1, 1, 1)) if first else None


def _scopes_of(reports: pa.Table) -> frozenset[str]:
    """The countries of which a release speaks: not one that a list of another country merely touches."""
    counted = reports.column("scope").value_counts().to_pylist()
    most = max((entry["counts"] for entry in counted), default=0)
    alone = most > reports.num_rows / 2
    return frozenset(e["values"] for e in counted if not alone or e["counts"] >= _WHOLE_SHARE * reports.num_rows)
