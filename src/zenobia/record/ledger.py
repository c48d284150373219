"""The ledger: what entered the record, when, by which run; appended to, never rewritten.

Each line of ``ledger.jsonl`` is one entry, with ``prev`` = the SHA-256 of the line before it, so
that no past line can be altered, dropped or moved without breaking every line after it. Kinds of
entry:

    run       a step that changed the record: code version, hashes of its inputs
    row       a row as it stood in a case file: new, or replacing the last one of that table and id
    gone      the row was taken out of the file; its last content stays in the ledger
    rejected  a row that broke a rule, with the rule
    decision  a person's or a rule's word on whether two things are one

``recorded`` comes from here and from nowhere else.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from zenobia.terms import LedgerBroken

__all__ = ["Entry", "Ledger", "Row", "Version", "fold"]

_START = "0" * 64

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the ledger."""

    seq: int
    at: datetime
    run: str
    kind: str
    body: Mapping[str, Any]

    @property
    def table(self) -> str:
        """The table that a row belongs to; empty for entries that are not about a row."""
        return str(self.body.get("table", ""))

    @property
    def id(self) -> str:
        """The id of the row; empty for entries that are not about a row."""
        return str(self.body.get("id", ""))


@dataclass(frozen=True, kw_only=True)
class Version:
    """One state of one row: its cells as they were typed (``None``: taken out), when, by which run."""

    cells: Row | None
    at: datetime
    run: str


@dataclass
class Ledger:
    """The entries of a case's ledger, read and checked, and a way to append to it."""

    path: Path
    entries: list[Entry] = field(default_factory=list)
    head: str = _START
    torn: bytes = b""

    @classmethod
    def read(cls, path: Path) -> Ledger:
        """Read a ledger and check its chain.

        A last line without its line end was never wholly written (the machine stopped while
        writing): it is left out, told in ``torn``, and cut off by the next append.

        Raises:
            LedgerBroken: a line was altered, dropped, moved or cannot be read; the message names it.
        """
        ledger = cls(path=path)
        for number, line, whole in _lines(path):
            if not whole:
                ledger.torn = line
                break
            ledger._take(number, line)
        return ledger

    def append(self, run: str, at: datetime, parts: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """Append entries of one run in one write, and see it onto the disk. Returns how many."""
        lines, head, seq = [], self.head, len(self.entries)
        made: list[Entry] = []
        for kind, body in parts:
            seq += 1
            line = _line(seq, at, run, kind, body, head)
            head = hashlib.sha256(line).hexdigest()
            lines.append(line + b"\n")
            made.append(Entry(seq=seq, at=at, run=run, kind=kind, body=body))
        if lines:
            self._write(b"".join(lines))
            self.entries.extend(made)
            self.head = head
        return len(made)

    def versions(self, table: str, row_id: str) -> list[Version]:
        """Every version of one row, oldest first."""
        found = [e for e in self.entries if e.kind in ("row", "gone") and e.table == table and e.id == row_id]
        return [_version(e) for e in found]

    def tables_with(self, row_id: str) -> list[str]:
        """The tables that ever held a row of this id."""
        return sorted({e.table for e in self.entries if e.kind in ("row", "gone") and e.id == row_id})

    def runs(self) -> list[Entry]:
        """The runs that changed the record, oldest first."""
        return [e for e in self.entries if e.kind == "run"]

    def _take(self, number: int, line: bytes) -> None:
        try:
            said = json.loads(line)
            prev = said.pop("prev")
            entry = Entry(
                seq=said.pop("seq"),
                at=datetime.fromisoformat(said.pop("at")),
                run=said.pop("run"),
                kind=said.pop("kind"),
                body=said,
            )
        except (ValueError, KeyError, AttributeError, TypeError) as wrong:
            raise LedgerBroken(f"{self.path}, line {number}: not a ledger entry. {_MEND}") from wrong
        if prev != self.head or entry.seq != len(self.entries) + 1:
            raise LedgerBroken(
                f"{self.path}, line {number}: does not follow from the line before it; "
                f"this line or an earlier one was altered, dropped or moved. {_MEND}"
            )
        self.entries.append(entry)
        self.head = hashlib.sha256(line).hexdigest()

    def _write(self, block: bytes) -> None:
        self.path.touch(exist_ok=True)
        with open(self.path, "r+b") as out:
            out.seek(0, os.SEEK_END)
            if self.torn:
                out.truncate(out.tell() - len(self.torn))
                out.seek(0, os.SEEK_END)
                self.torn = b""
            out.write(block)
            out.flush()
            os.fsync(out.fileno())


def fold(ledger: Ledger) -> dict[str, dict[str, Version]]:
    """The present state of every row that ever entered: by table, by id, last version."""
    state: dict[str, dict[str, Version]] = {}
    for entry in ledger.entries:
        if entry.kind in ("row", "gone"):
            state.setdefault(entry.table, {})[entry.id] = _version(entry)
    return state


_MEND = "Take the ledger back from git or a backup; nothing was changed."


def _version(entry: Entry) -> Version:
    cells = entry.body.get("row") if entry.kind == "row" else None
    return Version(cells=cells, at=entry.at, run=entry.run)


def _line(seq: int, at: datetime, run: str, kind: str, body: Mapping[str, Any], prev: str) -> bytes:
    said = {"seq": seq, "at": _moment(at), "run": run, "kind": kind, **body, "prev": prev}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _lines(path: Path) -> Iterator[tuple[int, bytes, bool]]:
    if not path.exists():
        return
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            yield number, line.removesuffix(b"\n"), line.endswith(b"\n")
