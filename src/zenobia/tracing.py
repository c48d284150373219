"""Back from what is said to where it comes from: to reports and their sources, to captured files and rows in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol
from urllib.parse import parse_qsl

import pyarrow as pa

from zenobia import case, control, sources
from zenobia.building import Building
from zenobia.publish import measure_lines
from zenobia.record import (
    Ledger,
    Link,
    Record,
    View,
    captured_by,
    claim_link,
    control_link,
    document_link,
    event_link,
    measure_link,
    report_link,
    row_history,
    source_link,
)
from zenobia.terms import ControlEstimate, NotFound, ZenobiaError, day_number, parse_day

__all__ = ["Asked", "history", "why", "why_event", "with_files"]


class Asked(Protocol):
    """What is asked of an open case (`zenobia.pipeline.OpenCase`) to lead back from an id."""

    @property
    def record(self) -> Record: ...
    def events(self, view: View | None = None) -> pa.Table: ...
    def check(self, ids: Iterable[str] | None = None, *, view: View | None = None) -> dict[str, Any]: ...
    def place(self, name: str, view: View) -> str: ...
    def estimate(self, view: View | None = None) -> control.Control: ...
    def control(self, place: str, *, on: str | date, view: View | None = None) -> ControlEstimate: ...
    def measure(self, name: str, words: Sequence[str], view: View | None = None) -> dict[str, Any]: ...


def why(asked: Asked, wanted: str, view: View) -> Link:
    """Walk an id back to the words of its sources; a bare id is tried as each kind in turn.

    Raises:
        NotFound: nothing has this id.
    """
    ways: dict[str, Callable[[str], Link]] = {
        "r": lambda i: report_link(asked.record, i, known=view.known),
        "e": lambda i: why_event(asked, i, view),
        "c": lambda i: _why_claim(asked, i, view),
        "v": lambda i: _why_claim(asked, i, view),
        "k": lambda i: _why_control(asked, i, view),
        "m": lambda i: _why_measure(asked, i, view),
        "d": lambda i: document_link(asked.record, i),
        "s": lambda i: source_link(asked.record, i),
    }
    kind, colon, rest = wanted.partition(":")
    if colon and kind in ways:
        return ways[kind](rest)
    for way in ways.values():
        try:
            return way(wanted)
        except ZenobiaError:
            continue
    raise NotFound(
        "nothing in this record has this id",
        value=wanted,
        expected="r:REPORT, e:EVENT, c:CLAIM, k:PLACE@DATE, m:MEASURE?KEY=VALUE, d:DOCUMENT or s:SOURCE",
        fix="`zenobia export reports` and `zenobia check --json` list ids",
    )


def why_event(asked: Asked, event_id: str, view: View) -> Link:
    """Which reports an event rests on, by its id or by that of one of its reports."""
    for event in asked.events(view).to_pylist():
        if event["id"] == event_id or event_id in event["reports"].split("|"):
            return event_link(asked.record, event)
    raise NotFound("no such event", value=event_id, expected="the id of an event, or of a report of one")


def _why_claim(asked: Asked, claim_id: str, view: View) -> Link:
    (told,) = asked.check([claim_id], view=view)["claims"]
    return claim_link(asked.record, told)


def _why_control(asked: Asked, wanted: str, view: View) -> Link:
    name, at, day = wanted.partition("@")
    if not at:
        raise NotFound("a control id without a day", value=wanted, expected="k:PLACE@DATE, as k:palmyra@2016-03-28")
    place, when = asked.place(name, view), parse_day(day)
    weights = {w.report: w.log_odds for w in asked.estimate(view).why(place, day_number(when))}
    return control_link(asked.record, asked.control(place, on=when, view=view), weights)


def _why_measure(asked: Asked, wanted: str, view: View) -> Link:
    name, _, query = wanted.partition("?")
    told = asked.measure(name, [f"{key}={value}" for key, value in parse_qsl(query)], view)
    return measure_link(asked.record, told, next(iter(measure_lines(told))))


def history(building: Building, row_id: str) -> list[dict[str, Any]]:
    """Every version of a row, oldest first, with what changed: of the case's own files, or of captured ones.

    Raises:
        NotFound: no row of this id ever entered, or its file is no longer on the list.
    """
    ledger = Ledger.read(building.folder.ledger)
    files = case.load_steady(building.root)
    if ledger.tables_with(row_id) or not files.datasets:
        return row_history(ledger, row_id)
    releases = building.intake.releases(files.datasets, {}, keep=False)
    found = sources.lineage(row_id, building.collect(files), releases)
    if not found:
        raise NotFound(
            "no row of this id ever entered the record, or its file was taken off the list",
            value=row_id,
            expected="the id of a row",
            fix="`zenobia export reports` lists the ids of reports",
        )
    return [_version(each, files.datasets[each.number], ledger) for each in found]


def with_files(building: Building, link: Link) -> Link:
    """A chain in which every captured report says in which file it stands, and where."""
    datasets = case.read_datasets(building.folder)
    if not datasets:
        return link
    collected = building.collect(case.load_steady(building.root))
    reports = {each.id.removeprefix("r:") for each in _every(link) if each.id.startswith("r:")}
    about = {
        report: (
            ("file", datasets[number].name),
            ("sha256", datasets[number].sha256),
            ("row", str(row or "no longer in this file")),
        )
        for report, (number, row) in sources.places_of(reports, collected).items()
    }
    return _said_also(link, about)


def _every(link: Link) -> Iterator[Link]:
    yield link
    for below in link.rests_on:
        yield from _every(below)


def _said_also(link: Link, about: Mapping[str, tuple[tuple[str, str], ...]]) -> Link:
    below = tuple(_said_also(each, about) for each in link.rests_on)
    also = about.get(link.id.removeprefix("r:"), ()) if link.id.startswith("r:") else ()
    return replace(link, particulars=(*link.particulars, *also), rests_on=below)


def _version(found: sources.Appearance, dataset: case.Dataset, ledger: Ledger) -> dict[str, Any]:
    entry = captured_by(ledger)[dataset.id]
    return {
        "table": "reports",
        "what": found.what,
        "recorded": entry.at.isoformat().replace("+00:00", "Z"),
        "run": entry.run,
        "row": {name: _plain(value) for name, value in found.said.items()},
        "changed": {name: [_plain(before), _plain(after)] for name, (before, after) in found.changed.items()},
        "report": found.report,
        "file": dataset.name,
        "sha256": dataset.sha256,
        "published": dataset.published or None,
        "file_row": found.row,
    }


def _plain(value: Any) -> str:
    """A value as it would be typed."""
    if value is None:
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)
