"""The record of a case, kept true to its files: compared, entered in the history, written anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from zenobia import case, sources
from zenobia.record import (
    CACHE,
    FORMAT,
    NOUNS,
    Changes,
    Content,
    Finding,
    Ledger,
    Record,
    asker,
    captured_at,
    changes_since,
    clear_away,
    enter,
    fold,
    table_of,
    verify,
    verify_rehearsed,
    with_captured,
    writing,
)
from zenobia.terms import InputError, LedgerBroken, NotFound, RecordBusy
from zenobia.watching import Watching

__all__ = ["Building", "Built"]


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


class Building:
    """Builds the record of one case.

    Args:
        root: the case folder.
        code: the version of this program: another one makes the record anew.
        shelf: where readings of captured files are kept; by default in the case's cache.
    """

    def __init__(self, root: Path, code: str, shelf: Path | None = None) -> None:
        self.root, self.code = root, code
        self.watching = Watching()
        self._shelf = sources.Shelf(shelf or root / CACHE / "feeds")
        self.folder = case.CaseFolder(root)
        self._collected: tuple[Any, sources.Collected] | None = None

    def build(self, now: datetime) -> Built:
        """Bring the record up to date with the case's files; a case that is up to date is left alone.

        Raises:
            InputError: a file is not what it should be; nothing was changed.
            RecordBusy: another process is writing.
        """
        if fresh := self.fresh():
            self._clear_away()
            return _built(fresh, Changes(), fresh=True)
        with writing(self.root / CACHE):
            return self.build_alone(now)

    def build_alone(self, now: datetime) -> Built:
        """As `build`, for who holds the write lock."""
        if fresh := self.fresh():  # another process has built it while we waited
            return _built(fresh, Changes(), fresh=True)
        record, changes = self._rebuild(now.replace(microsecond=0))
        return _built(record, changes, fresh=False)

    def fresh(self) -> Record | None:
        """The record in force, if it is what the case's files and its history come to now."""
        told = Record.told(self.root)
        up_to_date = (
            told is not None
            and told["format"] == FORMAT
            and told["code"] == self.code
            and told["inputs"] == self.folder.inputs()
            and told["ledger"] == Ledger.read(self.folder.ledger).head
        )
        if up_to_date:
            with suppress(NotFound):  # a table of it is damaged
                return Record.load(self.root)
        return None

    def verify(self, now: datetime, head: str | None = None) -> list[Finding]:
        """What is not as it was left; with ``head``, whether the history still holds a hash that was noted."""
        with self._alone():
            findings = verify(self.root, self.folder.ledger, head)
            if any(finding.broken for finding in findings) or not (record := self.fresh()):
                return findings
            # Nothing that is cached is believed: captured files are read anew, aside.
            with TemporaryDirectory(prefix="zenobia-", ignore_cleanup_errors=True) as aside:
                rehearsed = Building(self.root, self.code, Path(aside))
                rehearsed.watching = self.watching
                files, ledger, changes = rehearsed._compare(now, keep=True)
                content = _content(files, ledger, rehearsed.collect(files))
                return [*findings, *verify_rehearsed(record, content, changes)]

    # --- captured files --------------------------------------------------------------------

    @cached_property
    def intake(self) -> sources.Intake:
        """Takes files in: every feed that is known, and the shelf of the case."""
        return sources.Intake(feeds=sources.FEEDS, place=self.folder.captured, shelf=self._shelf, sql=asker())

    def collect(
        self, files: case.CaseFiles, seen: Mapping[str, sources.Release] | None = None, *, keep: bool = False
    ) -> sources.Collected:
        """What the captured files of the case come to, in its own terms.

        Args:
            files: the case's files.
            seen: releases that are read already, by the id of their dataset.
            keep: put readings on the shelf, which only who holds the write lock may do.
        """
        key = (tuple(files.inputs.items()), tuple(dataset.id for dataset in files.datasets))
        if self._collected is None or self._collected[0] != key:
            releases = self.intake.releases(files.datasets, seen or {}, keep=keep, each=self._each)
            known = sources.Known(
                sources=files.nouns["sources"],
                actors=files.nouns["actors"],
                places=files.nouns["places"],
                reports=files.nouns["reports"],
                area=files.setting.area,
            )
            with self.watching.step("putting captured files together"):
                self._collected = key, sources.collect(releases, known, self.intake.sql)
        return self._collected[1]

    def _each(self, datasets: Sequence[case.Dataset]) -> Iterator[case.Dataset]:
        return self.watching.through(datasets, "reading captured files")

    # --- steps -----------------------------------------------------------------------------

    def _clear_away(self) -> None:
        """Remove what a build that was stopped left behind, if nobody is at it and we may."""
        with suppress(InputError, RecordBusy), writing(self.root / CACHE, wait=0):
            clear_away(self.root / CACHE)
            self._shelf.clear_away()

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
        content = _content(files, ledger, self.collect(files))
        with self.watching.step("writing the record"):
            written = Record.write(self.root, content, files.inputs, self.code, ledger.head, commit=ledger.commit)
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
        with self.watching.step("reading the case"):
            files = case.load_steady(self.root)
            ledger = Ledger.read(self.folder.ledger)
        refused = {r.id: {**r.to_json(), "cells": dict(r.cells)} for r in files.rejected}
        captured = sources.entries_of(self.collect(files, keep=keep), files.datasets)
        changes = changes_since(ledger, files.cells, refused, captured)
        enter(ledger, changes, files.cells, refused, now=now, code=self.code, inputs=files.inputs)
        return files, ledger, changes


_REJECTED = pa.schema(
    [("file", pa.string()), ("row", pa.int64())] + [(name, pa.string()) for name in ("field", "value", "rule", "fix")]
)


def _built(record: Record, changes: Changes, *, fresh: bool) -> Built:
    return Built(
        record=record.hash,
        changes=changes,
        rejected=tuple(record.content.rejected.to_pylist()),
        warnings=record.content.warnings,
        fresh=fresh,
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
