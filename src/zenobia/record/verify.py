"""Whether the record is what it says it is: history unbroken, originals untouched, cache true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zenobia.record.changes import Changes
from zenobia.record.ledger import Ledger, fold
from zenobia.record.store import CACHE, Content, Record, file_hash, record_hash
from zenobia.terms import LedgerBroken, NotFound

__all__ = ["Finding", "verify", "verify_rehearsed"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is not as it was left: what, and whether it breaks the record or only ages it."""

    what: str
    broken: bool


def verify(root: Path, ledger_path: Path, head: str | None = None) -> list[Finding]:
    """Check the ledger's chain, every original against its hash, and the cache against its own hashes.

    A row that was altered in the ledger breaks the chain and is named by its line. If the chain was
    worked out anew after it, the hash that the history ended with when the record was last built,
    or that somebody noted, is no longer in it. A file of the case that was edited since the last
    build is told but is no fault: the next build records it.

    Args:
        head: the hash of a line of the history that somebody noted, from this copy or another.
    """
    try:
        ledger = Ledger.read(ledger_path)
    except LedgerBroken as wrong:
        return [Finding(what=str(wrong), broken=True)]
    findings = [*_torn(ledger), *_noted(ledger, head), *_originals(root, ledger), *_captured(root, ledger)]
    try:
        record = Record.load(root)
    except NotFound as wrong:
        return [*findings, _without_cache(root, wrong)]
    return [*findings, *_lost(record), *_cache(record), *_inputs(root, record, ledger)]


def verify_rehearsed(record: Record, content: Content, changes: Changes) -> Iterator[Finding]:
    """Check a record that is up to date against what a build would make of the same files now.

    Nothing was edited since it was built, so a build must find nothing to change. What it does find
    was altered in the history, or in the cache, with all hashes worked out anew.
    """
    for what, rows in (("not as", changes.updated), ("not in the history as", changes.added)):
        for table, row_id in rows:
            yield Finding(what=f"{table}, {row_id}: {what} the case's files had it at the last build", broken=True)
    for table, row_id in changes.withdrawn:
        yield Finding(what=f"{table}, {row_id}: in the history, and in no file of the case", broken=True)
    for row_id in changes.rejected:
        yield Finding(what=f"the refused row {row_id}: not in the history as it was at the last build", broken=True)
    if record_hash(content) != record.hash:
        yield Finding(what=f"the cache is not what the case's files come to: delete {CACHE}/ and build", broken=True)


def _torn(ledger: Ledger) -> Iterator[Finding]:
    if ledger.torn:
        yield Finding(
            what=f"{ledger.path}: the last line was cut while it was written; the next build drops it",
            broken=False,
        )


def _noted(ledger: Ledger, head: str | None) -> Iterator[Finding]:
    if head and not ledger.holds(head):
        yield Finding(
            what=f"the history never ended with {head}: it was written anew since that was noted, or is another's",
            broken=True,
        )


def _originals(root: Path, ledger: Ledger) -> Iterator[Finding]:
    for document_id, version in sorted(fold(ledger).get("documents", {}).items()):
        if version.cells is None or "sha256" not in version.cells:
            continue
        path = root / "documents" / version.cells.get("path", "")
        if not path.resolve().is_relative_to(root.resolve()):
            yield Finding(
                what=f"document {document_id}: {path} leads out of the case; it is not looked at", broken=True
            )
        elif not path.is_file():
            yield Finding(what=f"document {document_id}: the original {path} is gone", broken=True)
        elif (digest := file_hash(path)) != version.cells["sha256"] or _bears_another(path, digest):
            yield Finding(what=f"document {document_id}: the original {path} was edited", broken=True)
        else:
            yield from _recaptured(ledger, document_id, version.cells["sha256"])


def _bears_another(path: Path, digest: str) -> bool:
    """Whether a file is called by a hash that is not its own."""
    return re.fullmatch("[0-9a-f]{64}", path.stem) is not None and path.stem != digest


def _captured(root: Path, ledger: Ledger) -> Iterator[Finding]:
    standing = {entry.id: entry for entry in ledger.entries if entry.kind == "dataset"}
    for _, entry in sorted(standing.items()):
        if entry.body.get("gone"):
            continue
        name, digest = entry.body["name"], entry.body["sha256"]
        path = root / "datasets" / f"{digest}{Path(name).suffix.lower()}"
        if not path.is_file():
            yield Finding(what=f"dataset {name}: the captured file {path} is gone", broken=True)
        elif file_hash(path) != digest:
            yield Finding(what=f"dataset {name}: the captured file {path} was edited", broken=True)


def _recaptured(ledger: Ledger, document_id: str, now: str) -> Iterator[Finding]:
    """An original that was edited and then built is told by the hash that it first came in with."""
    held = [v for v in ledger.versions("documents", document_id) if v.cells and "sha256" in v.cells]
    if held and (first := held[0].cells or {})["sha256"] != now:
        yield Finding(
            what=f"document {document_id}: the original was edited after {held[0].run}, which took it in as "
            f"{first['sha256'][:12]}; it is {now[:12]} now. Another text needs another id",
            broken=True,
        )


def _lost(record: Record) -> Iterator[Finding]:
    for refused in record.content.rejected.to_pylist():
        if refused["field"] == "path" and refused["file"].startswith("documents/"):
            what = f"{refused['file']}, row {refused['row']}: the original {refused['value']} is gone"
            yield Finding(what=what, broken=True)


def _without_cache(root: Path, wrong: NotFound) -> Finding:
    if not (root / CACHE / "current").exists():
        return Finding(what="the case is not built: run `zenobia build`", broken=False)
    return Finding(what=f"the cache was altered or cut short ({wrong.__cause__}): run `zenobia build`", broken=True)


def _cache(record: Record) -> Iterator[Finding]:
    if record_hash(record.content) != record.hash:
        yield Finding(what=f"the cache does not match its record hash: delete {CACHE}/ and build", broken=True)


def _inputs(root: Path, record: Record, ledger: Ledger) -> Iterator[Finding]:
    if not ledger.holds(record.manifest["ledger"]):
        yield Finding(
            what=f"{ledger.path}: the history no longer holds what it ended with at the last build "
            f"({record.manifest['ledger'][:12]}): lines were altered or cut off and the rest worked out anew, or the "
            f"case was taken back to an earlier state. Compare it with another copy; if all is well, delete {CACHE}/",
            broken=True,
        )
    elif record.manifest["ledger"] != ledger.head:
        yield Finding(what="the ledger moved on since the last build: run `zenobia build`", broken=False)
    for name, told in record.manifest["inputs"].items():
        path = root / name
        if not path.is_file():
            yield Finding(what=f"{name} was removed since the last build", broken=False)
        elif file_hash(path) != told:
            yield Finding(what=f"{name} was edited since the last build", broken=False)
