"""The evidence chain: from a number or a verdict back to the words of a source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zenobia.record.store import Record
from zenobia.terms import ControlEstimate, NotFound, Report, day_number, did_you_mean

__all__ = ["Link", "document_link", "report_link", "say", "source_link"]


@dataclass(frozen=True, kw_only=True)
class Link:
    """One step of a chain: what it is, in a sentence, its particulars, and what it rests on."""

    id: str
    says: str
    particulars: tuple[tuple[str, str], ...] = ()
    rests_on: tuple[Link, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The chain as nested objects."""
        return {
            "id": self.id,
            "says": self.says,
            **dict(self.particulars),
            "rests_on": [link.to_json() for link in self.rests_on],
        }

    def lines(self, depth: int = 0) -> Iterator[str]:
        """The chain as indented text."""
        margin = "  " * depth
        yield f"{margin}{self.id}  {self.says}"
        for name, value in self.particulars:
            yield f"{margin}    {name}: {value}"
        for link in self.rests_on:
            yield from link.lines(depth + 1)


def say(report: Report, names: Mapping[str, str] | None = None) -> str:
    """What a report says, as one phrase: who, what, where, how many, when."""
    called = names or {}
    who = report.holder if report.status else report.actor
    parts = [
        " or ".join(called.get(actor, actor) for actor in who.split("|")) if who else "",
        report.status or report.type,
        called.get(report.place or "", report.place) or called.get(report.area or "", report.area) or "",
        _count(report),
        _deaths(report),
        report.date.isoformat() if report.date else "",
    ]
    what, figures = " ".join(part for part in parts[:3] if part), [part for part in parts[3:] if part]
    return ", ".join([what, *figures])


def _count(report: Report) -> str:
    low, best, high = report.count_low, report.count, report.count_high
    if best is not None:
        figure = f"{best:g}"
    elif low is not None and high is not None:
        figure = f"{low:g} to {high:g}"
    elif low is not None or high is not None:
        figure = f"at least {low:g}" if low is not None else f"at most {high:g}"
    else:
        return ""
    units = report.unit if report.unit in (None, "km2") or figure == "1" else f"{report.unit}s"
    part = f" (part of {report.part_of})" if report.part_of else ""
    return f"{figure} {units or ''}".rstrip() + part


def _deaths(report: Report) -> str:
    return f"{report.deaths_best:g} dead" if report.deaths_best is not None else ""


def report_link(
    record: Record, report_id: str, also: tuple[tuple[str, str], ...] = (), known: dt.date | None = None
) -> Link:
    """A report with its quote or locator, its source, and when it entered the record.

    Args:
        also: more to say of it.
        known: corrections and withdrawals published later are not told.

    Raises:
        NotFound: the record holds no such report.
    """
    reports = record.reports
    if report_id not in reports:
        raise NotFound(
            "no such report",
            value=report_id,
            expected="the id of a report",
            fix=did_you_mean(report_id, reports) or "`zenobia export reports` lists them",
        )
    report = reports[report_id]
    particulars = [
        ("source", record.source_name(report.source)),
        ("origin", record.source_name(report.origin) if report.origin else ""),
        ("published", report.published.isoformat()),
        ("quote", f'"{report.quote}"' if report.quote else ""),
        ("locator", report.locator or ""),
        ("document", report.document or ""),
        ("replaces", report.replaces or ""),
        ("replaced by", ", ".join(r.id for r in _replacements(record, report_id, known))),
        ("note", report.note or ""),
        ("recorded", record.recorded(report_id)),
    ]
    return Link(
        id=f"r:{report_id}",
        says=f"{record.source_name(report.source)}: {say(report, record.names)}",
        particulars=tuple((name, value) for name, value in particulars if value) + also,
    )


def _replacements(record: Record, report_id: str, known: dt.date | None) -> list[Report]:
    return [r for r in record.reports_where(replaces=report_id) if known is None or r.published <= known]


def source_link(record: Record, source_id: str) -> Link:
    """A source, what is known of it, and how much of the record it says."""
    view = record.view()
    source = view.source(source_id)
    said = record.reports_where(source=source_id, origin=source_id)
    particulars = [
        ("kind", source.kind or "not stated"),
        ("stands with", source.stands_with or "nobody stated"),
        ("reliability", source.reliability or "not stated"),
        ("copies from", ", ".join(source.copies_from)),
        ("url", source.url or ""),
        ("licence", source.licence or ""),
        ("notes", source.notes or ""),
        ("reports", str(len(said))),
    ]
    return Link(id=f"s:{source_id}", says=source.name, particulars=tuple(p for p in particulars if p[1]))


def document_link(record: Record, document_id: str) -> Link:
    """A document and the reports that were taken from it."""
    documents = {d["id"]: d for d in record.content.tables["documents"].to_pylist()}
    if document_id not in documents:
        raise NotFound("no such document", value=document_id, expected="an id of documents/documents.csv")
    held = documents[document_id]
    taken = sorted(
        record.reports_where(document=document_id),
        key=lambda r: (day_number(r.published), r.id),
    )
    translations = sorted(i for i, other in documents.items() if other["translation_of"] == document_id)
    return Link(
        id=f"d:{document_id}",
        says=held["title"] or document_id,
        particulars=(
            *((k, str(v)) for k, v in held.items() if v is not None and k not in ("id", "title")),
            *(("translated in", i) for i in translations),
        ),
        rests_on=tuple(Link(id=f"r:{r.id}", says=say(r, record.names)) for r in taken),
    )


def event_link(record: Record, event: Mapping[str, Any]) -> Link:
    """An event (a row of `export events`) and the reports that tell of it."""
    links = tuple(report_link(record, report) for report in event["reports"].split("|"))
    where = f" at {record.names.get(event['place'], event['place'])}" if event["place"] else ""
    voices = event["voices"]
    return Link(
        id=f"e:{event['id']}",
        says=f"{event['type']}{where}, {event['date']}: {_counted(len(links), 'report')}, {_counted(voices, 'voice')}",
        rests_on=links,
    )


def claim_link(record: Record, told: Mapping[str, Any]) -> Link:
    """A verdict (an entry of the check JSON), what would flip it, and the reports for and against."""
    particulars = [("because", told["because"]), ("asked", told["asked"]), ("expected", told["method"]["threshold"])]
    if told["then"]:
        particulars.append((f"as known on {told['then']['known']}", told["then"]["verdict"]))
    particulars += [("flips", f"{flip['change']}: {flip['verdict']}") for flip in told["flips"]]
    sides = [(side, report) for side in ("for", "against", "claimant_only") for report in told[side]]
    return Link(
        id=f"c:{told['id']}",
        says=f"{told['verdict']}: {told['says']}",
        particulars=tuple((name, str(value)) for name, value in particulars if value),
        rests_on=tuple(
            report_link(record, report, also=(("counts", side.replace("_", " ")),)) for side, report in sides
        ),
    )


def control_link(record: Record, told: ControlEstimate, weights: Mapping[str, float]) -> Link:
    """A control estimate and what each report adds to it, in natural log-odds for the likeliest holder."""
    chances = ", ".join(f"{holder} {chance:.3f}" for holder, chance in told.held_by.items())
    name = record.names.get(told.place, told.place)
    return Link(
        id=f"k:{told.place}@{told.on.isoformat()}",
        says=f"{name} on {told.on.isoformat()}: {chances or 'no report speaks of it'}",
        particulars=(("voices", str(told.voices)), ("last evidence", str(told.last_evidence or "none"))),
        rests_on=tuple(
            report_link(record, report, also=(("log-odds for the likeliest", f"{weight:+.2f}"),))
            for report, weight in weights.items()
        ),
    )


def measure_link(record: Record, told: Mapping[str, Any], says: str) -> Link:
    """A measure's answer and the reports behind it."""
    return Link(
        id=told["id"],
        says=says,
        particulars=(("frame", told["frame"] or "none"),),
        rests_on=tuple(report_link(record, report) for report in told["evidence"]),
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
