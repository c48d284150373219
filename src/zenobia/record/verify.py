"""Whether the record is what it says it is: history unbroken, originals untouched, cache true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zenobia.record.ledger import Ledger, fold
from zenobia.record.store import CACHE, Record, file_hash, record_hash
from zenobia.terms import LedgerBroken, NotFound

__all__ = ["Finding", "verify"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is not as it was left: what, and whether it breaks the record or only ages it."""

    what: str
    broken: bool


def verify(root: Path, ledger_path: Path) -> list[Finding]:
    """Check the ledger's chain, every original against its hash, and the cache against its own hashes.

    A row that was altered in the ledger breaks the chain and is named by its line. A file of the
    case that was edited since the last build is told but is no fault: the next build records it.
    """
    try:
        ledger = Ledger.read(ledger_path)
    except LedgerBroken as wrong:
        return [Finding(what=str(wrong), broken=True)]
    findings = [*_torn(ledger), *_documents(root, ledger)]
    try:
        record = Record.load(root)
    except NotFound:
        return [*findings, Finding(what="the case is not built: run `zenobia build`", broken=False)]
    return [*findings, *_cache(root, record), *_inputs(root, record, ledger)]


def _torn(ledger: Ledger) -> Iterator[Finding]:
    if ledger.torn:
        yield Finding(
            what=f"{ledger.path}: the last line was cut while it was written; the next build drops it",
            broken=False,
        )


def _documents(root: Path, ledger: Ledger) -> Iterator[Finding]:
    for document_id, version in sorted(fold(ledger).get("documents", {}).items()):
        if version.cells is None or "sha256" not in version.cells:
            continue
        path = root / "documents" / version.cells.get("path", "")
        if not path.is_file():
            yield Finding(what=f"document {document_id}: the original {path} is gone", broken=True)
        elif file_hash(path) != version.cells["sha256"]:
            yield Finding(what=f"document {document_id}: the original {path} was edited", broken=True)


def _cache(root: Path, record: Record) -> Iterator[Finding]:
    folder = root / CACHE / (root / CACHE / "current").read_text().strip()
    for name, told in record.manifest["tables"].items():
        if file_hash(folder / f"{name}.parquet") != told["sha256"]:
            yield Finding(what=f"the cached table {name} was altered: delete {CACHE}/ and build", broken=True)
    if record_hash(record.content) != record.hash:
        yield Finding(what=f"the cache does not match its record hash: delete {CACHE}/ and build", broken=True)


def _inputs(root: Path, record: Record, ledger: Ledger) -> Iterator[Finding]:
    if record.manifest["ledger"] != ledger.head:
        yield Finding(what="the ledger moved on since the last build: run `zenobia build`", broken=False)
    for name, told in record.manifest["inputs"].items():
        path = root / name
        if not path.is_file():
            yield Finding(what=f"{name} was removed since the last build", broken=False)
        elif file_hash(path) != told:
            yield Finding(what=f"{name} was edited since the last build", broken=False)
