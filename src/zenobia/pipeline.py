"""The whole story on one page: load, link, estimate, measure, check, brief.

Nothing but this module calls a room; rooms do not know of each other. What a room returns is kept
by the content it was made from (record, day of knowledge, narrowing), so that a result never
depends on the order in which things were asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pyarrow as pa
import pyarrow.compute as pc

from zenobia import __version__, case, claims, control, linkage, measures, publish, sources
from zenobia.publish import (
    EXPORTS,
    FORMATS,
    added_lines,
    control_table,
    learned_lines,
    measure_lines,
    plain,
    recorded_lines,
    refusals,
    verdict_table,
    version_lines,
)
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
    asker,
    between_runs,
    captured_at,
    changes_since,
    claim_link,
    clear_away,
    concerned,
    control_link,
    document_link,
    enter,
    event_link,
    fold,
    learned,
    measure_link,
    nouns_of,
    report_link,
    row_history,
    say,
    source_link,
    table_of,
    verify,
    verify_rehearsed,
    with_captured,
    write_whole,
    writing,
)
from zenobia.sources import documents
from zenobia.terms import (
    ControlEstimate,
    Document,
    InputError,
    LedgerBroken,
    Names,
    NotFound,
    Place,
    RecordBusy,
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
    "added_lines",
    "control_table",
    "demo",
    "learned_lines",
    "measure_lines",
    "new",
    "open_case",
    "plain",
    "recorded_lines",
    "refusals",
    "verdict_table",
    "version_lines",
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
        self._collected: tuple[Any, sources.Collected] | None = None

    # --- the record ------------------------------------------------------------------------

    def build(self, now: datetime | None = None) -> Built:
        """Bring the record up to date with the case's files; a case that is up to date is left alone.

        Args:
            now: the moment that new rows are recorded at; by default the clock's.

        Raises:
            InputError: a file is not what it should be; nothing was changed.
            RecordBusy: another process is writing.
        """
        if fresh := self._fresh():
            self._clear_away()
            return self._built(fresh, Changes(), fresh=True)
        with writing(self.root / CACHE):
            return self._build_alone(now or datetime.now(UTC))

    def _build_alone(self, now: datetime) -> Built:
        """As `build`, for who holds the write lock."""
        if fresh := self._fresh():  # another process has built it while we waited
            return self._built(fresh, Changes(), fresh=True)
        record, changes = self._rebuild(now.replace(microsecond=0))
        self._forget()
        return self._built(record, changes, fresh=False)

    @cached_property
    def record(self) -> Record:
        """The record in force; built first where the case's files have moved on."""
        fresh = self._fresh()
        if not fresh:
            self.build()
        return fresh or Record.load(self.root)

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
        write_whole(out, publish.write_brief(path.read_text(encoding="utf-8"), numbers, file=file))
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

    def search(
        self, words: Sequence[str], view: View | None = None, *, limit: int = 10, any_word: bool = False
    ) -> documents.Found:
        """Which documents hold these words, and where; only those published by the view's day."""
        view = view or self.known()
        listed = nouns_of(Document, view.table("documents"))
        return documents.search(self.root, words, listed, known=view.known, limit=limit, any_word=any_word)

    # --- where it comes from ---------------------------------------------------------------

    def why(self, wanted: str, view: View | None = None) -> Link:
        """Walk an id back to the words of its sources; a bare id is tried as each kind in turn."""
        view = view or self.known()
        ways: dict[str, Callable[[str], Link]] = {
            "r": lambda i: report_link(self.record, i, known=view.known),
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

    def explain(self, wanted: str, view: View | None = None) -> Link:
        """Which reports an event rests on, asked by its id or by that of one of its reports."""
        return self._why_event(wanted.partition(":")[2] or wanted, view or self.known())

    def history(self, row_id: str) -> list[dict[str, Any]]:
        """Every version of a row, oldest first, with what changed."""
        self.record  # noqa: B018 - what was edited since the last build is part of the history too
        return row_history(Ledger.read(self.folder.ledger), row_id.partition(":")[2] or row_id)

    def diff_known(self, earlier: str | date, later: str | date | None) -> dict[str, Any]:
        """What was learned between two days of knowledge: reports, control of places, verdicts."""
        then, now = self.known(earlier), self.known(None if later == "now" else later)
        if then.known is None or (now.known and now.known < then.known):
            raise InputError("days the wrong way round", value=f"{earlier} {later}", fix="name the earlier day first")
        reports = learned(self.record, then, now)
        judged_then, judged_now = (self.check(view=view)["claims"] for view in (then, now))
        return {
            "case": self.record.setting.id,
            "record": self.record.hash,
            "known": [then.known.isoformat(), now.known.isoformat() if now.known else None],
            "reports": reports,
            "control": [_plain_revision(r) for r in control.revised(self.estimate(then), self.estimate(now))],
            "verdicts": claims.moved(judged_then, judged_now, concerned(reports)),
        }

    def diff_record(self, earlier: str, later: str) -> dict[str, Any]:
        """What entered the record, changed in it or left it between two runs of its history."""
        self.record  # noqa: B018 - what was edited since the last build is part of the history too
        return between_runs(Ledger.read(self.folder.ledger), earlier, later)

    def verify(self, head: str | None = None) -> list[Finding]:
        """What is not as it was left; with ``head``, whether the history still holds a hash that was noted."""
        with self._alone():
            findings = verify(self.root, self.folder.ledger, head)
            if any(finding.broken for finding in findings) or not (record := self._fresh()):
                return findings
            files, ledger, changes = self._compare(datetime.now(UTC))
            content = _content(files, ledger, self._collect(files))
            return [*findings, *verify_rehearsed(record, content, changes)]

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
        """The last day on which the case speaks of control.

        Raises:
            InputError: nothing in the case says of what days it is.
        """
        view = view or self.known()
        if not self.estimate(view).places and view.setting.end is None:
            raise InputError(
                "no report speaks of control yet",
                expected="a day, or a case with a period or reports of control",
                fix="name a day with --on, or fill reports.csv and places.csv",
            )
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

    def _fresh(self) -> Record | None:
        """The record in force, if it is what the case's files and its history come to now."""
        told = Record.told(self.root)
        up_to_date = (
            told is not None
            and told["format"] == FORMAT
            and told["code"] == __version__
            and told["inputs"] == self.folder.inputs()
            and told["ledger"] == Ledger.read(self.folder.ledger).head
        )
        if up_to_date:
            with suppress(NotFound):  # a table of it is damaged
                return Record.load(self.root)
        return None

    def _clear_away(self) -> None:
        """Remove what a build that was stopped left behind, if nobody is at it and we may."""
        with suppress(InputError, RecordBusy), writing(self.root / CACHE, wait=0):
            clear_away(self.root / CACHE)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Without a writer beside us, where there could be one: a case that nobody can write to is at rest."""
        with ExitStack() as held:
            if (self.root / CACHE).is_dir():
                with suppress(InputError):
                    held.enter_context(writing(self.root / CACHE))
            yield

    def _rebuild(self, now: datetime) -> tuple[Record, Changes]:
        self._refuse_another_past()
        files, ledger, changes = self._compare(now, keep=True)
        content = _content(files, ledger, self._collect(files))
        written = Record.write(self.root, content, files.inputs, __version__, ledger.head, commit=ledger.commit)
        return written, changes

    def _refuse_another_past(self) -> None:
        """A history that lost what it ended with is never built upon: that would cover up the loss."""
        if record := Record.told(self.root):
            told = record["ledger"]
            if not Ledger.read(self.folder.ledger).holds(told):
                raise LedgerBroken(
                    f"{self.folder.ledger}: the history no longer holds what it ended with at the last build "
                    f"({told[:12]}): lines were cut off or worked out anew, or the case was taken back to an earlier "
                    "state.\n  do: take the ledger back from git or a backup; "
                    f"if you went back on purpose, delete {CACHE}/"
                )

    def _compare(self, now: datetime, *, keep: bool = False) -> tuple[case.CaseFiles, Ledger, Changes]:
        """The case's files, and the history with what changed in them drafted and not yet written."""
        files = case.load_steady(self.root)
        ledger = Ledger.read(self.folder.ledger)
        refused = {r.id: {**r.to_json(), "cells": dict(r.cells)} for r in files.rejected}
        captured = sources.entries_of(self._collect(files, keep=keep), files.datasets)
        changes = changes_since(ledger, files.cells, refused, captured)
        enter(ledger, changes, files.cells, refused, now=now, code=__version__, inputs=files.inputs)
        return files, ledger, changes

    # --- captured files --------------------------------------------------------------------

    def add(
        self,
        what: Sequence[str],
        *,
        kind: str = "",
        maps: Mapping[str, str] | None = None,
        sets: Mapping[str, str] | None = None,
        dry_run: bool = False,
        now: datetime | None = None,
    ) -> dict[str, Any]:
        """Take files in as they are, and bring the record up to date with them.

        Args:
            what: files, or addresses of documents.
            kind: what they are; by default each is recognised.
            maps: which column holds which field, where a file's own names are not known.
            sets: what is true of all rows of a file.
            dry_run: say what would happen, row by row, and write nothing.
            now: the moment that they are recorded at; by default the clock's.

        Returns:
            The stable JSON shape of `add`.
        """
        now = (now or datetime.now(UTC)).replace(microsecond=0)
        papers = [item for item in what if sources.is_document(item, kind)]
        tables = [item for item in what if item not in papers]
        told = self._add_documents(papers, dict(sets or {}), dry_run, now) if papers else []
        told += self._add_datasets(tables, kind, sources.Options(maps=maps or {}, sets=sets or {}), dry_run, now)
        return told[0] if len(what) == 1 else sources.told_together([t["kind"] for t in told], told)

    def _add_documents(
        self, papers: Sequence[str], sets: dict[str, str], dry_run: bool, now: datetime
    ) -> list[dict[str, Any]]:
        with writing(self.root / CACHE):
            told = documents.add_all(self.root, papers, captured=now.date(), dry_run=dry_run, **sets)
        if not dry_run:
            self.build(now)
        return told

    def _add_datasets(
        self, tables: Sequence[str], kind: str, options: sources.Options, dry_run: bool, now: datetime
    ) -> list[dict[str, Any]]:
        if not tables:
            return []
        with nullcontext() if dry_run else writing(self.root / CACHE):
            saved = case.saved_mappings(self.folder)
            seen = self._intake.look_all([Path(t) for t in tables], kind, options, saved, keep=not dry_run)
            before = case.read_datasets(self.folder)
            held = {dataset.id for dataset in before}
            wanted = list({dataset.id: dataset for dataset in (_listed(s, now) for s in seen)}.values())
            fresh = [dataset for dataset in wanted if dataset.id not in held]
            if not dry_run:
                self._keep(seen, fresh, options)
                self._build_alone(now)
            files = case.load_steady(self.root)
            every = (*before, *fresh)
            releases = {_listed(s, now).id: s.release for s in seen} if dry_run else {}
            collected = self._collect(replace(files, datasets=every), releases)
        return sources.told_of_each(collected, every, wanted, held, rows=dry_run)

    def _keep(self, seen: Sequence[sources.Seen], fresh: Sequence[case.Dataset], options: sources.Options) -> None:
        """Capture files, then list them: a file that is on the list is there, whenever the machine stops."""
        for one in seen:
            self._intake.capture(one)
            if options.maps:
                made = one.captured
                case.save_mapping(self.folder, made.name, one.feed.kind, one.columns, options.maps, options.sets)
        if fresh:
            case.list_datasets(self.folder, fresh)

    def _collect(
        self, files: case.CaseFiles, seen: Mapping[str, sources.Release] | None = None, *, keep: bool = False
    ) -> sources.Collected:
        """What the captured files of the case come to, in its own terms."""
        key = (tuple(files.inputs.items()), tuple(dataset.id for dataset in files.datasets))
        if self._collected is None or self._collected[0] != key:
            releases = self._intake.releases(files.datasets, seen or {}, keep=keep)
            known = sources.Known(
                sources=files.nouns["sources"],
                actors=files.nouns["actors"],
                places=files.nouns["places"],
                reports=files.nouns["reports"],
                area=files.setting.area,
            )
            self._collected = key, sources.collect(releases, known, self._intake.sql)
        return self._collected[1]

    @cached_property
    def _intake(self) -> sources.Intake:
        shelf = sources.Shelf(self.root / CACHE / "feeds")
        return sources.Intake(feeds=sources.FEEDS, place=self.folder.captured, shelf=shelf, sql=asker())

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


def _plain_revision(revision: control.Revision) -> dict[str, Any]:
    leaders = [{"holder": lead[0], "chance": lead[1]} if lead else None for lead in (revision.before, revision.after)]
    days = {"from": revision.start.isoformat(), "to": revision.end.isoformat()}
    return {"place": revision.place, **days, "then": leaders[0], "now": leaders[1]}


def _listed(seen: sources.Seen, now: datetime) -> case.Dataset:
    """A file as it stands on the list, with what its feed found for those who read it."""
    captured, reading = seen.captured, seen.release.reading
    return case.Dataset(
        sha256=captured.sha256,
        name=captured.name,
        kind=seen.feed.kind,
        source=reading.source,
        series=reading.series,
        published=reading.published.isoformat() if reading.published else "",
        maps=captured.options.maps,
        sets=captured.options.sets,
        added=now.date().isoformat(),
    )


def _content(files: case.CaseFiles, ledger: Ledger, collected: sources.Collected) -> Content:
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
    names = [dataset.name for dataset in files.datasets]
    refused = [*(r.to_json() for r in files.rejected), *sources.rejects_of(collected, names)]
    return Content(
        setting=files.setting,
        tables=with_captured(
            tables,
            reports=collected.reports,
            reference=collected.reference,
            nouns=collected.nouns,
            moments=captured_at(ledger, [dataset.id for dataset in files.datasets]),
        ),
        claims=files.claims,
        rejected=pa.Table.from_pylist(refused, schema=_REJECTED),
        doubts=collected.doubts,
        warnings=(*files.warnings, *sources.warnings_of(collected, names)),
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
