"""The ledger: what entered the record, when, by which run; appended to, never rewritten.

Each line of ``ledger.jsonl`` is one entry, with ``prev`` = the SHA-256 of the line before it, so
that no past line can be altered, dropped or moved without breaking every line after it. Kinds of
entry:

    run       a step that changed the record: code version, hashes of its inputs
    row       a row as it stood in a case file: new, or replacing the last one of that table and id
    gone      the row was taken out of the file; its last content stays in the ledger
    rejected  a row that broke a rule, with the rule
    dataset   a captured file: its hash, its kind, what its rows did to the record; or that it was taken out
    decision  a person's or a rule's word on whether two things are one

What is written at one time stands or falls together: its first line says how many ``lines`` there
are, and where the machine stopped before the last of them none of them counts.

``recorded`` comes from here and from nowhere else.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from zenobia.record.disk import sync_folder, write_all
from zenobia.record.lock import hold
from zenobia.terms import LedgerBroken, RecordBusy, Run

__all__ = ["Entry", "Ledger", "Row", "Version", "fold", "runs"]

_START = "0" * 64

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the ledger; ``hash`` is what the next line names as ``prev``."""

    seq: int
    at: datetime
    run: str
    kind: str
    body: Mapping[str, Any]
    hash: str = ""

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
    _size: int = 0  # bytes on disk that were read and hold
    _ended: bool = True  # whether they end with a line end; an editor may have taken the last one away
    _drafted: list[bytes] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> Ledger:
        """Read a ledger and check its chain.

        What was never wholly written (the machine stopped while writing) is left out, told in
        ``torn``, and cut off by the next append: a last line that breaks off, and with it the lines
        that were to be written at the same time.

        Raises:
            LedgerBroken: a line was altered, dropped, moved or cannot be read; the message names it.
        """
        ledger = cls(path=path)
        block = _Block()
        for number, line, start in _lines(path):
            if block.first is None:
                block = _Block(first=len(ledger.entries), start=start, head=ledger.head)
            if not line.endswith(b"\n") and not _is_json(line):
                break
            block.promised += ledger._take(number, line.rstrip(b"\r\n"))
            ledger._size = start + len(line)
            ledger._ended = line.endswith(b"\n")
            if len(ledger.entries) - (block.first or 0) >= block.promised:
                block = _Block()
        if block.first is not None:
            ledger._go_back(block)
        return ledger

    def append(self, run: str, at: datetime, parts: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """Append entries of one run in one write, and see it onto the disk. Returns how many."""
        made = self.draft(run, at, parts)
        self.commit()
        return made

    def draft(self, run: str, at: datetime, parts: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """Add entries without writing them yet: `commit` does. Returns how many."""
        parts = list(parts)
        for position, (kind, body) in enumerate(parts):
            lines = len(parts) if position == 0 else None
            line = _line(len(self.entries) + 1, at, run, kind, body, self.head, lines)
            self.head = hashlib.sha256(line).hexdigest()
            self.entries.append(Entry(seq=len(self.entries) + 1, at=at, run=run, kind=kind, body=body, hash=self.head))
            self._drafted.append(line + b"\n")
        return len(parts)

    def commit(self) -> None:
        """Write what was drafted, and see it onto the disk; if that fails, the file is left as it was.

        Raises:
            RecordBusy: another process wrote to the file since it was read.
            OSError: the disk is full, or the file cannot be written.
        """
        if self._drafted:
            self._write((b"" if self._ended else b"\n") + b"".join(self._drafted))
            self._drafted.clear()

    def holds(self, head: str) -> bool:
        """Whether the history once ended with this hash, so that what led to it is still as it was.

        The first letters of the hash will do.
        """
        return _START.startswith(head) or any(entry.hash.startswith(head) for entry in self.entries)

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

    def _take(self, number: int, line: bytes) -> int:
        """Take in one line; returns how many lines it says were written with it, itself among them."""
        try:
            said = json.loads(line)
            prev, lines = said.pop("prev"), int(said.pop("lines", 0))
            entry = Entry(
                seq=said.pop("seq"),
                at=datetime.fromisoformat(said.pop("at")),
                run=said.pop("run"),
                kind=said.pop("kind"),
                body=said,
                hash=hashlib.sha256(line).hexdigest(),
            )
        except (ValueError, KeyError, AttributeError, TypeError) as wrong:
            raise LedgerBroken(f"{self.path}, line {number}: not a ledger entry. {_MEND}") from wrong
        if prev != self.head or entry.seq != len(self.entries) + 1:
            raise LedgerBroken(
                f"{self.path}, line {number}: does not follow from the line before it; "
                f"this line or an earlier one was altered, dropped or moved. {_MEND}"
            )
        self.entries.append(entry)
        self.head = entry.hash
        return lines

    def _go_back(self, block: _Block) -> None:
        """Leave out a block of lines that was not written to its end."""
        with open(self.path, "rb") as held:
            held.seek(block.start)
            self.torn = held.read()
        del self.entries[block.first :]
        self.head, self._size, self._ended = block.head, block.start, True

    def _write(self, block: bytes) -> None:
        fresh = not self.path.exists()
        how = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self.path, how, 0o666)
        try:
            if os.name == "posix":  # elsewhere a lock would bar the readers too
                hold(descriptor, self.path, wait=1)
            if os.fstat(descriptor).st_size != self._size + len(self.torn):
                raise RecordBusy(f"{self.path}: another process wrote to it.\n  do: call again")
            self._extend(descriptor, block, fresh)
        finally:
            os.close(descriptor)
        if fresh:
            sync_folder(self.path.parent)
        self._size, self._ended, self.torn = self._size + len(block), True, b""

    def _extend(self, descriptor: int, block: bytes, fresh: bool) -> None:
        try:
            if self.torn:
                os.ftruncate(descriptor, self._size)
            write_all(descriptor, block)
            os.fsync(descriptor)
        except BaseException:
            with suppress(OSError):
                os.ftruncate(descriptor, self._size)
                if fresh:
                    self.path.unlink()
            raise


@dataclass
class _Block:
    """Lines that were written at one time: where they begin, and how many there must be."""

    first: int | None = None
    start: int = 0
    head: str = _START
    promised: int = 0


def fold(ledger: Ledger, upto: int | None = None) -> dict[str, dict[str, Version]]:
    """The state of every row that ever entered: by table, by id, last version.

    Args:
        upto: after how many entries; after all by default.
    """
    state: dict[str, dict[str, Version]] = {}
    for entry in ledger.entries[:upto]:
        if entry.kind in ("row", "gone"):
            state.setdefault(entry.table, {})[entry.id] = _version(entry)
    return state


def runs(ledger: Ledger) -> list[Run]:
    """The runs that changed the record, oldest first, each with the hashes of the files it read."""
    return [
        Run(id=e.run, step=e.body["step"], started=e.at, code=e.body["code"], inputs=e.body.get("inputs", {}))
        for e in ledger.runs()
    ]


_MEND = "Take the ledger back from git or a backup; nothing was changed."


def _version(entry: Entry) -> Version:
    cells = entry.body.get("row") if entry.kind == "row" else None
    return Version(cells=cells, at=entry.at, run=entry.run)


def _line(
    seq: int, at: datetime, run: str, kind: str, body: Mapping[str, Any], prev: str, lines: int | None = None
) -> bytes:
    together = {} if lines is None else {"lines": lines}
    said = {"seq": seq, "at": _moment(at), "run": run, "kind": kind, **together, **body, "prev": prev}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _lines(path: Path) -> Iterator[tuple[int, bytes, int]]:
    """The lines of a file with their line ends: number, bytes, and where each begins."""
    if not path.exists():
        return
    start = 0
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            yield number, line, start
            start += len(line)


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
