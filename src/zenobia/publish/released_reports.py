"""Which reports may be told, and how exactly: withheld, placed on a grid, without names, without small figures."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from zenobia.publish.grid import cell_km, coarse
from zenobia.publish.leaks import Secrets
from zenobia.publish.policy import Policy
from zenobia.publish.withheld import Withheld
from zenobia.terms import InputError

__all__ = ["FREE_TEXTS", "Sorted", "cleaned", "sort_reports"]

Row = dict[str, Any]
Barred = Mapping[str, Mapping[str, str]]

DELAYED = "newer than the delay lets out"
# Where people write freely, and may write what a marking was to keep in.
FREE_TEXTS = {
    "reports": ("quote", "locator", "note", "topic"),
    "sources": ("notes",),
    "actors": ("notes",),
    "affiliations": ("locator",),
    "coverage": ("rule",),
    "documents": ("title",),
}
_PEOPLE = ("death", "fighter", "person")
_DEATHS = tuple(f"deaths_{w}" for w in ("low", "best", "high", "actor", "target", "civilians", "unknown"))
_COUNTS = ("count", "count_low", "count_high")
_WHERE = ("document", "locator", "quote", "note", "topic")


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """Reports sorted into those that may be told, as they may be told, and the others.

    Attributes:
        reports: those that may be told, with ``withdraws`` and without ``recorded``.
        gone: why each of the others may not, by id.
        changed: ids, as they were, of those that are told otherwise than they stand, and why.
        hidden: sources that are released without their names: their id, and the id that stands for them.
        renamed: ids that are told as others.
    """

    reports: pa.Table
    gone: Mapping[str, str]
    changed: Mapping[str, str]
    hidden: Mapping[str, str] = field(default_factory=dict)
    renamed: frozenset[str] = frozenset()

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        """The others, for the publisher."""
        gone = (Withheld("reports", i, why) for i, why in self.gone.items())
        return (*gone, *(Withheld("reports", i, why, whole=False) for i, why in self.changed.items()))


def sort_reports(tables: Mapping[str, pa.Table], policy: Policy, on: dt.date, after: dt.date, barred: Barred) -> Sorted:
    """Sort the reports of a record, all their versions.

    Args:
        tables: the record's.
        policy: what the case lets out.
        on: the day of the release.
        after: what was published or happened after this day is held back.
        barred: rows of other tables that may not be told, with why.

    Raises:
        InputError: ids would have to be hidden, and the policy has no salt.
    """
    rows: list[Row] = tables["reports"].to_pylist()
    barred = {**barred, **_unlisted(rows, tables, barred)}
    gone = _as_families(rows, {row["id"]: why for row in rows if (why := _why_not(row, policy, on, barred))})
    late = {row["id"]: DELAYED for row in rows if row["id"] not in gone and _late(row, after)}
    late |= {row["id"]: DELAYED for row in rows if row["id"] not in gone and row["part_of"] in late}
    kept = [row for row in rows if row["id"] not in gone and row["id"] not in late]
    hidden = _hidden_sources(tables, policy, barred)
    closed = {name for name in tables["reports"].column_names if not policy.lets_column("reports", name)} | {"recorded"}
    changing = _Changing(policy, _kinds_of(tables["places"]), hidden)
    told = sorted(changing.told(kept), key=lambda row: str(row["id"]))
    return Sorted(
        reports=_table(told, tables["reports"].schema, closed),
        gone={**gone, **late},
        changed=changing.changed,
        hidden=hidden,
        renamed=frozenset(changing.renamed),
    )


def _table(rows: list[Row], schema: pa.Schema, closed: set[str]) -> pa.Table:
    """Rows as a table, with nothing in the columns that stay in."""
    columns = {f.name: None if f.name in closed else [row[f.name] for row in rows] for f in schema}
    arrays = [
        pa.nulls(len(rows), f.type) if columns[f.name] is None else pa.array(columns[f.name], type=f.type)
        for f in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _unlisted(rows: Iterable[Row], tables: Mapping[str, pa.Table], barred: Barred) -> dict[str, Mapping[str, str]]:
    """Documents and sources that reports name and no table lists: nobody knows how they are marked."""
    named = {"documents": ("document",), "sources": ("source", "origin")}
    held = {table: set(tables[table].column("id").to_pylist()) for table in named}
    return {
        table: {
            **{row[c]: "not listed" for row in rows for c in columns if row[c] and row[c] not in held[table]},
            **barred[table],
        }
        for table, columns in named.items()
    }


def _why_not(row: Row, policy: Policy, on: dt.date, barred: Barred) -> str | None:
    """Why a report may not be told at all; ``None`` where it may, at least in part."""
    if not policy.lets(row["sensitivity"]):
        return f"marked {row['sensitivity']}"
    if why := policy.barred(f"r:{row['id']}", on):
        return why
    for column, table in (("document", "documents"), ("source", "sources"), ("origin", "sources"), ("place", "places")):
        if row[column] in barred[table]:
            why = barred[table][row[column]]
            return f"its {column} is {'not listed' if why == 'not listed' else 'withheld'}"
    if row["area"] in barred["places"] or row["area"] in barred["areas"]:
        return "its area is withheld"
    named = (name for column in ("actor", "target", "holder") for name in (row[column] or "").split("|"))
    return "it names somebody who is withheld" if any(name in barred["actors"] for name in named) else None


def _late(row: Row, after: dt.date) -> bool:
    return row["published"] > after or (row["date"] is not None and row["date"] > after)


def _as_families(rows: Iterable[Row], gone: dict[str, str]) -> dict[str, str]:
    """What is corrected, withdrawn or a part of a total goes with what it belongs to: the rest would tell it."""
    ties: dict[str, set[str]] = {}
    for row in rows:
        for other in (row["replaces"], row["part_of"]):
            if other:
                ties.setdefault(row["id"], set()).add(other)
                ties.setdefault(other, set()).add(row["id"])
    found, rising = dict(gone), list(gone)
    while rising:
        for other in sorted(ties.get(rising.pop(), ())):
            if other not in found:
                found[other] = "it belongs to one that is withheld"
                rising.append(other)
    return found


def _hidden_sources(tables: Mapping[str, pa.Table], policy: Policy, barred: Barred) -> dict[str, str]:
    """Sources that are people, and the nameless voice that stands for each: one for all of a side."""
    told = tables["sources"].select(["id", "kind", "stands_with"]).to_pylist()
    people = [
        s for s in told if (s["kind"] or "").casefold() in policy.contributors and s["id"] not in barred["sources"]
    ]
    return {s["id"]: "contributor" + (f"-{s['stands_with']}" if s["stands_with"] else "") for s in people}


def _kinds_of(places: pa.Table) -> dict[str, str]:
    return {row["id"]: (row["kind"] or "").casefold() for row in places.select(["id", "kind"]).to_pylist()}


class _Changing:
    """Tells reports less exactly than they stand, and remembers which and why."""

    def __init__(self, policy: Policy, kinds: Mapping[str, str], hidden: Mapping[str, str]) -> None:
        self.policy, self.kinds, self.hidden = policy, kinds, hidden
        self.changed: dict[str, str] = {}
        self.renamed: set[str] = set()

    def told(self, rows: list[Row]) -> list[Row]:
        """The rows as they may be told; those that belong together are told alike."""
        families = list(_families(rows))
        return [row for family in families for row in self.family(family)]

    def family(self, rows: list[Row]) -> Iterator[Row]:
        km = max(self.km(row) for row in rows)
        nameless = any(row["source"] in self.hidden or row["origin"] in self.hidden for row in rows)
        few = any(map(self.few, rows))
        for row in rows:
            self.note(row, km, nameless=nameless, few=few)
            row = self.on_grid(row, km) if km else row
            row = self.nameless(row) if nameless else row
            row = self.without_figures(row) if few else row
            if km or nameless:
                self.renamed.add(row["id"])
                row = self.under_other_ids(row)
            yield row

    def note(self, row: Row, km: float, *, nameless: bool, few: bool) -> None:
        why = [f"placed on a grid of {cell_km(km):g} km"] if km else []
        why += ["its source is not named"] if nameless else []
        why += [f"its figures of people under {self.policy.small_counts} are withheld"] if few else []
        if why:
            self.changed[row["id"]] = ", ".join(why)

    def km(self, row: Row) -> float:
        """On how coarse a grid a report is placed; 0 as it stands."""
        kinds = (self.kinds.get(row[column] or "", "") for column in ("place", "area"))
        return max(self.policy.coarsen.get(row["type"], 0.0), *(self.policy.protected.get(k) or 0.0 for k in kinds))

    def few(self, row: Row) -> bool:
        """Whether a report gives a figure of people so small that it could point to somebody."""
        figures = [row[name] for name in (*_DEATHS, "injured", "displaced")]
        figures += [row[name] for name in _COUNTS] if row["unit"] in _PEOPLE else []
        return any(figure is not None and 0 < figure < self.policy.small_counts for figure in figures)

    def on_grid(self, row: Row, km: float) -> Row:
        """Without its place, in the middle of a cell, and without the words that could name the place."""
        lat, lon = row["lat"], row["lon"]
        if lat is not None and lon is not None:
            lat, lon = coarse(lat, lon, km)
        precision = "admin2" if cell_km(km) <= 32 else "admin1"
        where = {"place": None, "area": None, "lat": lat, "lon": lon, "where_precision": precision}
        return {**row, **where, **dict.fromkeys(_WHERE)}

    def nameless(self, row: Row) -> Row:
        """With a nameless voice for its source, and without the words that could name it."""
        voices = {name: self.hidden.get(row[name], row[name]) for name in ("source", "origin")}
        return {**row, **voices, **dict.fromkeys(_WHERE)}

    def without_figures(self, row: Row) -> Row:
        """All figures of people go: from those that are left, the small one could be worked out."""
        names = [*_DEATHS, "injured", "displaced", *(_COUNTS if row["unit"] in _PEOPLE else ())]
        return {**row, **dict.fromkeys(names), **dict.fromkeys(("locator", "quote", "note"))}

    def under_other_ids(self, row: Row) -> Row:
        return {**row, **{name: self.other_id(row[name]) for name in ("id", "replaces", "part_of")}}

    def other_id(self, report: str | None) -> str | None:
        """An id that says nothing of the report, always the same for the same salt."""
        if report is None:
            return None
        if not self.policy.salt:
            raise InputError(
                "reports are to be told under other ids, and there is no salt for them",
                file="case.toml",
                column="publish.salt",
                value=report,
                expected="a secret word of your own, kept for as long as you release this case",
                fix='add salt = "..." under [publish], long and not to be guessed',
            )
        digest = hmac.new(self.policy.salt.encode(), report.encode(), hashlib.sha256).hexdigest()
        return f"x-{digest[:16]}"


def _families(rows: list[Row]) -> Iterator[list[Row]]:
    """Reports with their corrections and parts, each family together."""
    above = {row["id"]: row["id"] for row in rows}

    def top(report: str) -> str:
        while above[report] != report:
            above[report] = above[above[report]]
            report = above[report]
        return report

    for row in rows:
        for other in (row["replaces"], row["part_of"]):
            if other in above:
                above[top(row["id"])] = top(other)
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(top(row["id"]), []).append(row)
    return iter(found.values())


def cleaned(tables: Mapping[str, pa.Table], secrets: Secrets) -> tuple[dict[str, pa.Table], tuple[Withheld, ...]]:
    """The tables without those free texts that tell of something withheld."""
    done, changed = dict(tables), []
    for name, columns in FREE_TEXTS.items():
        for column in columns:
            table = done[name]
            texts = table.column(column).to_pylist()
            if not secrets.names("\n".join(text for text in texts if text)):
                continue
            telling = np.array([bool(text) and secrets.names(text) for text in texts])
            kept = pa.array([None if tells else text for text, tells in zip(texts, telling, strict=True)], pa.string())
            done[name] = table.set_column(table.column_names.index(column), column, kept)
            keys = table.column("id" if "id" in table.column_names else table.column_names[0]).to_pylist()
            why = f"its {column} tells of something withheld"
            changed += [Withheld(name, str(keys[at]), why, whole=False) for at in np.flatnonzero(telling)]
    return done, tuple(changed)
