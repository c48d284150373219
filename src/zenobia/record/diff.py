"""What changed: between two days of knowledge, and between two runs of the history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zenobia.record.chain import say
from zenobia.record.ledger import Entry, Ledger, Version, fold
from zenobia.record.store import Record
from zenobia.record.tables import nouns_of
from zenobia.record.view import View
from zenobia.terms import InputError, NotFound, Report

__all__ = ["between_runs", "concerned", "learned"]

# What tells one version of a report from another without being said by either.
_OF_THE_VERSION = {"id", "published", "replaces"}


def learned(record: Record, then: View, now: View) -> dict[str, list[dict[str, Any]]]:
    """The reports that were new, corrected or withdrawn between two days of knowledge.

    A report that came and was corrected in between is new, as it stands at the end; one that came
    and was withdrawn in between is among the withdrawn.
    """
    every = record.content.tables["reports"]
    before, after = set(then.column("id")), set(now.column("id"))
    follows = _successors(every, now)
    gained, lost = after - before, (before | _came_between(every, then, now)) - after
    ends = {old: _end_of(old, follows) for old in lost}
    corrected = {ends[old]: old for old in sorted(lost & before) if ends[old] in gained}
    withdrawn = {old: follows[old] for old in lost if ends[old] not in after and old in follows}
    told = {r.id: r for r in nouns_of(Report, _among(every, gained | lost | set(withdrawn.values())))}
    return {
        "new": [_told(told[i], record) for i in _in_order(gained - set(corrected), told)],
        "corrected": [
            {**_told(told[i], record), "corrects": corrected[i], "changed": _changed(told[corrected[i]], told[i])}
            for i in _in_order(corrected, told)
        ],
        "withdrawn": [
            {**_told(told[i], record), "by": by, "on": told[by].published.isoformat()}
            for i in _in_order(withdrawn, told)
            if (by := withdrawn[i]) in told
        ],
    }


def concerned(reports: Mapping[str, Sequence[Mapping[str, Any]]]) -> frozenset[str]:
    """The ids of all reports that `learned` tells of, the corrected ones too."""
    rows = [row for kind in reports.values() for row in kind]
    return frozenset({row["id"] for row in rows} | {row["corrects"] for row in rows if "corrects" in row})


def between_runs(ledger: Ledger, earlier: str, later: str) -> dict[str, Any]:
    """The rows that were added, changed or taken out between the ends of two runs of the history.

    Args:
        earlier, later: ids of runs (``run-000003``, or ``3``); ``start`` is before the first,
            ``last`` is the newest.

    Raises:
        NotFound: there is no such run.
        InputError: the second run is not later than the first.
    """
    first, last = _end_of_run(ledger, earlier), _end_of_run(ledger, later)
    if last < first:
        raise InputError("the runs stand the wrong way round", value=f"{earlier} {later}", fix="name the earlier first")
    between = ledger.entries[first:last]
    return {
        "runs": [_plain_run(entry) for entry in between if entry.kind == "run"],
        "rows": list(_differences(fold(ledger, first), fold(ledger, last))),
        "datasets": [dict(entry.body) for entry in between if entry.kind == "dataset"],
        "rejected": [
            {key: entry.body.get(key) for key in ("id", "file", "row", "field", "value", "rule", "fix")}
            for entry in between
            if entry.kind == "rejected"
        ],
    }


# --- between two days of knowledge ---------------------------------------------------------


def _came_between(every: pa.Table, then: View, now: View) -> set[str]:
    """The reports that were published after one day and by another, bare withdrawals left out."""
    told = pc.invert(every.column("withdraws"))
    if then.known:
        told = pc.and_(told, pc.greater(every.column("published"), pa.scalar(then.known)))
    if now.known:
        told = pc.and_(told, pc.less_equal(every.column("published"), pa.scalar(now.known)))
    return set(every.filter(told).column("id").to_pylist())


def _successors(every: pa.Table, now: View) -> dict[str, str]:
    """By report, the one that replaced or withdrew it by a day; the last where there were several."""
    told = pc.is_valid(every.column("replaces"))
    if now.known:
        told = pc.and_(told, pc.less_equal(every.column("published"), pa.scalar(now.known)))
    rows = every.filter(told).select(["id", "replaces", "published"]).to_pylist()
    return {row["replaces"]: row["id"] for row in sorted(rows, key=lambda row: (row["published"], row["id"]))}


def _end_of(report: str, follows: Mapping[str, str]) -> str:
    passed = {report}
    while (report := follows.get(report, report)) not in passed:
        passed.add(report)
    return report


def _among(every: pa.Table, ids: set[str]) -> pa.Table:
    return every.filter(pc.is_in(every.column("id"), pa.array(sorted(ids), type=pa.string())))


def _in_order(ids: Any, told: Mapping[str, Report]) -> list[str]:
    return sorted(ids, key=lambda i: (told[i].published, i))


def _told(report: Report, record: Record) -> dict[str, Any]:
    return {
        "id": report.id,
        "source": report.source,
        "published": report.published.isoformat(),
        "says": say(report, record.names),
    }


def _changed(old: Report, new: Report) -> dict[str, list[Any]]:
    pairs = {f.name: [getattr(old, f.name), getattr(new, f.name)] for f in fields(Report)}
    return {
        name: [value.isoformat() if hasattr(value, "isoformat") else value for value in pair]
        for name, pair in pairs.items()
        if pair[0] != pair[1] and name not in _OF_THE_VERSION
    }


# --- between two runs ----------------------------------------------------------------------


def _end_of_run(ledger: Ledger, wanted: str) -> int:
    """How many entries there were when a run had ended."""
    if wanted == "start":
        return 0
    if wanted == "last":
        return len(ledger.entries)
    run = f"run-{int(wanted):06d}" if wanted.isdecimal() else wanted
    ends = [number for number, entry in enumerate(ledger.entries, 1) if entry.run == run]
    if not ends:
        runs = [entry.run for entry in ledger.runs()]
        told = f"start, {runs[0]} to {runs[-1]}, or last" if runs else "start or last: nothing was recorded yet"
        raise NotFound("no such run in the history", value=wanted, expected=told)
    return ends[-1]


State = Mapping[str, Mapping[str, Version]]


def _differences(before: State, after: State) -> Iterator[dict[str, Any]]:
    for table in sorted(after):
        for row_id in sorted(after[table]):
            held = before.get(table, {}).get(row_id)
            old, new = held.cells if held else None, after[table][row_id].cells
            if old != new:
                yield {"table": table, "id": row_id, **_difference(old, new)}


def _difference(old: Mapping[str, str] | None, new: Mapping[str, str] | None) -> dict[str, Any]:
    if old is None:
        return {"what": "added", "row": dict(new or {}), "changed": {}}
    if new is None:
        return {"what": "taken out", "row": dict(old), "changed": {}}
    columns = [c for c in {**old, **new} if old.get(c) != new.get(c)]
    changed = {c: [old.get(c, ""), new.get(c, "")] for c in columns}
    return {"what": "changed", "row": dict(new), "changed": changed}


def _plain_run(entry: Entry) -> dict[str, Any]:
    moment = entry.at.isoformat().replace("+00:00", "Z")
    return {"run": entry.run, "at": moment, "step": entry.body.get("step", ""), "code": entry.body.get("code", "")}
