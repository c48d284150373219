"""The whole story on one page: load, link, estimate, measure, check, brief.

Nothing calls a room but this module and its hands: `building` keeps the record true to the files, `adding`
takes files in, `tracing` leads back to them, `claiming` writes claims down, `numbers` is what a briefing may
show. Rooms do not know of each other. What a room returns is kept by the content it was made from (record,
day of knowledge, narrowing), so that a result never depends on the order in which things were asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zenobia import (
    __version__,
    answering,
    case,
    claiming,
    claims,
    control,
    holding,
    linkage,
    measures,
    publish,
    releasing,
    sources,
)
from zenobia.adding import add
from zenobia.building import Building, Built
from zenobia.claiming import askable
from zenobia.drawing import DrawnEstimate, control_map, drawn
from zenobia.exporting import export
from zenobia.keeping import KeptAnswers
from zenobia.numbers import Numbers
from zenobia.publish import (
    EXPORTS,
    FORMATS,
    added_lines,
    compared_table,
    control_table,
    learned_lines,
    measure_lines,
    plain,
    recorded_lines,
    refusals,
    shown_progress,
    totals_shown,
    two_days_table,
    verdict_table,
    version_lines,
    warned_in_all,
    warning_lines,
)
from zenobia.record import (
    Finding,
    Ledger,
    Link,
    Record,
    View,
    between_runs,
    concerned,
    learned,
    nouns_of,
    runs,
    write_whole,
)
from zenobia.sources import documents
from zenobia.terms import (
    ControlEstimate,
    Document,
    InputError,
    Names,
    NotFound,
    Run,
    day_number,
    day_of,
    did_you_mean,
    parse_day,
)
from zenobia.tracing import history, why, why_event, with_files
from zenobia.watching import Watching

__all__ = [
    "EXPORTS",
    "FORMATS",
    "Built",
    "OpenCase",
    "ReleasedCase",
    "added_lines",
    "askable",
    "compared_table",
    "control_table",
    "demo",
    "learned_lines",
    "measure_lines",
    "new",
    "open_case",
    "plain",
    "recorded_lines",
    "refusals",
    "shown_progress",
    "totals_shown",
    "two_days_table",
    "verdict_table",
    "version_lines",
    "warned_in_all",
    "warning_lines",
    "withheld_lines",
]

_DRAWS, _SEED = 2000, 1
# Columns that no release has: when a row was recorded, where an original lies, how it is marked.
_KEPT_IN = ("recorded", "sensitivity", "path", "captured")


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
        self._building = Building(root, __version__)
        self.folder = self._building.folder
        self._linked: dict[str, pa.Table] = {}
        self._estimated: dict[str, control.Control] = {}
        self._answered = KeptAnswers(root)

    @property
    def watching(self) -> Watching:
        """Tells how far long work has come; set its ``tell`` to look on."""
        return self._building.watching

    # --- the record ------------------------------------------------------------------------

    def build(self, now: datetime | None = None) -> Built:
        """Bring the record up to date with the case's files; a case that is up to date is left alone.

        Args:
            now: the moment that new rows are recorded at; by default the clock's.

        Raises:
            InputError: a file is not what it should be; nothing was changed.
            RecordBusy: another process is writing.
        """
        built = self._building.build(now or datetime.now(UTC))
        if not built.fresh:
            self._forget()
        return built

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
        options = sources.Options(maps=maps or {}, sets=sets or {})
        moment = (now or datetime.now(UTC)).replace(microsecond=0)
        told = add(self._building, what, kind=kind, options=options, dry_run=dry_run, now=moment)
        if not dry_run:
            self._forget()
        return told

    @cached_property
    def record(self) -> Record:
        """The record in force; built first where the case's files have moved on."""
        fresh = self._building.fresh()
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
            with self.watching.step("putting reports of one thing together"):
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
            with self.watching.step("estimating control"):
                self._estimated[view.key] = control.estimate(view, self.links(view))
        return self._estimated[view.key]

    def control(self, place: str, *, on: str | date, view: View | None = None) -> DrawnEstimate:
        """Who held a place on a day, how sure, and by whose word; the place by id or by any of its names."""
        view = view or self.known()
        day = parse_day(on) if isinstance(on, str) else on
        return drawn(self, self.estimate(view).at(self.place(place, view), day_number(day)), view)

    def control_map(
        self, *, on: str | date, around: str | None = None, km: float | None = None, view: View | None = None
    ) -> publish.Picture:
        """A map of control on a day, which a notebook shows: in the case's area, or so far around a place."""
        day = parse_day(on) if isinstance(on, str) else on
        return control_map(self, view or self.known(), day, around, km)

    def control_all(self, on: str | date, view: View | None = None) -> list[ControlEstimate]:
        """Every place of the case on a day; places without any basis are told as such."""
        view = view or self.known()
        day = day_number(parse_day(on) if isinstance(on, str) else on)
        estimate = self.estimate(view)
        return [estimate.at(place, day) for place in self.watching.through(sorted(view.places), "control of places")]

    def control_between(self, first: str | date, last: str | date, view: View | None = None) -> dict[str, Any]:
        """What each holder gained, lost and held between two days, place by place and in all."""
        days = [parse_day(day) if isinstance(day, str) else day for day in (first, last)]
        return holding.compared(self, view or self.known(), *days)

    def control_totals(self, every: str = "month", view: View | None = None) -> dict[str, Any]:
        """How many places, and people in them, each holder had through time, with bounds."""
        return holding.totals(self, view or self.known(), every)

    def totals(self, view: View | None = None) -> pa.Table:
        """The same as a table by month, in the shape of `export control-totals`."""
        return holding.totals_table(self, view or self.known())

    def prepare(self, view: View, needs: measures.Needs) -> measures.Prepared:
        """What a question needs from a view: links, and control from the reports that it may use."""
        if needs.name == "nothing":
            return measures.Prepared(events=self.links(view), draws=_DRAWS, seed=_SEED)
        narrowed = heard = view if needs.known is None else self._as_of(view, needs.known)
        if needs.label:
            narrowed = heard.narrowed(
                label=needs.label,
                sources=needs.only_sources,
                without_sources=needs.without_sources,
                without_types=needs.without_types,
                without_documents=needs.without_documents,
            )
        known = self.estimate(narrowed).by_reports()  # a claim is judged by what somebody said of a place itself
        return measures.Prepared(
            control=known, view=heard if heard is not view else None, events=self.links(view), draws=_DRAWS, seed=_SEED
        )

    def _as_of(self, view: View, day: date) -> View:
        """What a view held on an earlier day: what has been replaced since is there, what it leaves out is not."""
        if view.known is not None and view.known <= day:
            return view
        earlier, whole = self.known(day), self.known(view.known)
        if view.key == whole.key:
            return earlier
        left = pc.is_in(whole.reports.column("id"), value_set=view.reports.column("id").combine_chunks())
        gone = whole.reports.filter(pc.invert(left)).column("id").combine_chunks()
        kept = earlier.reports.filter(pc.invert(pc.is_in(earlier.reports.column("id"), value_set=gone)))
        return replace(earlier, reports=kept, label=view.label, _columns={})

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
        asked = self.watching.through(self.claims_asked(list(ids or ())), "checking claims")
        with self._kept_answers():
            return claims.check_json(view, [self._judged(claim, view) for claim in asked])

    def check_between(
        self, earlier: str | date, later: str | date | None, ids: Iterable[str] | None = None
    ) -> dict[str, Any]:
        """The verdicts as known on two days side by side, which moved, and the reports that moved them."""
        then, now = self._two_days(earlier, later)
        asked = list(ids or ())
        with self._kept_answers():
            before, after = (self._verdicts(view, asked) for view in (then, now))
        return claims.side_by_side(before, after, learned(self.record, then, now))

    def draft_claim(self, about: Mapping[str, Any], measure: str | None, words: Sequence[str]) -> dict[str, Any]:
        """A claim as it would stand in the case: its keys, its text, its file, and the verdict that it would get now.

        Raises:
            InputError: a key is missing or wrong, its id is taken, or it names what the case does not hold.
        """
        keys = claiming.drafted(about, measure, words)
        path, _ = claiming.would_be(self.folder, keys)
        (claim,) = claims.parse([keys])
        view = self.known()
        (told,) = claims.check_json(view, [self._judged(claim, view)])["claims"]
        text, doubts = claims.claim_text(keys), list(claiming.doubts(claim, view))
        return {"claim": keys, "text": text, "file": path.name, "verdict": told, "doubts": doubts}

    def put_down_claim(self, keys: Mapping[str, Any]) -> Path:
        """Put a drafted claim at the end of the case's claims; what stands there stays as it is. Returns the file."""
        path = claiming.put_down(self.folder, keys)
        self._forget()
        return path

    def write_brief(self, file: Path, out: Path | None = None, view: View | None = None) -> Path:
        """Write a briefing as one HTML file, beside its text unless told otherwise. Returns where it is."""
        path = file if file.is_file() else self.root / file
        if not path.is_file():
            raise InputError("no such briefing", file=file, expected="a Markdown file, such as one of briefs/")
        out = out or path.with_suffix(".html")
        numbers = Numbers(self, view or self.known())
        with self.watching.step("writing the briefing"):
            write_whole(out, publish.write_brief(path.read_text(encoding="utf-8"), numbers, file=file))
        return out

    def export(
        self, what: str, form: str | None, out: Path | None, view: View | None = None, *, on: str | date | None = None
    ) -> int:
        """Write something for other tools; to standard output without ``out``. Returns how many rows or files.

        Args:
            what, form: one of `EXPORTS`, and one of its formats; its first if none is named.
            on: control of one day instead of all days.
        """
        return export(self, view or self.known(), what, form, out, on=on, code=__version__)

    def runs(self) -> list[Run]:
        """The runs that made the record, oldest first."""
        self.record  # noqa: B018 - what was edited since the last build is part of the history too
        return runs(Ledger.read(self.folder.ledger))

    def briefs(self, view: View) -> Iterator[tuple[str, str]]:
        """Every briefing of the case: what it is called, and its page."""
        for path in sorted((self.root / "briefs").glob("*.md")):
            yield path.stem, publish.write_brief(path.read_text(encoding="utf-8"), Numbers(self, view), file=path)

    def lets_out(self, table: pa.Table) -> pa.Table:
        """A table as it is exported: whole."""
        return table

    def look_through(self, files: Callable[[], Mapping[str, bytes]]) -> None:
        """What is about to be exported needs no looking through: it stays with whoever has the case."""

    def serve_tools(self, *, on: date | None = None) -> None:
        """Answer a language model's tool calls on standard input and output, from the released record alone.

        Args:
            on: the day of the release; by default the clock's.
        """
        answering.serve(answering.Tools(self.released(on=on)), __version__)

    def search(
        self, words: Sequence[str], view: View | None = None, *, limit: int = 10, any_word: bool = False
    ) -> documents.Found:
        """Which documents hold these words, and where; only those published by the view's day."""
        view = view or self.known()
        listed = nouns_of(Document, view.table("documents"))
        return documents.search(self.root, words, listed, known=view.known, limit=limit, any_word=any_word)

    def released(self, *, on: str | date | None = None, known: str | date | None = None) -> ReleasedCase:
        """The case as it may be told outside: what is asked of it is answered from the released record alone.

        Args:
            on: the day of the release; by default the clock's.
            known: only what had been published by this day, where that is earlier than the policy asks.

        Raises:
            InputError: the policy of the case lets nothing out.
        """
        day, limit = (parse_day(day) if isinstance(day, str) else day for day in (on, known))
        return ReleasedCase(self, day or datetime.now(UTC).date(), limit)

    def publish(self, folder: Path, *, on: str | date | None = None, known: str | date | None = None) -> dict[str, Any]:
        """Write the static site of the released record into a folder; nothing is written if anything would leak.

        Returns:
            The JSON shape of `publish`: the record, how many files, and what was withheld and why.

        Raises:
            InputError: the policy lets nothing out, a leak was found, or the folder holds something else.
        """
        told = self.released(on=on, known=known)
        with self.watching.step("making the pages"):
            files, left_out = releasing.site_of(told, told.release, told.policy, told.briefings())
        with self.watching.step("looking for leaks"):
            publish.refuse_leaks(files, told.secrets)
        publish.put_down_site(files, folder)
        withheld = (*told.release.withheld, *left_out)
        return releasing.told_of(told.record, told.release, files, withheld)

    # --- where it comes from ---------------------------------------------------------------

    def why(self, wanted: str, view: View | None = None) -> Link:
        """Walk an id back to the words of its sources; a bare id is tried as each kind in turn."""
        return with_files(self._building, why(self, wanted, view or self.known()))

    def explain(self, wanted: str, view: View | None = None) -> Link:
        """Which reports an event rests on, asked by its id or by that of one of its reports."""
        link = why_event(self, wanted.partition(":")[2] or wanted, view or self.known())
        return with_files(self._building, link)

    def history(self, row_id: str) -> list[dict[str, Any]]:
        """Every version of a row, oldest first, with what changed."""
        self.record  # noqa: B018 - what was edited since the last build is part of the history too
        return history(self._building, row_id.partition(":")[2] or row_id)

    def diff_known(self, earlier: str | date, later: str | date | None) -> dict[str, Any]:
        """What was learned between two days of knowledge: reports, control of places, verdicts."""
        then, now = self._two_days(earlier, later)
        reports = learned(self.record, then, now)
        judged_then, judged_now = (self._verdicts(view)["claims"] for view in (then, now))
        return {
            "case": self.record.setting.id,
            "record": self.record.hash,
            "known": [day.known.isoformat() if day.known else None for day in (then, now)],
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
        return self._building.verify(datetime.now(UTC), head)

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

    @contextmanager
    def _kept_answers(self) -> Iterator[None]:
        """With the answers that were given to this record before; those that are new are kept."""
        self._answered.read(self.record.hash)
        yield
        self._answered.write()

    def _verdicts(self, view: View, ids: Sequence[str] = ()) -> dict[str, Any]:
        """As `check`, with nothing but the verdicts of the view: no flips, no then."""
        asked = self.watching.through(self.claims_asked(ids), "checking claims")
        verdicts = [claims.check(c, view, None, self.prepare, kept=self._answered, vary=False) for c in asked]
        return claims.check_json(view, verdicts)

    def _judged(self, claim: claims.Claim, view: View) -> claims.Verdict:
        return claims.check(claim, view, self._then(claim, view), self.prepare, kept=self._answered)

    def _two_days(self, earlier: str | date, later: str | date | None) -> tuple[View, View]:
        then, now = self.known(earlier), self.known(None if later == "now" else later)
        if then.known is None or (now.known and now.known < then.known):
            raise InputError("days the wrong way round", value=f"{earlier} {later}", fix="name the earlier day first")
        return then, now

    def _then(self, claim: claims.Claim, view: View) -> View | None:
        """The record as known at the end of the day of the claim, or earlier if the view itself is."""
        if claim.on is None:
            return None
        return self.known(min(claim.on, view.known) if view.known else claim.on)

    def place(self, name: str, view: View) -> str:
        """The id of the place that a name means."""
        return Names.of(view.places.values()).resolve(name).required(what="place")

    def _forget(self) -> None:
        """What was worked out from the record before it moved on is worked out anew when it is asked for."""
        self.__dict__.pop("record", None)
        self._linked.clear()
        self._estimated.clear()
        self._answered.clear()


class ReleasedCase(OpenCase):
    """A case as it may be told outside. It holds no other record than the released one.

    Args:
        whole: the case.
        on: the day of the release.
        known: only what had been published by this day.

    Raises:
        InputError: the policy of the case lets nothing out.
    """

    def __init__(self, whole: OpenCase, on: date, known: date | None = None) -> None:
        super().__init__(whole.root)
        self.watching.tell = whole.watching.tell
        record, self.release, self.policy = releasing.released_record(whole.record.content, on, known)
        self.__dict__["record"] = record
        self.secrets = releasing.all_secrets(self.release, whole.record.hash, whole.ledger_head())

    def known(self, day: str | date | None = None) -> View:
        """The released record as known on a day; by default on the newest day in it."""
        asked = parse_day(day) if isinstance(day, str) else day
        newest = self.release.known
        return self.record.view(min(asked, newest) if asked and newest else asked or newest)

    def control(self, place: str, *, on: str | date, view: View | None = None) -> DrawnEstimate:
        """As of the whole case, for days of which control may be told."""
        return super().control(place, on=self._told(on), view=view)

    def control_all(self, on: str | date, view: View | None = None) -> list[ControlEstimate]:
        """As of the whole case, for days of which control may be told."""
        return super().control_all(self._told(on), view)

    def _told(self, on: str | date) -> date:
        day = parse_day(on) if isinstance(on, str) else on
        if day >= self.release.until:
            raise InputError(
                "control of this day is held back",
                value=day.isoformat(),
                expected=f"a day before {self.release.until.isoformat()}",
            )
        return day

    def why(self, wanted: str, view: View | None = None) -> Link:
        """As of the whole case, without the files that rows were read from."""
        return why(self, wanted, view or self.known())

    def explain(self, wanted: str, view: View | None = None) -> Link:
        """As of the whole case, without the files that rows were read from."""
        return why_event(self, wanted.partition(":")[2] or wanted, view or self.known())

    def briefings(self) -> dict[str, str]:
        """The case's briefings by the name of their file, as written."""
        files = sorted((self.root / "briefs").glob("*.md"))
        return {path.stem: path.read_text(encoding="utf-8") for path in files}

    def build(self, now: datetime | None = None) -> Built:
        """Refused: a release is made anew from the whole case, and never changed."""
        raise self._refusal()

    def add(self, what: Sequence[str], **options: Any) -> dict[str, Any]:
        """Refused."""
        raise self._refusal()

    def put_down_claim(self, keys: Mapping[str, Any]) -> Path:
        """Refused."""
        raise self._refusal()

    def history(self, row_id: str) -> list[dict[str, Any]]:
        """Refused: a history holds what was withheld, and who recorded what when."""
        raise self._refusal()

    def diff_record(self, earlier: str, later: str) -> dict[str, Any]:
        """Refused, as `history`."""
        raise self._refusal()

    def verify(self, head: str | None = None) -> list[Finding]:
        """Refused, as `history`."""
        raise self._refusal()

    def ledger_head(self) -> str:
        """Refused, as `history`."""
        raise self._refusal()

    def search(self, words: Sequence[str], view: View | None = None, **options: Any) -> documents.Found:
        """Refused: texts of documents are not released."""
        raise self._refusal()

    def runs(self) -> list[Run]:
        """None: a history holds what was withheld."""
        return []

    def briefs(self, view: View) -> Iterator[tuple[str, str]]:
        """Those briefings that tell and ask for nothing that is withheld."""
        for name, text in self.briefings().items():
            if not self.release.secrets.names(f"{name}\n{text}"):
                with suppress(InputError):
                    yield name, publish.write_brief(text, Numbers(self, view), file=f"{name}.md")

    def lets_out(self, table: pa.Table) -> pa.Table:
        """A table without the columns that say how the case is kept."""
        return table.select([name for name in table.column_names if name not in _KEPT_IN])

    def look_through(self, files: Callable[[], Mapping[str, bytes]]) -> None:
        """Refused, if any byte tells of what is withheld."""
        publish.refuse_leaks(files(), self.secrets)

    def _refusal(self) -> InputError:
        return InputError("a release does not tell this", expected="the whole case", fix="ask the case itself")


def withheld_lines(told: Mapping[str, Any]) -> Iterator[str]:
    """What `publish` withheld, and why, in lines."""
    return publish.told_in_lines(publish.Withheld(**row) for row in told["withheld"])


def _plain_revision(revision: control.Revision) -> dict[str, Any]:
    leaders = [{"holder": lead[0], "chance": lead[1]} if lead else None for lead in (revision.before, revision.after)]
    days = {"from": revision.start.isoformat(), "to": revision.end.isoformat()}
    return {"place": revision.place, **days, "then": leaders[0], "now": leaders[1]}
