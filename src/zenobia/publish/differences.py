"""What was learned, and what was recorded, as lines of text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from zenobia.publish.terminal import plain

__all__ = ["learned_lines", "recorded_lines"]

Told = Mapping[str, Any]

_MOST = 20


def learned_lines(told: Told, names: Mapping[str, str]) -> Iterator[str]:
    """What was learned between two days of knowledge: reports, then places, then verdicts."""
    reports = told["reports"]
    counts = ", ".join(f"{len(rows)} {kind}" for kind, rows in reports.items())
    yield f"Learned after {told['known'][0]}, up to {told['known'][1] or 'now'}: reports {counts}."
    for kind, rows in reports.items():
        yield from _some(f"{kind}:", [_report(row, names) for row in rows])
    yield from _some("control, as it was seen then and is seen now:", [_place(row, names) for row in told["control"]])
    yield from _some("verdicts that moved:", [_verdict(row) for row in told["verdicts"]])
    if not told["control"]:
        yield "No place is seen otherwise."
    if not told["verdicts"]:
        yield "No verdict moved."


def recorded_lines(told: Told) -> Iterator[str]:
    """What was recorded between two runs: the runs, then rows by what became of them."""
    for run in told["runs"]:
        yield f"{run['run']}  {run['at']}  {run['step']}"
    by_what: dict[str, list[Told]] = {"added": [], "changed": [], "taken out": []}
    for row in told["rows"]:
        by_what[row["what"]].append(row)
    counts = ", ".join(f"{len(rows)} {what}" for what, rows in by_what.items())
    yield f"Rows {counts}; {len(told['rejected'])} rejected; {len(told['datasets'])} datasets."
    for what, rows in by_what.items():
        yield from _some(f"{what}:", [_row(row) for row in rows])
    yield from _some("rejected:", [f"{r['file']}, row {r['row']}, {r['field']}: {r['rule']}" for r in told["rejected"]])
    yield from _some("datasets:", [_dataset(dataset) for dataset in told["datasets"]])


def _some(title: str, lines: Sequence[str]) -> Iterator[str]:
    if not lines:
        return
    yield title
    yield from (f"  {plain(line)}" for line in lines[:_MOST])
    if len(lines) > _MOST:
        yield f"  ... and {len(lines) - _MOST} more: --json lists them all"


def _report(row: Told, names: Mapping[str, str]) -> str:
    also = ""
    if "corrects" in row:
        also = f" (corrects {row['corrects']}: {_changes(row['changed'])})"
    elif "by" in row:
        also = f" (withdrawn on {row['on']} by {row['by']})"
    return f"{row['id']}  {row['published']}  {names.get(row['source'], row['source'])}: {row['says']}{also}"


def _place(row: Told, names: Mapping[str, str]) -> str:
    then, now = (_leader(row[when], names) for when in ("then", "now"))
    return f"{names.get(row['place'], row['place'])}, {row['from']} to {row['to']}: {then} -> {now}"


def _leader(leader: Told | None, names: Mapping[str, str]) -> str:
    if leader is None:
        return "nobody could say"
    return f"{names.get(leader['holder'], leader['holder'])} {leader['chance']:.2f}"


def _verdict(row: Told) -> str:
    by = ", ".join(row["by"]) or "no report on the claim itself, but what others show a source's word to be worth"
    return f"{row['id']}  {row['then']['verdict']} -> {row['now']['verdict']}, by {by}. {row['now']['because']}"


def _row(row: Told) -> str:
    return f"{row['table']}, {row['id']}" + (f": {_changes(row['changed'])}" if row["changed"] else "")


def _changes(changed: Mapping[str, Iterable[Any]]) -> str:
    said = [f"{column} {_cell(old)} -> {_cell(new)}" for column, (old, new) in changed.items()]
    return "; ".join(said) or "the same in every column"


def _cell(value: Any) -> str:
    return "empty" if value in (None, "") else f"{value:.15g}" if isinstance(value, float) else str(value)


def _dataset(body: Told) -> str:
    if body.get("gone"):
        return f"{body['id']}: taken out"
    rows = ", ".join(f"{count:,} {what}" for what, count in body.get("rows", {}).items() if count)
    return f"{body.get('name', body['id'])}: {body.get('dataset', 'dataset')}, rows {rows or 'none'}"
