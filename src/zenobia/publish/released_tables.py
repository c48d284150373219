"""The tables beside the reports: only what released reports and claims speak of, and of that what may be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from zenobia.publish.policy import Policy
from zenobia.publish.released_claims import words_of
from zenobia.publish.released_reports import Sorted

__all__ = ["barred_rows", "kept_rows", "whole_frames"]

Row = dict[str, Any]
_LETTERS = {"sources": "s", "actors": "a", "places": "p", "documents": "d"}


def barred_rows(tables: Mapping[str, pa.Table], policy: Policy, on: dt.date) -> dict[str, dict[str, str]]:
    """Sources, actors, places and documents that may not be told, with why, by table and id."""
    barred: dict[str, dict[str, str]] = {"areas": {}}
    for table, letter in _LETTERS.items():
        rows = tables[table].to_pylist()
        found = ((row["id"], _why_not(row, table, letter, policy, on)) for row in rows)
        barred[table] = {row_id: why for row_id, why in found if why}
    barred["areas"] = {
        row["id"]: "its source is withheld"
        for row in tables["areas"].select(["id", "source"]).to_pylist()
        if row["source"] in barred["sources"]
    }
    _documents_of(tables["documents"].to_pylist(), barred)
    return barred


def _why_not(row: Row, table: str, letter: str, policy: Policy, on: dt.date) -> str | None:
    if not policy.lets(row["sensitivity"]):
        return f"marked {row['sensitivity']}"
    kind = (row.get("kind") or "").casefold()
    if table in ("actors", "places") and kind in policy.protected and policy.protected[kind] is None:
        return f"of a protected kind: {kind}"
    return policy.barred(f"{letter}:{row['id']}", on)


def _documents_of(documents: Iterable[Row], barred: dict[str, dict[str, str]]) -> None:
    """A document goes with its source and with the document that it translates."""
    held = list(documents)
    before = -1
    while before != len(barred["documents"]):
        before = len(barred["documents"])
        for row in held:
            if row["source"] in barred["sources"]:
                barred["documents"].setdefault(row["id"], "its source is withheld")
            if row["translation_of"] in barred["documents"]:
                barred["documents"].setdefault(row["id"], "what it translates is withheld")


def kept_rows(
    tables: Mapping[str, pa.Table],
    found: Sorted,
    barred: Mapping[str, Mapping[str, str]],
    claims: Mapping[str, str],
    policy: Policy,
    holders: tuple[str, ...],
) -> dict[str, pa.Table]:
    """Every table with those rows alone that something released speaks of; holders are spoken of always."""
    said = words_of(claims)
    rows = {name: table.to_pylist() for name, table in tables.items() if name != "reports"}
    used = {name: _spoken_of(rows[name], said) for name in ("sources", "actors", "places", "areas", "documents")}
    used["actors"] |= set(holders)
    _by_reports(found.reports.to_pylist(), used)
    people = set(found.hidden)
    coverage = [row for row in rows["coverage"] if row["source"] in used["sources"] - people - barred["sources"].keys()]
    coverage = [row for row in coverage if barred["actors"].keys().isdisjoint(_missed(row))]
    used["areas"] |= {row["area"] for row in coverage if row["area"]}
    # A country's outline is nobody's secret, and the ground of a release is that of the case.
    used["areas"] |= {row["id"] for row in rows["areas"] if row["kind"] == "country"}
    used["actors"] |= {actor for row in coverage for actor in _missed(row)}
    kept = {
        name: [r for r in rows[name] if r["id"] in ids and r["id"] not in barred[name]] for name, ids in used.items()
    }
    kept["coverage"] = coverage
    kept["documents"] = [row for row in kept["documents"] if row["source"] not in people]
    kept["areas"] = [{**row, "source": found.hidden.get(row["source"], row["source"])} for row in kept["areas"]]
    used["sources"] |= {row["source"] for row in (*kept["documents"], *kept["areas"]) if row["source"]}
    kept["actors"], kept["affiliations"] = _parties(rows, used, barred, found.hidden)
    used["sources"] |= {tie["source"] for tie in kept["affiliations"] if tie["source"]}
    kept["sources"] = _sources(rows["sources"], used["sources"], found.hidden, barred)
    told = {name: _table(held, tables[name].schema, name, policy) for name, held in kept.items()}
    others = {name: table.slice(0, 0) for name, table in tables.items()}  # maps of others were not ours to hand on
    return {**others, **told, "reports": found.reports}


def _missed(row: Row) -> list[str]:
    """The parties on whose ground a list says that it cannot see."""
    named = row.get("misses") or ()
    return [n for n in (named.split("|") if isinstance(named, str) else named) if n]


def _spoken_of(rows: Iterable[Row], said: frozenset[str]) -> set[str]:
    """Rows that a released claim names, by id or by any name."""
    return {
        row["id"]
        for row in rows
        if not said.isdisjoint(
            filter(None, (row["id"], row.get("name"), row.get("name_ar"), *(row.get("aliases") or ())))
        )
    }


def _by_reports(reports: Iterable[Row], used: dict[str, set[str]]) -> None:
    for row in reports:
        used["sources"] |= {row["source"], row["origin"]} - {None}
        used["documents"] |= {row["document"]} - {None}
        used["places"] |= {row["place"], row["area"]} - {None}
        used["areas"] |= {row["area"]} - {None}
        used["actors"] |= {n for c in ("actor", "target", "holder") for n in (row[c] or "").split("|") if n}


def _parties(
    rows: Mapping[str, list[Row]],
    used: Mapping[str, set[str]],
    barred: Mapping[str, Mapping[str, str]],
    hidden: Mapping[str, str],
) -> tuple[list[Row], list[Row]]:
    """Actors that are spoken of, with those that they belong to, and the ties between them."""
    wanted = used["actors"] | {row["stands_with"] for row in rows["sources"] if row["id"] in used["sources"]} - {None}
    before = -1
    while before != len(wanted):
        before = len(wanted)
        wanted |= {tie["of"] for tie in rows["affiliations"] if tie["actor"] in wanted}
    wanted -= barred["actors"].keys()
    ties = [tie for tie in rows["affiliations"] if {tie["actor"], tie["of"]} <= wanted]
    return (
        [row for row in rows["actors"] if row["id"] in wanted],
        [_nameless(tie, hidden) for tie in ties if tie["source"] not in barred["sources"]],
    )


def _nameless(tie: Row, hidden: Mapping[str, str]) -> Row:
    """A tie that a contributor told of is told by the nameless voice."""
    return {**tie, "source": hidden[tie["source"]], "locator": None} if tie["source"] in hidden else tie


def _sources(
    rows: Iterable[Row], used: set[str], hidden: Mapping[str, str], barred: Mapping[str, Mapping[str, str]]
) -> list[Row]:
    """Sources that are spoken of, with whom they copy from where that may be told; people without their names."""
    rows = list(rows)
    before = -1
    while before != len(used):
        before = len(used)
        used |= {other for row in rows if row["id"] in used for other in row["copies_from"] or ()}
    out = barred["sources"].keys() | hidden.keys()
    kept = [row for row in rows if row["id"] in used and row["id"] not in out]
    told = [{**row, "copies_from": [o for o in row["copies_from"] or () if o not in out]} for row in kept]
    voices = {new: row for row in rows if (new := hidden.get(row["id"])) in used}
    blank = dict.fromkeys(rows[0]) if rows else {}
    told += [
        {**blank, "id": new, "name": "A contributor", "kind": "contributor", "stands_with": row["stands_with"]}
        for new, row in voices.items()
    ]
    for row in told:
        row["copies_from"] = row["copies_from"] or []
        row["stands_with"] = None if row["stands_with"] in barred["actors"] else row["stands_with"]
    return sorted(told, key=lambda row: str(row["id"]))


def _table(rows: list[Row], schema: pa.Schema, name: str, policy: Policy) -> pa.Table:
    closed = [column for column in schema.names if not policy.lets_column(name, column)]
    closed += ["path", "sensitivity"] if name == "documents" else []
    told = [{**row, **{column: None for column in closed if column in row}} for row in rows]
    return pa.Table.from_pylist(told, schema=schema)


def whole_frames(coverage: pa.Table, reports: pa.Table, found: Sorted) -> pa.Table:
    """Lists of which every row is told as it stands. A list with holes is no list: it would carry false counts."""
    broken = found.gone.keys() | found.changed.keys()
    columns = reports.select(["id", "source", "origin", "type"]).to_pylist()
    holes = {(who, r["type"]) for r in columns if r["id"] in broken for who in (r["source"], r["origin"]) if who}
    kept = [row for row in coverage.to_pylist() if (row["source"], row["type"]) not in holes]
    return pa.Table.from_pylist(kept, schema=coverage.schema)
