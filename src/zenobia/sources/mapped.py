"""Any table of things that happened, read through the names that the user or its HXL tags give its columns.

``--map date=%d/%m/%Y:Datum`` reads our field from their column, ``--map place=#2`` from a column by
number (for a header that is wrong, or none), ``--set type=air-strike`` gives every row one value, and
``--set "type:Luftangriff=air-strike"`` says what a value of theirs means.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from zenobia.sources.feed import Captured, Look, Reading, Sql
from zenobia.sources.findings import Findings
from zenobia.sources.hxl import is_tag_row
from zenobia.sources.mapping import NUMBERS, ORDERED, Plan
from zenobia.sources.rows import Batch, batches
from zenobia.sources.values import read_position
from zenobia.terms import InputError, When

__all__ = ["Mapped"]

_COUNTED = frozenset(NUMBERS)
# What a report of this type says of control where the row names a holder and no status.
_STATUS_OF_TYPE = {"capture": "takes", "withdrawal": "loses"}
_NEEDS_HOLDER = ("holds", "takes", "loses", "besieges")


class Mapped:
    """Reads a table through ``--map`` and ``--set``, or through its HXL tags."""

    kind = "reports"
    version = 2
    prefix = "row"

    def recognises(self, look: Look) -> float:
        """Sure only of HXL tags; any other table may be meant, if the user maps it."""
        tagged = is_tag_row(look.columns) or (bool(look.rows) and is_tag_row(look.rows[0]))
        return 0.8 if tagged else 0.05 if len(look.columns) > 1 else 0.0

    def read(self, captured: Captured, sql: Sql) -> Iterator[Reading]:
        """Read the rows, batch by batch.

        Raises:
            InputError: a column that is not there, a word that is unknown, or nothing that says when the
                table came out or what its rows tell of.
        """
        findings, plan = Findings(), Plan(captured)
        for batch in batches(captured, findings, headerless=plan.headerless):
            if not plan.schema.names:
                batch = plan.begin(batch, findings)
            reports = _reports(batch, plan, findings)
            rejected, doubts = findings.take()
            yield Reading(
                series=plan.series,
                source=plan.source.id,
                published=plan.published,
                whole=plan.said.flag("whole") or False,
                reports=reports,
                sources=(plan.source,),
                rejected=rejected,
                doubts=doubts,
            )


# --- rows ----------------------------------------------------------------------------------------


def _reports(batch: Batch, plan: Plan, findings: Findings) -> pa.Table:
    """The rows that could be read, as columns of a report with their key and number."""
    made: list[dict[str, Any]] = []
    for number, cells in batch.rows:
        try:
            made.append(_report(number, cells, plan, findings))
        except InputError as wrong:
            findings.reject(number, wrong, batch.named(cells))
    return pa.Table.from_pylist(made, schema=plan.schema)


def _report(number: int, cells: tuple[str, ...], plan: Plan, findings: Findings) -> dict[str, Any]:
    said = dict(plan.constants)
    for column in plan.columns:
        value = column.read(cells[column.index])
        if value is not None:
            said[column.field] = value
    if plan.published:
        said["published"] = plan.published
    _place_on_globe(number, said, findings)
    _set_period(said)
    _complete_status(said)
    _check(number, said, findings)
    return {"key": plan.key(said), "row": number, **said}


def _place_on_globe(number: int, said: dict[str, Any], findings: Findings) -> None:
    """A position from its two halves; 0, 0 is what programs write for none."""
    lat, lon = said.get("lat"), said.get("lon")
    if lat is None and lon is None:
        return
    if isinstance(lat, float) and isinstance(lon, float):
        return  # one position for the whole table
    if lat is None or lon is None:
        raise InputError(
            "half a position",
            column="lat" if lat is None else "lon",
            expected="both lat and lon, or neither",
            fix="fill the missing one or empty both",
        )
    said["lat"], said["lon"] = read_position(str(lat), str(lon))
    if said["lat"] == 0 == said["lon"]:
        del said["lat"], said["lon"]
        findings.doubt(number, "null island", "fault", f"{lat}, {lon}", "the position 0, 0 means none; it is left out")


def _set_period(said: dict[str, Any]) -> None:
    """``date`` and ``date_to`` closed-open; ``last_day`` is within the period."""
    when, last = said.get("date"), said.pop("last_day", None)
    end = said.get("date_to")
    if not isinstance(when, When):
        if last or end:
            raise InputError("an end without a beginning", column="date", expected="a date as well", fix="fill it in")
        return
    after = last.latest if last else end.earliest if end else when.latest
    basis = when.basis if after == when.latest else "day" if (after - when.earliest).days == 1 else "range"
    period = When(earliest=when.earliest, latest=after, basis=basis)
    said.setdefault("date_precision", period.basis)
    said["date"], said["date_to"] = period.earliest, period.latest


def _complete_status(said: dict[str, Any]) -> None:
    """What a report says of control where it names a holder; and that it names one where it must."""
    if "holder" in said and "status" not in said and said.get("type") in _STATUS_OF_TYPE:
        said["status"] = _STATUS_OF_TYPE[said["type"]]
    if said.get("status") in _NEEDS_HOLDER and "holder" not in said:
        raise InputError(
            f"'{said['status']}' without a holder",
            column="holder",
            expected="who it is",
            fix="fill in the holder; only `contests` and `shares` may leave it empty",
        )


def _check(number: int, said: dict[str, Any], findings: Findings) -> None:
    for field in ("type", "published"):
        if field not in said:
            raise InputError(f"no {field}", column=field, expected="every row needs one", fix=f"fill in the {field}")
    for name, value in said.items():
        if name in _COUNTED and value < 0:
            raise InputError("a negative count", column=name, value=value, expected="0 or more")
    for low, best, high in ORDERED:
        _put_in_order(number, said, low, best, high, findings)
    if "date" in said and said["published"] < said["date"] and said["type"] != "statement":
        says = f"published {said['published']}, before the day it tells of"
        findings.doubt(number, "published before it happened", "doubt", said["date"], says)


def _put_in_order(number: int, said: dict[str, Any], low: str, best: str, high: str, findings: Findings) -> None:
    """Bounds that contradict each other: the best figure stays, the others are the least and the most of the three."""
    figures = [said[name] for name in (low, best, high) if name in said]
    if figures == sorted(figures):
        return
    says = f"{low}, {best}, {high} came as {', '.join(f'{figure:g}' for figure in figures)}"
    findings.doubt(number, "figures out of order", "fault", figures, says)
    said |= {name: value for name, value in ((low, min(figures)), (high, max(figures))) if name in said}
    said["note"] = f"{said['note']}; {says}" if said.get("note") else says
