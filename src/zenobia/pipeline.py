"""The whole story of a case: its record is kept true to its files, asked, briefed and released.

Nothing calls a room but this module and its hands: `building` keeps the record true to the files, `adding`
takes files in, `asking` hands a view from room to room (link, estimate, measure, check), `tracing` leads back,
`claiming` writes claims down, `briefing` and `releasing` make pages. Rooms do not know of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from zenobia import __version__, answering, case, claiming, claims, publish, releasing, sources
from zenobia.adding import add
from zenobia.asking import Asking
from zenobia.briefing import Briefed, briefed, pages, stale_lines
from zenobia.building import Building, Built
from zenobia.claiming import askable
from zenobia.publish import (
    EXPORTS,
    FORMATS,
    added_lines,
    compared_table,
    control_table,
    fronts_shown,
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
from zenobia.record import Finding, Ledger, Link, Record, View, between_runs, nouns_of, runs
from zenobia.released import ReleasedCase
from zenobia.sources import documents
from zenobia.terms import Document, InputError, Run, parse_day
from zenobia.tracing import history, with_files

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
    "fronts_shown",
    "learned_lines",
    "measure_lines",
    "new",
    "open_case",
    "plain",
    "recorded_lines",
    "refusals",
    "shown_progress",
    "stale_lines",
    "totals_shown",
    "two_days_table",
    "verdict_table",
    "version_lines",
    "warned_in_all",
    "warning_lines",
    "withheld_lines",
]


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


class OpenCase(Asking):
    """A case and everything that can be asked of it.

    Args:
        root: the case folder.
    """

    def __init__(self, root: Path) -> None:
        self._building = Building(root, __version__)
        super().__init__(root, self._building.watching, __version__)
        self.folder = self._building.folder

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

    # --- what is written -------------------------------------------------------------------

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
        return self.brief(file, out, view).path

    def brief(self, file: Path, out: Path | None = None, view: View | None = None, *, pin: bool = False) -> Briefed:
        """As `write_brief`, and what moved since the briefing was pinned; or pin it to what it shows now."""
        with self.watching.step("writing the briefing"):
            return briefed(self, self.root, file, out, view or self.known(), pin=pin)

    def runs(self) -> list[Run]:
        """The runs that made the record, oldest first."""
        self.record  # noqa: B018 - what was edited since the last build is part of the history too
        return runs(Ledger.read(self.folder.ledger))

    def briefs(self, view: View) -> Iterator[tuple[str, str]]:
        """Every briefing of the case: what it is called, and its page."""
        yield from pages(self, self.root, view)

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
        return with_files(self._building, super().why(wanted, view))

    def explain(self, wanted: str, view: View | None = None) -> Link:
        """Which reports an event rests on, asked by its id or by that of one of its reports."""
        return with_files(self._building, super().explain(wanted, view))

    def history(self, row_id: str) -> list[dict[str, Any]]:
        """Every version of a row, oldest first, with what changed."""
        self.record  # noqa: B018 - what was edited since the last build is part of the history too
        return history(self._building, row_id.partition(":")[2] or row_id)

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

    def _forget(self) -> None:
        """What was worked out from the record before it moved on is worked out anew when it is asked for."""
        self.__dict__.pop("record", None)
        self._linked.clear()
        self._estimated.clear()
        self._narrowed.clear()
        self._rests.clear()
        self._earlier.clear()
        self._answered.clear()


def withheld_lines(told: Mapping[str, Any]) -> Iterator[str]:
    """What `publish` withheld, and why, in lines."""
    return publish.told_in_lines(publish.Withheld(**row) for row in told["withheld"])
