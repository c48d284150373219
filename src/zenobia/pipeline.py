"""The whole story on one page: load, link, estimate, measure, check, brief.

Nothing but this module calls a room; rooms do not know of each other. What a room returns is kept
by the content it was made from (record, day of knowledge, narrowing), so that a result never
depends on the order in which things were asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pyarrow as pa
import pyarrow.compute as pc

from zenobia import __version__, case, claims, control, linkage, measures, publish
from zenobia.publish import EXPORTS, FORMATS, control_table, measure_lines, refusals, verdict_table
from zenobia.record import (
    CACHE,
    FORMAT,
    NOUNS,
    Changes,
    Content,
    Finding,
    Ledger,
    Link,
    Record,
    View,
    changes_since,
    claim_link,
    control_link,
    document_link,
    enter,
    event_link,
    fold,
    measure_link,
    report_link,
    row_history,
    say,
    source_link,
    table_of,
    verify,
    writing,
)
from zenobia.terms import (
    ControlEstimate,
    InputError,
    Names,
    NotFound,
    Place,
    Report,
    ZenobiaError,
    day_number,
    day_of,
    did_you_mean,
    parse_day,
)

__all__ = [
    "EXPORTS",
    "FORMATS",
    "Built",
    "OpenCase",
    "control_table",
    "demo",
    "measure_lines",
    "new",
    "open_case",
    "refusals",
    "verdict_table",
]

_DRAWS, _SEED = 2000, 1


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a build did: rows by what happened to them, rows refused, things that are doubtful."""

    record: str
    changes: Changes
    rejected: tuple[Mapping[str, Any], ...]
    warnings: tuple[str, ...]
    fresh: bool

    def to_json(self) -> dict[str, Any]:
        """The shape that `build --json` prints."""
        return {
            "record": self.record,
            "added": len(self.changes.added),
            "updated": len(self.changes.updated),
            "withdrawn": len(self.changes.withdrawn),
            "unchanged": self.changes.unchanged,
            "reports": self.changes.of("reports"),
            "rejected": len(self.rejected),
            "rejects": list(self.rejected),
            "warnings": list(self.warnings),
            "up_to_date": self.fresh,
        }


def open_case(folder: str | Path = ".") -> OpenCase:
    """Open a case folder. Nothing is read until something is asked.

    Raises:
        InputError: there is no case.toml in it.
    """
    root = Path(folder)
    if not (root / "case.toml").is_file():
        raise InputError(
            "no case here",
            file=root,
            expected="a folder with a case.toml",
            fix="go to a case folder, name one with --case DIR, or begin one with `zenobia new NAME`",
        )
    return OpenCase(root)


def new(folder: Path) -> None:
    """Begin an empty case, private by default."""
    case.write_new(folder)


def demo(folder: Path) -> tuple[bool, OpenCase]:
    """The built-in case in a folder: whether it was written now, and the case."""
    return case.copy_built_in(folder), open_case(folder)


class OpenCase:
    """A case and everything that can be asked of it.

    Args:
        root: the case folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = case.CaseFolder(root)
        self._linked: dict[str, pa.Table] = {}
        self._estimated: dict[str, control.Control] = {}
        self._answered: claims.Kept = {}

    # --- the record ------------------------------------------------------------------------

    def build(self, now: datetime | None = None) -> Built:
        """Bring the record up to date with the case's files; a case that is up to date is left alone.

        Args:
            now: the moment that new rows are recorded at; by default the clock's.

        Raises:
            InputError: a file is not what it should be; nothing was changed.
            RecordBusy: another process is writing.
        """
        with writing(self.root / CACHE):
            if self._is_fresh():
                return self._built(Record.load(self.root), Changes(), fresh=True)
            record, changes = self._rebuild((now or datetime.now(UTC)).replace(microsecond=0))
        self._forget()
        return self._built(record, changes, fresh=False)

    @cached_property
    def record(self) -> Record:
        """The record in force; built first where the case's files have moved on."""
        if not self._is_fresh():
            self.build()
        return Record.load(self.root)

    def known(self, day: str | date | None = None) -> View:
        """The record as known on a day: only what had been published by then."""
        return self.record.view(parse_day(day) if isinstance(day, str) else day)

    # --- what is worked out from a view ----------------------------------------------------

    def links(self, view: View | None = None) -> pa.Table:
        """Which report tells of which event: a table (report, event)."""
        view = view or self.known()
        if view.key not in self._linked:
            self._linked[view.key] = linkage.group(view)
        return self._linked[view.key]

    def events(self, view: View | None = None) -> pa.Table:
        """What we hold happened, in the shape of `export events`."""
        view = view or self.known()
        return linkage.events(view, self.links(view))

    def estimate(self, view: View | None = None) -> control.Control:
        """Who held each place through time, from the reports of a view."""
        view = view or self.known()
        if view.key not in self._estimated:
            self._estimated[view.key] = control.estimate(view, self.links(view))
        return self._estimated[view.key]

    def control(self, place: str, *, on: str | date, view: View | None = None) -> ControlEstimate:
        """Who held a place on a day, how sure, and by whose word; the place by id or by any of its names."""
        view = view or self.known()
        day = parse_day(on) if isinstance(on, str) else on
        return self.estimate(view).at(self.place(place, view), day_number(day))

    def control_all(self, on: str | date, view: View | None = None) -> list[ControlEstimate]:
        """Every place of the case on a day; places without any basis are told as such."""
        view = view or self.known()
        day = day_number(parse_day(on) if isinstance(on, str) else on)
        return [self.estimate(view).at(place, day) for place in sorted(view.places)]

    def prepare(self, view: View, needs: measures.Needs) -> measures.Prepared:
        """What a question needs from a view: links, and control from the reports that it may use."""
        if needs.name == "nothing":
            return measures.Prepared(events=self.links(view), draws=_DRAWS, seed=_SEED)
        narrowed = view
        if needs.label:
            narrowed = view.narrowed(
                label=needs.label,
                sources=needs.only_sources,
                without_sources=needs.without_sources,
                without_types=needs.without_types,
                without_documents=needs.without_documents,
            )
        return measures.Prepared(control=self.estimate(narrowed), events=self.links(view), draws=_DRAWS, seed=_SEED)

    def measure(self, name: str, words: Sequence[str], view: View | None = None) -> dict[str, Any]:
        """One measure, asked in words such as ``place=palmyra holder=isis on=2016-03-20``."""
        view = view or self.known()
        question = measures.ask_from_words(name, words)
        told = measures.answer(question, view, self.prepare(view, measures.needs(question, view))).to_json()
        return {"id": f"m:{name}?{'&'.join(words)}", **told}

    def claims_asked(self, ids: Iterable[str] | None = None) -> list[claims.Claim]:
        """The claims of the case, or those of some ids.

        Raises:
            NotFound: there is no claim of such an id.
        """
        held = {claim.id: claim for claim in claims.load_all(self.record.content.claims)}
        for wanted in ids or ():
            if wanted not in held:
                raise NotFound(
                    "no such claim", value=wanted, expected=f"one of {', '.join(held)}", fix=did_you_mean(wanted, held)
                )
        return [held[i] for i in ids] if ids else list(held.values())

    def check(self, ids: Iterable[str] | None = None, *, view: View | None = None) -> dict[str, Any]:
        """A verdict for each claim, in the stable JSON shape of `check`."""
        view = view or self.known()
        verdicts = [
            claims.check(claim, view, self._then(claim, view), self.prepare, kept=self._answered)
            for claim in self.claims_asked(list(ids or ()))
        ]
        return claims.check_json(view, verdicts)

    def write_brief(self, file: Path, out: Path | None = None, view: View | None = None) -> Path:
        """Write a briefing as one HTML file, beside its text unless told otherwise. Returns where it is."""
        path = file if file.is_file() else self.root / file
        if not path.is_file():
            raise InputError("no such briefing", file=file, expected="a Markdown file, such as one of briefs/")
        out = out or path.with_suffix(".html")
        numbers = _Numbers(self, view or self.known())
        out.write_text(publish.write_brief(path.read_text(encoding="utf-8"), numbers, file=file), encoding="utf-8")
        return out

    def export(self, what: str, form: str, out: Path | None, view: View | None = None) -> int:
        """Write a table of the record; to standard output without ``out``. Returns how many rows."""
        view = view or self.known()
        tables = {
            "events": lambda: self.events(view),
            "control": lambda: self.estimate(view).spells().drop_columns("least"),
            "control-daily": lambda: self.estimate(view).daily(),
            "reports": lambda: view.reports,
            "claims": lambda: publish.claims_table(self.check(view=view)),
        }
        return publish.write_table(tables[what](), form, out)

    # --- where it comes from ---------------------------------------------------------------

    def why(self, wanted: str, view: View | None = None) -> Link:
        """Walk an id back to the words of its sources; a bare id is tried as each kind in turn."""
        view = view or self.known()
        ways: dict[str, Callable[[str], Link]] = {
            "r": lambda i: report_link(self.record, i),
            "e": lambda i: self._why_event(i, view),
            "c": lambda i: self._why_claim(i, view),
            "v": lambda i: self._why_claim(i, view),
            "k": lambda i: self._why_control(i, view),
            "m": lambda i: self._why_measure(i, view),
            "d": lambda i: document_link(self.record, i),
            "s": lambda i: source_link(self.record, i),
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

    def history(self, row_id: str) -> list[dict[str, Any]]:
        """Every version of a row, oldest first, with what changed."""
        self.record  # noqa: B018 - what was edited since the last build is part of the history too
        return row_history(Ledger.read(self.folder.ledger), row_id.partition(":")[2] or row_id)

    def verify(self) -> list[Finding]:
        """What is not as it was left."""
        return verify(self.root, self.folder.ledger)

    def ledger_head(self) -> str:
        """How long the history is, and the hash of its last line, to be compared with another copy's."""
        ledger = Ledger.read(self.folder.ledger)
        return f"ledger of {len(ledger.entries)} entries, head {ledger.head}"

    def link_summary(self, view: View | None = None) -> dict[str, int]:
        """How many reports tell of how many events."""
        links = self.links(view)
        events = len(set(links.column("event").to_pylist()))
        return {"reports": links.num_rows, "events": events, "repeated": links.num_rows - events}

    def last_day(self, view: View | None = None) -> date:
        """The last day on which the case speaks of control."""
        return day_of(self.estimate(view).after) - timedelta(days=1)

    @property
    def names(self) -> Mapping[str, str]:
        """What sources, actors and places are called, by id."""
        return self.record.names

    # --- steps -----------------------------------------------------------------------------

    def _then(self, claim: claims.Claim, view: View) -> View | None:
        """The record as known at the end of the day of the claim, or earlier if the view itself is."""
        if claim.on is None:
            return None
        return self.known(min(claim.on, view.known) if view.known else claim.on)

    def place(self, name: str, view: View) -> str:
        """The id of the place that a name means."""
        return Names.of(view.places.values()).resolve(name).required(what="place")

    def _why_event(self, event_id: str, view: View) -> Link:
        for event in self.events(view).to_pylist():
            if event["id"] == event_id or event_id in event["reports"].split("|"):
                return event_link(self.record, event)
        raise NotFound("no such event", value=event_id, expected="the id of an event, or of a report of one")

    def _why_claim(self, claim_id: str, view: View) -> Link:
        (told,) = self.check([claim_id], view=view)["claims"]
        return claim_link(self.record, told)

    def _why_control(self, wanted: str, view: View) -> Link:
        name, at, day = wanted.partition("@")
        if not at:
            raise NotFound("a control id without a day", value=wanted, expected="k:PLACE@DATE, as k:palmyra@2016-03-28")
        place, when = self.place(name, view), parse_day(day)
        weights = {w.report: w.log_odds for w in self.estimate(view).why(place, day_number(when))}
        return control_link(self.record, self.control(place, on=when, view=view), weights)

    def _why_measure(self, wanted: str, view: View) -> Link:
        name, _, query = wanted.partition("?")
        told = self.measure(name, [f"{key}={value}" for key, value in parse_qsl(query)], view)
        return measure_link(self.record, told, next(iter(measure_lines(told))))

    # --- keeping the record true to the files ----------------------------------------------

    def _is_fresh(self) -> bool:
        try:
            manifest = Record.load(self.root).manifest
        except NotFound:
            return False
        ledger = self.folder.ledger
        return bool(
            manifest["format"] == FORMAT
            and manifest["code"] == __version__
            and manifest["inputs"] == self.folder.inputs()
            and manifest["ledger"] == Ledger.read(ledger).head
        )

    def _rebuild(self, now: datetime) -> tuple[Record, Changes]:
        files = case.load(self.root)
        ledger = Ledger.read(self.folder.ledger)
        refused = {r.id: {**r.to_json(), "cells": dict(r.cells)} for r in files.rejected}
        changes = changes_since(ledger, files.cells, refused)
        enter(ledger, changes, files.cells, refused, now=now, code=__version__, inputs=files.inputs)
        content = _content(files, ledger)
        return Record.write(self.root, content, files.inputs, __version__, ledger.head), changes

    def _built(self, record: Record, changes: Changes, *, fresh: bool) -> Built:
        return Built(
            record=record.hash,
            changes=changes,
            rejected=tuple(record.content.rejected.to_pylist()),
            warnings=record.content.warnings,
            fresh=fresh,
        )

    def _forget(self) -> None:
        self.__dict__.pop("record", None)
        self._linked.clear()
        self._estimated.clear()
        self._answered.clear()


_REJECTED = pa.schema(
    [("file", pa.string()), ("row", pa.int64())] + [(name, pa.string()) for name in ("field", "value", "rule", "fix")]
)


def _content(files: case.CaseFiles, ledger: Ledger) -> Content:
    """The typed tables of a case, in the order of their ids, with what the ledger knows of each report."""
    tables = {}
    for name, noun in NOUNS.items():
        rows = files.nouns[name]
        tables[name] = table_of(noun, [rows[key] for key in sorted(rows)])
    ids = sorted(files.nouns["reports"])
    versions = fold(ledger).get("reports", {})
    recorded = pa.array([versions[i].at for i in ids], type=pa.timestamp("us", tz="UTC"))
    taken_back = pa.array([case.withdraws(files.nouns["reports"][i]) for i in ids], type=pa.bool_())
    tables["reports"] = tables["reports"].append_column("recorded", recorded).append_column("withdraws", taken_back)
    return Content(
        setting=files.setting,
        tables=tables,
        claims=files.claims,
        rejected=pa.Table.from_pylist([r.to_json() for r in files.rejected], schema=_REJECTED),
        warnings=files.warnings,
    )


class _Numbers:
    """What a briefing may show of one view: the pipeline's side of `publish.Numbers`."""

    def __init__(self, opened: OpenCase, view: View) -> None:
        self._case, self._view = opened, view

    @property
    def stamp(self) -> publish.Stamp:
        setting = self._view.setting
        return publish.Stamp(
            case=setting.id,
            title=setting.title,
            record=self._view.record,
            known=self._view.known,
            newest=pc.max(self._view.reports["published"]).as_py(),
            area=setting.area,
        )

    @property
    def holders(self) -> Sequence[publish.Holder]:
        actors = [self._view.actor(holder) for holder in self._view.setting.holders]
        return [publish.Holder(id=a.id, name=a.name, name_ar=a.name_ar) for a in actors]

    def check(self) -> Mapping[str, Any]:
        return self._case.check(view=self._view)

    def control_on(self, day: date) -> Sequence[tuple[Place, ControlEstimate]]:
        return [(self._view.place(e.place), e) for e in self._case.control_all(day, self._view)]

    def control_of(self, place: str) -> tuple[Place, Sequence[publish.Spell]]:
        estimate, noun = self._case.estimate(self._view), self._view.place(self._case.place(place, self._view))
        rows = [row for row in estimate.spells().to_pylist() if row["place"] == noun.id]
        return noun, [
            publish.Spell(
                start=row["from"],
                end=row["to"],
                holder=row["holder"],
                chance=row["chance"],
                least=row["least"],
                last_evidence=row["last_evidence"],
                evidence=estimate.at(noun.id, day_number(row["to"]) - 1).evidence,
            )
            for row in rows
        ]

    def held(self, holder: str, place: str, start: date | None, end: date | None) -> publish.Held:
        window = {"from": start or self._view.setting.start, "to": end or self._view.setting.end}
        words = [f"{key}={day.isoformat()}" for key, day in window.items() if day]
        asked = measures.ask_from_words("duration", [f"holder={holder}", f"place={place}", "unit=day", *words])
        answer = measures.answer(asked, self._view, self._case.prepare(self._view, measures.needs(asked, self._view)))
        return publish.Held(days=answer.found, evidence=answer.evidence)

    def evidence(self, reports: Iterable[str]) -> Sequence[publish.Evidence]:
        return [self._evidence(self._case.record.reports[report]) for report in reports]

    def name(self, id: str) -> str:
        return self._case.names.get(id, id)

    @cached_property
    def _urls(self) -> Mapping[str, str | None]:
        documents = self._view.table("documents").select(["id", "url"]).to_pylist()
        return {document["id"]: document["url"] for document in documents}

    def _evidence(self, report: Report) -> publish.Evidence:
        voice = report.origin or report.source
        source = self._view.sources.get(report.source)
        return publish.Evidence(
            id=report.id,
            source=self.name(report.source) + (f", from {self.name(report.origin)}" if report.origin else ""),
            says=say(report, self._case.names),
            published=report.published,
            kind=source.kind if source else None,
            stands_with=self.name(source.stands_with) if source and source.stands_with else None,
            camp=self._view.camp_of(voice),
            date=report.date.isoformat() if report.date else None,
            locator=report.locator,
            url=self._urls.get(report.document or "") or (source.url if source else None),
            quote=report.quote,
        )
